//! Devices and sessions, over either database.

use std::collections::BTreeMap;

use sync::DeviceId;

use super::{AccountRow, Community, DeviceRow, Fault, ProofRow, SessionRow, Store};

impl Store {
    /// Ends all sessions.
    pub async fn end_all_sessions(&self, community: Community) -> Result<(), Fault> {
        either!(self, it => it.end_all_sessions(community))
    }

    /// Devices that someone signed in on, the latest contact first. Signed in are those with a session that was used since
    /// `seen`.
    pub async fn devices(&self, community: Community, seen: u64) -> Result<Vec<DeviceRow>, Fault> {
        either!(self, it => it.devices(community, seen))
    }

    /// Notes that a device was told that it holds these buckets.
    pub async fn see_held(&self, community: Community, id: DeviceId, held: &str, now: u64) -> Result<(), Fault> {
        either!(self, it => it.see_held(community, id, held, now))
    }

    /// Revokes a device that someone signed in on, or allows it again (`None`). `false` when there is no such device.
    pub async fn revoke(&self, community: Community, id: DeviceId, at: Option<u64>) -> Result<bool, Fault> {
        either!(self, it => it.revoke(community, id, at))
    }

    /// Notes that a revoked device holds nothing any more, and ends its sessions.
    pub async fn emptied(&self, community: Community, id: DeviceId, now: u64) -> Result<(), Fault> {
        either!(self, it => it.emptied(community, id, now))
    }

    /// When each device was last seen to be two: two different changes came under one number.
    pub async fn copied(&self, community: Community) -> Result<BTreeMap<DeviceId, u64>, Fault> {
        either!(self, it => it.copied(community))
    }

    /// Every device that changes came from or that someone signed in on.
    pub async fn device_ids(&self, community: Community) -> Result<Vec<DeviceId>, Fault> {
        either!(self, it => it.device_ids(community))
    }

    /// Makes a device known, or sees it again. An empty `name` leaves the name as it was.
    pub async fn see_device(&self, community: Community, id: DeviceId, name: &str, now: u64) -> Result<(), Fault> {
        either!(self, it => it.see_device(community, id, name, now))
    }

    /// By what a device is known again; `None` when there is no such device.
    pub async fn proof(&self, community: Community, id: DeviceId) -> Result<Option<ProofRow>, Fault> {
        either!(self, it => it.proof(community, id))
    }

    /// Gives a device that has none its secret.
    pub async fn claim(&self, community: Community, id: DeviceId, secret: &[u8]) -> Result<(), Fault> {
        either!(self, it => it.claim(community, id, secret))
    }

    /// Takes the secrets of all devices away, as in a database of before there were any.
    #[doc(hidden)]
    pub async fn forget_secrets(&self, community: Community) -> Result<(), Fault> {
        either!(self, it => it.forget_secrets(community))
    }

    /// Revoked devices of a browser that are not empty yet, each with the account that last signed in on it.
    pub async fn leaving(&self, community: Community, secret: &[u8]) -> Result<Vec<(DeviceId, AccountRow)>, Fault> {
        either!(self, it => it.leaving(community, secret))
    }

    /// Begins a session under the hash of its token, in place of those the account had on the device.
    pub async fn add_session(
        &self,
        community: Community,
        token: &[u8],
        account: &str,
        device: DeviceId,
        now: u64,
    ) -> Result<(), Fault> {
        either!(self, it => it.add_session(community, token, account, device, now))
    }

    /// The session under this hash, if it was used since `seen` and begun since `made`.
    pub async fn session(
        &self,
        community: Community,
        token: &[u8],
        seen: u64,
        made: u64,
    ) -> Result<Option<SessionRow>, Fault> {
        either!(self, it => it.session(community, token, seen, made))
    }

    /// Notes that a session is used.
    pub async fn see_session(&self, community: Community, token: &[u8], now: u64) -> Result<(), Fault> {
        either!(self, it => it.see_session(community, token, now))
    }

    /// Ends a session, and forgets all that ended by themselves: unused since `seen`, or begun before `made`.
    pub async fn end_session(&self, community: Community, token: &[u8], seen: u64, made: u64) -> Result<(), Fault> {
        either!(self, it => it.end_session(community, token, seen, made))
    }
}
