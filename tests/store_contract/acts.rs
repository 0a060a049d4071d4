//! What the user did.

use linli_app::store::{Fate, Kept, Numbers, Store, StoreError};
use records::Problem;
use sync::{
    DeviceId, Draft,
    engine::Checkpoint,
    wire::{NUMBER_REUSED, Receipt, Verdict},
};

use super::{Disk, again, made::*, store};

pub async fn an_act_is_there_after_a_restart(disk: &impl Disk) {
    let first = store(disk).await;
    let changes = vec![change(1, 1, "name", "1幢"), change(2, 2, "name", "2幢")];
    first.act(changes.clone(), 77, &[]).await.unwrap();
    let second = again(disk, first).await;
    assert_eq!(second.queue(), changes);
    assert_eq!(second.log()[0].at, 77);
    assert_eq!(second.numbers(), Some(Numbers { device: DEVICE, last: 2 }));
}

pub async fn a_number_is_never_given_out_twice(disk: &impl Disk) {
    let mut open = store(disk).await;
    open.begin(Numbers { device: DEVICE, last: 0 }).await.unwrap();
    for number in 1..=12 {
        assert_eq!(open.numbers().unwrap().last, number - 1);
        open.act(vec![change(number, 1, "name", "x")], 0, &[]).await.unwrap();
        // Also when nothing of it is left: the office has it.
        let settled = vec![number];
        open.checkpoint(&pack(), &sync::engine::Checkpoint { settled, ..checkpoint(number, vec![]) }).await.unwrap();
        open = again(disk, open).await;
    }
    assert!(open.log().is_empty());
    assert_eq!(open.numbers().unwrap().last, 12);
}

pub async fn an_act_that_cannot_be_kept_leaves_nothing(disk: &impl Disk) {
    let open = store(disk).await;
    open.act(vec![change(1, 1, "name", "1幢")], 0, &[]).await.unwrap();
    let kept = linli_app::store::Kept { by: "li".into(), key: "new/building".into(), draft: draft(2, "2"), at: 5 };
    open.keep_draft(kept).await.unwrap();
    let draft_name: String = "new/building".into();
    let act = vec![change(2, 2, "name", "2幢"), change(3, 2, "note", disk.too_much())];
    let failed = open.act(act, 0, &[draft_name]).await;
    assert!(matches!(failed, Err(StoreError::Failing(_) | StoreError::Full)), "{failed:?}");
    for open in [&open, &again(disk, store(disk).await).await] {
        assert_eq!(open.queue().len(), 1);
        assert_eq!(open.numbers().unwrap().last, 1);
        assert_eq!(open.drafts().len(), 1, "the draft of an act that failed stays");
    }
    // And the number that was not used up is the next one.
    open.act(vec![change(2, 2, "name", "2幢")], 0, &[]).await.unwrap();
}

pub async fn a_refused_change_stays_with_its_reasons(disk: &impl Disk) {
    let open = store(disk).await;
    open.act(vec![change(1, 1, "name", "1幢")], 0, &[]).await.unwrap();
    let refusal = sync::engine::Checkpoint { refused: vec![refused(1, "少了层数")], ..checkpoint(9, vec![]) };
    open.checkpoint(&pack(), &refusal).await.unwrap();
    let open = again(disk, open).await;
    assert!(open.queue().is_empty(), "it is not sent again");
    let (change, problems) = open.refused().remove(0);
    assert_eq!((change.number, problems[0].message.zh.as_str()), (1, "少了层数"));
    open.give_up(1).await.unwrap();
    let open = again(disk, open).await;
    assert!(open.refused().is_empty());
    assert_eq!(open.given_up()[0].1[0].message.zh, "少了层数", "given up is not thrown away");
    open.take_up(1).await.unwrap();
    let open = again(disk, open).await;
    assert_eq!((open.refused()[0].1[0].message.zh.as_str(), open.given_up().len()), ("少了层数", 0));
    open.set_aside(1).await.unwrap();
    let open = again(disk, open).await;
    assert!(matches!(open.log()[0].entries[0].fate, Fate::SetAside(_)) && open.given_up().is_empty());
}

pub async fn mending_sets_the_refused_change_aside_in_the_same_act(disk: &impl Disk) {
    let open = store(disk).await;
    open.act(vec![change(1, 1, "name", "1幢")], 0, &[]).await.unwrap();
    let refusal = sync::engine::Checkpoint { refused: vec![refused(1, "x")], ..checkpoint(9, vec![]) };
    open.checkpoint(&pack(), &refusal).await.unwrap();
    let mut mending = change(2, 1, "name", "第1幢");
    mending.mends = Some(1);
    open.act(vec![mending.clone()], 0, &[]).await.unwrap();
    let open = again(disk, open).await;
    assert!(open.refused().is_empty());
    assert_eq!(open.queue(), vec![mending]);
    assert_eq!(open.log().len(), 2);
}

pub async fn saving_takes_the_draft_along(disk: &impl Disk) {
    use linli_app::store::Kept;
    let open = store(disk).await;
    for (key, n) in [("new/building", 1), ("edit/2", 2)] {
        let kept = Kept { by: "li".into(), key: key.into(), draft: draft(n, "半"), at: n as u64 };
        open.keep_draft(kept).await.unwrap();
    }
    let open = again(disk, open).await;
    assert_eq!(open.drafts().len(), 2);
    open.act(vec![change(1, 1, "name", "1幢")], 0, &["new/building".into()]).await.unwrap();
    let open = again(disk, open).await;
    let left: Vec<String> = open.drafts().into_iter().map(|(_, kept)| kept.key).collect();
    assert_eq!(left, ["edit/2"]);
}

pub async fn each_account_has_its_own_drafts(disk: &impl Disk) {
    use linli_app::store::Kept;
    let open = store(disk).await;
    for by in ["li", "wang"] {
        let kept = Kept { by: by.into(), key: "new/building".into(), draft: draft(1, by), at: 1 };
        open.keep_draft(kept).await.unwrap();
    }
    open.drop_draft("wang", "new/building").await.unwrap();
    let open = again(disk, open).await;
    let kept = &open.drafts()[0].1;
    assert_eq!((kept.by.as_str(), kept.draft.now["name"].as_str()), ("li", Some("li")));
    assert!(!open.drafts()[0].0.contains("li/"), "no account name in a key");
}

pub async fn signing_out_keeps_everything(disk: &impl Disk) {
    let open = store(disk).await;
    open.sign_in(me("li")).await.unwrap();
    open.checkpoint(&pack(), &checkpoint(5, vec![record("building", 1)])).await.unwrap();
    open.act(vec![change(1, 1, "name", "1幢")], 0, &[]).await.unwrap();
    open.sign_out().await.unwrap();
    let open = again(disk, open).await;
    assert_eq!(open.me(), None);
    assert_eq!((records(&open).await.len(), open.queue().len(), open.cursor()), (1, 1, Some(cursor(5))));
    open.sign_in(me("li")).await.unwrap();
    assert_eq!((records(&open).await.len(), open.queue().len(), open.cursor()), (1, 1, Some(cursor(5))));
}

pub async fn another_account_starts_without_records_and_the_first_ones_work_waits(disk: &impl Disk) {
    let open = store(disk).await;
    open.sign_in(me("li")).await.unwrap();
    open.checkpoint(&pack(), &checkpoint(5, vec![record("building", 1)])).await.unwrap();
    open.act(vec![change(1, 1, "name", "1幢")], 0, &[]).await.unwrap();
    open.sign_out().await.unwrap();
    open.sign_in(me("wang")).await.unwrap();
    let open = again(disk, open).await;
    assert_eq!(open.cursor(), None);
    assert!(records(&open).await.is_empty());
    let shelf = disk.open().await;
    assert!(shelf.keys(linli_app::store::shelf::Area::Blocks).await.unwrap().is_empty(), "nothing is left behind");
    assert_eq!(open.queue().len(), 1);
}

/// A store with a record of the office, and of changes 7 to 9 one that waits, one that is settled and one that was refused.
async fn with_every_fate(disk: &impl Disk) -> Store {
    let open = store(disk).await;
    open.sign_in(me("li")).await.unwrap();
    open.checkpoint(&pack(), &checkpoint(5, vec![record("building", 1)])).await.unwrap();
    open.act(vec![change(7, 1, "name", "a"), change(8, 1, "name", "b")], 0, &[]).await.unwrap();
    open.act(vec![change(9, 2, "name", "c")], 0, &[]).await.unwrap();
    let verdicts =
        sync::engine::Checkpoint { settled: vec![8], refused: vec![refused(9, "x")], ..checkpoint(6, vec![]) };
    open.checkpoint(&pack(), &verdicts).await.unwrap();
    open
}

pub async fn starting_again_keeps_what_waits_under_new_numbers(disk: &impl Disk) {
    let open = with_every_fate(disk).await;
    let mut mending = change(10, 2, "name", "d");
    mending.mends = Some(9);
    open.act(vec![mending], 0, &[]).await.unwrap();
    let device = DeviceId(9);
    open.start_again(device).await.unwrap();
    let open = again(disk, open).await;
    assert_eq!(open.numbers(), Some(Numbers { device, last: 3 }));
    assert_eq!((open.me(), open.cursor(), records(&open).await.len()), (None, None, 0));
    let queue = open.queue();
    let said: Vec<_> = queue.iter().map(|c| (c.number, c.set["name"].as_str().unwrap(), c.mends)).collect();
    assert_eq!(said, [(1, "a", None), (3, "d", Some(2))]);
    assert!(queue.iter().all(|c| c.device == device && c.clock.device() == DEVICE));
}

pub async fn going_on_as_another_device_keeps_what_is_here_and_who_is_signed_in(disk: &impl Disk) {
    let open = with_every_fate(disk).await;
    let half = Draft { mends: Some(9), ..draft(1, "half mended") };
    open.keep_draft(Kept { by: "li".into(), key: "mend/9".into(), draft: half, at: 0 }).await.unwrap();
    let cursor = open.cursor();
    let device = DeviceId(9);
    open.go_on_as(device).await.unwrap();
    let open = again(disk, open).await;
    assert_eq!(open.numbers(), Some(Numbers { device, last: 2 }));
    assert_eq!(open.me().map(|me| me.account), Some("li".into()), "the tablet still opens without the office");
    assert!(cursor.is_some() && open.cursor() == cursor, "nothing is fetched anew");
    assert_eq!(records(&open).await.len(), 1);
    let said: Vec<_> = open.queue().iter().map(|c| (c.device, c.number, c.set["name"].clone())).collect();
    assert_eq!(said, [(device, 1, "a".into())]);
    assert_eq!(open.refused().iter().map(|(c, _)| (c.device, c.number)).collect::<Vec<_>>(), [(device, 2)]);
    assert_eq!(open.drafts().into_iter().map(|(_, kept)| kept.key).collect::<Vec<_>>(), ["mend/2"]);
}

pub async fn a_closed_store_takes_nothing(disk: &impl Disk) {
    let open = store(disk).await;
    open.close().await;
    assert_eq!(open.act(vec![change(1, 1, "name", "1幢")], 0, &[]).await, Err(StoreError::Closed));
    assert!(open.queue().is_empty(), "what is not kept is not remembered");
}

pub async fn a_copied_store_sends_again_what_was_refused_for_its_number(disk: &impl Disk) {
    let open = store(disk).await;
    for (number, name) in [(1, "a"), (2, "b"), (3, "c")] {
        open.act(vec![change(number, number.into(), "name", name)], 0, &[]).await.unwrap();
    }
    let verdict = |code: &str| Verdict::Refused { problems: vec![Problem::new(code, "", "")] };
    let refused = vec![
        Receipt { number: 1, verdict: verdict("constraint") },
        Receipt { number: 2, verdict: verdict(NUMBER_REUSED) },
    ];
    open.checkpoint(&pack(), &Checkpoint { refused, ..checkpoint(5, vec![]) }).await.unwrap();
    open.act(vec![change(4, 4, "name", "d")], 0, &[]).await.unwrap();
    let half = Draft { mends: Some(1), ..draft(1, "half mended") };
    open.keep_draft(Kept { by: "li".into(), key: "mend/1".into(), draft: half, at: 0 }).await.unwrap();
    open.keep_draft(Kept { by: "li".into(), key: "new/building".into(), draft: draft(9, "new"), at: 0 }).await.unwrap();
    let settled = Checkpoint { settled: vec![3], ..checkpoint(6, vec![]) };
    open.checkpoint(&pack(), &settled).await.unwrap();
    open.start_again(DeviceId(9)).await.unwrap();
    let open = again(disk, open).await;
    let waits: Vec<_> = open.queue().iter().map(|c| (c.number, c.set["name"].clone())).collect();
    assert_eq!(waits, [(2, "b".into()), (3, "d".into())], "a used number says nothing against what stood under it");
    assert_eq!(open.refused().iter().map(|(c, _)| c.number).collect::<Vec<_>>(), [1], "what is wrong stays refused");
    let mut drafts: Vec<_> = open.drafts().into_iter().map(|(_, kept)| (kept.key, kept.draft.mends)).collect();
    drafts.sort();
    assert_eq!(drafts, [("mend/1".to_owned(), Some(1)), ("new/building".to_owned(), None)]);
}

pub async fn a_draft_that_mends_follows_the_refused_change(disk: &impl Disk) {
    let open = store(disk).await;
    open.act(vec![change(1, 1, "name", "a")], 0, &[]).await.unwrap();
    open.act(vec![change(2, 2, "name", "b")], 0, &[]).await.unwrap();
    let round = Checkpoint { settled: vec![1], refused: vec![refused(2, "why")], ..checkpoint(5, vec![]) };
    open.checkpoint(&pack(), &round).await.unwrap();
    let half = Draft { mends: Some(2), ..draft(2, "half mended") };
    open.keep_draft(Kept { by: "li".into(), key: "mend/2".into(), draft: half, at: 0 }).await.unwrap();
    open.start_again(DeviceId(9)).await.unwrap();
    for open in [&again(disk, open).await] {
        let drafts: Vec<_> = open.drafts().into_iter().map(|(_, kept)| (kept.key, kept.draft.mends)).collect();
        assert_eq!(drafts, [("mend/1".to_owned(), Some(1))]);
        open.drop_draft("li", "mend/1").await.unwrap();
    }
    assert!(store(disk).await.drafts().is_empty(), "and lies where it is found");
}
