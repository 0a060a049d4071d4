//! Who died or moved away: what is paid to them is asked about at the office as on the tablet, and the register's papers list
//! those who live here.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use linli_server::{http::Cookie, office::Author};
use records::{Pack, RecordId, Value};
use serde_json::json;
use sync::wire::Verdict;

use crate::support::{TestApp, TestOffice, record, set};

fn officer() -> Author {
    Author { account: "wang".into(), post: "civil_affairs".into() }
}

/// What the office said of a change: the fields it found wanting, none when it took it.
async fn push(
    test: &TestOffice,
    number: u64,
    id: RecordId,
    kind: &str,
    fields: Value,
    why: Option<&str>,
) -> Vec<String> {
    let fields: BTreeMap<String, Value> = serde_json::from_value(fields).unwrap();
    let fields: Vec<(&str, Value)> = fields.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let mut change = set(number, id, kind, &fields);
    change.why = why.map(Into::into);
    let receipts = test.push_as(&officer(), vec![change.into()]).await;
    match &receipts[0].verdict {
        Verdict::Accepted { .. } => Vec::new(),
        Verdict::Refused { problems } => problems.iter().filter_map(|problem| problem.field.clone()).collect(),
    }
}

#[tokio::test]
async fn a_payment_to_one_who_died_must_say_so_and_who_takes_it_but_an_old_one_is_corrected_as_ever() {
    let test = TestOffice::with(Pack::community()).await;
    let (wang, before, after) = (record(1), record(2), record(3));
    let none = [""; 0];
    let paid =
        |date: &str| json!({"person": wang, "fund": "emergency", "amount": 50000, "method": "bank", "date": date});
    assert_eq!(push(&test, 1, wang, "person", json!({"name": "王阿婆"}), None).await, none);
    assert_eq!(push(&test, 2, before, "aid", paid("2025-12-30"), None).await, none);
    assert_eq!(push(&test, 3, wang, "person", json!({"state": "deceased"}), None).await, none);
    assert_eq!(push(&test, 4, after, "aid", paid("2025-12-31"), None).await, ["despite", "collector"]);
    let mut said = paid("2025-12-31");
    said["despite"] = "deceased".into();
    assert_eq!(push(&test, 5, after, "aid", said.clone(), None).await, ["collector"]);
    said["collector"] = "王小明，长子".into();
    said["despite"] = "moved".into();
    assert_eq!(push(&test, 6, after, "aid", said.clone(), None).await, ["despite"]);
    said["despite"] = "deceased".into();
    assert_eq!(push(&test, 7, after, "aid", said, None).await, none);
    assert_eq!(push(&test, 8, before, "aid", json!({"amount": 40000}), Some("写错了")).await, none);
    assert_eq!(push(&test, 9, after, "aid", json!({"collector": "王小红，长女"}), Some("写错了")).await, none);
    assert_eq!(push(&test, 10, after, "aid", json!({"collector": null}), Some("写错了")).await, ["collector"]);
    // A day on which she was alive asks nothing.
    assert_eq!(push(&test, 11, wang, "person", json!({"state_since": "2025-12-30"}), None).await, none);
    assert_eq!(push(&test, 12, record(4), "aid", paid("2025-12-29"), None).await, none);
    assert_eq!(push(&test, 13, record(5), "aid", paid("2025-12-30"), None).await, ["despite", "collector"]);
}

#[tokio::test]
async fn the_residents_ledger_lists_those_who_live_here_unless_others_are_asked_for() {
    let test = TestOffice::with(Pack::community()).await;
    for (number, name, state) in
        [(1, "王阿婆", "deceased"), (2, "李桂英", "moved"), (3, "赵大爷", "away"), (4, "钱阿姨", "")]
    {
        let fields = json!({"name": name, "state": if state.is_empty() { Value::Null } else { state.into() }});
        assert!(push(&test, number, record(number.into()), "person", fields, None).await.is_empty());
    }
    let app = TestApp::staffed(test, Cookie::Plain, &[("zhu", "director")]).await;
    let session = app.sign_in("zhu").await;
    let names = async |query: &str| {
        let answer = app.ask(Method::GET, &format!("/api/v1/ledgers/person.csv{query}"), &session, None).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}");
        let text = String::from_utf8(answer.bytes).unwrap();
        let heads: Vec<&str> = text.trim_start_matches('\u{feff}').lines().next().unwrap().split(',').collect();
        for head in ["现状", "与户主关系", "证件", "证件号码", "备注", "紧急联系人", "入党日期", "党支部"]
        {
            assert!(heads.contains(&head), "{heads:?}");
        }
        let mut names: Vec<String> =
            text.lines().skip(1).map(|row| row.split(',').next().unwrap().to_owned()).collect();
        names.sort();
        names.join(" ")
    };
    assert_eq!(names("").await, "赵大爷 钱阿姨");
    assert_eq!(names("?presence=here").await, "赵大爷 钱阿姨");
    assert_eq!(names("?presence=gone").await, "李桂英 王阿婆");
    assert_eq!(names("?presence=all").await, "李桂英 王阿婆 赵大爷 钱阿姨");
    let odd = app.ask(Method::GET, "/api/v1/ledgers/person.csv?presence=perhaps", &session, None).await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
}
