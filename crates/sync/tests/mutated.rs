//! Blocks and requests that a stranger has changed: refused or read, never a panic.

mod mutate;
mod world;

use std::path::Path;

use sync::{
    Change, Record, block,
    wire::{Manifest, SyncRequest, SyncResponse},
};

fn corpus(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name)
}

/// Real ones, of an earlier version.
fn records() -> Vec<Record> {
    serde_json::from_str(include_str!("blocks/first_form.json")).unwrap()
}

#[test]
fn a_changed_block_is_refused_or_read() {
    let old = include_bytes!("blocks/first_form.block").to_vec();
    let seeds = vec![old, block::encode(&records()), block::encode(&records()[..1]), block::encode(&[])];
    mutate::play(&corpus("block"), seeds, mutate::changed, |bytes| {
        if let Ok(read) = block::decode(bytes) {
            assert_eq!(block::decode(&block::encode(&read)), Ok(read), "what was read can be written");
        }
    });
}

#[test]
fn a_changed_request_is_refused_or_read() {
    let changes: Vec<Change> = (1..=3).map(|n| world::change(1, n, world::NEW_YEAR + n, 1, "a", "字")).collect();
    let request = SyncRequest {
        device: sync::DeviceId(1),
        schema: 1,
        cursor: None,
        refetch: vec![],
        changes,
        sent_at: Some(world::NEW_YEAR),
    };
    let seeds = vec![serde_json::to_vec(&request).unwrap(), serde_json::to_vec(&records()).unwrap()];
    let (pack, context) = (world::pack(), world::context("officer1"));
    mutate::play(&corpus("request"), seeds, mutate::changed, |bytes| {
        if let Ok(request) = serde_json::from_slice::<SyncRequest>(bytes) {
            for change in &request.changes {
                _ = sync::judge::judge(&pack, change, None, &context);
                _ = change.stamps();
            }
        }
        for record in serde_json::from_slice::<Vec<Record>>(bytes).unwrap_or_default() {
            _ = (record.touched(), record.values(), block::encode(&[record]));
        }
        _ = serde_json::from_slice::<SyncResponse>(bytes);
        _ = serde_json::from_slice::<Manifest>(bytes);
    });
}
