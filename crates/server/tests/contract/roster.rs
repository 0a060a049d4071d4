//! Rosters over HTTP: upload, plan, import, and taking back, in the real app.

use crate::rosters::{Desk, called, id};
use crate::support::{Tablet, record};
use axum::http::{Method, StatusCode};
use serde_json::json;
use sync::wire::*;

const HEADINGS: &str = "姓名,身份证号码,电话,地址,标签,与户主关系\n";

fn three() -> String {
    format!(
        "{HEADINGS}王伟,{},13900000021,桂花路1号3幢2单元501,低保,户主\n李芳,{},,3-2-501,,妻\n赵四,{},,3-2-602,退休、党员,户主\n",
        id(1),
        id(2),
        id(3)
    )
}

#[tokio::test]
async fn a_roster_goes_from_a_file_to_every_tablet() {
    let desk = Desk::new().await;
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "桂花社区居民花名册").unwrap();
    for (row, line) in three().lines().enumerate() {
        for (column, cell) in line.split(',').enumerate() {
            sheet.write(row as u32 + 1, column as u16, cell).unwrap();
        }
    }
    let upload = desk.upload("桂花社区花名册.xlsx", book.save_to_buffer().unwrap()).await;
    assert_eq!((upload.roster.state, &*upload.roster.file), (RosterState::Uploaded, "桂花社区花名册.xlsx"));
    let sheet = &upload.sheets[0];
    assert_eq!((sheet.heading_row, sheet.rows, sheet.first.len()), (2, 3, 3));
    let told: Vec<_> = sheet.columns.iter().map(|c| (c.address.as_str(), c.target.as_deref().unwrap_or(""))).collect();
    assert_eq!(
        told,
        [
            ("A2", "person.name"),
            ("B2", "person.id_number"),
            ("C2", "person.phone"),
            ("D2", "address"),
            ("E2", "person.labels"),
            ("F2", "person.relation")
        ]
    );
    for column in &sheet.columns {
        assert!(
            upload.targets.iter().any(|target| Some(&target.name) == column.target.as_ref()),
            "{column:?} is offered"
        );
    }
    let plan = desk.plan(&upload, &Desk::guessed(&upload)).await;
    assert_eq!((plan.problems.len(), plan.counts.rows), (0, 3));
    assert_eq!(json!(plan.counts.create), json!({"building": 1, "household": 2, "person": 3}));
    assert_eq!(plan.rows[0].title.zh, "王伟 · 3幢2单元501");
    assert_eq!(desk.app.test.head().await, 0, "a plan writes nothing");
    let done = desk.run(&upload).await;
    assert_eq!((done.state, done.done, done.total, done.refused), (RosterState::Done, 6, 6, 0));
    let seen = desk.seen().await;
    assert_eq!(seen.len(), 6, "the tablet has it by an ordinary sync");
    let wang = &desk.people("王伟").await[0];
    assert_eq!(
        (&wang["labels"], &wang["born"], &wang["relation"]),
        (&json!(["low_income"]), &json!("1940-01-02"), &json!("head"))
    );
}

#[tokio::test]
async fn importing_the_same_file_again_changes_nothing() {
    let desk = Desk::new().await;
    desk.import(&three()).await;
    let (head, seen) = (desk.app.test.head().await, desk.seen().await);
    let (plan, again) = desk.import(&three()).await;
    assert_eq!(json!(plan.counts.outcomes), json!({"unchanged": 3}));
    assert_eq!((again.state, again.total), (RosterState::Done, 0));
    assert_eq!((desk.app.test.head().await, desk.seen().await), (head, seen));
}

#[tokio::test]
async fn a_bad_row_is_told_by_its_cell_in_both_languages() {
    let desk = Desk::new().await;
    let csv =
        format!("{HEADINGS}王伟,{}0,,3-2-501,,\n李芳,{},1390000002,3-2-502,,\n", &id(1)[..17].replace('9', "8"), id(2));
    let (plan, done) = desk.import(&csv).await;
    let told: Vec<_> = plan.problems.iter().map(|p| (&*p.address, p.row, &*p.problem.code, p.holds)).collect();
    assert_eq!(told, [("B2", 2, "id_check", true), ("C3", 3, "phone", false)]);
    assert!(plan.problems.iter().all(|p| !p.problem.message.zh.is_empty() && !p.problem.message.en.is_empty()));
    assert_eq!(done.counts.unwrap().outcomes[&RosterOutcome::Held], 1);
    assert_eq!((desk.people("王伟").await.len(), desk.people("李芳").await.len()), (0, 1));
}

#[tokio::test]
async fn taking_back_leaves_every_value_as_it_was() {
    let desk = Desk::new().await;
    desk.import(&three()).await;
    let before = desk.seen().await;
    let csv = format!(
        "{HEADINGS}王伟,{},13900000099,3-2-701,残疾,户主\n李芳,{},13900000022,,党员,妻\n钱七,{},,8幢1单元101,,户主\n",
        id(1),
        id(2),
        id(7)
    );
    let upload = desk.upload("名册.csv", csv).await;
    let choices = RosterChoices { prefer_file: true, ..Desk::guessed(&upload) };
    let plan = desk.plan(&upload, &choices).await;
    // 李芳's door is left blank under her husband's: she moves with him.
    assert_eq!(plan.counts.differences, 3);
    assert_eq!(json!(plan.counts.update), json!({"person": 2}));
    let done = desk.run(&upload).await;
    assert_eq!(done.refused, 0);
    assert_ne!(desk.seen().await, before);
    assert_eq!(desk.people("王伟").await[0]["phone"], "13900000099");
    let back = desk.take_back(&done).await;
    assert_eq!((back.state, back.kept.as_slice(), back.refused), (RosterState::Undone, [].as_slice(), 0));
    assert_eq!(desk.seen().await, before);
    let (plan, _) = desk.import(&three()).await;
    assert_eq!(json!(plan.counts.outcomes), json!({"unchanged": 3}), "what was taken back is nobody's double");
}

#[tokio::test]
async fn what_someone_wrote_since_stays_and_is_listed() {
    let desk = Desk::new().await;
    desk.import(&format!("{HEADINGS}王伟,{},,3-2-501,,户主\n", id(1))).await;
    let csv = format!(
        "{HEADINGS}王伟,{},13900000021,,党员,\n李芳,{},,3-2-502,,户主\n赵四,{},,3-2-503,,户主\n",
        id(1),
        id(2),
        id(3)
    );
    let (_, done) = desk.import(&csv).await;
    let mut tablet = Tablet::new(&desk.app, "wei", 0xe1).await;
    assert_eq!(tablet.sync(&desk.app).await, None);
    let wang = called(&tablet, "person", "name", "王伟").id;
    let li = called(&tablet, "person", "name", "李芳").id;
    tablet.save(&desk.app, wang, "person", "phone", "13900000077".into());
    // Someone took 李芳's entry up: she and her door are in use now.
    tablet.save(&desk.app, li, "person", "contact", "女儿".into());
    assert_eq!(tablet.sync(&desk.app).await, None);
    assert!(tablet.refused.is_empty());
    let back = desk.take_back(&done).await;
    let mut kept: Vec<_> = back.kept.iter().map(|k| (&*k.kind, &*k.title.zh, k.field.as_deref())).collect();
    kept.sort_unstable();
    assert_eq!(kept, [("household", "3幢2单元502", None), ("person", "李芳", None), ("person", "王伟", Some("phone"))]);
    let now = &desk.people("王伟").await[0];
    assert_eq!((&now["phone"], now.get("labels")), (&"13900000077".into(), None));
    assert_eq!((desk.people("李芳").await.len(), desk.people("赵四").await.len()), (1, 0));
}

#[tokio::test]
async fn a_mended_file_puts_right_what_the_first_import_did_but_not_what_a_person_wrote() {
    let desk = Desk::new().await;
    let rows = |homes: [&str; 3], phones: [&str; 3]| {
        let row = |at: usize, name: &str| format!("{name},{},{},{},,子\n", id(at as u32 + 1), phones[at], homes[at]);
        format!("{HEADINGS}{}{}{}", row(0, "钱小海"), row(1, "孙小妹"), row(2, "李小江"))
    };
    let wrong = "41幢1单元101";
    desk.import(&rows([wrong; 3], ["13900000021", "13900000022", "13900000023"])).await;
    let mut tablet = Tablet::new(&desk.app, "wei", 0xe1).await;
    assert_eq!(tablet.sync(&desk.app).await, None);
    let sun = called(&tablet, "person", "name", "孙小妹").id;
    tablet.save(&desk.app, sun, "person", "phone", "13900000077".into());
    assert_eq!(tablet.sync(&desk.app).await, None);
    let mended = rows(["41幢1单元202", "41幢1单元202", "41幢2单元302"], ["13900000021", "13900000032", "13900000033"]);
    let (plan, done) = desk.import(&mended).await;
    let told: Vec<_> = plan
        .differences
        .iter()
        .map(|d| (&*d.address, &*d.register.zh, &*d.file.zh, d.is_imported, d.takes_file))
        .collect();
    assert_eq!(
        told,
        [
            ("D2", "41幢1单元101", "41幢1单元202", true, true),
            ("D3", "41幢1单元101", "41幢1单元202", true, true),
            ("C3", "13900000077", "13900000032", false, false),
            ("D4", "41幢1单元101", "41幢2单元302", true, true),
            ("C4", "13900000023", "13900000033", true, true),
        ]
    );
    assert_eq!((plan.counts.differences, plan.counts.mended, done.refused), (5, 4, 0));
    let (sun, li) = (&desk.people("孙小妹").await[0], &desk.people("李小江").await[0]);
    assert_eq!((&sun["phone"], &li["phone"]), (&"13900000077".into(), &"13900000033".into()));
    assert_eq!(sun["household"], desk.people("钱小海").await[0]["household"]);
    let (plan, _) = desk.import(&mended).await;
    assert_eq!(json!(plan.counts.outcomes), json!({"unchanged": 3}), "and once is enough");
    // What taking back gives again is a person's word, though it comes by the import's hand.
    let upload = desk.upload("名册.csv", rows([wrong; 3], ["", "13900000044", ""])).await;
    desk.plan(&upload, &RosterChoices { prefer_file: true, ..Desk::guessed(&upload) }).await;
    let replaced = desk.run(&upload).await;
    desk.take_back(&replaced).await;
    let (plan, _) = desk.import(&rows(["", "", ""], ["", "13900000055", ""])).await;
    assert_eq!(plan.differences.iter().map(|d| d.takes_file).collect::<Vec<_>>(), [false]);
    assert_eq!(desk.people("孙小妹").await[0]["phone"], "13900000077");
}

#[tokio::test]
async fn an_import_can_be_taken_back_after_a_restart() {
    let desk = Desk::new().await;
    desk.import(&three()).await;
    let (before, csv) = (desk.seen().await, format!("{HEADINGS}钱七,{},,8幢1单元101,,户主\n", id(7)));
    let (_, done) = desk.import(&csv).await;
    let mut desk = desk;
    desk.app = desk.app.restarted().await;
    let listed = desk.app.get("/api/v1/rosters", &desk.session).await.json();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["id"]), (2, &json!(done.id)), "the latest first");
    let back = desk.take_back(&done).await;
    assert_eq!(back.state, RosterState::Undone);
    assert_eq!(desk.seen().await, before);
    let again = desk.delete(&done).await;
    assert_eq!((again.status, &*again.problem()), (StatusCode::CONFLICT, "roster-state"));
}

#[tokio::test]
async fn an_import_that_is_stopped_keeps_count_and_can_be_taken_back() {
    let desk = Desk::new().await;
    let mut csv = String::from(HEADINGS);
    for n in 0..2000 {
        csv += &format!("王{n},{},,{}幢1单元{}01,,\n", id(n), n / 40 + 1, n / 5 % 8 + 1);
    }
    let upload = desk.upload("名册.csv", csv).await;
    desk.plan(&upload, &Desk::guessed(&upload)).await;
    let path = format!("/api/v1/rosters/{}", upload.roster.id);
    let begun = desk.app.post(&format!("{path}/run"), &desk.session, &json!({})).await;
    assert_eq!((begun.status, &begun.json()["state"]), (StatusCode::ACCEPTED, &json!("running")));
    assert_eq!(desk.app.post(&format!("{path}/run"), &desk.session, &json!({})).await.problem(), "roster-state");
    desk.delete(&upload.roster).await;
    let stopped = desk.rested(upload.roster.id).await;
    assert_eq!(stopped.state, RosterState::Stopped);
    assert!(stopped.done < stopped.total, "{} of {}", stopped.done, stopped.total);
    let back = desk.take_back(&stopped).await;
    assert_eq!(back.state, RosterState::Undone);
    assert!(desk.seen().await.is_empty());
}

#[tokio::test]
async fn an_import_that_a_dying_server_cut_off_can_be_taken_back() {
    let mut desk = Desk::new().await;
    desk.import(&three()).await;
    let before = desk.seen().await;
    let mut csv = String::from(HEADINGS);
    for n in 100..2100 {
        csv += &format!("王{n},{},,{}幢1单元{}01,,\n", id(n), n / 40 + 1, n / 5 % 8 + 1);
    }
    let upload = desk.upload("名册.csv", csv).await;
    desk.plan(&upload, &Desk::guessed(&upload)).await;
    let path = format!("/api/v1/rosters/{}", upload.roster.id);
    let (head, mut news) = (desk.app.test.head().await, desk.app.test.office.news());
    desk.app.post(&format!("{path}/run"), &desk.session, &json!({})).await;
    // The first batch is in; then the database is gone under the import.
    news.wait_for(|now| *now > head).await.unwrap();
    desk.app = desk.app.restarted().await;
    let cut = desk.state(upload.roster.id).await;
    assert_eq!(cut.state, RosterState::Stopped);
    assert!(cut.done > 0 && cut.done < cut.total, "{} of {}", cut.done, cut.total);
    let back = desk.take_back(&cut).await;
    assert_eq!((back.state, back.total), (RosterState::Undone, cut.done));
    assert_eq!(desk.seen().await, before);
}

#[tokio::test]
async fn only_posts_that_write_the_register_import_and_only_their_own() {
    let desk = Desk::new().await;
    for account in ["min", "xun"] {
        let session = desk.app.sign_in_on(account, sync::DeviceId(7)).await;
        let answer = desk.post_file(&session, "名册.csv", three()).await;
        assert_eq!((answer.status, &*answer.problem()), (StatusCode::FORBIDDEN, "forbidden"), "{account}");
        assert_eq!(desk.app.get("/api/v1/rosters", &session).await.problem(), "forbidden");
    }
    assert_eq!(desk.post_file("", "名册.csv", three()).await.problem(), "not-signed-in");
    let (_, done) = desk.import(&three()).await;
    let committee = desk.app.sign_in_on("wei", sync::DeviceId(8)).await;
    let path = format!("/api/v1/rosters/{}", done.id);
    assert_eq!(desk.app.get(&path, &committee).await.problem(), "not-found");
    assert_eq!(desk.app.ask(Method::DELETE, &path, &committee, None).await.problem(), "not-found");
    let own = desk.post_file(&committee, "名册.csv", three()).await;
    assert_eq!(own.status, StatusCode::CREATED);
}

#[tokio::test]
async fn what_cannot_be_done_is_a_problem_that_says_why() {
    let desk = Desk::new().await;
    let answer = desk.post_file(&desk.session, "x.xls", "<html><table>").await;
    assert_eq!((answer.status, &*answer.problem()), (StatusCode::UNPROCESSABLE_ENTITY, "roster-unreadable"));
    assert!(answer.json()["reason"]["zh"].as_str().is_some_and(|why| why.contains("网页")));
    let large = desk.post_file(&desk.session, "x.csv", vec![b'a'; MAX_ROSTER_BYTES + 1]).await;
    assert_eq!((large.status, &*large.problem()), (StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
    let upload = desk.upload("名册.csv", three()).await;
    let path = format!("/api/v1/rosters/{}", upload.roster.id);
    assert_eq!(desk.app.post(&format!("{path}/run"), &desk.session, &json!({})).await.problem(), "roster-state");
    for (field, wrong) in [
        ("sheet", RosterChoices { sheet: 9, ..Desk::guessed(&upload) }),
        ("heading_row", RosterChoices { heading_row: 900, ..Desk::guessed(&upload) }),
        ("columns.2", RosterChoices { columns: [(2, "person.height".into())].into(), ..Desk::guessed(&upload) }),
        ("columns.40", RosterChoices { columns: [(40, "person.name".into())].into(), ..Desk::guessed(&upload) }),
    ] {
        let answer = desk.app.post(&format!("{path}/plan"), &desk.session, &json!(wrong)).await;
        assert_eq!((&*answer.problem(), &answer.json()["field"]), ("roster-choice", &json!(field)));
    }
    for missing in [record(5).to_string(), "nonsense".into()] {
        assert_eq!(desk.app.get(&format!("/api/v1/rosters/{missing}"), &desk.session).await.problem(), "not-found");
    }
    let forgotten = desk.delete(&upload.roster).await;
    assert_eq!(forgotten.status, StatusCode::ACCEPTED);
    assert_eq!(desk.app.get(&path, &desk.session).await.problem(), "not-found");
    let upload = desk.upload("名册.csv", three()).await;
    desk.app.test.wall.fetch_add(3_600_001, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(
        desk.app.get(&format!("/api/v1/rosters/{}", upload.roster.id), &desk.session).await.problem(),
        "not-found"
    );
}

#[tokio::test]
async fn a_long_text_in_a_large_merged_area_is_read_and_told_in_little_room() {
    let desk = Desk::new().await;
    let mut book = rust_xlsxwriter::Workbook::new();
    let words = "长".repeat(20_000);
    let format = rust_xlsxwriter::Format::new();
    book.add_worksheet().merge_range(0, 0, 1999, 199, &words, &format).unwrap();
    let answer = desk.post_file(&desk.session, "大.xlsx", book.save_to_buffer().unwrap()).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert!(answer.bytes.len() < 4 << 20, "{} bytes", answer.bytes.len());
    // Who goes away while it is read leaves the turn to the next.
    let far: Vec<u8> = book.save_to_buffer().unwrap();
    {
        let given_up = desk.post_file(&desk.session, "大.xlsx", far.clone());
        assert!(tokio::time::timeout(std::time::Duration::from_millis(1), given_up).await.is_err());
    }
    assert_eq!(desk.post_file(&desk.session, "大.xlsx", far).await.status, 201);
}
