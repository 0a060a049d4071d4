//! The report and the ledgers as files: what stands in them, and who may have them.

use std::collections::BTreeSet;

mod agree;
mod expected;
mod read_back;

use read_back::unzipped;

use crate::support::{Answer, DEVICE, Tablet, TestApp, TestOffice, app::PASSWORD};
use axum::http::{Method, StatusCode};
use calamine::{Data, DataType, Reader, Xlsx};
use linli_server::{
    demo::{self, Options},
    http::Cookie,
};
use records::{
    Pack,
    figures::{Ask, Figure, Period},
    report,
};
use serde_json::json;
use sync::Draft;

const YEAR: &str = "from=2009-01-01&to=2009-12-31";

/// A small demo community behind HTTP, with its accounts.
struct Demo {
    app: TestApp,
    accounts: Vec<demo::accounts::Account>,
}

impl Demo {
    async fn new() -> Self {
        Self::of(Pack::community()).await
    }

    async fn of(pack: Pack) -> Self {
        let test = TestOffice::with(pack).await;
        let made = demo::build(&test.office, Options { seed: 2009, households: 120, ..Options::default() }, |_| ())
            .await
            .unwrap();
        Self { app: TestApp::staffed(test, Cookie::Plain, &[("fuzhuren", "director")]).await, accounts: made.accounts }
    }

    async fn get(&self, account: &str, path: &str) -> Answer {
        let password = self.accounts.iter().find(|a| a.name == account).map_or(PASSWORD, |a| &a.password);
        let asked = json!({"account": account, "password": password, "device": DEVICE});
        let signed = self.app.post("/api/v1/session", "", &asked).await;
        let session = signed.header("set-cookie").split(';').next().unwrap().to_owned();
        self.app.ask(Method::GET, path, &session, None).await
    }
}

#[tokio::test]
async fn the_word_document_is_laid_out_by_the_standard_and_has_every_figure() {
    let demo = Demo::new().await;
    let answer = demo.get("zhuren", &format!("/api/v1/reports/annual.docx?{YEAR}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer.header("content-disposition").contains("filename*=UTF-8''2009%E5%B9%B4"),
        "{}",
        answer.header("content-disposition")
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let document = unzipped(&answer.bytes, "word/document.xml");
    // A4 in twentieths of a point; 37, 35, 28 and 26 mm.
    for mark in [
        "w:w=\"11906\" w:h=\"16838\"",
        "w:top=\"2098\"",
        "w:bottom=\"1984\"",
        "w:left=\"1587\"",
        "w:right=\"1474\"",
        "方正小标宋简体",
        "黑体",
        "楷体_GB2312",
        "仿宋_GB2312",
        "w:line=\"579\"",
        "w:lineRule=\"exact\"",
        "一、打造便民服务圈",
        "（一）",
        "w:evenFooter",
    ] {
        assert!(document.contains(mark) || mark == "w:evenFooter", "{mark} is not in the document");
    }
    let settings = unzipped(&answer.bytes, "word/settings.xml");
    assert!(settings.contains("evenAndOddHeaders"), "odd and even pages differ");
    let year = Period::year(2009).unwrap();
    let pack = Pack::community();
    let figures = demo.app.test.office.figures(Ask::of(year)).await.unwrap().whole;
    let body = &pack.reports[0].body.zh;
    let mut seen = 0;
    for indicator in pack.indicators.iter().filter(|i| body.contains(&format!("{{{}}}", i.name))) {
        let text = report::prose(&pack, indicator, figures[&indicator.name]);
        assert!(document.contains(&text), "{}: {text}", indicator.name);
        seen += 1;
    }
    assert!(seen > 40, "{seen} figures");

    let page = demo.get("zhuren", &format!("/api/v1/reports/annual.html?{YEAR}&lang=en")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src"));
    let page = String::from_utf8(page.bytes).unwrap();
    assert!(page.contains("work report, 2009</h1>") && !page.contains("<script"), "{}", &page[..600]);
    let Figure::Number(cases) = figures["mediation.cases"] else { panic!("a number") };
    assert!(page.contains(&format!("{cases} disputes mediated")));
}

#[tokio::test]
async fn an_excel_ledger_read_back_is_the_ledger() {
    let demo = Demo::new().await;
    let answer = demo.get("minzheng", &format!("/api/v1/ledgers/aid.xlsx?{YEAR}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(answer.bytes)).unwrap();
    let sheet = book.worksheet_range("发放").unwrap();
    let rows: Vec<&[Data]> = sheet.rows().collect();
    assert_eq!(rows[0][0], Data::String("日期".into()));
    let amount = rows[0].iter().position(|head| *head == Data::String("金额".into())).unwrap();
    let (body, last) = (&rows[1..rows.len() - 1], rows[rows.len() - 1]);
    let fen: i64 = body.iter().map(|row| (row[amount].as_f64().unwrap() * 100.0).round() as i64).sum();
    let figures = demo.app.test.office.figures(Ask::of(Period::year(2009).unwrap())).await.unwrap().whole;
    assert_eq!(Figure::Number(fen), figures["aid.total_fen"], "the rows add up to the report's figure");
    assert_eq!((last[amount].as_f64().unwrap() * 100.0).round() as i64, fen, "and so says the last row");
    assert!(body.iter().all(|row| matches!(row[0], Data::DateTime(_))), "dates are dates");

    let csv = demo.get("minzheng", &format!("/api/v1/ledgers/aid.csv?{YEAR}")).await;
    let text = String::from_utf8(csv.bytes).unwrap();
    assert!(text.starts_with('\u{feff}'));
    assert_eq!(text.lines().count(), body.len() + 1, "a line a row, and the heads");

    let people = demo.get("zhuren", "/api/v1/ledgers/person.xlsx").await;
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(people.bytes)).unwrap();
    let sheet = book.worksheet_range("居民").unwrap();
    let rows: Vec<&[Data]> = sheet.rows().collect();
    let id = rows[0].iter().position(|head| *head == Data::String("身份证号码".into())).unwrap();
    let numbers: BTreeSet<String> = rows[1..].iter().filter_map(|row| row[id].as_string()).collect();
    assert!(numbers.len() > 100 && numbers.iter().all(|n| matches!(n.len(), 15 | 18)), "ID numbers are text, whole");
}

#[tokio::test]
async fn the_report_s_workbook_has_the_figures_and_a_sheet_a_ledger() {
    let demo = Demo::new().await;
    let answer = demo.get("zhuren", &format!("/api/v1/reports/annual.xlsx?{YEAR}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(answer.bytes)).unwrap();
    let figures = demo.app.test.office.figures(Ask::of(Period::year(2009).unwrap())).await.unwrap().whole;
    let pack = Pack::community();
    let first = book.worksheet_range("数字").unwrap();
    let said = |label: &str| first.rows().find(|row| row[0].as_string().as_deref() == Some(label)).unwrap()[1].clone();
    for indicator in &pack.indicators {
        let Figure::Number(number) = figures[&indicator.name] else { continue };
        let shown = said(&indicator.label.zh).as_f64().unwrap();
        let number = if pack.is_money(indicator) { number as f64 / 100.0 } else { number as f64 };
        assert!((shown - number).abs() < 0.001, "{}: {shown} in the sheet, {number} in the report", indicator.name);
    }
    let Figure::Number(cases) = figures["mediation.cases"] else { panic!("a number") };
    let mediation =
        book.worksheet_range("调解").unwrap().rows().skip(1).filter(|row| matches!(row[0], Data::DateTime(_))).count();
    assert_eq!(mediation as i64, cases, "a row a case");
    let sheets = book.sheet_names();
    assert!(sheets.len() > 10, "{sheets:?}");
    assert!(!sheets.contains(&pack.kind("talk").unwrap().label.zh), "nothing the director may not read");
}

#[tokio::test]
async fn papers_are_for_those_who_may_see_what_is_in_them() {
    let demo = Demo::new().await;
    for (account, path, status) in [
        ("minzheng", "/api/v1/reports/annual.docx?from=2009-01-01&to=2009-12-31", StatusCode::FORBIDDEN),
        ("xunluo1", "/api/v1/ledgers/person.xlsx", StatusCode::FORBIDDEN),
        ("zhuren", "/api/v1/ledgers/talk.xlsx", StatusCode::FORBIDDEN),
        ("jiaozheng", "/api/v1/ledgers/talk.xlsx", StatusCode::OK),
        ("zhuren", "/api/v1/ledgers/nothing.xlsx", StatusCode::NOT_FOUND),
        ("zhuren", "/api/v1/ledgers/aid.pdf", StatusCode::NOT_FOUND),
        ("zhuren", "/api/v1/reports/monthly.docx?from=2009-01-01&to=2009-12-31", StatusCode::NOT_FOUND),
        ("zhuren", "/api/v1/reports/annual.docx?from=2009-12-31&to=2009-01-01", StatusCode::BAD_REQUEST),
        ("zhuren", "/api/v1/ledgers/aid.xlsx?at=planet:mars", StatusCode::BAD_REQUEST),
        ("zhuren", "/api/v1/ledgers/aid.csv?sort=nothing:up", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(demo.get(account, path).await.status, status, "{account} {path}");
    }
}

#[tokio::test]
async fn a_text_with_an_unknown_figure_is_refused_by_the_office_too() {
    let demo = Demo::new().await;
    let mut tablet = Tablet::new(&demo.app, "fuzhuren", 0xbeef).await;
    assert_eq!(tablet.sync(&demo.app).await, None);
    let fields = json!({"title": "汇报", "from": "2009-01-01", "to": "2009-12-31", "body": "走访{nix.da}次"});
    let draft = Draft::new(
        uuid::Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001),
        "work_report",
        serde_json::from_value(fields).unwrap(),
    );
    tablet.write(&demo.app, draft);
    tablet.sync(&demo.app).await;
    assert_eq!(tablet.refused.values().flatten().collect::<Vec<_>>(), ["figure_name"]);
    let document = demo.get("fuzhuren", &format!("/api/v1/reports/annual.docx?{YEAR}")).await;
    assert!(!unzipped(&document.bytes, "word/document.xml").contains("nix.da"));
}

#[tokio::test]
async fn whoever_takes_the_workbook_leaves_a_trail() {
    let demo = Demo::new().await;
    let trail = async |name: &str| {
        let trail = demo.get("zhuren", "/api/v1/audit").await.json();
        let entries = trail["entries"].as_array().or(trail.as_array()).unwrap().clone();
        entries.iter().filter(|entry| entry["what"] == name && entry["about"] == "annual.xlsx").count()
    };
    assert_eq!(trail("report").await, 0);
    demo.get("zhuren", &format!("/api/v1/reports/annual.xlsx?{YEAR}")).await;
    assert_eq!(trail("report").await, 1);
}
