//! What the office says.

use std::cell::RefCell;

use linli_app::store::shelf::Area;
use sync::{
    Bucket, Clock, DeviceId,
    book::Book,
    contact::{Contact, DAY},
    engine::Checkpoint,
};

use super::{Disk, again, made::*, store};

pub async fn a_checkpoint_is_there_after_a_restart(disk: &impl Disk) {
    let open = store(disk).await;
    let sent = vec![record("building", 1), record("building", 2), record("patrol", 3)];
    open.checkpoint(&pack(), &checkpoint(5, sent.clone())).await.unwrap();
    let open = again(disk, open).await;
    assert_eq!(open.cursor(), Some(cursor(5)));
    assert_eq!(records(&open).await, sent);
    let buckets: Vec<_> = open.here().blocks.into_iter().map(|held| (held.bucket.0, held.records)).collect();
    assert_eq!(buckets, [("open/building".into(), 2), ("open/patrol".into(), 1)]);
}

pub async fn an_act_leaves_the_log_when_all_its_changes_are_settled(disk: &impl Disk) {
    let open = store(disk).await;
    open.act(vec![change(1, 1, "name", "a"), change(2, 2, "name", "b")], 0, &[]).await.unwrap();
    open.checkpoint(&pack(), &Checkpoint { settled: vec![1], ..checkpoint(5, vec![]) }).await.unwrap();
    let open = again(disk, open).await;
    assert_eq!(open.queue().iter().map(|c| c.number).collect::<Vec<_>>(), [2]);
    open.checkpoint(&pack(), &Checkpoint { settled: vec![2], ..checkpoint(6, vec![]) }).await.unwrap();
    let open = again(disk, open).await;
    assert!(open.log().is_empty());
}

pub async fn acts_that_leave_the_log_leave_those_between_them(disk: &impl Disk) {
    let mut open = store(disk).await;
    for which in 0..32_u64 {
        let first = which * 5 + 1;
        let (gone, left): (Vec<u64>, Vec<u64>) =
            (first..first + 5).partition(|number| which >> (number - first) & 1 == 1);
        for number in first..first + 5 {
            open.act(vec![change(number, number.into(), "name", "x")], 0, &[]).await.unwrap();
        }
        open.checkpoint(&pack(), &Checkpoint { settled: gone, ..checkpoint(2 * first, vec![]) }).await.unwrap();
        open = again(disk, open).await;
        assert_eq!(open.queue().iter().map(|c| c.number).collect::<Vec<_>>(), left);
        open.checkpoint(&pack(), &Checkpoint { settled: left, ..checkpoint(2 * first + 1, vec![]) }).await.unwrap();
    }
    assert!(again(disk, open).await.log().is_empty());
}

pub async fn a_checkpoint_that_cannot_be_kept_leaves_nothing_half(disk: &impl Disk) {
    let open = store(disk).await;
    open.checkpoint(&pack(), &checkpoint(5, vec![record("building", 1)])).await.unwrap();
    open.act(vec![change(1, 1, "name", "a"), change(2, 2, "name", "b")], 0, &[]).await.unwrap();
    let half = Checkpoint {
        settled: vec![1],
        refused: vec![refused(2, &disk.too_much())],
        ..checkpoint(9, vec![record("building", 7)])
    };
    open.checkpoint(&pack(), &half).await.unwrap_err();
    for open in [&open, &again(disk, store(disk).await).await] {
        assert_eq!(open.cursor(), Some(cursor(5)));
        assert_eq!(records(open).await, [record("building", 1)]);
        assert_eq!(open.queue().len(), 2);
        assert!(open.refused().is_empty());
    }
    let blocks = disk.open().await.keys(Area::Blocks).await.unwrap();
    assert_eq!(blocks.len(), 1, "no block of it stayed behind");
}

pub async fn a_first_sync_goes_on_where_it_broke_off(disk: &impl Disk) {
    let open = store(disk).await;
    let lots = [vec![record("building", 1)], vec![record("building", 2)], vec![record("patrol", 3)]];
    let (staged, bytes) = offered(40, &lots);
    open.stage(&staged).await.unwrap();
    open.keep_blocks(bytes[..2].to_vec()).await.unwrap();
    let open = again(disk, open).await;
    let resumed = open.staged().expect("the first sync is remembered");
    assert_eq!(resumed.manifest, staged.manifest);
    assert_eq!(resumed.have.len(), 2);
    assert!(records(&open).await.is_empty(), "nothing is in use before all of it is here");
    assert_eq!(open.cursor(), None);
    open.keep_blocks(bytes[2..].to_vec()).await.unwrap();
    open.switch(&resumed).await.unwrap();
    let open = again(disk, open).await;
    assert_eq!((records(&open).await.len(), open.cursor(), open.staged()), (3, Some(cursor(40)), None));
}

pub async fn switching_replaces_whole_buckets_and_no_others(disk: &impl Disk) {
    let open = store(disk).await;
    let before = vec![record("building", 1), record("building", 2), record("patrol", 3)];
    open.checkpoint(&pack(), &checkpoint(5, before)).await.unwrap();
    let (staged, bytes) = offered(6, &[vec![record("building", 2)]]);
    open.stage(&staged).await.unwrap();
    open.keep_blocks(bytes).await.unwrap();
    open.switch(&staged).await.unwrap();
    let open = again(disk, open).await;
    assert_eq!(records(&open).await, [record("building", 2), record("patrol", 3)]);
    assert_eq!(disk.open().await.keys(Area::Blocks).await.unwrap().len(), 2, "the replaced block is gone");
}

pub async fn a_new_manifest_forgets_blocks_of_the_one_before(disk: &impl Disk) {
    let open = store(disk).await;
    open.checkpoint(&pack(), &checkpoint(1, vec![record("patrol", 9)])).await.unwrap();
    let (first, bytes) = offered(5, &[vec![record("building", 1)], vec![record("building", 2)]]);
    open.stage(&first).await.unwrap();
    open.keep_blocks(bytes).await.unwrap();
    let (second, bytes) = offered(6, &[vec![record("building", 2)], vec![record("building", 3)]]);
    open.stage(&second).await.unwrap();
    let keys = disk.open().await.keys(Area::Blocks).await.unwrap();
    assert_eq!(keys.len(), 2, "what is in use, and what both manifests name");
    assert!(keys.contains(&bytes[0].0.0));
    let asked = bytes.iter().map(|(id, _)| id.clone()).collect();
    assert_eq!(open.missing(asked), [bytes[1].0.clone()], "what both name is not fetched again");
}

pub async fn a_revoked_bucket_is_destroyed(disk: &impl Disk) {
    let open = store(disk).await;
    open.checkpoint(&pack(), &checkpoint(5, vec![record("building", 1), record("aid", 2)])).await.unwrap();
    let revoked = vec![Bucket::of(&pack(), "aid")];
    open.checkpoint(&pack(), &Checkpoint { revoked, ..checkpoint(6, vec![]) }).await.unwrap();
    let open = again(disk, open).await;
    assert_eq!(records(&open).await, [record("building", 1)]);
    assert_eq!(disk.open().await.keys(Area::Blocks).await.unwrap().len(), 1);
}

pub async fn small_blocks_become_few_and_say_the_same(disk: &impl Disk) {
    let open = store(disk).await;
    let book = RefCell::new(Book::new());
    for n in 0..30 {
        // Every third says a record anew, as corrections do.
        let sent = vec![record("building", n), record("building", n / 3), record("patrol", 1000 + n)];
        sent.iter().for_each(|record| book.borrow_mut().take(record.clone()));
        open.checkpoint(&pack(), &checkpoint(n as u64, sent)).await.unwrap();
    }
    let before = records(&open).await;
    assert_eq!(open.here().blocks.len(), 60);
    while open.compact(&pack(), &book).await.unwrap() {}
    let open = again(disk, open).await;
    assert_eq!(open.here().blocks.len(), 2);
    assert_eq!(records(&open).await, before);
    assert_eq!(disk.open().await.keys(Area::Blocks).await.unwrap().len(), 2);
    assert_eq!(open.cursor(), Some(cursor(29)));
}

pub async fn what_was_erased_leaves_blocks_and_settled_work(disk: &impl Disk) {
    let open = store(disk).await;
    let sent = vec![record("building", 1), record("building", 2)];
    open.act(vec![change(1, 1, "note", "独孤"), change(2, 2, "note", "别人")], 0, &[]).await.unwrap();
    let settled = Checkpoint {
        settled: vec![1, 2],
        readable: vec![Bucket::of(&pack(), "building")],
        now: 1,
        ..checkpoint(5, sent)
    };
    open.checkpoint(&pack(), &settled).await.unwrap();
    let left = record("building", 1).erased(&pack(), &Default::default(), Clock::new(9, 0, DeviceId(0)), "zhu", "1");
    let erased = Checkpoint { now: 2, ..checkpoint(6, vec![left.clone()]) };
    open.checkpoint(&pack(), &Checkpoint { readable: settled.readable, ..erased }).await.unwrap();
    let open = again(disk, open).await;
    assert_eq!(records(&open).await, [left.clone(), record("building", 2)]);
    let said: u32 = open.here().blocks.iter().map(|held| held.records).sum();
    assert_eq!(said, 2, "no block says the first one as it was");
    let elsewhere = sync::wire::Cursor { epoch: "another".into(), ..cursor(1) };
    let back =
        open.checkpoint(&pack(), &Checkpoint { next: Some(elsewhere), now: 3, ..Checkpoint::default() }).await.unwrap();
    assert_eq!(back.iter().map(|change| change.number).collect::<Vec<_>>(), [2], "and it cannot be given back");
}

pub async fn the_lease_does_not_run_out_by_one_reading_of_a_clock(disk: &impl Disk) {
    const NOW: u64 = 1_796_000_000_000;
    let mut open = store(disk).await;
    open.open_at(NOW + 99 * DAY).await.unwrap();
    assert!(!open.is_lapsed(NOW + 99 * DAY), "a store that never met the office holds nothing of it");
    // The clock leaps; whoever opens it ten times that day loses nothing, nor does one who puts it right.
    open.meet(Contact::new(NOW, NOW)).await.unwrap();
    for _ in 0..10 {
        open.open_at(NOW + 31 * DAY).await.unwrap();
        assert!(!open.is_lapsed(NOW + 31 * DAY));
        open = again(disk, open).await;
    }
    assert!(!open.is_lapsed(NOW + DAY) && !open.is_lapsed(NOW - 366 * DAY));
    // Several days of it are believed.
    for day in [32, 33] {
        assert!(!open.is_lapsed(NOW + day * DAY));
        open.open_at(NOW + day * DAY).await.unwrap();
    }
    assert!(open.is_lapsed(NOW + 33 * DAY));
    // Met again, it begins anew; a clock that goes its way is believed at once.
    open.meet(Contact::new(NOW + 40 * DAY, NOW + 40 * DAY)).await.unwrap();
    for (day, is_lapsed) in [(41, false), (60, false), (70, false), (71, true)] {
        open.open_at(NOW + day * DAY).await.unwrap();
        open = again(disk, open).await;
        assert_eq!(open.is_lapsed(NOW + day * DAY), is_lapsed, "{day}");
    }
    // A clock a year ahead at the contact counts from there.
    open.meet(Contact::new(NOW + 80 * DAY, NOW + 446 * DAY)).await.unwrap();
    assert_eq!(open.contact().map(|contact| contact.now(NOW + 447 * DAY)), Some(NOW + 81 * DAY));
    assert!(!open.is_lapsed(NOW + 447 * DAY));
}
