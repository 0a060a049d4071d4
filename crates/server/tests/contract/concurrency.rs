//! Several pushers at once: the sequence has no holes that a reader could fall into.

use crate::support::{TestApp, TestOffice, change, desk, record, set};
use linli_server::office::pull::Asked;
use sync::{
    Change, DeviceId,
    wire::{Cursor, Verdict},
};

fn note(device: u64, number: u64) -> Change {
    let id = u128::from(device) * 1_000_000 + u128::from(number);
    let mut change = set(number, record(id), "note", &[("a", format!("{device}/{number}").into())]);
    change.device = DeviceId(device);
    change
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_among_writers_misses_nothing() {
    let test = TestOffice::new().await;
    let (writers, requests, batch) = (4u64, 12u64, 10u64);
    let mut tasks = Vec::new();
    for device in 1..=writers {
        test.office.see_device(DeviceId(device), "").await.unwrap();
        let office = test.office.clone();
        tasks.push(tokio::spawn(async move {
            let mut seqs = Vec::new();
            for request in 0..requests {
                let changes: Vec<_> = (1..=batch).map(|n| note(device, request * batch + n).into()).collect();
                // One that collides too often is asked to come again, and comes.
                let (receipts, _) = loop {
                    match office.push(&desk(), DeviceId(device), changes.clone()).await {
                        Err(fault) if fault.is_collision() => {}
                        answer => break answer.unwrap(),
                    }
                };
                for receipt in receipts {
                    let Verdict::Accepted { seq } = receipt.verdict else { panic!("{receipt:?}") };
                    seqs.push(seq);
                }
            }
            seqs
        }));
    }
    // The reader follows its cursor and never looks back.
    let total = writers * requests * batch;
    let mut seen = 0;
    let mut cursor: Option<Cursor> = None;
    let writes = |tasks: &[tokio::task::JoinHandle<_>]| tasks.iter().any(|task| !task.is_finished());
    while seen < total {
        let is_last = !writes(&tasks);
        let asked = Asked { device: DeviceId(99), cursor: cursor.clone(), refetch: vec![] };
        let answer = test.office.pull(&desk(), asked, vec![]).await.unwrap();
        if let Some(manifest) = answer.blocks {
            seen += manifest.blocks.iter().map(|b| u64::from(b.records)).sum::<u64>();
        }
        seen += answer.records.len() as u64;
        assert!(cursor.is_none_or(|c| c.seq <= answer.next.seq), "the cursor never goes back");
        assert!(answer.next.seq >= seen, "every number up to the cursor has been read");
        cursor = Some(answer.next);
        assert!(!is_last || seen >= total || answer.more, "all is written, and {seen} of {total} came");
        tokio::task::yield_now().await;
    }
    assert_eq!(seen, total, "each record came once");
    let mut all = Vec::new();
    for task in tasks {
        let seqs = task.await.unwrap();
        assert!(seqs.is_sorted(), "one device's changes stay in order");
        all.extend(seqs);
    }
    all.sort_unstable();
    assert_eq!(all, (1..=total).collect::<Vec<_>>(), "no number twice, none left out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_request_many_times_at_once_has_one_effect() {
    let test = TestOffice::new().await;
    test.office.see_device(DeviceId(1), "").await.unwrap();
    let send = || {
        let office = test.office.clone();
        tokio::spawn(async move {
            let changes = (1..=20).map(|n| note(1, n).into()).collect();
            office.push(&desk(), DeviceId(1), changes).await.unwrap().0
        })
    };
    let tasks: Vec<_> = (0..8).map(|_| send()).collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    assert!(answers.iter().all(|a| *a == answers[0]), "everyone hears the same");
    assert_eq!(test.head().await, 20);
}

#[tokio::test]
async fn a_push_given_up_halfway_did_not_happen() {
    let test = TestOffice::new().await;
    let changes = || (1..=300).map(|n| set(n, record(n.into()), "note", &[("a", "x".into())]).into()).collect();
    // Dropped at whatever point the first milliseconds reach, as when a connection times out.
    for wait in [0, 1, 2, 4, 8] {
        let who = desk();
        let push = test.office.push(&who, crate::support::DEVICE, changes());
        let _ = tokio::time::timeout(std::time::Duration::from_millis(wait), push).await;
    }
    let (receipts, _) = test.office.push(&desk(), crate::support::DEVICE, changes()).await.unwrap();
    assert_eq!(receipts.len(), 300);
    assert_eq!(test.head().await, 300, "all of it, once, however often it was begun");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn papers_are_made_one_at_a_time_and_nobody_else_waits_for_them() {
    let app = std::sync::Arc::new(TestApp::new().await);
    app.test.push((1..=50).map(|n| change(n, record(n.into()), "字")).collect()).await;
    let session = app.sign_in("zhu").await;
    let turn = app.test.office.turn().await.unwrap();
    let papers: Vec<_> = (0..10)
        .map(|_| {
            let (app, session) = (app.clone(), session.clone());
            tokio::spawn(async move { app.get("/api/v1/ledgers/note.csv", &session).await.status })
        })
        .collect();
    let mut tablet = crate::support::Tablet::new(&app, "wang", 3).await;
    for n in 0..5 {
        tablet.save(&app, record(1000 + n), "note", "a", "字".into());
        assert_eq!(tablet.sync(&app).await, None, "pushes and pulls go on");
    }
    assert!(papers.iter().all(|paper| !paper.is_finished()), "a paper is being made: the others wait");
    drop(turn);
    for paper in papers {
        assert_eq!(paper.await.unwrap(), axum::http::StatusCode::OK);
    }
}
