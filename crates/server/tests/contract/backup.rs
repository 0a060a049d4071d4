//! Backups: whole, of one moment, put back so that nothing anyone saved is missing.

use std::{fs, path::PathBuf};

use crate::support::{DEVICE, Tablet, TestApp, TestOffice, change, desk, record};
use axum::http::StatusCode;
use linli_server::office::{
    Office, Place,
    backup::{self, Failed, back_up, restore, slip_of},
    wall_clock,
};
use sync::engine::Failure;

fn file(test: &TestOffice) -> PathBuf {
    test.folder.path().join("backups").join("monday")
}

async fn saved(test: &TestOffice) -> backup::Backup {
    fs::create_dir_all(file(test).parent().unwrap()).unwrap();
    back_up(&test.place, &test.files(), &file(test), wall_clock()).await.unwrap()
}

async fn put_back(app: TestApp) -> TestApp {
    app.test.office.close().await;
    restore(&app.test.place, &app.test.files(), &file(&app.test), true, wall_clock()).await.unwrap();
    app.restarted().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_saved_after_the_backup_comes_back_from_the_tablets() {
    let mut app = TestApp::new().await;
    let (mut wang, mut li) = (Tablet::new(&app, "wang", 1).await, Tablet::new(&app, "li", 2).await);
    for n in 0..20 {
        wang.save(&app, record(n), "note", "a", format!("before {n}").into());
    }
    wang.sync(&app).await;
    li.sync(&app).await;
    let taken = saved(&app.test).await;
    assert_eq!((taken.community.as_str(), taken.head), ("测试社区", 20));
    for n in 10..30 {
        wang.save(&app, record(n), "note", "a", format!("after {n}").into());
        li.save(&app, record(n + 100), "note", "a", format!("after too {n}").into());
    }
    assert_eq!((wang.sync(&app).await, li.sync(&app).await), (None, None));
    wang.sync(&app).await;
    wang.save(&app, record(999), "note", "a", "not pushed yet".into());
    let was = wang.book.sum("note");

    app = put_back(app).await;
    assert_eq!(app.test.head().await, 20, "it is the backup");
    // Others are quicker: the counter is past where these tablets were, and only the new history tells them.
    app.test.push((1..=100).map(|n| change(n, record(u128::from(n) + 5000), "quick")).collect()).await;
    assert_eq!(wang.sync(&app).await, Some(Failure::SignIn), "nobody is signed in any more");
    wang.sign_in(&app).await;
    li.sign_in(&app).await;
    for _ in 0..2 {
        assert_eq!((wang.sync(&app).await, li.sync(&app).await), (None, None));
    }
    assert_ne!(wang.book.sum("note"), was, "with what had not been pushed");
    assert_eq!(wang.book.len(), 20 + 10 + 20 + 1 + 100);
    assert_eq!((wang.log.len(), li.log.len()), (0, 0), "and nothing waits");
    for n in 10..30 {
        assert_eq!(wang.shows(record(n), "a"), Some(format!("after {n}").into()));
        assert_eq!(wang.shows(record(n + 100), "a"), Some(format!("after too {n}").into()));
    }
    let mut new = Tablet::new(&app, "wang", 3).await;
    new.sync(&app).await;
    li.sync(&app).await;
    assert_eq!((new.book.sum("note"), li.book.sum("note")), (wang.book.sum("note"), wang.book.sum("note")));
    assert_eq!((wang.alarms, li.alarms), (0, 0));
    assert!(app.test.office.verify_audit(None).await.unwrap().is_ok(), "the trail goes on after the restore");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_in_the_middle_of_pushes_is_of_one_moment() {
    let app = TestApp::new().await;
    app.test.push((1..=200).map(|n| change(n, record(n.into()), "some words")).collect()).await;
    let office = app.test.office.clone();
    let pushing = tokio::spawn(async move {
        for begin in (201..1200).step_by(10) {
            let changes = (begin..begin + 10).map(|n| change(n, record((n % 300).into()), &format!("{n}")).into());
            office.push(&desk(), DEVICE, changes.collect()).await.unwrap();
        }
    });
    let taken = saved(&app.test).await;
    pushing.await.unwrap();
    assert!(taken.head >= 200, "{}", taken.head);
    let app = put_back(app).await;
    assert_eq!(app.test.head().await, taken.head);
    let sound = app.test.office.verify_audit(None).await.unwrap();
    assert!(sound.is_ok(), "changes, records and trail are of one moment: {sound:?}");
    let mut tablet = Tablet::new(&app, "wang", 3).await;
    assert_eq!(tablet.sync(&app).await, None);
    // Manifest, blocks, tail, and once more for the wake meanwhile: a wrong checksum would fetch the bucket again.
    assert_eq!(tablet.requests, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_overwritten_unasked() {
    let test = TestOffice::new().await;
    test.push(vec![change(1, record(1), "x")]).await;
    saved(&test).await;
    let again = back_up(&test.place, &test.files(), &file(&test), wall_clock()).await;
    assert!(matches!(again, Err(Failed::Exists(_))), "{again:?}");
    let over = restore(&test.place, &test.files(), &file(&test), false, wall_clock()).await;
    assert!(matches!(over, Err(Failed::Taken)), "{over:?}");
    let running = restore(&test.place, &test.files(), &file(&test), true, wall_clock()).await;
    let said = running.expect_err("a server works on it").to_string();
    assert!(said.contains("stop the server"), "{said}");
    test.push(vec![change(2, record(2), "still works")]).await;
    test.office.close().await;
    let back = restore(&test.place, &test.files(), &file(&test), true, wall_clock()).await.unwrap();
    if let Place::Folder(folder) = &test.place {
        let aside = back.replaced.expect("what was there is kept");
        let other = folder.join("other");
        fs::create_dir(&other).unwrap();
        fs::copy(aside, other.join("linli.db")).unwrap();
        let kept = Office::open(&other, wall_clock()).await.unwrap().unwrap();
        assert_eq!(*kept.news().borrow(), 2, "all of it");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_moves_the_office_to_another_machine() {
    let app = TestApp::new().await;
    app.test.push(vec![change(1, record(1), "x")]).await;
    saved(&app.test).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let place = crate::support::backend::place(elsewhere.path());
    restore(&place, &app.test.files(), &file(&app.test), false, wall_clock()).await.unwrap();
    let moved = Office::open(place, wall_clock()).await.unwrap().unwrap();
    assert_eq!((moved.name(), *moved.news().borrow()), ("测试社区", 1));
    assert_eq!(moved.accounts().await.unwrap().len(), 4);
    moved.push(&desk(), DEVICE, vec![change(1, record(1), "x").into()]).await.unwrap();
    assert_eq!(*moved.news().borrow(), 1, "what it has, it knows again");
    moved.close().await;
    app.test.push(vec![change(2, record(2), "the old one is untouched")]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_backup_is_not_put_back() {
    let test = TestOffice::new().await;
    test.push((1..=300).map(|n| change(n, record(n.into()), "some words")).collect()).await;
    saved(&test).await;
    test.office.close().await;
    let (good, slip) = (fs::read(file(&test)).unwrap(), slip_of(&file(&test)));
    let try_it = async |bytes: &[u8]| {
        fs::write(file(&test), bytes).unwrap();
        restore(&test.place, &test.files(), &file(&test), true, wall_clock()).await
    };
    let mut bent = good.clone();
    let middle = bent.len() / 2;
    bent[middle..middle + 200].fill(0xa5);
    assert!(matches!(try_it(&bent).await, Err(Failed::Slip(_))));
    assert!(matches!(try_it(&good[..good.len() - 9000]).await, Err(Failed::Slip(_))));
    // Without its slip, it is held against itself.
    let words = fs::read_to_string(&slip).unwrap();
    fs::remove_file(&slip).unwrap();
    assert!(try_it(&good[..good.len() - 9000]).await.is_err());
    assert!(try_it(b"no backup").await.is_err());
    // A slip of another backup.
    fs::write(&slip, words.replace("\"change\": 300", "\"change\": 299")).unwrap();
    if matches!(test.place, Place::Folder(_)) {
        assert!(matches!(try_it(&good).await, Err(Failed::Slip(_))));
    }
    let there = Office::open(test.place.clone(), wall_clock()).await.unwrap().unwrap();
    assert_eq!(*there.news().borrow(), 300, "and what was there still is");
    there.close().await;
    fs::write(&slip, words).unwrap();
    assert_eq!(try_it(&good).await.unwrap().head, 300);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_for_the_servers_eyes_and_its_slip_says_what_is_in_it() {
    let app = TestApp::new().await;
    app.test.push(vec![change(1, record(1), "x")]).await;
    saved(&app.test).await;
    let slip: serde_json::Value = serde_json::from_slice(&fs::read(slip_of(&file(&app.test))).unwrap()).unwrap();
    assert_eq!((&slip["head"], &slip["rows"]["change"], &slip["rows"]["account"]), (&1.into(), &1.into(), &4.into()));
    assert_eq!(slip["sha256"].as_str().unwrap().len(), 64);
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(file(&app.test)).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(app.get("/ready", "").await.status, StatusCode::OK, "the server went on meanwhile");
}
