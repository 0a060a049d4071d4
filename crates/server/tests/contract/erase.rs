//! Erasing what is known of a person: from records, history, refusals, blocks, tablets and the database's own file.

use crate::support::{Answer, TestApp, TestOffice, record, tablet::Tablet};
use axum::http::StatusCode;
use linli_server::{
    http::Cookie,
    office::{Place, audit::By},
};
use records::{Pack, RecordId, Value};
use serde_json::json;
use sync::Draft;

/// Words that are nowhere else.
const NAME: &str = "独孤求败甲";
const NOTE: &str = "左膝旧伤甲";
const SECRET: &str = "谈到旧案甲";

const ACCOUNTS: [(&str, &str); 3] = [("min", "civil_affairs"), ("jiao", "corrections"), ("zhu", "director")];

/// The community's own pack; `min` looks after civil affairs, `jiao` after people under correction, `zhu` is the director.
async fn app() -> TestApp {
    let test = TestOffice::with(Pack::community()).await;
    TestApp::staffed(test, Cookie::Plain, &ACCOUNTS).await
}

fn write(tablet: &mut Tablet, app: &TestApp, record: RecordId, kind: &str, fields: Value) {
    let fields = fields.as_object().unwrap().clone().into_iter().collect();
    tablet.write(app, Draft::new(record, kind, fields));
}

async fn settle(tablet: &mut Tablet, app: &TestApp) {
    assert_eq!((tablet.sync(app).await, &tablet.refused), (None, &Default::default()));
}

/// Records: 0 building, 1 household, 2 the person, 3 another, 4 and 5 visits to each, 6 a payment, 7 a mediation between
/// both, 8 a case of the person's, 9 a talk about it.
async fn town(app: &TestApp) -> [Tablet; 2] {
    let (mut zhu, mut min) = (Tablet::new(app, "zhu", 4).await, Tablet::new(app, "min", 1).await);
    let day = "2025-12-01";
    for (n, kind, fields) in [
        (0, "building", json!({"name": "3幢", "stairwells": 2, "floors": 6})),
        (1, "household", json!({"building": record(0), "stairwell": 1, "floor": 5, "flat": "501"})),
        (2, "person", json!({"name": NAME, "household": record(1), "phone": "13900000021"})),
        (3, "person", json!({"name": "留下的人", "household": record(1)})),
        (
            4,
            "service",
            json!({"channel": "visit", "person": record(2), "household": record(1), "topic": "routine",
            "note": NOTE, "date": day, "post": "civil_affairs"}),
        ),
        (
            5,
            "service",
            json!({"channel": "visit", "person": record(3), "household": record(1), "topic": "routine",
            "note": "换了灯泡", "date": day, "post": "civil_affairs"}),
        ),
        (
            6,
            "aid",
            json!({"person": record(2), "fund": "minimum_living", "amount": 30_000, "method": "bank", "date": day}),
        ),
        (
            7,
            "mediation",
            json!({"sort": "neighbours", "parties": [record(2), record(3)], "outcome": "in_hand", "date": day}),
        ),
    ] {
        let is_hers = ["building", "mediation"].contains(&kind);
        write(if is_hers { &mut zhu } else { &mut min }, app, record(n), kind, fields);
    }
    settle(&mut zhu, app).await;
    settle(&mut min, app).await;
    let mut jiao = Tablet::new(app, "jiao", 2).await;
    settle(&mut jiao, app).await;
    let fields = json!({"person": record(2), "sort": "correction", "since": day, "officer": "jiao"});
    write(&mut jiao, app, record(8), "subject", fields);
    let fields = json!({"subject": record(8), "channel": "visit", "note": SECRET, "date": day});
    write(&mut jiao, app, record(9), "talk", fields);
    settle(&mut jiao, app).await;
    [min, jiao]
}

fn path(n: u128) -> String {
    format!("/api/v1/records/{}/erasure", record(n))
}

async fn erase(app: &TestApp, session: &str, n: u128) -> Answer {
    app.post(&path(n), session, &json!({"why": "2026-001号"})).await
}

async fn figures(app: &TestApp, session: &str) -> Value {
    app.get("/api/v1/figures?from=2025-01-01&to=2025-12-31", session).await.json()["figures"].clone()
}

#[tokio::test]
async fn a_person_is_erased_everywhere_and_the_figures_of_what_was_done_stay() {
    let app = app().await;
    let [mut min, mut jiao] = town(&app).await;
    // A correction leaves an older wording in the history; a refusal leaves words in quarantine.
    let mut draft = Draft::of(min.book.get(record(4)).unwrap());
    draft.now.insert("note".into(), format!("{NOTE}好些了").into());
    draft.why = Some("补记".into());
    min.write(&app, draft);
    settle(&mut min, &app).await;
    write(&mut min, &app, record(20), "service", json!({"person": record(2), "note": NOTE, "channel": "none"}));
    min.sync(&app).await;
    assert_eq!(min.refused.len(), 1, "it is in quarantine");
    min.refused.clear();
    let zhu = app.sign_in("zhu").await;
    let before = figures(&app, &zhu).await;
    assert_eq!(before["visits.total"], 2);

    let told = app.get(&path(2), &zhu).await.json();
    let kinds = json!({"person": 1, "service": 1, "aid": 1});
    assert_eq!(told, json!({"kinds": kinds, "named": 1}), "cases are not hers to know of");
    let answer = erase(&app, &zhu, 2).await;
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, told), "{}", answer.text());
    assert_eq!(erase(&app, &zhu, 2).await.status, StatusCode::NOT_FOUND, "there is no such person any more");

    for tablet in [&mut min, &mut jiao] {
        let fetched = tablet.fetched;
        settle(tablet, &app).await;
        // What was refused stays with who wrote it.
        let own = record(20);
        let all = format!("{:?}", tablet.book.all().filter(|record| record.id != own).collect::<Vec<_>>());
        for words in [NAME, NOTE, SECRET, "13900000021"] {
            assert!(!all.contains(words), "{} still reads {words}", tablet.account);
        }
        assert_eq!(tablet.fetched, fetched, "a page brought it; no checksum had to mend it");
    }
    assert!(min.book.get(record(2)).unwrap().is_erased());
    assert_eq!(min.shows(record(6), "amount"), Some(30_000.into()));
    assert_eq!(min.shows(record(6), "household"), None, "who lives there could be told from it");
    assert_eq!(min.shows(record(3), "name"), Some("留下的人".into()));
    assert_eq!(min.shows(record(5), "note"), Some("换了灯泡".into()));
    let after = figures(&app, &zhu).await;
    for name in ["visits.total", "aid.total_fen", "aid.people", "corrections.talks", "mediation.cases"] {
        assert_eq!(after[name], before[name], "{name}");
    }
    assert_eq!((&before["corrections.subjects"], &after["corrections.subjects"]), (&json!(1), &json!(0)));

    // A tablet that comes new gets nothing else.
    let mut new = Tablet::new(&app, "min", 3).await;
    settle(&mut new, &app).await;
    assert_eq!(format!("{:?}", new.book.get(record(4))), format!("{:?}", min.book.get(record(4))));
    let all = app.get("/api/v1/quarantine?all=true", &zhu).await.text();
    assert!(!all.contains(NOTE), "{all}");
    for ledger in ["service", "aid", "person", "mediation"] {
        let text = app.get(&format!("/api/v1/ledgers/{ledger}.csv"), &zhu).await.text();
        assert!(!text.contains(NAME) && !text.contains(NOTE), "{ledger}: {text}");
    }
    let sound = app.test.office.verify_audit(None).await.unwrap();
    assert!(sound.is_ok(), "{sound:?}");
    let erased = app.test.office.audit(u64::MAX, 50).await.unwrap().into_iter().find(|e| e.what == "erased").unwrap();
    assert_eq!((erased.account.as_str(), erased.about, erased.count), ("zhu", record(2).to_string(), 6));
}

#[tokio::test]
async fn no_word_is_left_in_the_databases_files() {
    let app = app().await;
    town(&app).await;
    let Place::Folder(folder) = app.test.place.clone() else { return };
    let holds = |words: &str| {
        let paths =
            std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
        let files = paths.map(|path| std::fs::read(path).unwrap());
        files.filter(|bytes| bytes.windows(words.len()).any(|w| w == words.as_bytes())).count()
    };
    assert!(holds(NAME) > 0 && holds(SECRET) > 0);
    let zhu = app.sign_in("zhu").await;
    app.test.office.renew_snapshots().await.unwrap();
    assert_eq!(erase(&app, &zhu, 2).await.status, StatusCode::OK);
    for words in [NAME, NOTE, SECRET, "13900000021"] {
        assert_eq!(holds(words), 0, "{words}");
    }
    assert!(holds("留下的人") > 0);
}

#[tokio::test]
async fn what_comes_later_about_them_is_refused_and_its_words_stay_on_the_tablet_that_wrote_them() {
    let app = app().await;
    let [mut min, mut jiao] = town(&app).await;
    // Written at a door while the director erases.
    let mut draft = Draft::of(min.book.get(record(2)).unwrap());
    draft.now.insert("phone".into(), "13900000099".into());
    min.write(&app, draft);
    let fields = json!({"channel": "visit", "person": record(2), "topic": "routine", "note": NOTE, "date": "2025-12-30",
        "post": "civil_affairs"});
    write(&mut min, &app, record(21), "service", fields);
    let zhu = app.sign_in("zhu").await;
    assert_eq!(erase(&app, &zhu, 2).await.status, StatusCode::OK);
    assert_eq!(min.sync(&app).await, None);
    assert_eq!(min.refused.values().collect::<Vec<_>>(), [&["erased"], &["erased"]]);
    assert!(!app.get("/api/v1/quarantine?all=true", &zhu).await.text().contains("13900000099"));
    assert!(min.book.get(record(2)).unwrap().is_erased());
    // Nor does anyone write the mark by hand, or bring back what a tablet gives back.
    let mut draft = Draft::of(min.book.get(record(3)).unwrap());
    draft.now.insert("_erased".into(), "x".into());
    min.write(&app, draft);
    min.sync(&app).await;
    assert_eq!(min.refused.len(), 3);
    app.test.office.renew_epoch().await.unwrap();
    min.sync(&app).await;
    settle(&mut jiao, &app).await;
    assert!(!format!("{:?}", jiao.book).contains(SECRET));
    assert!(!format!("{:?}", app.test.office.quarantine(&crate::support::head(), true).await).contains(NOTE));
}

#[tokio::test]
async fn only_who_sees_all_figures_may_erase_only_people_and_with_a_reason() {
    let app = app().await;
    let [min, _] = town(&app).await;
    for session in [&min.session, ""] {
        for answer in [erase(&app, session, 2).await, app.get(&path(2), session).await] {
            assert!([StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED].contains(&answer.status));
        }
    }
    let zhu = app.sign_in("zhu").await;
    for n in [1, 4, 77] {
        assert_eq!(erase(&app, &zhu, n).await.problem(), "not-found", "{n}");
    }
    for why in [" ".to_owned(), "长".repeat(201)] {
        let answer = app.post(&path(2), &zhu, &json!({"why": why})).await;
        assert_eq!(answer.problem(), "wrong-shape");
    }
    assert_eq!(min.shows(record(2), "name"), Some(NAME.into()));
}

#[tokio::test]
async fn words_that_vanish_without_a_row_in_the_trail_show() {
    let app = app().await;
    town(&app).await;
    let Place::Folder(folder) = app.test.place.clone() else { return };
    let url = format!("sqlite://{}", folder.join("linli.db").display());
    let mut connection = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.unwrap();
    let body: String =
        sqlx::query_scalar("SELECT body FROM change WHERE number = 5").fetch_one(&mut connection).await.unwrap();
    let print = <sha2::Sha256 as sha2::Digest>::digest(body).to_vec();
    sqlx::query("UPDATE change SET body = NULL, erased = $1 WHERE number = 5")
        .bind(print)
        .execute(&mut connection)
        .await
        .unwrap();
    assert!(app.test.office.verify_audit(None).await.unwrap().is_err());
}

#[tokio::test]
async fn what_is_older_than_its_kind_is_kept_goes_when_told() {
    let mut pack = Pack::community();
    pack.kinds.get_mut("service").unwrap().keep_years = Some(3);
    let test = TestOffice::with(pack).await;
    let app = TestApp::staffed(test, Cookie::Plain, &ACCOUNTS).await;
    let [mut min, _] = town(&app).await;
    // Today is 2026-01-01: three years after the first, not after the second.
    for (n, date) in [(30, "2022-12-31"), (31, "2023-01-01")] {
        let fields = json!({"channel": "visit", "person": record(3), "topic": "routine", "note": NOTE, "date": date,
            "post": "civil_affairs"});
        write(&mut min, &app, record(n), "service", fields);
    }
    settle(&mut min, &app).await;
    let office = &app.test.office;
    let expired = office.expired(office.today()).await.unwrap();
    assert_eq!(expired, [("service".to_owned(), [record(30)].into())].into());
    assert_eq!(office.erase_expired(By::CONSOLE, office.today()).await.unwrap(), 1);
    assert_eq!(office.erase_expired(By::CONSOLE, office.today()).await.unwrap(), 0, "once");
    settle(&mut min, &app).await;
    assert_eq!(min.shows(record(30), "note"), None);
    assert_eq!(min.shows(record(30), "topic"), Some("routine".into()));
    assert_eq!(min.shows(record(31), "note"), Some(NOTE.into()));
    assert_eq!(min.shows(record(3), "name"), Some("留下的人".into()), "only the old record, not its person");
    assert!(office.verify_audit(None).await.unwrap().is_ok());
}
