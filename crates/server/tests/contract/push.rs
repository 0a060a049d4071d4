//! Pushing: idempotent, in order, and never stuck.

use crate::support::{TestOffice, change, codes, desk, head, record, seq, set};
use linli_server::office::Incoming;
use serde_json::json;
use sync::wire::Verdict;

#[tokio::test]
async fn a_repeated_request_is_answered_as_the_first_time() {
    let test = TestOffice::new().await;
    let changes = vec![change(1, record(1), "first"), change(2, record(1), "second")];
    let first = test.push(changes.clone()).await;
    assert_eq!(first.iter().map(seq).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(test.push(changes).await, first);
    assert_eq!(test.head().await, 2, "the repeat had no effect");
}

#[tokio::test]
async fn a_change_twice_in_one_request_has_one_effect() {
    let test = TestOffice::new().await;
    let receipts = test.push(vec![change(1, record(1), "once"), change(1, record(1), "once")]).await;
    assert_eq!(receipts[0], receipts[1]);
    assert_eq!(test.head().await, 1);
}

#[tokio::test]
async fn another_change_under_a_used_number_is_refused_and_kept() {
    let test = TestOffice::new().await;
    test.push(vec![change(1, record(1), "mine")]).await;
    for _ in 0..2 {
        let receipts = test.push(vec![change(1, record(2), "another")]).await;
        assert_eq!(codes(&receipts[0].verdict), ["number_reused"]);
    }
    let kept = test.office.quarantine(&head(), true).await.unwrap();
    assert_eq!(kept.len(), 1, "the repeat of a refused change is kept once");
    assert!(kept[0].body["set"]["a"] == "another", "{kept:?}");
    let again = test.push(vec![change(1, record(1), "mine")]).await;
    assert_eq!(seq(&again[0]), 1, "the first change keeps its verdict");
}

#[tokio::test]
async fn what_cannot_be_read_is_set_aside_and_the_queue_moves_on() {
    let test = TestOffice::new().await;
    let incoming = vec![
        Incoming::from(json!({"number": 7, "kind": 12})),
        Incoming::from(json!("not even an object")),
        Incoming::from(change(8, record(1), "after")),
    ];
    let receipts = test.push_as(&desk(), incoming).await;
    assert_eq!(codes(&receipts[0].verdict), ["malformed"]);
    assert_eq!((receipts[0].number, receipts[1].number), (7, 0));
    assert_eq!(codes(&receipts[1].verdict), ["malformed"]);
    assert_eq!(seq(&receipts[2]), 1);
    let kept = test.office.quarantine(&desk(), false).await.unwrap();
    assert_eq!(kept.iter().filter(|q| q.body == json!("not even an object")).count(), 1, "word for word");
}

#[tokio::test]
async fn a_refusal_is_mended_by_a_later_change() {
    let test = TestOffice::new().await;
    let wrong = set(1, record(1), "note", &[("b", 1000.into())]);
    let receipts = test.push(vec![wrong]).await;
    assert_eq!(codes(&receipts[0].verdict), ["constraint"]);
    let mut mended = set(2, record(1), "note", &[("b", 100.into())]);
    mended.mends = Some(1);
    assert_eq!(seq(&test.push(vec![mended]).await[0]), 1);
    let kept = test.office.quarantine(&desk(), false).await.unwrap();
    assert_eq!((kept[0].number, kept[0].mended_by), (1, Some(2)));
}

#[tokio::test]
async fn a_change_may_look_up_what_came_just_before_it_and_long_before_it() {
    let test = TestOffice::new().await;
    let visit = |number, n, note, agrees: &str| {
        let fields = [("note", json!(record(note))), ("date", json!("2025-12-31")), ("agrees", json!(agrees))];
        set(number, record(n), "visit", &fields)
    };
    let receipts = test.push(vec![change(1, record(1), "blue"), visit(2, 2, 1, "blue"), visit(3, 3, 1, "red")]).await;
    assert!(matches!(receipts[1].verdict, Verdict::Accepted { .. }), "{receipts:?}");
    assert_eq!(codes(&receipts[2].verdict), ["constraint"]);
    let receipts = test.push(vec![visit(4, 4, 1, "blue"), visit(5, 5, 1, "green")]).await;
    assert!(matches!(receipts[0].verdict, Verdict::Accepted { .. }), "{receipts:?}");
    assert_eq!(codes(&receipts[1].verdict), ["constraint"]);
}
