//! Photos and papers: brought in parts by the tus protocol, read by those who may read their record, gone with it.

use crate::support::{Answer, TestApp, TestOffice, record, tablet::Tablet};
use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    http::{Method, Request, StatusCode, header},
};
use linli_server::{
    http::{self, App, Assets, Cookie, Limits},
    office::{
        backup::{Bad, Why, back_up, restore},
        wall_clock,
    },
};
use records::Pack;
use serde_json::json;
use sha2::{Digest, Sha256};
use sync::Draft;
use tokio::sync::watch;
use tokio_stream::{StreamExt, pending};

const ACCOUNTS: [(&str, &str); 4] =
    [("min", "civil_affairs"), ("bao", "social_security"), ("xun", "patrol"), ("zhu", "director")];

pub(crate) async fn app() -> TestApp {
    TestApp::staffed(TestOffice::with(Pack::community()).await, Cookie::Plain, &ACCOUNTS).await
}

/// A bare JPEG as far as anyone here looks, so long.
pub(crate) fn photo(length: usize) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0, 0, 4, b'J', b'F', 0xff, 0xda];
    bytes.extend((bytes.len()..length).map(|n| (n * 7 % 251) as u8));
    bytes
}

pub(crate) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// A visit of `min`'s, record 4, that mentions files.
pub(crate) async fn visit(app: &TestApp, mentions: &[String]) -> Tablet {
    let mut min = Tablet::new(app, "min", 1).await;
    let fields = json!({"channel": "visit", "household": record(1), "topic": "routine", "date": "2025-12-01",
        "post": "civil_affairs", "photos": mentions});
    min.write(app, Draft::new(record(4), "service", fields.as_object().unwrap().clone().into_iter().collect()));
    assert_eq!((min.sync(app).await, &min.refused), (None, &Default::default()));
    min
}

pub(crate) async fn tus(
    app: &TestApp,
    session: &str,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header(header::COOKIE, session);
    for (name, value) in [("tus-resumable", "1.0.0")].iter().chain(headers) {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::from(body.to_vec())).unwrap()).await
}

pub(crate) async fn begin(app: &TestApp, session: &str, n: u128, hash: &str, length: usize) -> Answer {
    use base64::{Engine, prelude::BASE64_STANDARD as B64};
    let said = format!("record {},sha256 {}", B64.encode(record(n).to_string()), B64.encode(hash));
    let headers = [("upload-length", &*length.to_string()), ("upload-metadata", &*said)];
    tus(app, session, Method::POST, "/api/v1/files", &headers, b"").await
}

async fn add(app: &TestApp, session: &str, place: &str, offset: usize, bytes: &[u8]) -> Answer {
    let headers = [("upload-offset", &*offset.to_string()), ("content-type", "application/offset+octet-stream")];
    tus(app, session, Method::PATCH, place, &headers, bytes).await
}

/// Files under the data folder, whole or in parts.
fn on_disk(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { on_disk(&path) } else { 1 }).sum()
}

pub(crate) fn place(n: u128, hash: &str) -> String {
    format!("/api/v1/records/{}/files/{hash}", record(n))
}

#[tokio::test]
async fn a_photo_comes_in_parts_and_is_read_by_those_who_may_read_its_record() {
    let app = app().await;
    let bytes = photo(700_000);
    let hash = hash(&bytes);
    let min = app.sign_in("min").await;
    assert_eq!(begin(&app, &min, 4, &hash, bytes.len()).await.problem(), "not-found", "before its record is here");
    visit(&app, &[format!("{hash}/楼道.jpg")]).await;
    let min = app.sign_in("min").await;
    let begun = begin(&app, &min, 4, &hash, bytes.len()).await;
    assert_eq!((begun.status, begun.header("location")), (StatusCode::CREATED, &*place(4, &hash)));
    let place = place(4, &hash);
    let other = app.sign_in("bao").await;
    assert_eq!(begin(&app, &other, 4, &hash, bytes.len()).await.problem(), "not-found", "by one who did not write it");

    let first = add(&app, &min, &place, 0, &bytes[..300_000]).await;
    assert_eq!((first.status, first.header("upload-offset")), (StatusCode::NO_CONTENT, "300000"));
    assert_eq!(app.get(&place, &min).await.problem(), "not-found", "half a photo is none");
    assert_eq!(add(&app, &min, &place, 0, &bytes[..300_000]).await.problem(), "file-offset", "the same part again");
    let head = tus(&app, &min, Method::HEAD, &place, &[], b"").await;
    assert_eq!((head.header("upload-offset"), head.header("upload-length")), ("300000", "700000"));
    assert_eq!(head.header("cache-control"), "no-store");
    assert_eq!(begin(&app, &min, 4, &hash, bytes.len()).await.status, StatusCode::CREATED, "begun again");
    assert_eq!(add(&app, &min, &place, 300_000, &bytes[300_000..]).await.header("upload-offset"), "700000");
    let head = tus(&app, &min, Method::HEAD, &place, &[], b"").await;
    assert_eq!((head.header("upload-offset"), head.header("upload-length")), ("700000", "700000"));

    for (reader, may) in [("min", true), ("zhu", true), ("xun", false)] {
        let session = app.sign_in(reader).await;
        let answer = app.get(&place, &session).await;
        assert_eq!(answer.status == StatusCode::OK, may, "{reader}");
        if may {
            assert_eq!((answer.bytes == bytes, answer.header("content-type")), (true, "image/jpeg"));
            assert_eq!(answer.header("cache-control"), "no-store", "no browser keeps it open on a disk");
        }
    }
    assert_eq!(app.get(&place, "").await.problem(), "not-signed-in");
}

#[tokio::test]
async fn what_came_of_a_part_before_the_line_fell_silent_is_kept() {
    let mut app = app().await;
    let bytes = photo(400_000);
    let (hash, place) = (hash(&bytes), place(4, &hash(&bytes)));
    visit(&app, &[format!("{hash}/楼道.jpg")]).await;
    let min = app.sign_in("min").await;
    begin(&app, &min, 4, &hash, bytes.len()).await;
    let (_stop, stopping) = watch::channel(());
    let assets = Assets::Folder(app.dist.path().to_owned());
    let limits = Limits { silence: Duration::from_millis(300), ..Limits::default() };
    app.service = http::service(App::new(app.test.office.clone(), Cookie::Plain, assets, stopping).limited(limits));
    // Less than a part, and more than one; always in pieces as lines bring them.
    for (from, to) in [(0, 90_000), (90_000, 390_000)] {
        let pieces: Vec<_> = bytes[from..to].chunks(7_000).map(|piece| Ok(Bytes::from(piece.to_vec()))).collect();
        let body = tokio_stream::iter(pieces).chain(pending::<Result<Bytes, std::io::Error>>());
        let request = Request::patch(&place)
            .header(header::COOKIE, &min)
            .header("tus-resumable", "1.0.0")
            .header("upload-offset", from)
            .header(header::CONTENT_TYPE, "application/offset+octet-stream");
        let answer = app.send(request.body(Body::from_stream(body)).unwrap()).await;
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "timeout"));
        let head = tus(&app, &min, Method::HEAD, &place, &[], b"").await;
        assert_eq!(head.header("upload-offset"), to.to_string());
    }
    assert_eq!(add(&app, &min, &place, 390_000, &bytes[390_000..]).await.header("upload-offset"), "400000");
    assert_eq!(app.get(&place, &min).await.bytes, bytes);
}

#[tokio::test]
async fn what_is_not_the_file_its_record_mentions_is_not_kept() {
    let app = app().await;
    let (good, mut telling) = (photo(5_000), photo(5_000));
    telling.splice(2..2, [0xff, 0xe1, 0, 8, b'E', b'x', b'i', b'f', 0, 0]);
    let mentions = [&good, &telling].map(|bytes| format!("{}/a.jpg", hash(bytes)));
    visit(&app, &mentions).await;
    let min = app.sign_in("min").await;

    let (id, there) = (hash(&good), place(4, &hash(&good)));
    begin(&app, &min, 4, &id, good.len()).await;
    let mut damaged = good.clone();
    damaged[4_000] ^= 1;
    assert_eq!(add(&app, &min, &there, 0, &damaged).await.problem(), "file-damaged");
    assert_eq!(tus(&app, &min, Method::HEAD, &there, &[], b"").await.status, StatusCode::NOT_FOUND, "thrown away");
    begin(&app, &min, 4, &id, good.len()).await;
    assert_eq!(add(&app, &min, &there, 0, &[&*good, b"more"].concat()).await.problem(), "too-large");
    assert_eq!(add(&app, &min, &there, 0, &good).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.get(&there, &min).await.bytes, good);

    let (id, there) = (hash(&telling), place(4, &hash(&telling)));
    begin(&app, &min, 4, &id, telling.len()).await;
    assert_eq!(add(&app, &min, &there, 0, &telling).await.problem(), "file-telling");

    assert_eq!(begin(&app, &min, 4, &id, 20 * 1024 * 1024 + 1).await.problem(), "too-large");
    assert_eq!(begin(&app, &min, 4, "../../../etc/passwd", 9).await.problem(), "bad-request");
    let bare = app.get("/api/v1/records/00000000-0000-7000-8000-000000000004/files/..%2F..%2Fx", &min).await;
    assert_eq!(bare.problem(), "not-found");
    let old = Request::builder().method(Method::HEAD).uri(&there).header(header::COOKIE, &min).body(Body::empty());
    assert_eq!(app.send(old.unwrap()).await.status, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn two_who_bring_the_same_part_at_once_make_one_file() {
    let app = app().await;
    let bytes = photo(400_000);
    let hash = hash(&bytes);
    visit(&app, &[format!("{hash}/a.jpg")]).await;
    let min = app.sign_in("min").await;
    begin(&app, &min, 4, &hash, bytes.len()).await;
    let there = place(4, &hash);
    let both = futures_util::future::join(add(&app, &min, &there, 0, &bytes), add(&app, &min, &there, 0, &bytes)).await;
    let taken = [&both.0, &both.1].iter().filter(|answer| answer.status == StatusCode::NO_CONTENT).count();
    assert!(taken <= 1, "one of them was told that it came too late");
    let head = tus(&app, &min, Method::HEAD, &there, &[], b"").await;
    let offset: usize = head.header("upload-offset").parse().unwrap();
    add(&app, &min, &there, offset, &bytes[offset..]).await;
    assert_eq!(app.get(&there, &min).await.bytes, bytes);
}

#[tokio::test]
async fn a_file_begun_with_a_wrong_length_can_be_begun_again() {
    let app = app().await;
    let bytes = photo(5_000);
    let hash = hash(&bytes);
    visit(&app, &[format!("{hash}/a.jpg")]).await;
    let min = app.sign_in("min").await;
    begin(&app, &min, 4, &hash, 9_000).await;
    add(&app, &min, &place(4, &hash), 0, &bytes[..3_000]).await;
    assert_eq!(begin(&app, &min, 4, &hash, bytes.len()).await.status, StatusCode::CREATED);
    assert_eq!(add(&app, &min, &place(4, &hash), 0, &bytes).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.get(&place(4, &hash), &min).await.bytes, bytes);
}

#[tokio::test]
async fn a_file_under_way_outlives_the_server() {
    let app = app().await;
    let bytes = photo(600_000);
    let hash = hash(&bytes);
    visit(&app, &[format!("{hash}/a.jpg")]).await;
    let min = app.sign_in("min").await;
    begin(&app, &min, 4, &hash, bytes.len()).await;
    add(&app, &min, &place(4, &hash), 0, &bytes[..262_144]).await;
    let app = app.restarted().await;
    let head = tus(&app, &min, Method::HEAD, &place(4, &hash), &[], b"").await;
    assert_eq!(head.header("upload-offset"), "262144");
    add(&app, &min, &place(4, &hash), 262_144, &bytes[262_144..]).await;
    assert_eq!(app.get(&place(4, &hash), &min).await.bytes, bytes);
}

#[tokio::test]
async fn files_go_with_the_record_that_is_erased() {
    let app = app().await;
    let (zhu, bytes) = (app.sign_in("zhu").await, photo(5_000));
    let hash = hash(&bytes);
    let mut tablet = Tablet::new(&app, "zhu", 4).await;
    for (n, kind, fields) in [
        (0, "building", json!({"name": "3幢", "stairwells": 2, "floors": 6})),
        (1, "household", json!({"building": record(0), "stairwell": 1, "floor": 5, "flat": "501"})),
        (2, "person", json!({"name": "要求删除的人", "household": record(1)})),
    ] {
        tablet.write(&app, Draft::new(record(n), kind, fields.as_object().unwrap().clone().into_iter().collect()));
    }
    assert_eq!((tablet.sync(&app).await, &tablet.refused), (None, &Default::default()));
    let mut min = Tablet::new(&app, "min", 1).await;
    let fields = json!({"channel": "visit", "person": record(2), "topic": "routine", "date": "2025-12-01",
        "post": "civil_affairs", "photos": [format!("{hash}/a.jpg")]});
    min.write(&app, Draft::new(record(4), "service", fields.as_object().unwrap().clone().into_iter().collect()));
    assert_eq!((min.sync(&app).await, &min.refused), (None, &Default::default()));
    let session = app.sign_in("min").await;
    begin(&app, &session, 4, &hash, bytes.len()).await;
    add(&app, &session, &place(4, &hash), 0, &bytes).await;
    assert_eq!(app.get(&place(4, &hash), &session).await.bytes, bytes);
    assert_eq!(on_disk(&app.test.folder.path().join("files")), 1);

    let zhu_asks =
        app.post(&format!("/api/v1/records/{}/erasure", record(2)), &zhu, &json!({"why": "申请2026-7"})).await;
    assert_eq!(zhu_asks.status, StatusCode::OK, "{}", zhu_asks.text());
    assert_eq!(on_disk(&app.test.folder.path().join("files")), 0);
    assert_eq!(app.get(&place(4, &hash), &session).await.problem(), "not-found");
    assert_eq!(begin(&app, &session, 4, &hash, bytes.len()).await.problem(), "not-found", "it does not come back");
}

#[tokio::test]
async fn a_backup_holds_the_photos_and_goes_on_beside_damaged_ones() {
    let app = app().await;
    let (first, second, third) = (photo(5_000), photo(6_000), photo(7_000));
    let hashes = [hash(&first), hash(&second), hash(&third)];
    visit(&app, &hashes.each_ref().map(|hash| format!("{hash}/a.jpg"))).await;
    let min = app.sign_in("min").await;
    for (hash, bytes) in hashes.iter().zip([&first, &second, &third]) {
        begin(&app, &min, 4, hash, bytes.len()).await;
        assert_eq!(add(&app, &min, &place(4, hash), 0, bytes).await.status, StatusCode::NO_CONTENT);
    }
    let monday = app.test.folder.path().join("monday");
    let taken = back_up(&app.test.place, &app.test.files(), &monday, wall_clock()).await.unwrap();
    assert_eq!((taken.files, taken.bad.len()), (3, 0));
    app.test.office.close().await;
    std::fs::remove_dir_all(app.test.folder.path().join("files")).unwrap();
    let back = restore(&app.test.place, &app.test.files(), &monday, true, wall_clock()).await.unwrap();
    assert_eq!((back.files, back.bad.len()), (3, 0));
    let app = app.restarted().await;
    let min = app.sign_in("min").await;
    assert_eq!(app.get(&place(4, &hashes[0]), &min).await.bytes, first);

    // One goes bad on the office's disk: the backup says so, and is good for all else.
    let here = app.test.folder.path().join("files/1/files").join(record(4).to_string());
    std::fs::write(here.join(&hashes[1]), b"another").unwrap();
    let tuesday = app.test.folder.path().join("tuesday");
    let taken = back_up(&app.test.place, &app.test.files(), &tuesday, wall_clock()).await.unwrap();
    assert_eq!(taken.files, 2);
    let lacking = Bad { record: record(4).to_string(), hash: hashes[1].clone(), why: Why::Damaged };
    assert_eq!(taken.bad, vec![lacking.clone()]);
    let slip: serde_json::Value =
        serde_json::from_slice(&std::fs::read(app.test.folder.path().join("tuesday.json")).unwrap()).unwrap();
    assert_eq!((&slip["files"], &slip["lacking"][0]["sha256"]), (&2.into(), &hashes[1].clone().into()));
    let kept = app.test.folder.path().join("tuesday.files/1").join(record(4).to_string());
    assert!(!kept.join(&hashes[1]).exists(), "nothing is saved under a hash that is not its own");

    // One goes bad in the backup: it is named and left out, and the rest comes back. The whole backup mends the office.
    std::fs::write(kept.join(&hashes[2]), b"").unwrap();
    std::fs::remove_file(here.join(&hashes[0])).unwrap();
    let wednesday = app.test.folder.path().join("wednesday");
    let taken = back_up(&app.test.place, &app.test.files(), &wednesday, wall_clock()).await.unwrap();
    let mut lacks: Vec<_> = taken.bad.iter().map(|bad| (bad.hash.clone(), bad.why.clone())).collect();
    let mut expected = vec![(hashes[0].clone(), Why::Gone), (hashes[1].clone(), Why::Damaged)];
    lacks.sort_by(|a, b| a.0.cmp(&b.0));
    expected.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!((taken.files, lacks), (1, expected), "what was here once and is gone is missed");
    app.test.office.close().await;
    let back = restore(&app.test.place, &app.test.files(), &tuesday, true, wall_clock()).await.unwrap();
    assert_eq!(back.files, 1);
    assert_eq!(back.bad, vec![Bad { hash: hashes[2].clone(), ..lacking }]);
    assert_eq!(std::fs::read(here.join(&hashes[0])).unwrap(), first);
    assert_eq!(std::fs::read(here.join(&hashes[2])).unwrap(), third, "what is good here is not replaced");
    let back = restore(&app.test.place, &app.test.files(), &monday, true, wall_clock()).await.unwrap();
    assert_eq!((back.files, back.bad.len()), (3, 0));
    assert_eq!(std::fs::read(here.join(&hashes[1])).unwrap(), second, "what is damaged here is");
}
