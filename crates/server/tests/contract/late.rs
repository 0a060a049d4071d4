//! Work that comes late or by another way: written under a post that was taken away, refused and taken in after all, handed in
//! again by a copy of the tablet, or brought as a file.

use std::sync::atomic::Ordering;

use crate::support::{
    Answer, DEVICE, NEW_YEAR, Tablet, TestApp, app::PASSWORD, change, codes, desk, head, record, set,
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use linli_server::office::Author;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sync::{
    Change, Clock, DeviceId,
    change::unfinished,
    wire::{HandedIn, Quarantined, Receipt, SyncResponse, Verdict},
};

const HOUR: u64 = 3600 * 1000;

/// A visit by `wang` on [`DEVICE`], written at a moment; the post `night` may not write such.
fn visit(number: u64, n: u128, millis: u64) -> Change {
    let mut change = set(number, record(n), "visit", &[("date", json!("2025-12-31")), ("paid", json!(30_000))]);
    change.clock = Clock::new(millis, 0, DEVICE);
    change
}

async fn push(app: &TestApp, session: &str, device: DeviceId, changes: &[Change]) -> Vec<Receipt> {
    let body = json!({"device": device, "schema": 1, "cursor": null, "changes": changes});
    let answer = app.post("/api/v1/sync", session, &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    serde_json::from_slice::<SyncResponse>(&answer.bytes).unwrap().receipts
}

async fn refused(app: &TestApp, session: &str) -> Vec<Quarantined> {
    serde_json::from_slice(&app.get("/api/v1/quarantine", session).await.bytes).unwrap()
}

async fn take(app: &TestApp, session: &str, one: &Quarantined, why: &str) -> Answer {
    let body = json!({"device": one.device, "number": one.number, "content": one.content, "why": why});
    app.post("/api/v1/quarantine/taken", session, &body).await
}

async fn move_to(app: &TestApp, post: &str) -> u64 {
    app.test.wall.fetch_add(48 * HOUR, Ordering::Relaxed);
    app.test.office.set_post("wang", post).await.unwrap().unwrap();
    app.test.office.now()
}

#[tokio::test]
async fn what_was_written_under_the_old_post_is_judged_by_it() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    let moved = move_to(&app, "night").await;
    app.test.wall.fetch_add(HOUR, Ordering::Relaxed);
    // Before the tablet has heard: three from before, one that says itself that it is from after.
    let before: Vec<Change> = (1..=3).map(|n| visit(n, n.into(), NEW_YEAR + n * HOUR)).collect();
    let receipts = push(&app, &session, DEVICE, &before).await;
    assert!(receipts.iter().all(|receipt| codes(&receipt.verdict).is_empty()), "{receipts:?}");
    assert_eq!(codes(&push(&app, &session, DEVICE, &[visit(4, 4, moved + 1)]).await[0].verdict), ["forbidden"]);
    // What the line kept back comes within the day.
    app.test.wall.fetch_add(20 * HOUR, Ordering::Relaxed);
    assert!(codes(&push(&app, &session, DEVICE, &[visit(5, 5, moved)]).await[0].verdict).is_empty());
    // Later nobody dates back.
    app.test.wall.fetch_add(5 * HOUR, Ordering::Relaxed);
    assert_eq!(codes(&push(&app, &session, DEVICE, &[visit(6, 6, NEW_YEAR)]).await[0].verdict), ["forbidden"]);
    let again = push(&app, &session, DEVICE, &before).await;
    assert_eq!(again, receipts, "a verdict stays");
}

#[tokio::test]
async fn a_tablet_that_comes_after_months_is_judged_so_and_one_that_only_asked_has_heard() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    move_to(&app, "night").await;
    app.test.wall.fetch_add(25 * 24 * HOUR, Ordering::Relaxed);
    assert!(codes(&push(&app, &session, DEVICE, &[visit(1, 1, NEW_YEAR)]).await[0].verdict).is_empty());
    let other = TestApp::new().await;
    let session = other.sign_in("wang").await;
    move_to(&other, "night").await;
    push(&other, &session, DEVICE, &[]).await;
    other.test.wall.fetch_add(25 * HOUR, Ordering::Relaxed);
    assert_eq!(codes(&push(&other, &session, DEVICE, &[visit(1, 1, NEW_YEAR)]).await[0].verdict), ["forbidden"]);
}

#[tokio::test]
async fn a_device_that_never_had_the_old_post_wins_no_right_by_dating_back() {
    let app = TestApp::new().await;
    app.sign_in("wang").await;
    app.test.wall.fetch_add(HOUR, Ordering::Relaxed);
    app.test.office.set_post("wang", "night").await.unwrap().unwrap();
    let fresh = app.sign_in_on("wang", DeviceId(77)).await;
    let mut forged = visit(1, 1, NEW_YEAR);
    forged.device = DeviceId(77);
    assert_eq!(codes(&push(&app, &fresh, DeviceId(77), &[forged]).await[0].verdict), ["forbidden"]);
    // Nor another account on the device that had it, nor a post that was never held.
    let ye = app.sign_in("ye").await;
    let mut others = visit(1, 2, NEW_YEAR);
    others.author = "ye".into();
    assert_eq!(codes(&push(&app, &ye, DEVICE, &[others]).await[0].verdict), ["forbidden"]);
    let wang = app.sign_in("wang").await;
    let mut secret = set(2, record(3), "secret", &[("a", json!("x"))]);
    secret.clock = Clock::new(NEW_YEAR, 0, DEVICE);
    assert_eq!(codes(&push(&app, &wang, DEVICE, &[secret]).await[0].verdict), ["forbidden"]);
}

#[tokio::test]
async fn the_director_takes_in_what_was_refused_once_and_the_trail_says_so() {
    let app = TestApp::new().await;
    let wang = app.sign_in_on("wang", DEVICE).await;
    let moved = move_to(&app, "night").await;
    push(&app, &wang, DEVICE, &[visit(1, 1, moved + 1)]).await;
    let zhu = app.sign_in_on("zhu", DeviceId(8)).await;
    let one = refused(&app, &zhu).await.remove(0);
    assert_eq!((one.account.as_str(), one.body["set"]["paid"].clone(), one.mended_by), ("wang", json!(30_000), None));
    assert_eq!(take(&app, &wang, &one, "").await.problem(), "forbidden", "not by who was refused");
    assert_eq!(take(&app, &zhu, &Quarantined { number: 9, ..one.clone() }, "").await.problem(), "not-found");
    assert_eq!(take(&app, &zhu, &Quarantined { content: "x".into(), ..one.clone() }, "").await.problem(), "not-found");
    for _ in 0..2 {
        assert_eq!(take(&app, &zhu, &one, "").await.status, StatusCode::NO_CONTENT, "twice is once");
    }
    assert_eq!(app.test.head().await, 1);
    let mut li = Tablet::new(&app, "li", 9).await;
    li.sync(&app).await;
    assert_eq!(li.book.get(record(1)).unwrap().by.as_str(), "wang", "it is its author's");
    assert_eq!(refused(&app, &wang).await[0].mended_by, Some(1), "the tablet can see that it was");
    // Sent again, by the tablet under a new number: the office has it.
    let mut again = visit(2, 1, moved + 1);
    again.mends = Some(1);
    assert!(codes(&push(&app, &wang, DEVICE, &[again]).await[0].verdict).is_empty());
    assert_eq!(app.test.head().await, 1);
    let trail = app.test.office.audit(u64::MAX, 50).await.unwrap();
    let taken: Vec<_> = trail.iter().filter(|row| row.what == "taken-in").collect();
    assert_eq!(taken.iter().map(|row| (&*row.account, &*row.about)).collect::<Vec<_>>(), [("zhu", "wang")]);
}

#[tokio::test]
async fn what_is_wrong_still_is_not_taken_in_and_says_why() {
    let app = TestApp::new().await;
    let wang = app.sign_in_on("wang", DEVICE).await;
    let wrong = set(1, record(1), "note", &[("b", json!(1000))]);
    let first = visit(2, 2, NEW_YEAR + 1);
    let correction = visit(3, 2, NEW_YEAR + 2);
    let mut foreign = change(4, record(4), "in another's name");
    foreign.author = "zhu".into();
    push(&app, &wang, DEVICE, &[wrong, first, correction, foreign]).await;
    let zhu = app.sign_in_on("zhu", DeviceId(8)).await;
    let all = refused(&app, &zhu).await;
    let of = |number| all.iter().find(|one| one.number == number).unwrap();
    let answer = take(&app, &zhu, of(1), "").await;
    assert_eq!(
        (answer.problem().as_str(), answer.json()["problems"][0]["code"].clone()),
        ("still-refused", json!("constraint"))
    );
    assert!(answer.json()["reason"]["zh"].is_string());
    assert_eq!(refused(&app, &zhu).await.len(), 3, "and is listed once, as before");
    assert_eq!(take(&app, &zhu, of(3), "").await.json()["problems"][0]["code"], "why");
    assert_eq!(take(&app, &zhu, of(3), "核对过收据").await.status, StatusCode::NO_CONTENT);
    assert_eq!(take(&app, &zhu, of(4), "").await.status, StatusCode::NO_CONTENT);
    let mut li = Tablet::new(&app, "li", 9).await;
    li.sync(&app).await;
    assert_eq!(li.book.get(record(4)).unwrap().by.as_str(), "wang", "who was signed in is the author");
}

#[tokio::test]
async fn a_half_filled_form_is_kept_unmerged_until_someone_takes_it_in() {
    let app = TestApp::new().await;
    let wang = app.sign_in_on("wang", DEVICE).await;
    let receipts = push(&app, &wang, DEVICE, &[unfinished(visit(1, 1, NEW_YEAR + 1))]).await;
    assert_eq!(codes(&receipts[0].verdict), ["unfinished"], "whole as it looks, nobody has saved it");
    let zhu = app.sign_in_on("zhu", DeviceId(8)).await;
    let one = refused(&app, &zhu).await.remove(0);
    assert_eq!(take(&app, &zhu, &one, "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.test.head().await, 1);
}

#[tokio::test]
async fn an_identical_change_under_another_number_is_had_and_no_correction() {
    let app = TestApp::new().await;
    let wang = app.sign_in_on("wang", DEVICE).await;
    let first = push(&app, &wang, DEVICE, &[visit(1, 1, NEW_YEAR + 1)]).await;
    let session = app.sign_in_on("wang", DeviceId(5)).await;
    let mut again = visit(7, 1, NEW_YEAR + 1);
    again.device = DeviceId(5);
    let receipts = push(&app, &session, DeviceId(5), &[again.clone()]).await;
    assert_eq!(receipts[0].verdict, first[0].verdict);
    assert_eq!(push(&app, &session, DeviceId(5), &[again.clone()]).await, receipts, "however often");
    assert_eq!(app.test.head().await, 1);
    let asked = json!({"device": DeviceId(5), "schema": 1, "cursor": null, "changes": []});
    assert_eq!(app.post("/api/v1/sync", &session, &asked).await.json()["last_number"], 7, "its number is used up");
    // What differs in a word is a correction, and one in another's name is nobody's.
    again.number = 8;
    again.set.insert("paid".into(), json!(20_000));
    assert_eq!(codes(&push(&app, &session, DeviceId(5), &[again.clone()]).await[0].verdict), ["why"]);
    let li = app.sign_in_on("li", DeviceId(6)).await;
    let mut others = visit(1, 1, NEW_YEAR + 1);
    (others.device, others.author) = (DeviceId(6), "li".into());
    assert_eq!(codes(&push(&app, &li, DeviceId(6), &[others]).await[0].verdict), ["why"]);
}

#[tokio::test]
async fn a_device_that_is_two_is_shown_to_the_director() {
    let app = TestApp::new().await;
    let wang = app.sign_in_on("wang", DEVICE).await;
    let zhu = app.sign_in_on("zhu", DeviceId(8)).await;
    let copied = async || {
        let all = app.get("/api/v1/devices", &zhu).await.json();
        let one = all.as_array().unwrap().iter().find(|one| one["id"] == json!(DEVICE)).unwrap().clone();
        one["copied_at"].clone()
    };
    push(&app, &wang, DEVICE, &[change(1, record(1), "mine")]).await;
    push(&app, &wang, DEVICE, &[change(1, record(1), "mine")]).await;
    assert_eq!(copied().await, Value::Null, "a repeat is no copy");
    push(&app, &wang, DEVICE, &[change(1, record(2), "the other machine's")]).await;
    assert_eq!(copied().await, json!(app.test.office.now()));
}

/// What a tablet saves: `own` wrapped by the recovery key, then each piece sealed for its place.
fn parcel(own: [u8; 32], recovery: [u8; 32], list: &Value, files: &[Vec<u8>]) -> Vec<u8> {
    let seal = |key: &[u8; 32], place: &str, bytes: &[u8]| {
        let text = XChaCha20Poly1305::new(&(*key).into())
            .encrypt(&XNonce::from([7; 24]), Payload { msg: bytes, aad: place.as_bytes() });
        [&[2][..], &[0; 8], &[7; 24], &text.unwrap()].concat()
    };
    let name = [0_u8; 8];
    let own_key = json!({"name": name, "secret": own}).to_string();
    let mut pieces = vec![
        seal(&recovery, "vault/recovery", own_key.as_bytes()),
        seal(&own, "parcel/1", list.to_string().as_bytes()),
    ];
    pieces.extend(files.iter().zip(2..).map(|(file, n)| seal(&own, &format!("parcel/{n}"), file)));
    let framed = pieces.into_iter().flat_map(|piece| [&(piece.len() as u32).to_be_bytes()[..], &piece].concat());
    b"linli parcel 1\n".iter().copied().chain(framed).collect()
}

async fn bring(app: &TestApp, session: &str, bytes: &[u8]) -> Answer {
    let request = Request::post("/api/v1/parcels")
        .header(header::COOKIE, session)
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .body(Body::from(bytes.to_vec()));
    app.send(request.unwrap()).await
}

#[tokio::test]
async fn a_tablets_file_is_taken_in_once_with_its_photos() {
    let app = TestApp::new().await;
    let signed = json!({"account": "wang", "password": PASSWORD, "device": DEVICE});
    let welcome = app.post("/api/v1/session", "", &signed).await;
    let wang = welcome.header("set-cookie").split(';').next().unwrap().to_owned();
    let digits = welcome.json()["recovery"].as_str().unwrap().to_owned();
    let mut recovery = [0; 32];
    for (at, byte) in recovery.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap();
    }
    let photo = [&[0xff, 0xd8, 0xff, 0xe0, 0, 4, b'J', b'F', 0xff, 0xda][..], &[5; 600_000]].concat();
    let hash: String = Sha256::digest(&photo).iter().map(|b| format!("{b:02x}")).collect();
    let mut with_photo = visit(2, 2, NEW_YEAR + 2);
    with_photo.set.insert("photos".into(), json!([format!("{hash}/a.jpg")]));
    let changes = [visit(1, 1, NEW_YEAR + 1), with_photo, set(3, record(3), "note", &[("b", json!(1000))])];
    push(&app, &wang, DEVICE, &changes[..1]).await;
    let list = json!({"account": "wang", "device": DEVICE, "changes": changes, "files": [{"record": record(2), "hash": hash}]});
    let file = parcel([9; 32], recovery, &list, std::slice::from_ref(&photo));
    let zhu = app.sign_in_on("zhu", DeviceId(8)).await;
    assert_eq!(bring(&app, &wang, &file).await.problem(), "forbidden");
    let answer = bring(&app, &zhu, &file).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let handed: HandedIn = serde_json::from_slice(&answer.bytes).unwrap();
    let expected = HandedIn { account: "wang".into(), accepted: 1, known: 1, refused: 1, files: 1, files_refused: 0 };
    assert_eq!(handed, expected);
    assert_eq!(app.get(&format!("/api/v1/records/{}/files/{hash}", record(2)), &zhu).await.bytes.len(), photo.len());
    // Again, and then by the tablet itself.
    let again: HandedIn = serde_json::from_slice(&bring(&app, &zhu, &file).await.bytes).unwrap();
    assert_eq!((again.accepted, again.known, again.refused, again.files), (0, 3, 0, 1));
    let receipts = push(&app, &wang, DEVICE, &changes).await;
    assert!(matches!(receipts[1].verdict, Verdict::Accepted { .. }), "{receipts:?}");
    assert_eq!(app.test.head().await, 2);
    assert_eq!(refused(&app, &zhu).await.len(), 1);

    for (what, bytes) in [("nothing", vec![]), ("a picture", photo.clone()), ("JSON", list.to_string().into_bytes())] {
        assert_eq!(bring(&app, &zhu, &bytes).await.problem(), "parcel-unreadable", "{what}");
    }
    for cut in [16, 20, 200, file.len() - 1] {
        let answer = bring(&app, &zhu, &file[..cut]).await;
        assert_eq!(answer.problem(), "parcel-unreadable", "cut after {cut}");
        assert!(answer.json()["reason"]["zh"].is_string());
    }
    for at in [16, 40, 300, file.len() - 9] {
        let mut changed = file.clone();
        changed[at] ^= 1;
        assert_eq!(bring(&app, &zhu, &changed).await.problem(), "parcel-unreadable", "a bit at {at}");
    }
    // Sealed by someone of this office, but with a colleague's name or device in it; and of another office.
    let named = json!({"account": "li", "device": DEVICE, "changes": changes, "files": []});
    let taken = json!({"account": "wang", "device": DeviceId(8), "changes": changes, "files": []});
    for bad in [
        parcel([9; 32], recovery, &named, &[]),
        parcel([9; 32], recovery, &taken, &[]),
        parcel([9; 32], [1; 32], &list, &[]),
    ] {
        assert_eq!(bring(&app, &zhu, &bad).await.problem(), "parcel-unreadable");
    }
    assert_eq!(app.test.head().await, 2);
}

#[tokio::test]
async fn the_photo_of_a_refused_change_may_be_brought_by_its_author_alone() {
    let app = TestApp::new().await;
    let bytes = vec![5; 5_000];
    let hash: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    let mut wrong = visit(1, 1, NEW_YEAR);
    wrong.set.insert("date".into(), json!("2027-01-01"));
    wrong.set.insert("photos".into(), json!([format!("{hash}/a.pdf")]));
    let receipts = app.test.push(vec![wrong]).await;
    assert_eq!(codes(&receipts[0].verdict), ["date_range"]);
    let id = linli_server::office::files::FileId { record: record(1), hash: hash.clone() };
    assert!(app.test.office.begin_file(&head(), &id, 5_000).await.is_err());
    let elsewhere = linli_server::office::files::FileId { record: record(2), hash };
    assert!(app.test.office.begin_file(&desk(), &elsewhere, 5_000).await.is_err());
    app.test.office.begin_file(&desk(), &id, 5_000).await.unwrap();
    let kept = app.test.office.add_to_file(&desk(), &id, 0, bytes).await.unwrap();
    assert_eq!(kept.offset, kept.length);
    let nobody = Author { account: "nobody".into(), post: "desk".into() };
    assert!(app.test.office.file_progress(&nobody, &id).await.is_err());
}
