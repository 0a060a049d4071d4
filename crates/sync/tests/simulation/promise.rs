//! What must be true: some of it always, all of it at the end.

use std::collections::{BTreeMap, BTreeSet};

use sync::{Record, RecordId, block, clock::MAX_LEAD, wire::Verdict};

use crate::{
    story::{HOSTILE, World},
    world::device::Device,
};

/// At every moment each save is at the office, or waits on its tablet, or will wait again once the tablet meets the
/// history the office has now.
pub fn held(world: &World) -> Result<(), String> {
    for ((device, number), change) in &world.saved {
        let disk = &world.devices[*device as usize - 1].disk;
        let at_office = world.office.ledger.changes.get(&(*device, *number));
        let waits = disk.log.get(number);
        if at_office.is_some_and(|(there, _)| there == change) || waits == Some(change) {
            continue;
        }
        let is_kept = disk.kept.contains_key(number) || disk.refused.contains_key(number);
        let meets_it = disk.history.as_ref().is_some_and(|h| h.epoch != world.office.epoch);
        if (is_kept && meets_it) || is_excused(world, *device, *number) {
            continue;
        }
        return Err(format!("save {number} of device {device} is nowhere: {change:?}"));
    }
    Ok(())
}

/// Settled for longer than a tablet keeps what it can give back, or no longer the tablet's to keep.
fn is_excused(world: &World, device: u64, number: u64) -> bool {
    world.office.restored > 0 && world.devices[device as usize - 1].disk.excused.contains(&number)
}

/// After a round, a tablet holds nothing that the round's last answer did not allow, but its people's own unsettled work.
pub fn allowed(device: &Device) -> Result<(), String> {
    let Some((kinds, ids)) = device.allowed.as_ref().filter(|_| device.is_resting()) else { return Ok(()) };
    let records = device.disk.records.values().map(|r| r.kind.to_string());
    let kept = device.disk.kept.values().map(|(_, change)| change.kind.clone());
    let settled = device.book.all().filter_map(|r| device.book.settled(r.id)).map(|r| r.kind.to_string());
    if let Some(kind) = records.chain(kept).chain(settled).find(|kind| !kinds.contains(kind)) {
        return Err(format!("device {} still holds {kind}, {kinds:?} are allowed", device.id));
    }
    let is_others = |record: &&Record| record.kind == "case" && !ids.contains(&record.id);
    match device
        .disk
        .records
        .values()
        .chain(device.book.all().filter_map(|r| device.book.settled(r.id)))
        .find(is_others)
    {
        Some(case) => Err(format!("device {} still holds a case of someone else's: {case:?}", device.id)),
        None => Ok(()),
    }
}

/// Whatever clocks said, no record bears a moment far ahead of the office's own; servers may differ by some minutes.
fn dated(world: &World) -> Result<(), String> {
    let latest = world.office.latest + MAX_LEAD;
    match world.office.ledger.records.values().find(|(_, record)| record.touched().millis() > latest) {
        Some((_, record)) => Err(format!("{} is of {}, it is {latest}", record.id, record.touched().millis())),
        None => Ok(()),
    }
}

/// When all is quiet.
pub fn kept(world: &World) -> Result<(), String> {
    arrived(world)?;
    dated(world)?;
    once(world)?;
    // A right that comes back before its loss was carried out leaves a bucket half old: that, too, checksums mend, and so
    // they do when a case changes hands.
    if world.office.refetches > 0 && !world.rights_changed {
        return Err("checksums mend damage; nothing here is damaged".into());
    }
    for device in &world.devices {
        agrees(world, device)?;
    }
    Ok(())
}

/// Every save is at the office as it was written, and nothing is there that nobody saved.
fn arrived(world: &World) -> Result<(), String> {
    for ((device, number), change) in &world.saved {
        match world.office.ledger.changes.get(&(*device, *number)) {
            Some((there, _)) if there == change => {}
            None if is_excused(world, *device, *number) => {}
            other => return Err(format!("save {number} of device {device} should be at the office, found {other:?}")),
        }
    }
    let invented = world.office.ledger.changes.keys().find(|key| key.0 != HOSTILE && !world.saved.contains_key(key));
    invented.map_or(Ok(()), |key| Err(format!("nobody saved {key:?}")))
}

/// No effect twice, none missing: the records are what the accepted changes make, each counted once, in any order.
pub fn once(world: &World) -> Result<(), String> {
    let ledger = &world.office.ledger;
    let accepted: Vec<_> = ledger.changes.values().filter(|(_, v)| matches!(v, Verdict::Accepted { .. })).collect();
    if ledger.effects != accepted.len() as u64 {
        return Err(format!("{} effects of {} accepted changes", ledger.effects, accepted.len()));
    }
    let stamp = |clock| ledger.stamps.get(&clock).copied();
    let clocks: BTreeSet<_> = ledger.changes.values().map(|(change, _)| change.restamped(&stamp).clock).collect();
    let seqs: BTreeSet<_> = accepted.iter().map(|(_, v)| format!("{v:?}")).collect();
    if clocks.len() != ledger.changes.len() || seqs.len() != accepted.len() {
        let line = |((device, number), (change, verdict)): (&(u64, u64), &(sync::Change, Verdict))| {
            format!("\n  {device}.{number}: {} as {}, {verdict:?}", change.clock, change.restamped(&stamp).clock)
        };
        let all: String = ledger.changes.iter().map(line).collect();
        return Err(format!("one moment stands for two saves, or one sequence number for two effects:{all}\n"));
    }
    let mut made: BTreeMap<RecordId, Record> = BTreeMap::new();
    for (change, _) in accepted.iter().rev() {
        let state = Record::from(&change.restamped(&stamp));
        match made.get_mut(&change.record) {
            Some(record) => record.join(state),
            None => drop(made.insert(change.record, state)),
        }
    }
    // Of what was erased no change makes anything any more.
    let as_made =
        made.values().zip(ledger.records.values()).all(|(made, (_, record))| record.is_erased() || made == record);
    if made.len() != ledger.records.len() || !as_made {
        return Err("the office's records are not what its changes make".into());
    }
    Ok(())
}

/// A tablet has an empty queue, its refused changes with reasons, and to the byte what the office has of what it may see.
fn agrees(world: &World, device: &Device) -> Result<(), String> {
    let (id, disk) = (device.id, &device.disk);
    if device.engine.status().waiting > 0 || !disk.log.is_empty() {
        return Err(format!("device {id} still has a queue: {:?}", disk.log.keys()));
    }
    if device.alarms > 0 {
        return Err(format!("device {id} raised an alarm, but no store was lost"));
    }
    let is_refused = |verdict: &Verdict| matches!(verdict, Verdict::Refused { .. });
    let there = world.office.ledger.changes.iter().filter(|((d, _), (_, v))| *d == id && is_refused(v));
    // What the tablet had let go may come in late, after a restore, and be refused: then the quarantine alone has it.
    let there: BTreeSet<u64> = there.map(|((_, number), _)| *number).filter(|n| !disk.excused.contains(n)).collect();
    let here: BTreeSet<u64> = disk.refused.keys().copied().collect();
    if there != here || disk.refused.values().any(|(_, problems)| problems.is_empty()) {
        return Err(format!("device {id} shows {here:?} as refused, the quarantine has {there:?}"));
    }
    let scope = world.office.scope(&device.account);
    let records = world.office.ledger.records.values().map(|(_, record)| record);
    let may_see: Vec<&Record> = records.filter(|r| scope.contains(&world.office.bucket(r))).collect();
    if block::encode(may_see.iter().copied()) != block::encode(disk.records.values()) {
        let differs = may_see.iter().find(|r| disk.records.get(&r.id) != Some(r));
        return Err(format!("device {id} is not equal to the office, first in {differs:?}"));
    }
    for bucket in scope {
        if device.book.sum(bucket.kind()) != world.office.sum(&bucket) {
            return Err(format!("device {id}: the checksum of {bucket} differs"));
        }
    }
    Ok(())
}
