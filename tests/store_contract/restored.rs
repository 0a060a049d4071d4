//! What the tablet can give back to an office that was restored from a backup.

use linli_app::store::{Fate, Store, shelf::Area};
use sync::{
    Bucket,
    engine::{Checkpoint, Staged},
    history::KEEP_MILLIS,
    wire::{Cursor, Manifest},
};

use super::{Disk, again, made::*, store};

/// When the office settles things in these tests.
const NOW: u64 = 1_790_000_000_000;

/// The end of a round at which everything of these numbers is settled.
fn settles(seq: u64, settled: &[u64], now: u64) -> Checkpoint {
    let readable = vec![Bucket::of(&pack(), "building")];
    Checkpoint { settled: settled.to_vec(), readable, now, ..checkpoint(seq, vec![]) }
}

/// Whole buckets of another history.
fn other_history() -> Staged {
    let next = Cursor { epoch: "after the restore".into(), ..cursor(3) };
    Staged { manifest: Manifest::default(), next, have: Default::default() }
}

/// Acts that can be given back, as the keys say.
async fn kept(disk: &impl Disk) -> usize {
    let keys = disk.open().await.keys(Area::Settled).await.unwrap();
    keys.iter().map(|key| key.rsplit('-').next().unwrap().parse::<usize>().unwrap()).sum()
}

fn numbers(store: &Store) -> Vec<u64> {
    store.queue().iter().map(|change| change.number).collect()
}

pub async fn settled_work_is_kept_out_of_the_way(disk: &impl Disk) {
    let open = store(disk).await;
    open.act(vec![change(1, 1, "name", "a"), change(2, 2, "name", "b")], 0, &[]).await.unwrap();
    open.act(vec![change(3, 3, "name", "c")], 0, &[]).await.unwrap();
    let waits = open.checkpoint(&pack(), &settles(5, &[1, 2, 3], NOW)).await.unwrap();
    assert!(waits.is_empty());
    let open = again(disk, open).await;
    assert!(open.queue().is_empty() && open.waiting().is_empty() && open.log().is_empty(), "nothing of it waits");
    assert_eq!(kept(disk).await, 2);
}

pub async fn a_restored_office_gets_settled_and_refused_work_again(disk: &impl Disk) {
    let open = store(disk).await;
    open.act(vec![change(1, 1, "name", "a"), change(2, 2, "name", "b")], 7, &[]).await.unwrap();
    open.act(vec![change(3, 3, "name", "c")], 0, &[]).await.unwrap();
    open.act(vec![change(4, 4, "name", "d")], 0, &[]).await.unwrap();
    let round = Checkpoint { refused: vec![refused(3, "x")], ..settles(5, &[1, 2], NOW) };
    open.checkpoint(&pack(), &round).await.unwrap();
    let open = again(disk, open).await;
    assert_eq!(numbers(&open), [4]);
    let waits = open.switch(&other_history()).await.unwrap();
    assert_eq!(waits, [change(1, 1, "name", "a"), change(2, 2, "name", "b"), change(3, 3, "name", "c")]);
    let open = again(disk, open).await;
    assert_eq!(numbers(&open), [1, 2, 3, 4], "durable in the same transaction as the other history's cursor");
    assert_eq!((open.log()[0].at, kept(disk).await), (7, 0));
    assert!(open.switch(&other_history()).await.unwrap().is_empty(), "once");
}

pub async fn a_head_that_went_back_is_another_history_too(disk: &impl Disk) {
    let open = store(disk).await;
    open.act(vec![change(1, 1, "name", "a")], 0, &[]).await.unwrap();
    open.checkpoint(&pack(), &settles(9, &[1], NOW)).await.unwrap();
    // In the middle of a round a snapshot may be older than what was read: that is nothing.
    let snapshot = Staged { next: cursor(4), ..other_history() };
    assert!(open.switch(&snapshot).await.unwrap().is_empty());
    assert_eq!(open.checkpoint(&pack(), &settles(8, &[], NOW)).await.unwrap().len(), 1);
    assert_eq!(numbers(&again(disk, open).await), [1]);
}

pub async fn what_the_new_history_settles_does_not_wait_again(disk: &impl Disk) {
    let open = store(disk).await;
    open.act(vec![change(1, 1, "name", "a")], 0, &[]).await.unwrap();
    open.act(vec![change(2, 2, "name", "b")], 0, &[]).await.unwrap();
    open.checkpoint(&pack(), &settles(5, &[1], NOW)).await.unwrap();
    let next = Some(Cursor { epoch: "after".into(), ..cursor(6) });
    let waits = open.checkpoint(&pack(), &Checkpoint { next, ..settles(6, &[2], NOW) }).await.unwrap();
    assert_eq!(waits, [change(1, 1, "name", "a")]);
    assert_eq!(numbers(&again(disk, open).await), [1]);
    assert_eq!(kept(disk).await, 1);
}

pub async fn giving_back_that_cannot_be_kept_leaves_all_as_it_was(disk: &impl Disk) {
    let open = store(disk).await;
    open.act(vec![change(1, 1, "name", "a")], 0, &[]).await.unwrap();
    open.checkpoint(&pack(), &settles(5, &[1], NOW)).await.unwrap();
    disk.too_much();
    open.switch(&other_history()).await.unwrap_err();
    for open in [&open, &again(disk, store(disk).await).await] {
        assert_eq!((open.cursor(), numbers(open)), (Some(cursor(5)), vec![]));
    }
    assert_eq!(kept(disk).await, 1);
    assert_eq!(store(disk).await.switch(&other_history()).await.unwrap().len(), 1);
}

pub async fn settled_work_is_let_go_after_two_weeks_of_the_office(disk: &impl Disk) {
    let open = store(disk).await;
    for (number, days) in [(1, 0), (2, 1), (3, 15)] {
        open.act(vec![change(number, 1, "name", "x")], 0, &[]).await.unwrap();
        let now = NOW + days * KEEP_MILLIS / 14;
        open.checkpoint(&pack(), &settles(number, &[number], now)).await.unwrap();
    }
    let waits = open.switch(&other_history()).await.unwrap();
    assert_eq!(waits.iter().map(|c| c.number).collect::<Vec<_>>(), [2, 3], "the first one is too old");
}

pub async fn a_lost_right_takes_settled_work_along(disk: &impl Disk) {
    let open = store(disk).await;
    open.act(vec![change(1, 1, "name", "a")], 0, &[]).await.unwrap();
    let secret = |number| sync::Change { kind: "aid".into(), ..change(number, 2, "name", "b") };
    open.act(vec![change(2, 1, "name", "b"), secret(3)], 0, &[]).await.unwrap();
    open.act(vec![secret(4)], 0, &[]).await.unwrap();
    let aid = Bucket::of(&pack(), "aid");
    let mut round = settles(5, &[1, 2, 3, 4], NOW);
    round.readable.push(aid.clone());
    open.checkpoint(&pack(), &round).await.unwrap();
    assert_eq!(kept(disk).await, 3);
    open.act(vec![secret(5)], 0, &[]).await.unwrap();
    open.checkpoint(&pack(), &Checkpoint { revoked: vec![aid], ..settles(6, &[5], NOW) }).await.unwrap();
    assert_eq!(kept(disk).await, 2, "what was settled after the right was lost is not kept at all");
    let waits = open.switch(&other_history()).await.unwrap();
    assert_eq!(waits, [change(1, 1, "name", "a"), change(2, 1, "name", "b")]);
}

pub async fn another_account_finds_no_settled_work(disk: &impl Disk) {
    let open = store(disk).await;
    open.sign_in(me("li")).await.unwrap();
    open.act(vec![change(1, 1, "name", "a")], 0, &[]).await.unwrap();
    open.act(vec![change(2, 1, "name", "b")], 0, &[]).await.unwrap();
    open.checkpoint(&pack(), &Checkpoint { refused: vec![refused(2, "x")], ..settles(5, &[1], NOW) }).await.unwrap();
    open.sign_in(me("wang")).await.unwrap();
    assert_eq!(kept(disk).await, 0);
    // The history outlives the cursor: what the first one's refused work lost is noticed under the second one too.
    assert_eq!(open.cursor(), None);
    assert_eq!(open.switch(&other_history()).await.unwrap(), [change(2, 1, "name", "b")]);
    assert_eq!(again(disk, open).await.log()[0].entries[0].fate, Fate::Waiting);
}

pub async fn the_last_moment_given_out_is_remembered(disk: &impl Disk) {
    let open = store(disk).await;
    let last = change(2, 1, "name", "b").clock;
    open.act(vec![change(1, 1, "name", "a"), change(2, 1, "name", "b")], 0, &[]).await.unwrap();
    open.checkpoint(&pack(), &settles(5, &[1, 2], NOW)).await.unwrap();
    open.sign_in(me("wang")).await.unwrap();
    assert_eq!(again(disk, open).await.clock(), last);
}
