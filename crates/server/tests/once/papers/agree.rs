//! Every number and every row of a period is the same on the screen, in Word, on the page, in Excel and in CSV: papers come over
//! HTTP and are read back, the screen is built from a tablet's own records as the app builds it.

use std::collections::BTreeMap;

use calamine::Data;
use linli_server::office::Author;
use records::{
    Context, Lang, Pack, RecordId, Right, Text, User, days,
    figures::{Ask, Figure, Period},
    ledger::{Cell, Sheet},
    pack::{Chart, Indicator, Measure, OFFICER},
    report::{self, Block, ChartTable, Report, Span},
    words,
};
use serde_json::{Value, json};
use sync::{Among, Draft, Record};
use views::{
    builder::{Builder, Names},
    ledger::Wish,
    report::Numbers,
};

use super::{
    Demo,
    expected::{pieces, printed, same_in_excel, whole},
    read_back::{csv, excel, page, word},
};
use crate::support::Tablet;

const DIRECTOR: &str = "fuzhuren";
const COMMUNITY: &str = "测试社区";
/// Words that would break a row, run, or be taken for markup.
const AWKWARD: &str = "=HYPERLINK(\"http://x\",1), 说\"好\"，\n第二行 <b>&amp;</b>";

/// A demo community, and a director's tablet that holds all she may read of it.
struct Both {
    demo: Demo,
    tablet: Tablet,
    pack: Pack,
    people: BTreeMap<String, String>,
    written: u128,
}

impl Both {
    async fn new() -> Self {
        let mut pack = Pack::community();
        pack.reports[0].charts.push(Chart {
            name: "visits_by_officer".into(),
            label: Text { zh: "走访，按人".into(), en: "Visits by officer".into() },
            figures: vec!["visits.total".into()],
            by: Some(OFFICER.into()),
        });
        let demo = Demo::of(pack.clone()).await;
        let mut tablet = Tablet::new(&demo.app, DIRECTOR, 0xbeef).await;
        assert_eq!(tablet.sync(&demo.app).await, None);
        let accounts = demo.app.test.office.accounts().await.unwrap();
        let people = accounts.into_iter().map(|(account, person, _)| (account, person)).collect();
        Self { demo, tablet, pack, people, written: 0 }
    }

    /// Writes a record on the tablet.
    fn write(&mut self, kind: &str, fields: Value) -> RecordId {
        self.written += 1;
        let id = RecordId::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 + self.written);
        self.tablet.write(&self.demo.app, Draft::new(id, kind, serde_json::from_value(fields).unwrap()));
        id
    }

    async fn sync(&mut self) {
        assert_eq!(self.tablet.sync(&self.demo.app).await, None);
        assert!(self.tablet.refused.is_empty(), "{:?}", self.tablet.refused);
    }

    /// Builds as the app does, from the tablet's records.
    fn build<T>(&self, build: impl FnOnce(Builder<'_>) -> T) -> T {
        let (pack, book) = (&self.pack, &self.tablet.book);
        let user = User { name: DIRECTOR, post: "director" };
        let context = Context { today: self.demo.app.test.office.today(), user, lookup: &Among(|id| book.get(id)) };
        let title = |id| {
            let called = |r: &Record| words::title(pack, &r.kind, &r.values(), Lang::Zh, &context);
            book.get(id).map(called).unwrap_or_default()
        };
        let person = |account: &str| self.people.get(account).cloned().unwrap_or_else(|| account.to_owned());
        let names = Names::new(&title, &person);
        build(Builder { pack, records: book, may_read: &|_| true, names: &names, lang: Lang::Zh })
    }

    /// What the tablet counts; of kinds it does not hold, what the office says, as on the screen.
    async fn numbers(&self, ask: &Ask) -> Numbers {
        let mut numbers = self.build(|builder| builder.numbers(ask));
        let office =
            async |period| self.demo.app.test.office.figures(Ask { period, ..ask.clone() }).await.unwrap().whole;
        let now = office(ask.period).await;
        let before = office(ask.period.before().unwrap()).await;
        let is_held =
            |kind: &str| self.pack.allows("director", kind, Right::Read) && self.pack.assignment(kind).is_none();
        for indicator in &self.pack.indicators {
            let name = &indicator.name;
            let parts = match &indicator.measure {
                Measure::Rate(part, whole) => vec![part, whole],
                _ => vec![name],
            };
            if parts.into_iter().all(|name| is_held(&self.pack.indicator(name).unwrap().kind)) {
                assert_eq!(numbers.now[name], now[name], "{name} is counted alike on the tablet and at the office");
                continue;
            }
            numbers.now.insert(name.clone(), now[name]);
            if !numbers.before.is_empty() {
                numbers.before.insert(name.clone(), before[name]);
            }
        }
        numbers
    }

    async fn get(&self, path: &str, query: &str) -> Vec<u8> {
        let answer = self.demo.get(DIRECTOR, &format!("/api/v1/{path}?lang=zh{query}")).await;
        assert!(answer.status.is_success(), "{path}{query}: {}", answer.status);
        answer.bytes
    }

    async fn text(&self, path: &str, query: &str) -> String {
        String::from_utf8(self.get(path, query).await).unwrap()
    }

    /// Holds the report of a period, and its workbook, to the screen's.
    async fn hold_report(&self, ask: &Ask) -> Report {
        let query = asked(ask);
        let numbers = self.numbers(ask).await;
        let screen = self.build(|b| b.report(&b.pack.reports[0], ask, COMMUNITY, &numbers));
        let shown = pieces(&screen);
        assert_eq!(word(&self.get("reports/annual.docx", &query).await), shown, "in Word, {query}");
        assert_eq!(page(&self.text("reports/annual.html", &query).await), shown, "on the page, {query}");

        let on = ask.period.to.min(self.demo.app.test.office.today());
        let workbook = self.build(|builder| builder.workbook(ask, &numbers, "director", on));
        let read = excel(self.get("reports/annual.xlsx", &query).await);
        let names: Vec<&str> = read.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, workbook.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(), "{query}");
        for (sheet, (_, rows)) in workbook.iter().zip(&read) {
            same_in_excel(sheet, rows);
        }
        // The text's figures, and what its charts add up to, are those of the workbook's first sheet.
        let in_excel = |indicator: &Indicator| -> &Data {
            let label = Data::String(indicator.label.zh.clone());
            &read[0].1.iter().find(|row| row[0] == label).expect("every indicator has its row")[1]
        };
        let mut figures = 0;
        for block in &screen.blocks {
            match block {
                Block::Chart(table) => {
                    let chart = report::chart(&self.pack, &table.name).unwrap();
                    for (column, name) in chart.figures.iter().enumerate() {
                        let indicator = self.pack.indicator(name).unwrap();
                        let sum: i64 = table.rows.iter().map(|row| row.values[column].0).sum();
                        assert_eq!(whole(in_excel(indicator), self.pack.is_money(indicator)), sum, "{}", table.name);
                    }
                }
                Block::Heading { spans, .. } | Block::Paragraph(spans) => {
                    for span in spans {
                        let Span::Figure { indicator, text } = span else { continue };
                        let indicator = self.pack.indicator(indicator).unwrap();
                        assert_eq!(*text, self.said(indicator, in_excel(indicator)), "{}", indicator.name);
                        figures += 1;
                    }
                }
            }
        }
        assert!(figures > 40, "{figures} figures of the text were looked up in Excel");
        screen
    }

    /// A cell of the workbook's figures as the report's text has it.
    fn said(&self, indicator: &Indicator, cell: &Data) -> String {
        match cell {
            Data::String(rate) => rate.clone(),
            Data::Empty => "—".into(),
            cell => report::prose(&self.pack, indicator, Figure::Number(whole(cell, self.pack.is_money(indicator)))),
        }
    }

    /// Holds a ledger's four papers to the screen's table, and says how many rows it has.
    async fn hold_ledger(&self, kind: &str, wish: Wish, query: &str) -> Sheet {
        let today = self.demo.app.test.office.today();
        let kind = self.pack.kind(kind).unwrap();
        let (found, screen) = self.build(|builder| {
            let found = builder.ledger(kind, &wish, today);
            (found.clone(), builder.sheet(kind, &found.ids))
        });
        assert_eq!(found.totals, screen.totals, "what stands below the screen's table is the table's own");
        let who = Author { account: DIRECTOR.into(), post: "director".into() };
        let office = self.demo.app.test.office.ledger(&kind.name, wish, Lang::Zh, &who).await.unwrap();
        assert_eq!(office.as_ref(), Some(&screen), "{}{query}", kind.name);

        let name = |form: &str| format!("ledgers/{}.{form}", kind.name);
        let text = self.text(&name("csv"), query).await;
        assert_eq!(text, screen.csv(), "the file that the tablet makes itself, {}{query}", kind.name);
        let mut lines = csv(&text);
        for field in lines.iter_mut().flatten() {
            assert!(!field.starts_with(['=', '@']), "{field} would run");
            // What would run is led by an apostrophe.
            if let Some(led) = field.strip_prefix('\'').filter(|led| led.starts_with(['=', '+', '-', '@'])) {
                *field = led.to_owned();
            }
        }
        let rows = screen.rows.iter().map(|row| row.iter().map(Cell::plain).collect());
        let expected: Vec<Vec<String>> = std::iter::once(screen.heads.clone()).chain(rows).collect();
        assert_eq!(lines, expected, "{}.csv{query}", kind.name);
        for (column, total) in screen.totals.iter().enumerate() {
            let Some(total) = total else { continue };
            let amount = |line: &Vec<String>| line[column].replace('.', "").parse::<i64>().unwrap_or(0);
            let (Cell::Number(total) | Cell::Fen(total)) = total else { panic!("{total:?} is no sum") };
            assert_eq!(lines[1..].iter().map(amount).sum::<i64>(), *total, "the lines add up, {}{query}", kind.name);
        }

        let workbook = excel(self.get(&name("xlsx"), query).await);
        assert_eq!(workbook.len(), 1);
        same_in_excel(&screen, &workbook[0].1);

        assert_eq!(page(&self.text(&name("html"), query).await), printed(&screen), "{}.html{query}", kind.name);
        screen
    }
}

/// What is asked for, as an address has it.
fn asked(ask: &Ask) -> String {
    let within = ask.within.as_ref().map(|(dimension, key)| format!("&within={dimension}:{key}"));
    format!("&from={}&to={}{}", days::write(ask.period.from), days::write(ask.period.to), within.unwrap_or_default())
}

/// A year's ledger, and how it is asked for.
fn ledger_of(year: i16) -> (Wish, String) {
    let period = Period::year(year).unwrap();
    let mut wish = Wish::default();
    wish.filter.period = Some(period);
    (wish, asked(&Ask::of(period)))
}

fn chart<'r>(report: &'r Report, name: &str) -> &'r ChartTable {
    let charts = report.blocks.iter().filter_map(|block| match block {
        Block::Chart(table) => Some(table),
        _ => None,
    });
    charts.into_iter().find(|table| table.name == name).unwrap_or_else(|| panic!("no chart {name}"))
}

fn text(report: &Report) -> String {
    format!("{:?}", pieces(report))
}

#[tokio::test]
async fn a_year_has_the_same_numbers_and_rows_on_the_screen_and_on_every_paper() {
    let mut both = Both::new().await;
    // The director writes a sentence of her own, and wants a chart of her officers.
    let own = "今年新添了电动车充电棚，走访{走访合计}次。\n![visits_by_officer]";
    let body = format!("{}\n{own}", both.pack.reports[0].body.zh.trim());
    both.write("work_report", json!({"title": "汇报", "from": "2009-01-01", "to": "2009-12-31", "body": body}));
    both.sync().await;

    let year = Ask::of(Period::year(2009).unwrap());
    let report = both.hold_report(&year).await;
    let Figure::Number(visits) = both.numbers(&year).await.now["visits.total"] else { panic!("a number") };
    assert!(text(&report).contains(&format!("今年新添了电动车充电棚，走访{visits}次。")), "the text is her own");
    assert!(!text(&report).contains("比上年"), "the year before is hardly kept");
    for name in ["services_by_month", "safety_by_month", "alliance_by_month"] {
        assert_eq!(chart(&report, name).rows.len(), 12, "{name} has every month");
    }
    let officers = chart(&report, "visits_by_officer");
    assert!(!officers.rows.is_empty());
    for row in &officers.rows {
        assert!(both.people.values().any(|person| *person == row.label), "{} is a person's name", row.label);
    }
    let grid = both.tablet.book.of_kind("grid").next().unwrap().id;
    both.hold_report(&Ask { within: Some(("grid".into(), grid.to_string())), ..year }).await;

    let kinds: Vec<String> = both.pack.kinds.keys().cloned().collect();
    let mut rows = 0;
    for kind in kinds.iter().filter(|kind| both.pack.allows("director", kind, Right::Read)) {
        rows += both.hold_ledger(kind, Wish::default(), "").await.rows.len();
        let (wish, query) = ledger_of(2009);
        both.hold_ledger(kind, wish, &query).await;
    }
    assert!(rows > 1500, "{rows} rows compared");
    let sorted = |field: &str, up| Wish { sort: Some((field.into(), up)), ..Wish::default() };
    let found = Wish { query: "走访".into(), ..Wish::default() };
    both.hold_ledger("service", found, "&find=%E8%B5%B0%E8%AE%BF").await;
    both.hold_ledger("aid", sorted("amount", true), "&sort=amount:up").await;
    both.hold_ledger("household", sorted("flat", false), "&sort=flat:down").await;
}

#[tokio::test]
async fn months_without_records_large_amounts_and_awkward_words_are_the_same_everywhere() {
    let mut both = Both::new().await;
    let home = both.tablet.book.of_kind("household").next().unwrap().id;
    let person = both.tablet.book.of_kind("person").find(|r| r.link("household") == Some(home)).unwrap().id;
    let app = &both.demo.app;
    both.tablet.save(app, person, "person", "name", AWKWARD.replace('\n', "").into());
    for (fen, day) in [(123_450, "2010-02-10"), (9_999_999, "2010-02-11"), (100, "2010-08-01")] {
        let paid = json!({"person": person, "household": home, "fund": "sporadic", "amount": fen, "method": "bank", "date": day});
        both.write("aid", paid);
    }
    for (day, quantity) in [("2010-02-03", 1234), ("2010-08-03", 1)] {
        let works = json!({"sort": "other", "title": AWKWARD, "to_whom": "+1+cmd|' /C calc'!A0", "state": "appeal",
            "quantity": quantity, "unit": "set", "date": day});
        both.write("works", works);
    }
    for day in ["2010-02-03", "2010-08-03", "2010-08-04"] {
        let visit = json!({"channel": "visit", "household": home, "person": person, "topic": "routine", "post": "retirees", "date": day});
        both.write("service", visit);
    }
    let body = "# {period}{community}汇报\n走访{visits.total}次{visits.total:change}。\n![services_by_month]\n![visits_by_officer]";
    let body = format!("{body}\n{}", both.pack.reports[0].body.zh.trim().trim_start_matches("# "));
    both.write("work_report", json!({"title": "汇报", "from": "2010-01-01", "to": "2010-12-31", "body": body}));
    both.sync().await;

    let year = Ask::of(Period::year(2010).unwrap());
    let report = both.hold_report(&year).await;
    let visits: Vec<i64> = chart(&report, "services_by_month").rows.iter().map(|row| row.values[1].0).collect();
    assert_eq!(visits, [4, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0], "the demo goes on into January");
    assert!(chart(&report, "visits_by_officer").rows.iter().any(|row| row.label == both.people[DIRECTOR]));
    assert!(text(&report).contains("走访7次，比上年减少"), "{}", text(&report));

    let (wish, query) = ledger_of(2010);
    let aid = both.hold_ledger("aid", wish.clone(), &query).await;
    for fen in [123_450, 9_999_999, 100] {
        assert!(aid.rows.iter().any(|row| row.contains(&Cell::Fen(fen))), "{aid:?}");
    }
    let works = both.hold_ledger("works", wish.clone(), &query).await;
    let awkward = works.rows.iter().filter(|row| row.contains(&Cell::Text(AWKWARD.into())));
    assert_eq!(awkward.count(), 2, "{works:?}");
    both.hold_ledger("service", wish, &query).await;
    both.hold_ledger("person", Wish::default(), "").await;

    // Put away, it stays as it was; the screen and the papers go on alike.
    let numbers = both.numbers(&year).await;
    let day = both.demo.app.test.office.today();
    let (kind, fields) = both.build(|b| b.version(&body, &year, COMMUNITY, &numbers, Some(day))).unwrap();
    let version = both.write(&kind, serde_json::to_value(fields).unwrap());
    both.write(
        "service",
        json!({"channel": "visit", "household": home, "topic": "routine", "post": "retirees", "date": "2010-12-24"}),
    );
    both.sync().await;
    let frozen = both.build(|builder| {
        let frozen = builder.frozen(version).unwrap();
        pieces(&builder.frozen_report(&frozen, &year, COMMUNITY))
    });
    assert!(format!("{frozen:?}").contains("走访7次，比上年减少"));
    let query = format!("{}&version={version}", asked(&year));
    assert_eq!(word(&both.get("reports/annual.docx", &query).await), frozen);
    assert_eq!(page(&both.text("reports/annual.html", &query).await), frozen);
    assert!(text(&both.hold_report(&year).await).contains("走访8次，比上年减少"));
}
