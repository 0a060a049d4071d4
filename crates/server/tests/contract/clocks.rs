//! Clocks that are wrong, of tablets and of the server: work goes on, nothing vanishes, and nobody's time is shown that is not.

use std::sync::atomic::Ordering;

use serde_json::json;
use sync::{
    Clock, DeviceId,
    clock::{MAX_LEAD, MAX_MILLIS},
    wire::Verdict,
};

use crate::support::{DEVICE, NEW_YEAR, TestApp, TestOffice, change, codes, desk, record, seq, set};
use linli_server::{
    db::Store,
    http::Cookie,
    office::{Incoming, Office},
};

const DAY: u64 = 86_400_000;

/// A change of another device.
fn of(device: u64, number: u64, millis: u64, text: &str) -> sync::Change {
    let device = DeviceId(device);
    sync::Change { device, clock: Clock::new(millis, 0, device), ..change(number, record(1), text) }
}

async fn push(test: &TestOffice, sent_at: Option<u64>, change: sync::Change) -> Vec<sync::wire::Receipt> {
    let device = change.device;
    test.office.see_device(device, "平板").await.unwrap();
    test.office.push_sent(&desk(), device, sent_at, vec![change.into()]).await.unwrap().0
}

/// The first note as the office has it.
async fn held(test: &TestOffice) -> sync::Record {
    let store = Store::open(&test.place).await.unwrap();
    let found = store.begin_read(1).await.unwrap().record(record(1)).await.unwrap().unwrap();
    store.close().await;
    found
}

#[tokio::test]
async fn a_saturated_stamp_is_taken_with_its_words_and_makes_no_edit_vanish() {
    let test = TestOffice::new().await;
    let mut hostile = of(0xbad, 1, MAX_MILLIS, "hostile");
    hostile.clock = Clock::new(MAX_MILLIS, u16::MAX, DeviceId(u64::MAX));
    let first = push(&test, Some(u64::MAX), hostile.clone()).await;
    assert_eq!(codes(&first[0].verdict), [""; 0]);
    assert_eq!(push(&test, None, hostile.clone()).await, first, "the same again is answered the same");
    let stamp = held(&test).await.winner("a").unwrap().0;
    assert!(stamp.millis() <= NEW_YEAR + MAX_LEAD, "{stamp}");
    let mut seen = stamp;
    for number in 1..=3 {
        let mut edit = change(number, record(1), &number.to_string());
        edit.clock = seen.tick(NEW_YEAR, DEVICE);
        edit.seen.insert("a".into(), [seen].into());
        seen = edit.clock;
        assert!(matches!(test.push(vec![edit]).await[0].verdict, Verdict::Accepted { .. }));
    }
    let now = held(&test).await;
    assert_eq!((now.value("a"), now.losers("a").len()), (Some("3".into()), 0));
    // Another change of a stamp that was met before, under another number: an act that was numbered anew.
    let again = sync::Change { number: 2, ..hostile };
    push(&test, None, again).await;
    assert_eq!(held(&test).await.value("a"), Some("3".into()), "what was replaced stays replaced");
    assert!(test.office.verify_audit(None).await.unwrap().is_ok());
}

#[tokio::test]
async fn a_year_ahead_does_not_win_over_a_later_edit_whoever_comes_first() {
    for wrong_first in [true, false] {
        let test = TestOffice::new().await;
        test.wall.store(NEW_YEAR + 5 * 3_600_000, Ordering::Relaxed);
        let year = 366 * DAY;
        let wrong = of(1, 1, NEW_YEAR + 3_600_000 + year, "earlier");
        let right = of(2, 1, NEW_YEAR + 2 * 3_600_000, "later");
        let sent = |change: &sync::Change| Some(NEW_YEAR + 5 * 3_600_000 + if change.device.0 == 1 { year } else { 0 });
        for change in if wrong_first { [wrong.clone(), right] } else { [right, wrong.clone()] } {
            push(&test, sent(&change), change).await;
        }
        let note = held(&test).await;
        assert_eq!(note.value("a"), Some("later".into()));
        assert_eq!(note.losers("a")[0].0.millis(), NEW_YEAR + 3_600_000, "dated when it was written");
        assert_eq!(note.made.millis(), NEW_YEAR + 3_600_000);
        // The tablet still looks at its own stamp: the next edit replaces what that became.
        let mut next = of(1, 2, NEW_YEAR + 4 * 3_600_000 + year, "next");
        next.seen.insert("a".into(), [wrong.clock, note.winner("a").unwrap().0].into());
        push(&test, Some(NEW_YEAR + 5 * 3_600_000 + year), next).await;
        let note = held(&test).await;
        assert_eq!((note.value("a"), note.losers("a").len()), (Some("next".into()), 0));
    }
}

#[tokio::test]
async fn a_server_whose_clock_is_behind_refuses_nothing_and_says_so() {
    let test = TestOffice::new().await;
    test.push(vec![change(1, record(1), "first")]).await;
    // The battery of the machine was empty.
    test.wall.store(1_262_304_000_000, Ordering::Relaxed);
    let test = test.reopened().await;
    assert!(test.office.behind() > 15 * 365 * DAY);
    assert_eq!(test.office.today().to_string(), "2026-01-01");
    let visit = |number: u64, date: &str, millis: u64| {
        let clock = Clock::new(millis, 0, DEVICE);
        let fields = [("date", json!(date)), ("note", json!(record(1))), ("agrees", json!("first"))];
        sync::Change { clock, ..set(number, record(number.into()), "visit", &fields) }
    };
    let receipts = test
        .push(vec![
            visit(2, "2026-01-01", NEW_YEAR + 1000),
            visit(3, "2026-02-01", NEW_YEAR + 31 * DAY),
            visit(4, "2026-03-01", NEW_YEAR + 31 * DAY),
        ])
        .await;
    assert_eq!(codes(&receipts[0].verdict), [""; 0]);
    assert_eq!(codes(&receipts[1].verdict), [""; 0], "a month later by the tablet's clock");
    assert_eq!(codes(&receipts[2].verdict), ["date_range"], "not by that either");
    // What a hostile client makes up is bounded then too.
    let mut far = change(5, record(9), "far");
    far.clock = Clock::new(MAX_MILLIS, u16::MAX, DEVICE);
    assert!(matches!(test.push(vec![far]).await[0].verdict, Verdict::Accepted { .. }));
    let office = test.office.clone();
    let app = TestApp::over(test, Cookie::Plain).await;
    assert!(app.get("/ready", "").await.text().contains("the clock is wrong"));
    let metrics = app.get("/metrics", "").await.text();
    assert!(metrics.contains("\nlinli_clock_behind_seconds 50"), "{metrics}");
    // Set right, it is as ever.
    app.test.wall.store(NEW_YEAR + DAY, Ordering::Relaxed);
    assert_eq!((office.behind(), app.get("/ready", "").await.text().as_str()), (0, "ok\n"));
}

/// A second server over the same database.
async fn beside(test: &TestOffice) -> Office {
    let wall = test.wall.clone();
    Office::open(test.place.clone(), std::sync::Arc::new(move || wall.load(Ordering::Relaxed))).await.unwrap().unwrap()
}

#[tokio::test]
async fn two_servers_do_not_publish_over_each_other() {
    use linli_server::office::{audit::By, pack::Unpublished};
    let test = TestOffice::new().await;
    let other = beside(&test).await;
    let labelled = |label: &str| {
        let mut pack = (*test.office.pack()).clone();
        pack.label = records::Text::new(label, label);
        pack
    };
    let (one, two) = (labelled("one"), labelled("two"));
    assert_eq!(test.office.publish(By::CONSOLE, 1, one).await.unwrap().unwrap(), 2);
    let late = other.publish(By::CONSOLE, 1, two.clone()).await.unwrap();
    assert!(matches!(late, Err(Unpublished::Overtaken(2))), "{late:?}");
    assert_eq!(other.pack().label.zh, "one", "and it knows what is in force by then");
    // Of the right number, but made of another pack that once had it.
    let stray = records::Pack { print: "0".repeat(32), version: 2, ..two };
    assert!(matches!(other.publish(By::CONSOLE, 2, stray).await.unwrap(), Err(Unpublished::Overtaken(2))));
    let next = (*other.pack()).clone();
    assert_eq!(other.publish(By::CONSOLE, 2, next).await.unwrap().unwrap(), 3);
    assert!(
        test.office
            .set_newer_pack(records::Pack { version: 3, ..(*test.office.pack()).clone() })
            .await
            .unwrap()
            .is_err()
    );
    other.close().await;
}

#[tokio::test]
async fn rights_and_forms_changed_beside_a_server_hold_from_the_next_request() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    let device = DEVICE;
    let other = beside(&app.test).await;
    let ask = |number: u64| {
        let edit = sync::Change {
            device,
            clock: Clock::new(NEW_YEAR + number, 0, device),
            ..change(number, record(number.into()), "written")
        };
        let body = json!({"device": device, "schema": 1, "cursor": null, "changes": [edit]});
        let (app, session) = (&app, &session);
        async move { app.post("/api/v1/sync", session, &body).await.json() }
    };
    let first = ask(1).await;
    assert_eq!((&first["receipts"][0]["verdict"], &first["pack"]), (&json!("accepted"), &json!(1)));
    // A command puts another pack in force, by which the desk may not write notes any more; of the same number even.
    let mut pack = (*other.pack()).clone();
    pack.posts.iter_mut().for_each(|post| post.write.retain(|kind| kind != "note"));
    other.set_pack(pack).await.unwrap();
    let mut news = app.test.office.news();
    news.mark_unchanged();
    app.test.office.look_around().await.unwrap();
    assert!(news.has_changed().unwrap(), "tablets that listen here ask at once");
    let second = ask(2).await;
    assert_eq!(second["receipts"][0]["problems"][0]["code"], "forbidden", "{second}");
    assert_ne!(second["pack_print"], first["pack_print"], "a tablet takes it for another one than its own");
    let held = app.get("/api/v1/pack", &session).await.json();
    assert_eq!(held["print"], second["pack_print"]);
    // Without looking around too: each request asks.
    other.set_pack(crate::support::pack()).await.unwrap();
    assert_eq!(ask(3).await["receipts"][0]["verdict"], "accepted");
    other.set_post("wang", "nobody").await.unwrap().unwrap_err();
    other.set_post("wang", "night").await.unwrap().unwrap();
    let third = app.get("/api/v1/session", &session).await.json();
    let me: sync::wire::Me = serde_json::from_value(third).unwrap();
    assert_eq!((me.post.as_str(), me.zone), ("night", 480));
    // What the other server takes in is told to those who listen here.
    news.mark_unchanged();
    let before = *news.borrow();
    other.push(&desk(), DEVICE, vec![Incoming::from(change(77, record(77), "elsewhere"))]).await.unwrap();
    app.test.office.look_around().await.unwrap();
    assert_eq!(*news.borrow_and_update(), before + 1);
    other.close().await;
}

#[tokio::test]
async fn a_right_taken_away_between_a_session_and_its_push_holds_under_the_lock() {
    let test = TestOffice::new().await;
    let other = beside(&test).await;
    assert_eq!(seq(&test.push(vec![change(1, record(1), "may")]).await[0]), 1);
    let mut pack = (*other.pack()).clone();
    pack.posts.iter_mut().for_each(|post| post.write.clear());
    other.set_pack(pack).await.unwrap();
    assert_eq!(codes(&test.push(vec![change(2, record(2), "may not")]).await[0].verdict), ["forbidden"]);
    other.close().await;
}
