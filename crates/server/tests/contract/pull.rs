//! Tablets with the real engine against the real app: they converge, and hold nothing they may not.

use crate::support::{Tablet, TestApp, change, desk, record, set, tablet::Line};
use axum::http::StatusCode;
use records::Value;
use serde_json::json;
use sync::{Bucket, wire::Checksum};

#[tokio::test]
async fn two_tablets_converge_and_the_loser_is_kept() {
    let app = TestApp::new().await;
    let mut one = Tablet::new(&app, "wang", 1).await;
    let mut two = Tablet::new(&app, "li", 2).await;
    one.save(&app, record(1), "note", "a", "at first".into());
    assert_eq!(one.sync(&app).await, None);
    assert_eq!(two.sync(&app).await, None);
    one.save(&app, record(1), "note", "a", "138 0000 0001".into());
    two.save(&app, record(1), "note", "a", "138 0000 0002".into());
    for _ in 0..2 {
        one.sync(&app).await;
        two.sync(&app).await;
    }
    assert_eq!(one.shows(record(1), "a"), two.shows(record(1), "a"));
    let losers = |t: &Tablet| t.book.get(record(1)).unwrap().losers("a").len();
    assert_eq!((losers(&one), losers(&two)), (1, 1), "what lost is kept on both");
    assert!(one.log.is_empty() && two.log.is_empty());
    assert_eq!(one.book.sum("note"), two.book.sum("note"));
}

#[tokio::test]
async fn an_answer_lost_after_the_commit_doubles_nothing() {
    let app = TestApp::new().await;
    let mut tablet = Tablet::new(&app, "wang", 1).await;
    tablet.sync(&app).await;
    tablet.save(&app, record(1), "note", "a", "once".into());
    tablet.line = Line::LostAnswer;
    tablet.sync(&app).await;
    assert_eq!((app.test.head().await, tablet.log.len()), (1, 1), "committed there, waiting here");
    tablet.line = Line::Good;
    tablet.sync(&app).await;
    assert_eq!((app.test.head().await, tablet.log.len()), (1, 0));
}

#[tokio::test]
async fn a_tablet_hears_only_of_what_its_post_may_see() {
    let app = TestApp::new().await;
    let mut head = Tablet::new(&app, "zhu", 1).await;
    head.save(&app, record(1), "secret", "a", "for few".into());
    head.save(&app, record(2), "note", "a", "for all".into());
    head.sync(&app).await;
    let mut night = Tablet::new(&app, "ye", 2).await;
    night.sync(&app).await;
    assert_eq!(night.book.len(), 1);
    head.save(&app, record(1), "secret", "a", "still for few".into());
    head.save(&app, record(3), "note", "a", "for all too".into());
    head.sync(&app).await;
    let answer = night.sync(&app).await;
    assert_eq!((answer, night.book.len()), (None, 2), "nor in the tail");
    assert!(night.book.get(record(1)).is_none());
}

#[tokio::test]
async fn a_first_sync_comes_in_blocks_and_a_later_one_in_pages() {
    let app = TestApp::new().await;
    // Notes of some length that does not compress, so that blocks must be split.
    let text = |n: u64| {
        (0..30).map(|k| format!("{:016x}", (n * 30 + k).wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect::<String>()
    };
    let changes = (1..=700).map(|n| change(n, record(n.into()), &text(n))).collect();
    app.test.push(changes).await;
    let mut tablet = Tablet::new(&app, "wang", 1).await;
    assert_eq!(tablet.sync(&app).await, None);
    assert_eq!(tablet.book.len(), 700);
    assert!(tablet.fetched > 3, "blocks stay small: {} of them", tablet.fetched);
    let fetched = tablet.fetched;
    app.test.push((701..=2900).map(|n| change(n, record(n.into()), "later")).collect()).await;
    let before = tablet.requests;
    assert_eq!(tablet.sync(&app).await, None);
    assert_eq!((tablet.book.len(), tablet.fetched), (2900, fetched), "2,200 more came in pages");
    assert_eq!(tablet.requests - before, 3);
    app.test.push((2901..=8500).map(|n| change(n, record(n.into()), "much later")).collect()).await;
    assert_eq!(tablet.sync(&app).await, None);
    assert_eq!(tablet.book.len(), 8500);
    assert!(tablet.fetched > fetched, "5,600 more came in blocks");
}

#[tokio::test]
async fn a_snapshot_serves_until_too_much_was_written_since() {
    let app = TestApp::new().await;
    app.test.push((1..=600).map(|n| change(n, record(n.into()), "early")).collect()).await;
    Tablet::new(&app, "wang", 1).await.sync(&app).await;
    app.test.push((601..=610).map(|n| change(n, record(n.into()), "late")).collect()).await;
    let mut second = Tablet::new(&app, "li", 2).await;
    second.sync(&app).await;
    assert_eq!((second.book.len(), second.fetched), (610, 2), "the old blocks, and ten records after them");
}

#[tokio::test]
async fn checksums_are_the_books_own() {
    let app = TestApp::new().await;
    let mut tablet = Tablet::new(&app, "wang", 1).await;
    tablet.sync(&app).await;
    for n in 0..20 {
        tablet.save(&app, record(n % 7), "note", "a", format!("{n}").into());
        tablet.save(&app, record(n % 5), "note", "b", n.try_into().map(|n: u64| Value::from(n)).unwrap());
        tablet.sync(&app).await;
    }
    let body = json!({"device": "0000000000000001", "schema": 1, "cursor": tablet.cursor, "changes": []});
    let answer = app.post("/api/v1/sync", &tablet.session, &body).await.json();
    let sum: Checksum = serde_json::from_value(answer["sums"]["open/note"].clone()).unwrap();
    assert_eq!(sum, tablet.book.sum("note"));
    assert_eq!(sum.count, 7);
}

#[tokio::test]
async fn a_bucket_that_differs_is_fetched_whole() {
    let app = TestApp::new().await;
    app.test.push((1..=5).map(|n| change(n, record(n.into()), "true")).collect()).await;
    let mut tablet = Tablet::new(&app, "wang", 1).await;
    tablet.sync(&app).await;
    tablet.book.forget_kind("note");
    assert!(tablet.book.is_empty(), "the tablet lost what it held");
    assert_eq!(tablet.sync(&app).await, None);
    assert_eq!(tablet.book.len(), 5);
}

#[tokio::test]
async fn a_record_only_half_known_is_fetched_whole_too() {
    let app = TestApp::new().await;
    app.test.push(vec![change(1, record(1), "one")]).await;
    let mut tablet = Tablet::new(&app, "wang", 1).await;
    tablet.sync(&app).await;
    let (bucket, sum) = (Bucket("open/note".into()), tablet.book.sum("note"));
    assert_eq!((bucket.kind(), sum.count), ("note", 1));
    tablet.book.take(sync::Record::from(&change(99, record(9), "never pushed")));
    tablet.sync(&app).await;
    assert_eq!(tablet.book.sum("note"), sum, "what the office never had is gone after the bucket came whole");
}

#[tokio::test]
async fn rights_that_are_taken_and_given_reach_the_tablet() {
    let app = TestApp::new().await;
    let visit = set(2, record(2), "visit", &[("date", "2025-12-31".into())]);
    app.test.push(vec![change(1, record(1), "a note"), visit]).await;
    let mut tablet = Tablet::new(&app, "wang", 1).await;
    tablet.sync(&app).await;
    assert_eq!(tablet.book.len(), 2);
    let mut pack = (*app.test.office.pack()).clone();
    pack.version = 2;
    pack.posts[0].read = vec!["note".into()];
    app.test.office.set_pack(pack.clone()).await.unwrap();
    tablet.sync(&app).await;
    assert_eq!((tablet.book.len(), &tablet.revoked[..]), (1, &["resident/visit".to_owned()][..]));
    pack.version = 3;
    pack.posts[0].read = vec!["note".into(), "visit".into(), "secret".into()];
    app.test.office.set_pack(pack).await.unwrap();
    tablet.sync(&app).await;
    assert_eq!(tablet.book.len(), 2, "it does not come back by itself: it is sent again");
}

#[tokio::test]
async fn an_account_with_another_post_holds_what_that_post_may() {
    let app = TestApp::new().await;
    let mut head = Tablet::new(&app, "zhu", 1).await;
    head.save(&app, record(1), "secret", "a", "for few".into());
    head.save(&app, record(2), "note", "a", "for all".into());
    head.sync(&app).await;
    let mut tablet = Tablet::new(&app, "wang", 2).await;
    tablet.sync(&app).await;
    assert_eq!(tablet.book.len(), 1);
    app.test.office.set_post("wang", "head").await.unwrap().unwrap();
    tablet.sync(&app).await;
    assert_eq!(tablet.book.len(), 2);
    // What waits is pushed before the tablet gives anything up, and the server judges it.
    tablet.save(&app, record(1), "secret", "a", "written as the head".into());
    tablet.save(&app, record(2), "note", "a", "written by anyone".into());
    app.test.office.set_post("wang", "night").await.unwrap().unwrap();
    tablet.sync(&app).await;
    assert_eq!(
        (tablet.book.of_kind("secret").count(), tablet.book.of_kind("note").count()),
        (1, 1),
        "its own refused words stay"
    );
    assert_eq!(tablet.refused[&1], ["forbidden"]);
    assert_eq!(tablet.revoked, ["resident/visit", "restricted/secret"]);
    head.sync(&app).await;
    assert_eq!(head.shows(record(1), "a"), Some("for few".into()));
    assert_eq!(head.shows(record(2), "a"), Some("written by anyone".into()));
}

#[tokio::test]
async fn what_is_taken_away_is_named_until_the_tablet_has_destroyed_it() {
    let app = TestApp::new().await;
    let session = app.sign_in("ye").await;
    let scope = "open/note resident/visit restricted/secret";
    // Another history: blocks come, and the rights are fewer.
    let cursor = json!({"epoch": "of old", "seq": 0, "scope": scope, "schema": 1});
    let ask = async |cursor: &Value| {
        let body = json!({"device": crate::support::DEVICE, "schema": 1, "cursor": cursor, "changes": []});
        app.post("/api/v1/sync", &session, &body).await.json()
    };
    let blocks = ask(&cursor).await;
    assert!(blocks["blocks"].is_object());
    assert_eq!(blocks["revoked"], json!(["resident/visit", "restricted/secret"]));
    let page = ask(&blocks["next"]).await;
    assert_eq!(page["revoked"], json!(["resident/visit", "restricted/secret"]), "it may have crashed in between");
    let after = ask(&page["next"]).await;
    assert!(after.get("revoked").is_none());
}

#[tokio::test]
async fn a_first_sync_that_broke_off_can_go_on_although_a_newer_snapshot_was_made() {
    let app = TestApp::new().await;
    app.test.push((1..=10).map(|n| change(n, record(n.into()), "early")).collect()).await;
    let session = app.sign_in("wang").await;
    let first = json!({"device": crate::support::DEVICE, "schema": 1, "cursor": null, "changes": []});
    let old = app.post("/api/v1/sync", &session, &first).await.json()["blocks"]["blocks"][0]["id"].clone();
    app.test.push((11..=600).map(|n| change(n, record(n.into()), "late")).collect()).await;
    let new = app.post("/api/v1/sync", &session, &first).await.json();
    assert_eq!(new["blocks"]["blocks"].as_array().unwrap().len(), 2, "made anew");
    let fetch = async |id: &Value| app.post("/api/v1/blocks", &session, &json!({"ids": [id]})).await.status;
    assert_eq!(fetch(&old).await, StatusCode::OK);
    app.test.wall.fetch_add(3 * 24 * 3600 * 1000, std::sync::atomic::Ordering::Relaxed);
    app.test.push((601..=2000).map(|n| change(n, record(n.into()), "later")).collect()).await;
    app.post("/api/v1/sync", &session, &first).await;
    assert_eq!(fetch(&old).await, StatusCode::GONE, "not for ever, though");
}

#[tokio::test]
async fn a_kind_that_becomes_more_sensitive_moves_with_all_its_records() {
    let app = TestApp::new().await;
    app.test.push((1..=3).map(|n| change(n, record(n.into()), "a note")).collect()).await;
    let mut tablet = Tablet::new(&app, "wang", 1).await;
    tablet.sync(&app).await;
    let mut pack = (*app.test.office.pack()).clone();
    pack.kinds.get_mut("note").unwrap().class = records::Class::Resident;
    app.test.office.set_pack(pack).await.unwrap();
    app.test.push(vec![change(4, record(4), "after")]).await;
    assert_eq!(tablet.sync(&app).await, None);
    assert_eq!((tablet.book.len(), tablet.revoked.len()), (4, 0));
}

#[tokio::test]
async fn a_restored_server_is_read_anew_and_gets_back_what_it_lost() {
    let app = TestApp::new().await;
    let mut tablet = Tablet::new(&app, "wang", 1).await;
    tablet.save(&app, record(1), "note", "a", "kept".into());
    tablet.sync(&app).await;
    tablet.save(&app, record(2), "note", "a", "waiting".into());
    app.test.office.renew_epoch().await.unwrap();
    let was = tablet.cursor.clone().unwrap();
    tablet.sync(&app).await;
    assert_ne!(tablet.cursor.clone().unwrap().epoch, was.epoch);
    assert_eq!((tablet.book.len(), app.test.head().await, tablet.log.len()), (2, 2, 0));
}

#[tokio::test]
async fn a_cursor_from_the_future_starts_anew() {
    let app = TestApp::new().await;
    app.test.push(vec![change(1, record(1), "one")]).await;
    let session = app.sign_in("wang").await;
    let first = json!({"device": crate::support::DEVICE, "schema": 1, "cursor": null, "changes": []});
    let mut cursor = app.post("/api/v1/sync", &session, &first).await.json()["next"].clone();
    cursor["seq"] = json!(9_000_000_000_000_000_000_u64);
    let body = json!({"device": crate::support::DEVICE, "schema": 1, "cursor": cursor, "changes": []});
    let answer = app.post("/api/v1/sync", &session, &body).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json()["blocks"]["blocks"].as_array().unwrap().len(), 1, "of a history this server never had");
}

#[tokio::test]
async fn blocks_of_others_cannot_be_had() {
    let app = TestApp::new().await;
    let mut head = Tablet::new(&app, "zhu", 1).await;
    head.save(&app, record(1), "secret", "a", "for few".into());
    head.sync(&app).await;
    let mut other = Tablet::new(&app, "zhu", 2).await;
    other.sync(&app).await;
    let first = json!({"device": "0000000000000002", "schema": 1, "cursor": null, "changes": []});
    let manifest = app.post("/api/v1/sync", &other.session, &first).await.json();
    let id = manifest["blocks"]["blocks"][0]["id"].clone();
    let mine = app.post("/api/v1/blocks", &other.session, &json!({"ids": [id]})).await;
    assert_eq!(mine.status, StatusCode::OK);
    let desk = app.sign_in("wang").await;
    let theirs = app.post("/api/v1/blocks", &desk, &json!({"ids": [id]})).await;
    assert_eq!((theirs.status, theirs.problem().as_str()), (StatusCode::GONE, "block-gone"));
}

#[tokio::test]
async fn a_wrong_clock_stops_no_work() {
    let app = TestApp::new().await;
    let mut early = change(1, record(1), "from 1970");
    early.clock = sync::Clock::new(0, 0, crate::support::DEVICE);
    let mut late = change(2, record(2), "from the year 10889");
    late.clock = sync::Clock::new(u64::MAX, u16::MAX, crate::support::DEVICE);
    let receipts = app.test.push_as(&desk(), vec![early.into(), late.into()]).await;
    assert!(receipts.iter().all(|r| crate::support::codes(&r.verdict).is_empty()), "{receipts:?}");
}
