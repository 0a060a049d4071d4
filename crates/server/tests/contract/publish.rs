//! Publishing changed forms: by the director alone, over the version she changed, and never to the harm of what is there.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use records::{
    Pack, Text,
    expression::Expression,
    pack::workshop::{Asked, Edit, Shape, question},
};
use serde_json::{Value, json};
use sync::wire::Verdict;

use crate::support::{Answer, Tablet, TestApp, TestOffice, change, codes, record, set};

pub(super) async fn put(app: &TestApp, session: &str, tag: Option<&str>, body: &Value) -> Answer {
    let mut request =
        Request::put("/api/v1/pack").header(header::COOKIE, session).header(header::CONTENT_TYPE, "application/json");
    if let Some(tag) = tag {
        request = request.header(header::IF_MATCH, tag);
    }
    app.send(request.body(Body::from(body.to_string())).unwrap()).await
}

/// The pack in force with a question more, as a director's tablet sends it.
fn with_question(pack: &Pack, label: &str, required: bool) -> Value {
    let label = Text::new(label, "");
    let asked = Asked {
        shape: Shape::One,
        label,
        hint: Text::default(),
        required,
        choices: vec![Text::new("有", "Yes"), Text::new("没有", "No")],
    };
    json!(pack.edited(&question(pack, "visit", None, &asked).unwrap()))
}

#[tokio::test]
async fn a_question_is_published_and_answered_from_then_on() {
    let app = TestApp::new().await;
    let zhu = app.sign_in("zhu").await;
    let first = app.get("/api/v1/pack", &zhu).await;
    let tag = first.header("etag").to_owned();
    let mut news = app.test.office.news();
    news.mark_unchanged();
    let answer = put(&app, &zhu, Some(&tag), &with_question(&app.test.office.pack(), "宠物", true)).await;
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({"version": 2})), "{}", answer.text());
    assert!(news.has_changed().unwrap(), "a tablet that listens asks at once");
    let now = app.get("/api/v1/pack", &zhu).await;
    assert_eq!((now.header("etag"), answer.header("etag")), ("\"test-2\"", "\"test-2\""));
    assert_eq!(now.json()["kinds"]["visit"]["fields"][4]["name"], "chong_wu");
    let visit = |number, fields: &[(&str, Value)]| set(number, record(number.into()), "visit", fields);
    let told = app.test.push(vec![
        visit(1, &[("date", "2025-12-01".into()), ("chong_wu", "yes".into())]),
        visit(2, &[("date", "2025-12-01".into()), ("chong_wu", "elephant".into())]),
        visit(3, &[("date", "2025-12-01".into())]),
    ]);
    let told = told.await;
    assert_eq!(codes(&told[1].verdict), ["choice"]);
    let accepted = |at: usize| matches!(told[at].verdict, Verdict::Accepted { .. });
    assert!(accepted(0) && accepted(2), "a tablet that has not heard of the question yet is not refused: {told:?}");
    let trail = app.test.office.audit(u64::MAX, 50).await.unwrap();
    let noted = trail.iter().find(|entry| entry.what == "pack").unwrap();
    assert_eq!((noted.account.as_str(), noted.about.as_str()), ("zhu", "test 2"));
    assert!(app.test.office.verify_audit(None).await.unwrap().is_ok());
    let app = app.restarted().await;
    assert_eq!(app.test.office.pack().version, 2, "it is kept");
}

#[tokio::test]
async fn two_directors_do_not_publish_over_each_other() {
    let app = TestApp::new().await;
    let zhu = app.sign_in("zhu").await;
    let old = app.test.office.pack();
    let (one, two) = (with_question(&old, "宠物", false), with_question(&old, "电梯", false));
    let (one, two) = tokio::join!(
        put(&app, &zhu, Some("\"test-1\""), &one),
        put(&app, &zhu, Some("W/\"other\", W/\"test-1\""), &two)
    );
    let mut statuses = [one.status, two.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::PRECONDITION_FAILED]);
    let late = if one.status == StatusCode::OK { two } else { one };
    assert_eq!((late.problem().as_str(), late.json()["version"].clone()), ("pack-overtaken", json!(2)));
    assert_eq!(app.test.office.pack().version, 2);
    let none = put(&app, &zhu, None, &json!(*app.test.office.pack())).await;
    assert_eq!((none.status.as_u16(), none.problem().as_str()), (428, "pack-unconditional"));
}

#[tokio::test]
async fn what_is_wrong_is_said_of_each_thing_and_nothing_is_published() {
    let app = TestApp::new().await;
    let zhu = app.sign_in("zhu").await;
    let old = app.test.office.pack();
    let mut pack = (*old).clone();
    let note = pack.kinds.get_mut("note").unwrap();
    note.fields.retain(|field| field.name != "b");
    note.fields[0].label.en.clear();
    note.fields[0].relevant = Expression::parse("${nobody} = 1").ok();
    pack.posts[0].read.push("secret".into());
    let answer = put(&app, &zhu, Some("\"test-1\""), &json!(pack)).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "pack-wrong"));
    let told = answer.json()["problems"].clone();
    let places: Vec<(&str, &str)> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|wrong| (wrong["kind"].as_str().unwrap_or_default(), wrong["field"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(places, [("note", "b"), ("", "post desk"), ("note", "a"), ("note", "a")], "{told}");
    for wrong in told.as_array().unwrap() {
        assert!(["zh", "en"].iter().all(|lang| wrong["message"][lang].as_str().is_some_and(|words| !words.is_empty())));
    }
    let mut misspelt = json!(*old);
    misspelt["kinds"]["note"]["fields"][0]["requierd"] = json!("true()");
    for body in [misspelt, json!({}), json!([1])] {
        let answer = put(&app, &zhu, Some("\"test-1\""), &body).await;
        assert_eq!(answer.problem(), "pack-wrong");
        assert!(answer.json()["problems"][0]["message"]["zh"].is_string());
    }
    assert_eq!(*app.test.office.pack(), *old, "nothing was published");
}

#[tokio::test]
async fn only_posts_that_see_the_report_publish() {
    let app = TestApp::new().await;
    let wang = app.sign_in("wang").await;
    let body = with_question(&app.test.office.pack(), "宠物", false);
    let answer = put(&app, &wang, Some("\"test-1\""), &body).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::FORBIDDEN, "forbidden"));
    assert_eq!(put(&app, "", Some("\"test-1\""), &body).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.test.office.pack().version, 1);
}

#[tokio::test]
async fn a_record_written_under_the_older_forms_is_kept_whole() {
    let app = TestApp::new().await;
    app.test.push(vec![set(1, record(1), "note", &[("a", "x".into()), ("b", 5.into())])]).await;
    let mut pack = (*app.test.office.pack()).clone();
    pack.kinds.get_mut("note").unwrap().fields[1].disused = true;
    let zhu = app.sign_in("zhu").await;
    assert_eq!(put(&app, &zhu, Some("\"test-1\""), &json!(pack)).await.status, StatusCode::OK);
    // A tablet that was away still asks the question, and its answer is taken.
    let late = set(2, record(2), "note", &[("a", "y".into()), ("b", 7.into())]);
    let told = app.test.push(vec![late, change(3, record(1), "z")]).await;
    assert!(told.iter().all(|receipt| matches!(receipt.verdict, Verdict::Accepted { .. })), "{told:?}");
    let mut tablet = Tablet::new(&app, "li", 8).await;
    assert_eq!(tablet.sync(&app).await, None);
    assert_eq!((tablet.shows(record(1), "b"), tablet.shows(record(2), "b")), (Some(5.into()), Some(7.into())));
}

#[tokio::test]
async fn an_upgrade_of_the_program_keeps_the_communitys_own_forms() {
    let own = Pack::community();
    let old = Pack { version: own.version - 1, ..own.clone() };
    let test = TestOffice::with(old.clone()).await;
    test.office.renew_pack().await.unwrap();
    assert_eq!(*test.office.pack(), own, "untouched, it is replaced by the program's newer one");

    let test = TestOffice::with(old.clone()).await;
    let mut changed = old.clone();
    let kind = changed.kinds.get_mut("service").unwrap();
    kind.fields.iter_mut().find(|field| field.name == "note").unwrap().label = Text::new("经过", "What went on");
    // What the program's newer pack has and this one has not.
    let lost = |pack: &mut Pack| pack.indicators.retain(|indicator| indicator.name != "service.people");
    lost(&mut changed);
    let mut base = old.clone();
    lost(&mut base);
    test.office.set_pack(base).await.unwrap();
    let by = linli_server::office::audit::By::CONSOLE;
    test.office.publish(by, old.version, changed).await.unwrap().unwrap();
    test.office.renew_pack().await.unwrap();
    let now = test.office.pack();
    assert_eq!((now.version, now.origin), (old.version + 2, Some(own.version)));
    assert_eq!(now.kind("service").unwrap().field("note").unwrap().label.zh, "经过");
    assert!(now.indicator("service.people").is_some(), "what is new comes along");
    test.office.renew_pack().await.unwrap();
    assert_eq!(test.office.pack().version, now.version, "once");
    let test = test.reopened().await;
    test.office.renew_pack().await.unwrap();
    assert_eq!(*test.office.pack(), *now);
}

#[tokio::test]
async fn edits_survive_the_way_to_the_office() {
    let app = TestApp::new().await;
    let zhu = app.sign_in("zhu").await;
    // As a tablet holds them: read from the office's JSON, edited, sent.
    let had: Pack = serde_json::from_slice(&app.get("/api/v1/pack", &zhu).await.bytes).unwrap();
    let kept = with_question(&had, "电梯", false);
    let edits: Vec<Edit> = vec![];
    let bare = Pack { print: String::new(), ..had.edited(&edits) };
    assert_eq!(json!(bare), json!(*app.test.office.pack()));
    assert_eq!(put(&app, &zhu, Some("\"test-1\""), &kept).await.status, StatusCode::OK);
    let field = app.test.office.pack().kind("visit").unwrap().field("dian_ti").cloned().unwrap();
    assert_eq!((field.label.en.as_str(), field.since), ("电梯", 0));
}

#[tokio::test]
async fn a_pattern_that_would_take_for_ever_is_not_published_and_stops_nothing_where_it_is() {
    let app = TestApp::new().await;
    let zhu = app.sign_in("zhu").await;
    let tag = app.get("/api/v1/pack", &zhu).await.header("etag").to_owned();
    let nested = (0..5).fold("a".to_owned(), |inner, _| format!("(a({inner})?){{1000}}"));
    let mut pack = json!(*app.test.office.pack());
    let field = pack["kinds"]["note"]["fields"][0].as_object_mut().unwrap();
    field.insert("constraint".into(), format!("regex(., '{nested}')").into());
    let answer = put(&app, &zhu, Some(&tag), &pack).await;
    assert_eq!(answer.problem(), "pack-wrong", "{}", answer.text());
    assert!(answer.text().contains("太复杂") && answer.text().contains("too costly"), "{}", answer.text());
    // In force since before anyone looked: a text does not match it, and no push waits for it.
    let old: Pack = serde_json::from_value(pack).unwrap();
    let test = TestOffice::with(old).await;
    let begun = std::time::Instant::now();
    let told = test
        .push(vec![
            change(1, record(1), &"a".repeat(400)),
            set(2, record(2), "visit", &[("date", "2025-12-01".into())]),
        ])
        .await;
    assert_eq!(codes(&told[0].verdict), ["constraint"]);
    assert!(codes(&told[1].verdict).is_empty());
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
}
