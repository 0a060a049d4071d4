//! What a director looks after, over the wire: devices, and the trail of who did and read what.

use records::Lang;
use sync::{
    DeviceId,
    wire::{AuditEntry, Device},
};

use super::{LONGEST, Trouble, fetch, get, json, post};

/// The devices, the latest contact first.
pub async fn devices(lang: Lang) -> Result<Vec<Device>, Trouble> {
    get("/api/v1/devices", lang).await
}

/// Takes one out of use: as it is now.
pub async fn revoke(id: DeviceId, lang: Lang) -> Result<Device, Trouble> {
    json(fetch(post(&format!("/api/v1/devices/{id}/revoke"), lang), None::<&()>, LONGEST).await?)
}

/// Entries of the trail before number `before`, the latest first; without it, the latest there are.
pub async fn trail(before: Option<u64>, lang: Lang) -> Result<Vec<AuditEntry>, Trouble> {
    let page = before.map(|n| format!("?before={n}")).unwrap_or_default();
    get(&format!("/api/v1/audit{page}"), lang).await
}
