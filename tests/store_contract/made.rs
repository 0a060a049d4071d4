//! Changes, records and blocks for tests.

use linli_app::store::Store;
use records::{Pack, Problem, RecordId};
use sync::{
    Bucket, Change, Clock, DeviceId, Draft, Record, Value,
    block::{self, BlockId},
    engine::{Checkpoint, Staged},
    wire::{BlockRef, Cursor, Manifest, Me, Receipt, SCHEMA, Verdict},
};

pub const DEVICE: DeviceId = DeviceId(0x00c0_ffee);

pub fn id(n: u128) -> RecordId {
    RecordId::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | n)
}

pub fn pack() -> Pack {
    Pack::community()
}

pub fn me(account: &str) -> Me {
    Me {
        community: "安宁里".into(),
        account: account.into(),
        name: "李 敏".into(),
        zone: 480,
        post: "director".into(),
        colleagues: Vec::new(),
    }
}

/// A change of record `n` that sets one field.
pub fn change(number: u64, n: u128, field: &str, value: impl Into<Value>) -> Change {
    Change {
        device: DEVICE,
        number,
        clock: Clock::new(1_700_000_000_000 + number, 0, DEVICE),
        author: "li".into(),
        record: id(n),
        kind: "building".into(),
        set: [(field.into(), value.into())].into(),
        add: Default::default(),
        remove: Default::default(),
        seen: Default::default(),
        why: None,
        mends: None,
        schema: SCHEMA,
        more: Default::default(),
    }
}

/// A record as the office would send it.
pub fn record(kind: &str, n: u128) -> Record {
    let mut change = change(1, n, "name", format!("{n}幢"));
    change.kind = kind.into();
    Record::from(&change)
}

pub fn cursor(seq: u64) -> Cursor {
    Cursor { epoch: "e".into(), seq, scope: "s".into(), schema: SCHEMA }
}

pub fn checkpoint(seq: u64, records: Vec<Record>) -> Checkpoint {
    Checkpoint { records, next: Some(cursor(seq)), ..Checkpoint::default() }
}

pub fn refused(number: u64, reason: &str) -> Receipt {
    let problems = vec![Problem::new("test", reason, reason)];
    Receipt { number, verdict: Verdict::Refused { problems } }
}

pub fn draft(n: u128, text: &str) -> Draft {
    Draft::new(id(n), "building", [("name".to_owned(), Value::from(text))].into())
}

/// What a server would offer of these records: manifest and bytes.
pub fn offered(seq: u64, lots: &[Vec<Record>]) -> (Staged, Vec<(BlockId, Vec<u8>)>) {
    let mut manifest = Manifest::default();
    let mut bytes = Vec::new();
    for records in lots {
        let block = block::encode(records);
        let id = BlockId::of(&block);
        let bucket = Bucket::of(&pack(), &records[0].kind);
        if !manifest.buckets.contains(&bucket) {
            manifest.buckets.push(bucket.clone());
        }
        let (records, length) = (records.len() as u32, block.len() as u32);
        manifest.blocks.push(BlockRef { id: id.clone(), bucket, records, bytes: length });
        bytes.push((id, block));
    }
    (Staged { manifest, next: cursor(seq), have: Default::default() }, bytes)
}

/// Every record in use, joined and in order.
pub async fn records(store: &Store) -> Vec<Record> {
    let mut book = sync::book::Book::new();
    let keys: Vec<String> = store.here().blocks.into_iter().map(|held| held.key).collect();
    for bytes in store.blocks(keys).await.expect("blocks are read") {
        let bytes = bytes.expect("a block in use is there");
        block::decode(&bytes).expect("a block in use decodes").into_iter().for_each(|record| book.take(record));
    }
    let mut records: Vec<Record> = book.all().cloned().collect();
    records.sort_by_key(|record| record.id);
    records
}
