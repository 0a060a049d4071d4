//! What a director looks after, over the wire: devices, the trail of who did and read what, and erasures.

use records::{Lang, RecordId};
use sync::{
    DeviceId,
    wire::{AuditEntry, Changes, Device, Erase, Erasure, HandedIn, Listed, Quarantined, TakeIn, Usage},
};

use super::{SILENCE, Trouble, carry, fetch, get, json, post};

/// The devices, the latest contact first.
pub async fn devices(lang: Lang) -> Result<Vec<Listed>, Trouble> {
    get("/api/v1/devices", lang).await
}

/// Takes one out of use: as it is now.
pub async fn revoke(id: DeviceId, lang: Lang) -> Result<Device, Trouble> {
    json(fetch(post(&format!("/api/v1/devices/{id}/revoke"), lang), None::<&()>, SILENCE).await?)
}

/// Entries of the trail before number `before`, the latest first; without it, the latest there are.
pub async fn trail(before: Option<u64>, lang: Lang) -> Result<Vec<AuditEntry>, Trouble> {
    let page = before.map(|n| format!("?before={n}")).unwrap_or_default();
    get(&format!("/api/v1/audit{page}"), lang).await
}

/// What was changed in a record.
pub async fn changes(id: RecordId, lang: Lang) -> Result<Changes, Trouble> {
    get(&format!("/api/v1/records/{id}/changes"), lang).await
}

/// What the office refused: the account's own, or everyone's for who looks after it. A page, the newest first: those after
/// `last`, or from the newest on.
pub async fn quarantine(last: Option<&Quarantined>, lang: Lang) -> Result<Vec<Quarantined>, Trouble> {
    let page = last.map(|last| format!("?before={}", last.place())).unwrap_or_default();
    get(&format!("/api/v1/quarantine{page}"), lang).await
}

/// What accounts take up at the office, and what they may.
pub async fn usage(lang: Lang) -> Result<Usage, Trouble> {
    get("/api/v1/usage", lang).await
}

/// Takes in something refused.
pub async fn take_in(asked: &TakeIn, lang: Lang) -> Result<(), Trouble> {
    fetch(post("/api/v1/quarantine/taken", lang), Some(asked), SILENCE).await.map(drop)
}

/// Takes in a tablet's file of unsynced work.
pub async fn parcel(bytes: &[u8], lang: Lang) -> Result<HandedIn, Trouble> {
    json(carry(post("/api/v1/parcels", lang), bytes, SILENCE).await?)
}

/// What erasing a person would take.
pub async fn erasure(id: RecordId, lang: Lang) -> Result<Erasure, Trouble> {
    get(&format!("/api/v1/records/{id}/erasure"), lang).await
}

/// Erases a person; what went.
pub async fn erase(id: RecordId, why: String, lang: Lang) -> Result<Erasure, Trouble> {
    let request = post(&format!("/api/v1/records/{id}/erasure"), lang);
    json(fetch(request, Some(&Erase { why }), SILENCE).await?)
}
