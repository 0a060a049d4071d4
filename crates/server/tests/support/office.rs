//! An office in a folder of its own, with a small pack and two accounts.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use linli_server::office::{Author, Incoming, Office, Place, files::Files, usage::Quotas};
use records::{Pack, RecordId, Value};
use sync::{
    Change, Clock, DeviceId,
    wire::{Receipt, Verdict},
};

/// 2026-01-01T00:00:00Z in milliseconds.
pub const NEW_YEAR: u64 = 1_767_225_600_000;

/// The device tests push from.
pub const DEVICE: DeviceId = DeviceId(0xd0);

/// Kinds: `note` (register, open), `visit` (fact, resident, points at a note), `secret` (register, restricted).
/// Posts: `desk` reads and writes notes and visits; `head` everything, and the report; `night` reads and writes notes.
const PACK: &[(&str, &str)] = &[
    ("pack.toml", include_str!("pack/pack.toml")),
    ("kinds/note.toml", include_str!("pack/note.toml")),
    ("kinds/visit.toml", include_str!("pack/visit.toml")),
    ("kinds/secret.toml", include_str!("pack/secret.toml")),
];

/// The small pack.
pub fn pack() -> Pack {
    Pack::load(PACK).unwrap_or_else(|problems| panic!("the tests' pack does not load: {problems:#?}"))
}

fn files_in(folder: &tempfile::TempDir) -> Files {
    Files::folder(&folder.path().join("files")).unwrap()
}

/// An office and the folder it lives in, removed at the end also when a test fails.
pub struct TestOffice {
    pub office: Arc<Office>,
    pub folder: tempfile::TempDir,
    /// Where its database is: in the folder, or in the cluster.
    pub place: Place,
    pub wall: Arc<AtomicU64>,
}

impl TestOffice {
    pub async fn new() -> Self {
        Self::with(pack()).await
    }

    pub async fn with(pack: Pack) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = super::backend::place(folder.path());
        Self::at(place, folder, pack).await
    }

    /// An office at a place of the test's choice.
    pub async fn at(place: Place, folder: tempfile::TempDir, pack: Pack) -> Self {
        let wall = Arc::new(AtomicU64::new(NEW_YEAR));
        let clock = wall.clone();
        let office =
            Office::found(place.clone(), "测试社区", pack, Arc::new(move || clock.load(Ordering::Relaxed))).await;
        let office = Arc::new(office.unwrap().with_files(files_in(&folder)));
        office.see_device(DEVICE, "平板一").await.unwrap();
        Self { office, folder, place, wall }
    }

    /// Closed, and opened again from its folder.
    pub async fn reopened(self) -> Self {
        self.office.close().await;
        let clock = self.wall.clone();
        let office = Office::open(self.place.clone(), Arc::new(move || clock.load(Ordering::Relaxed))).await;
        let office = office.unwrap().unwrap().with_files(files_in(&self.folder));
        Self { office: Arc::new(office), ..self }
    }

    /// The same office under other bounds.
    pub fn under(self, quotas: Quotas) -> Self {
        let office = Arc::into_inner(self.office).expect("nobody else has the office").with_quotas(quotas);
        Self { office: Arc::new(office), ..self }
    }

    /// Its photos and papers.
    pub fn files(&self) -> Files {
        files_in(&self.folder)
    }

    /// Pushes as the desk officer, from [`DEVICE`].
    pub async fn push(&self, changes: Vec<Change>) -> Vec<Receipt> {
        self.push_as(&desk(), changes.into_iter().map(Incoming::from).collect()).await
    }

    pub async fn push_as(&self, who: &Author, incoming: Vec<Incoming>) -> Vec<Receipt> {
        self.office.push(who, DEVICE, incoming).await.unwrap().0
    }

    /// The last sequence number committed.
    pub async fn head(&self) -> u64 {
        *self.office.news().borrow()
    }
}

pub fn desk() -> Author {
    Author { account: "wang".into(), post: "desk".into() }
}

pub fn head() -> Author {
    Author { account: "zhu".into(), post: "head".into() }
}

/// The `n`-th record.
pub fn record(n: u128) -> RecordId {
    RecordId::from_u128(n + 1)
}

/// Change `number` of [`DEVICE`], by the desk officer: field `a` of a note becomes `text`.
pub fn change(number: u64, record: RecordId, text: &str) -> Change {
    set(number, record, "note", &[("a", text.into())])
}

/// Change `number` of [`DEVICE`], by the desk officer.
pub fn set(number: u64, record: RecordId, kind: &str, fields: &[(&str, Value)]) -> Change {
    Change {
        device: DEVICE,
        number,
        clock: Clock::new(NEW_YEAR + number % 100_000, 0, DEVICE),
        author: "wang".into(),
        record,
        kind: kind.into(),
        set: fields.iter().map(|(name, value)| (name.to_string(), value.clone())).collect(),
        add: BTreeMap::new(),
        remove: BTreeMap::new(),
        seen: BTreeMap::new(),
        why: None,
        mends: None,
        schema: 1,
        more: BTreeMap::new(),
    }
}

/// The codes of a refused verdict; empty when it was accepted.
pub fn codes(verdict: &Verdict) -> Vec<&str> {
    match verdict {
        Verdict::Accepted { .. } => vec![],
        Verdict::Refused { problems } => problems.iter().map(|p| p.code.as_str()).collect(),
    }
}

/// The sequence number of an accepted verdict.
pub fn seq(receipt: &Receipt) -> u64 {
    match &receipt.verdict {
        Verdict::Accepted { seq } => *seq,
        refused => panic!("{refused:?}"),
    }
}
