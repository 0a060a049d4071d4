//! The audit trail: who changed what, and who read what is restricted.
//!
//! Each row holds a hash over itself and the row before, so that one that was changed, left out or slipped in is found by
//! [`Office::verify_audit`]. Rows of changes also hold a hash over the changes themselves. What the chain alone cannot show is that
//! its end was cut off, or that all of it was written anew: against that, note the last hash outside this machine.
//!
//! No personal data: account, device, what, to which bucket or account, when, how many.

use records::{Class, Pack, RecordId, Right};
use sha2::{Digest, Sha256};
use sync::{
    Bucket, DeviceId,
    wire::{AuditEntry, Changes},
};

use super::{Author, Office};
use crate::db::{AuditRow, ChangeRow, Fault, PushTransaction};

mod verify;

pub use verify::{Broken, Sound};

/// What is noted. Names are stored, and told to clients: they stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Changes were merged, of one bucket.
    Change,
    /// Restricted records went to a device, of one bucket.
    Read,
    /// A ledger was downloaded, of one bucket.
    Ledger,
    /// The work report was downloaded.
    Report,
    /// The office's list of what was refused was read.
    Quarantine,
    /// Something refused was taken in, of one account.
    TakenIn,
    /// A file of a tablet's unsynced work was taken in, of one account.
    Parcel,
    /// A roster was imported.
    Roster,
    /// A roster was taken back.
    RosterUndone,
    /// Someone signed in.
    SignIn,
    /// Someone tried to, in vain. About the account only if there is one: what else was typed may be a password.
    SignInFailed,
    /// Someone signed out.
    SignOut,
    /// An account was added, with its post.
    Account,
    /// An account was given another post.
    Post,
    /// An account was given another password.
    Password,
    /// Another pack, and with it other rights, was put in force.
    Pack,
    /// The history was named anew, after a restore.
    Restore,
    /// A device was revoked.
    DeviceRevoked,
    /// A revoked device said that it holds nothing any more.
    DeviceEmptied,
    /// A device's revocation was taken back.
    DeviceAllowed,
    /// What was assigned to one account was handed to another.
    HandedOver,
    /// Someone's records were erased; the count is of changes whose words are gone.
    Erased,
    /// A backup was taken.
    Backup,
    /// The trail itself was read.
    Audit,
}

impl What {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Read => "read",
            Self::Ledger => "ledger",
            Self::Report => "report",
            Self::Quarantine => "quarantine",
            Self::TakenIn => "taken-in",
            Self::Parcel => "parcel",
            Self::Roster => "roster",
            Self::RosterUndone => "roster-undone",
            Self::SignIn => "sign-in",
            Self::SignInFailed => "sign-in-failed",
            Self::SignOut => "sign-out",
            Self::Account => "account",
            Self::Post => "post",
            Self::Password => "password",
            Self::Pack => "pack",
            Self::Restore => "restore",
            Self::DeviceRevoked => "device-revoked",
            Self::DeviceEmptied => "device-emptied",
            Self::DeviceAllowed => "device-allowed",
            Self::HandedOver => "handed-over",
            Self::Erased => "erased",
            Self::Backup => "backup",
            Self::Audit => "audit",
        }
    }
}

/// Something to be noted.
#[derive(Clone, Debug)]
pub struct Note {
    /// What was done.
    pub what: What,
    /// To what.
    pub about: String,
    /// How many.
    pub count: u64,
}

/// Who did it: an account on a device, or nobody signed in, on the command line.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    account: &'a str,
    device: u64,
}

impl<'a> By<'a> {
    /// Someone signed in on a device.
    pub fn of(who: &'a Author, device: DeviceId) -> Self {
        Self { account: &who.account, device: device.0 }
    }

    /// An account by its name, on a device.
    pub fn named(account: &'a str, device: DeviceId) -> Self {
        Self { account, device: device.0 }
    }

    /// Whoever sits at the server.
    pub const CONSOLE: By<'static> = By { account: "", device: 0 };
}

impl Office {
    /// Appends notes to the trail, on the disk before this returns: what cannot be noted is not to be done.
    pub async fn note(&self, by: By<'_>, notes: Vec<Note>) -> Result<(), Fault> {
        if notes.is_empty() {
            return Ok(());
        }
        let mut tx = self.store.begin_push(self.community).await?;
        note_in(&mut tx, by, self.now(), notes).await?;
        tx.commit().await
    }

    /// The same for one note.
    pub async fn note_one(&self, by: By<'_>, what: What, about: &str, count: u64) -> Result<(), Fault> {
        self.note(by, vec![Note { what, about: about.into(), count }]).await
    }

    /// Notes that records went to a device, as far as they are restricted.
    pub(super) async fn note_read(
        &self,
        by: By<'_>,
        read: impl IntoIterator<Item = (Bucket, u64)>,
    ) -> Result<(), Fault> {
        let mut counts = std::collections::BTreeMap::<String, u64>::new();
        for (bucket, count) in read.into_iter().filter(|(bucket, count)| is_restricted(bucket) && *count > 0) {
            *counts.entry(bucket.0).or_default() += count;
        }
        let note = |(about, count)| Note { what: What::Read, about, count };
        self.note(by, counts.into_iter().map(note).collect()).await
    }

    /// Rows before number `before`, the latest first: at most `limit`.
    pub async fn audit(&self, before: u64, limit: u32) -> Result<Vec<AuditEntry>, Fault> {
        self.trail(None, before, limit).await
    }

    /// The same; of changes with some of the records, where `who` may read these.
    pub async fn trail(&self, who: Option<&Author>, before: u64, limit: u32) -> Result<Vec<AuditEntry>, Fault> {
        let pack = self.pack();
        let mut entries = Vec::new();
        for row in self.store.audit_before(self.community, before, limit).await? {
            let bucket = Bucket(row.about.clone());
            // What is assigned to one officer is not shown to be there to another.
            let may_read = who.is_some_and(|who| pack.allows(&who.post, bucket.kind(), Right::Read))
                && pack.assignment(bucket.kind()).is_none();
            let records = match row.what == What::Change.name() && may_read {
                true => self.store.changed(self.community, row.seqs, bucket.kind(), LINKED).await?,
                false => Vec::new(),
            };
            entries.push(AuditEntry {
                n: row.n,
                at: row.at,
                account: row.account,
                device: (row.device != 0).then_some(DeviceId(row.device)),
                what: row.what,
                about: row.about,
                count: row.count,
                records,
            });
        }
        Ok(entries)
    }

    /// What was changed in a record since it was made, for one who may read it; `None` when there is none to be read. Of a
    /// restricted record it is noted.
    pub async fn changes(&self, by: By<'_>, who: &Author, id: RecordId) -> Result<Option<Changes>, Fault> {
        let placed = self.store.begin_read(self.community).await?.placed(id).await?;
        let scope = Bucket::scope(&self.pack(), &who.post, &who.account);
        let Some((bucket, record)) = placed.filter(|(bucket, _)| scope.contains(bucket)) else { return Ok(None) };
        if record.is_erased() {
            return Ok(Some(Changes::default()));
        }
        let bodies = self.store.changes_of(self.community, id).await?;
        let changes: Result<_, _> = bodies.iter().map(|body| serde_json::from_str(body)).collect();
        self.note_read(by, [(bucket, 1)]).await?;
        Ok(Some(Changes { changes: changes.map_err(|e| Fault::damaged("change", e))? }))
    }
}

/// Records that an entry of the trail leads to, at most.
const LINKED: u32 = 12;

/// Whether reading records of the bucket is noted.
pub fn is_restricted(bucket: &Bucket) -> bool {
    bucket.0.split_once('/').is_none_or(|(class, _)| class == "restricted")
}

/// Whether a kind's records are restricted under the pack.
pub fn is_restricted_kind(pack: &Pack, kind: &str) -> bool {
    pack.kind(kind).is_none_or(|kind| kind.class == Class::Restricted)
}

/// Notes in a transaction that does what they speak of.
pub(super) async fn note_in(tx: &mut PushTransaction, by: By<'_>, at: u64, notes: Vec<Note>) -> Result<(), Fault> {
    let row = |Note { what, about, count }: Note| AuditRow {
        at,
        account: by.account.into(),
        device: by.device,
        what: what.name().into(),
        about,
        count,
        ..AuditRow::default()
    };
    append(tx, notes.into_iter().map(row).collect()).await
}

/// Rows for the accepted changes of a push, one for each bucket; `seqs` are its first and its last sequence number.
pub(super) async fn note_changes(
    tx: &mut PushTransaction,
    pack: &Pack,
    by: By<'_>,
    at: u64,
    seqs: (u64, u64),
    changes: &[ChangeRow],
) -> Result<(), Fault> {
    let mut kinds = std::collections::BTreeMap::<&str, (u64, Sha256)>::new();
    for change in changes {
        let Some(body) = &change.body else { continue };
        let (count, hash) = kinds.entry(&change.kind).or_default();
        *count += 1;
        hash.update(fingerprint(body));
    }
    let row = |(kind, (count, hash)): (&str, (u64, Sha256))| AuditRow {
        at,
        account: by.account.into(),
        device: by.device,
        what: What::Change.name().into(),
        about: Bucket::of(pack, kind).0,
        count,
        seqs,
        digest: hash.finalize().to_vec(),
        ..AuditRow::default()
    };
    append(tx, kinds.into_iter().map(row).collect()).await
}

/// Numbers and binds rows, and adds them to the end.
async fn append(tx: &mut PushTransaction, mut rows: Vec<AuditRow>) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    let (mut n, mut before) = tx.last_audit().await?.unwrap_or_default();
    for row in &mut rows {
        n += 1;
        row.n = n;
        row.hash = link(&before, row);
        before.clone_from(&row.hash);
    }
    tx.put_audit(&rows).await
}

/// What the trail holds of a change: it stays when the change's words are erased.
pub(super) fn fingerprint(body: &str) -> [u8; 32] {
    Sha256::digest(body).into()
}

/// A text into a hash, with its length, so that two texts are not one.
fn take(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_be_bytes());
    hash.update(text);
}

/// The hash of a row: over the one before, empty for the first, and everything in it.
fn link(before: &[u8], row: &AuditRow) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(before);
    for number in [row.n, row.at, row.device, row.count, row.seqs.0, row.seqs.1] {
        hash.update(number.to_be_bytes());
    }
    for text in [&row.account, &row.what, &row.about] {
        take(&mut hash, text);
    }
    hash.update(&row.digest);
    hash.finalize().to_vec()
}
