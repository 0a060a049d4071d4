//! Records that are assigned to one officer: to nobody else's tablet, ledger or list, and to the next officer whole.

use crate::support::{TestApp, TestOffice, record, tablet::Tablet};
use axum::http::StatusCode;
use linli_server::{http::Cookie, office::audit::By};
use records::{Pack, RecordId, Value};
use serde_json::json;
use sync::{Draft, wire::Checksum};

/// The community's own pack: `jiao` and `bang` look after people under correction, `zhu` is the director.
async fn app() -> TestApp {
    let test = TestOffice::with(Pack::community()).await;
    let accounts = [("jiao", "corrections"), ("bang", "corrections"), ("zhu", "director"), ("min", "civil_affairs")];
    TestApp::staffed(test, Cookie::Plain, &accounts).await
}

const SECRET: &str = "谈到了从前的案子";

/// A person, under correction with `officer`, and a talk: their records.
async fn charge(app: &TestApp, tablet: &mut Tablet, n: u128, officer: &str) -> (RecordId, RecordId) {
    let (person, subject, talk) = (record(n * 10), record(n * 10 + 1), record(n * 10 + 2));
    let mut min = Tablet::new(app, "min", 0x900 + n as u64).await;
    write(&mut min, app, person, "person", json!({"name": format!("甲{n}"), "sex": "male"}));
    assert_eq!((min.sync(app).await, min.refused.clone()), (None, Default::default()));
    tablet.sync(app).await;
    let day = "2025-12-01";
    let fields = json!({"person": person, "sort": "correction", "since": day, "officer": officer});
    write(tablet, app, subject, "subject", fields);
    let fields = json!({"subject": subject, "channel": "visit", "note": format!("{SECRET}{n}"), "date": day});
    write(tablet, app, talk, "talk", fields);
    assert_eq!((tablet.sync(app).await, tablet.refused.clone()), (None, Default::default()));
    (subject, talk)
}

fn write(tablet: &mut Tablet, app: &TestApp, record: RecordId, kind: &str, fields: Value) {
    let fields = fields.as_object().unwrap().clone().into_iter().collect();
    tablet.write(app, Draft::new(record, kind, fields));
}

async fn tablet(app: &TestApp, account: &str, id: u64) -> Tablet {
    let mut tablet = Tablet::new(app, account, id).await;
    assert_eq!(tablet.sync(app).await, None);
    tablet
}

fn holds(tablet: &Tablet, (subject, talk): (RecordId, RecordId)) -> [bool; 2] {
    [subject, talk].map(|id| tablet.book.get(id).is_some())
}

#[tokio::test]
async fn what_is_assigned_to_one_officer_reaches_no_other_by_any_way() {
    let app = app().await;
    let mut jiao = tablet(&app, "jiao", 1).await;
    let mut bang = tablet(&app, "bang", 2).await;
    let charge = charge(&app, &mut jiao, 1, "jiao").await;
    bang.sync(&app).await;
    let later = tablet(&app, "bang", 3).await;
    assert_eq!(holds(&jiao, charge), [true, true]);
    assert_eq!((holds(&bang, charge), holds(&later, charge)), ([false, false], [false, false]));
    // Its blocks neither, though their names be known.
    let first = json!({"device": "0000000000000001", "schema": 1, "cursor": null, "changes": []});
    let manifest = app.post("/api/v1/sync", &jiao.session, &first).await.json()["blocks"].clone();
    let own = manifest["blocks"].as_array().unwrap().iter().find(|b| b["bucket"] == "restricted/talk@jiao").unwrap();
    let body = json!({"ids": [own["id"]]});
    assert_eq!(app.post("/api/v1/blocks", &jiao.session, &body).await.status, StatusCode::OK);
    assert_eq!(app.post("/api/v1/blocks", &bang.session, &body).await.status, StatusCode::GONE);
    // Nor a checksum, a ledger or a cell of one; the director gets the figure and no word.
    let answer = app
        .post(
            "/api/v1/sync",
            &bang.session,
            &json!({"device": "0000000000000002", "schema": 1, "cursor": bang.cursor, "changes": []}),
        )
        .await;
    assert!(!answer.text().contains("@jiao"), "{}", answer.text());
    for (tablet, says) in [(&jiao, true), (&bang, false)] {
        let ledger = app.get("/api/v1/ledgers/subject.csv", &tablet.session).await;
        assert_eq!((ledger.status, ledger.text().contains("甲1")), (StatusCode::OK, says));
    }
    let zhu = app.sign_in("zhu").await;
    assert_eq!(app.get("/api/v1/ledgers/subject.csv", &zhu).await.status, StatusCode::FORBIDDEN);
    let figures = app.get("/api/v1/figures?from=2025-01-01&to=2025-12-31", &zhu).await.json();
    assert_eq!(
        (&figures["figures"]["corrections.subjects"], &figures["figures"]["corrections.talks"]),
        (&json!(1), &json!(1))
    );
}

#[tokio::test]
async fn handed_to_a_colleague_all_of_it_goes_and_nothing_stays() {
    let app = app().await;
    let mut jiao = tablet(&app, "jiao", 1).await;
    let mut bang = tablet(&app, "bang", 2).await;
    let (given, kept) = (charge(&app, &mut jiao, 1, "jiao").await, charge(&app, &mut jiao, 2, "jiao").await);
    // Both have been here before, so the office has snapshots.
    let _ = (tablet(&app, "jiao", 3).await, tablet(&app, "bang", 4).await);
    jiao.save(&app, given.0, "subject", "officer", "bang".into());
    jiao.sync(&app).await;
    bang.sync(&app).await;
    assert_eq!((holds(&jiao, given), holds(&jiao, kept)), ([false, false], [true, true]));
    assert_eq!((holds(&bang, given), holds(&bang, kept)), ([true, true], [false, false]));
    for (account, id, has) in [("jiao", 5, false), ("bang", 6, true)] {
        let fresh = tablet(&app, account, id).await;
        assert_eq!(holds(&fresh, given), [has, has], "a new tablet of {account}");
        let first = json!({"device": format!("{id:016x}"), "schema": 1, "cursor": fresh.cursor, "changes": []});
        let sums = app.post("/api/v1/sync", &fresh.session, &first).await.json()["sums"].clone();
        let sum: Checksum = serde_json::from_value(sums[format!("restricted/talk@{account}")].clone()).unwrap();
        assert_eq!(sum, fresh.book.sum("talk"));
    }
    // And back, in one push with a new talk.
    let back = json!({"subject": given.0, "channel": "phone", "date": "2025-12-02"});
    write(&mut bang, &app, record(77), "talk", back);
    bang.save(&app, given.0, "subject", "officer", "jiao".into());
    bang.sync(&app).await;
    jiao.sync(&app).await;
    assert_eq!((holds(&bang, given), holds(&jiao, given)), ([false, false], [true, true]));
    assert!(jiao.book.get(record(77)).is_some() && bang.book.get(record(77)).is_none());
}

#[tokio::test]
async fn nobody_takes_a_colleagues_charge_but_a_visit_to_it_is_not_lost() {
    let app = app().await;
    let mut jiao = tablet(&app, "jiao", 1).await;
    let charge = charge(&app, &mut jiao, 1, "jiao").await;
    let mut bang = tablet(&app, "bang", 2).await;
    // Someone who knows the record's id, such as its officer of before.
    bang.save(&app, charge.0, "subject", "officer", "bang".into());
    bang.save(&app, charge.1, "talk", "note", "别的".into());
    write(&mut bang, &app, record(50), "talk", json!({"subject": charge.0, "channel": "visit", "date": "2025-12-03"}));
    bang.sync(&app).await;
    let codes: Vec<&str> = bang.refused.values().flatten().map(String::as_str).collect();
    assert_eq!(codes, ["assigned", "assigned"]);
    jiao.sync(&app).await;
    assert!(jiao.book.get(record(50)).is_some() && bang.book.get(record(50)).is_none(), "it is at its officer's");
    assert_eq!(jiao.shows(charge.0, "officer"), Some("jiao".into()));
    // The office's list says that something was refused, and not what.
    let zhu = app.sign_in("zhu").await;
    let refused = app.get("/api/v1/quarantine", &zhu).await.json();
    assert_eq!(refused.as_array().unwrap().len(), 2);
    assert!(
        refused.as_array().unwrap().iter().all(|one| one["body"].is_null() && one["account"] == "bang"),
        "{refused}"
    );
    let own = app.get("/api/v1/quarantine", &bang.session).await.json();
    assert!(own.as_array().unwrap().iter().all(|one| one["body"]["kind"].is_string()));
}

#[tokio::test]
async fn a_charge_goes_only_to_who_may_see_it() {
    let app = app().await;
    let mut jiao = tablet(&app, "jiao", 1).await;
    let charge = charge(&app, &mut jiao, 1, "jiao").await;
    for to in ["zhu", "nobody", "jiao bang"] {
        jiao.save(&app, charge.0, "subject", "officer", to.into());
        jiao.sync(&app).await;
        let codes = jiao.refused.values().next_back().cloned().unwrap_or_default();
        assert!(codes == ["assigned_to"] || codes == ["constraint"], "to {to}: {codes:?}");
    }
    let fresh = tablet(&app, "jiao", 2).await;
    assert_eq!(fresh.shows(charge.0, "officer"), Some("jiao".into()));
}

#[tokio::test]
async fn what_an_officer_leaves_behind_is_handed_over_without_being_seen() {
    let app = app().await;
    let mut jiao = tablet(&app, "jiao", 1).await;
    let charges = [charge(&app, &mut jiao, 1, "jiao").await, charge(&app, &mut jiao, 2, "jiao").await];
    let office = &app.test.office;
    let handed = office.hand_over(By::CONSOLE, "jiao", "bang").await.unwrap().unwrap();
    assert_eq!((handed.over, handed.refused), (2, 0));
    let bang = tablet(&app, "bang", 2).await;
    jiao.sync(&app).await;
    for charge in charges {
        assert_eq!((holds(&bang, charge), holds(&jiao, charge)), ([true, true], [false, false]));
    }
    let trail = office.audit(u64::MAX, 100).await.unwrap();
    assert!(trail.iter().any(|row| row.what == "handed-over" && row.about == "jiao bang" && row.count == 2));
    // To someone who may not see it, nothing goes.
    let handed = office.hand_over(By::CONSOLE, "bang", "zhu").await.unwrap().unwrap();
    assert_eq!((handed.over, handed.refused), (0, 2));
    assert!(office.hand_over(By::CONSOLE, "bang", "nobody").await.unwrap().is_err());
}

#[tokio::test]
async fn a_pack_that_assigns_what_a_post_shared_divides_it() {
    let mut shared = Pack::community();
    shared.kinds.get_mut("subject").unwrap().assigned = None;
    shared.kinds.get_mut("talk").unwrap().assigned = None;
    let test = TestOffice::with(shared).await;
    let app = TestApp::staffed(
        test,
        Cookie::Plain,
        &[("jiao", "corrections"), ("bang", "corrections"), ("min", "civil_affairs")],
    )
    .await;
    let mut jiao = tablet(&app, "jiao", 1).await;
    let charge = charge(&app, &mut jiao, 1, "jiao").await;
    let mut bang = tablet(&app, "bang", 2).await;
    assert_eq!(holds(&bang, charge), [true, true]);
    app.test.office.set_pack(Pack { version: 99, ..Pack::community() }).await.unwrap();
    for tablet in [&mut jiao, &mut bang] {
        assert_eq!(tablet.sync(&app).await, None);
    }
    assert_eq!((holds(&jiao, charge), holds(&bang, charge)), ([true, true], [false, false]));
    let fresh = tablet(&app, "bang", 3).await;
    assert_eq!(holds(&fresh, charge), [false, false]);
}
