//! The work report's prose: every figure in its place, in both languages, and nothing lost of what was written.

use std::collections::BTreeMap;

use records::{
    Context, Lang, NoOthers, Pack, User, check,
    figures::{Figure, Period},
    report::{Block, ChartTable, Facts, Report, Sort, Span, labelled, named, render, strange},
};

fn figures(of: &[(&str, Figure)]) -> BTreeMap<String, Figure> {
    of.iter().map(|(name, figure)| ((*name).to_owned(), *figure)).collect()
}

fn filled(body: &str, now: &[(&str, Figure)], then: &[(&str, Figure)], lang: Lang) -> Report {
    let pack = Pack::community();
    let (now, then) = (figures(now), figures(then));
    let period = Period::year(2009).unwrap();
    let facts = Facts { pack: &pack, figures: &now, before: &then, period, community: "友新社区", place: "", lang };
    render(body, &facts, &|name| Some(ChartTable { name: name.to_owned(), ..ChartTable::default() }))
}

fn line(body: &str, now: &[(&str, Figure)], then: &[(&str, Figure)], lang: Lang) -> String {
    let report = filled(body, now, then, lang);
    let Some(Block::Paragraph(spans)) = report.blocks.first() else { panic!("no paragraph: {report:?}") };
    spans.iter().map(Span::text).collect()
}

const NUMBER: fn(i64) -> Figure = Figure::Number;

#[test]
fn figures_stand_in_prose_as_an_office_writes_them() {
    let now = [
        ("window.retirees", NUMBER(2412)),
        ("aid.total_fen", NUMBER(47_190_600)),
        ("aid.fund.donations_fen", NUMBER(50)),
        ("mediation.settled_rate", Figure::Rate { part: 91, whole: 98 }),
    ];
    let body = "窗口{window.retirees}次，发放{aid.total_fen}元，赞助{aid.fund.donations_fen}元，成功率{mediation.settled_rate}。";
    assert_eq!(line(body, &now, &[], Lang::Zh), "窗口2412次，发放471906元，赞助0.50元，成功率92.8%。");
}

#[test]
fn a_figure_can_be_named_by_its_label_and_opens_to_its_indicator() {
    let report = filled("退管员{退管员窗口服务}次", &[("window.retirees", NUMBER(3))], &[], Lang::Zh);
    let figure = Span::Figure { indicator: "window.retirees".into(), text: "3".into() };
    assert_eq!(report.blocks, [Block::Paragraph(vec![Span::Text("退管员".into()), figure, Span::Text("次".into())])]);
}

#[test]
fn a_change_is_a_clause_and_nothing_where_there_is_nothing_to_compare() {
    let said = |now, then, lang| {
        line("走访{visits.total:change}。", &[("visits.total", NUMBER(now))], &[("visits.total", NUMBER(then))], lang)
    };
    assert_eq!(said(12, 2, Lang::Zh), "走访，比上年增加10。");
    assert_eq!(said(2, 12, Lang::Zh), "走访，比上年减少10。");
    assert_eq!(said(2, 2, Lang::Zh), "走访，与上年持平。");
    assert_eq!(said(12, 0, Lang::Zh), "走访。", "a first year has none to compare with");
    assert_eq!(said(0, 0, Lang::Zh), "走访。");
    assert_eq!(said(12, 2, Lang::En), "走访, 10 more than the year before。");
    let rates = |now| [("mediation.settled_rate", Figure::Rate { part: now, whole: 1000 })];
    let body = "率{mediation.settled_rate:change}";
    assert_eq!(line(body, &rates(928), &rates(900), Lang::Zh), "率，比上年增加2.8个百分点");
}

#[test]
fn headings_are_numbered_as_the_standard_says() {
    let report = filled(
        "# {period}{community}汇报\n## 甲\n### 一件\n### 又一件\n## 乙\n### 头一件\n#### 细目",
        &[],
        &[],
        Lang::Zh,
    );
    assert_eq!(report.title, "2009年友新社区汇报");
    let numbers: Vec<&str> = report
        .blocks
        .iter()
        .map(|block| match block {
            Block::Heading { number, .. } => number.as_str(),
            _ => "",
        })
        .collect();
    assert_eq!(numbers, ["一、", "（一）", "（二）", "二、", "（一）", "1."]);
}

#[test]
fn what_is_not_known_is_found_with_its_line_and_what_may_be_meant_and_is_never_printed_as_it_stands() {
    let pack = Pack::community();
    let body = "# {period}\n\n走访{service.visits}次\n{这个}和{visits.totl}\n剩{开着\n多}了\n![services_by_mont]\n![half\n{period:change}";
    let found: Vec<(usize, String, Sort)> =
        strange(&pack, body).into_iter().map(|one| (one.line, one.written, one.sort)).collect();
    let expected = [
        (3, "{service.visits}", Sort::Figure),
        (4, "{这个}", Sort::Figure),
        (4, "{visits.totl}", Sort::Figure),
        (5, "{开着", Sort::Half),
        (6, "}", Sort::Half),
        (7, "![services_by_mont]", Sort::Chart),
        (8, "![half", Sort::Half),
        (9, "{period:change}", Sort::Figure),
    ];
    assert_eq!(found, expected.map(|(line, written, sort)| (line, written.to_owned(), sort)));
    let near = |body: &str| strange(&pack, body)[0].near.iter().map(|i| i.name.as_str()).collect::<Vec<_>>();
    assert_eq!(near("{visits.totl}")[0], "visits.total");
    assert_eq!(near("{走访}").first(), near("{走访合计次数}").first(), "by a part of its label");
    let meant = near("{service.visits}");
    assert!(meant.iter().any(|name| name.starts_with("visits.")), "{meant:?}");
    let report = filled(body, &[], &[], Lang::Zh);
    let spans = report.blocks.iter().flat_map(|block| match block {
        Block::Paragraph(spans) | Block::Heading { spans, .. } => spans.clone(),
        Block::Chart(_) => Vec::new(),
    });
    let text: String = spans.map(|span| span.text().to_owned()).collect();
    assert!(!text.contains(['{', '}']) && text.contains("〔没有“service.visits”这个数字〕"), "{text}");
}

#[test]
fn a_place_is_one_however_its_braces_are_typed() {
    let now = [("visits.total", NUMBER(12))];
    for body in ["走{visits.total}次", "走｛visits.total｝次", "走{ visits.total }次", "走｛走访合计}次"]
    {
        assert_eq!(line(body, &now, &[], Lang::Zh), "走12次", "{body}");
        assert_eq!(named(&Pack::community(), body)[0].name, "visits.total");
    }
    assert_eq!(line("走｛visits.total：change｝", &now, &[("visits.total", NUMBER(2))], Lang::Zh), "走，比上年增加10");
}

#[test]
fn a_text_that_names_no_figure_is_refused_where_it_is_kept() {
    let pack = Pack::community();
    let context = Context {
        today: jiff::civil::date(2026, 11, 30),
        user: User { name: "zhuren", post: "director" },
        lookup: &NoOthers,
    };
    let problems = |body: &str| {
        let fields = serde_json::json!({"title": "汇报", "from": "2009-01-01", "to": "2009-12-31", "body": body});
        check(&pack, "work_report", &serde_json::from_value(fields).unwrap(), &context)
    };
    assert_eq!(problems(&pack.reports[0].body.zh), []);
    let refused = problems("# 汇报\n走访{visits.totl}次");
    assert_eq!((refused[0].code.as_str(), refused[0].field.as_deref()), ("figure_name", Some("body")));
    assert!(refused[0].message.zh.contains("第 2 行“{visits.totl}”没有这个数字，是不是“走访合计”"), "{refused:?}");
    assert!(refused[0].message.en.contains("line 2"), "{refused:?}");
}

#[test]
fn a_text_opened_for_editing_says_the_same() {
    let pack = Pack::community();
    for template in &pack.reports {
        for (lang, body) in [(Lang::Zh, &template.body.zh), (Lang::En, &template.body.en)] {
            let edited = labelled(&pack, body, lang);
            assert!(strange(&pack, &edited).is_empty() && !edited.contains("{visits."), "{edited}");
            let now: Vec<(&str, Figure)> =
                pack.indicators.iter().enumerate().map(|(at, i)| (i.name.as_str(), NUMBER(at as i64 + 1))).collect();
            assert_eq!(filled(&edited, &now, &[], lang), filled(body, &now, &[], lang));
        }
    }
}

#[test]
fn every_figure_of_the_seed_stands_in_the_report() {
    let pack = Pack::community();
    for name in [
        "window.retirees",
        "window.social_security",
        "window.family_planning",
        "visits.retirees",
        "visits.social_security",
        "visits.family_planning",
        "service.civil_affairs",
        "aid.total_fen",
        "works.trees_trimmed",
        "culture.large_events",
        "health.hospital_days_min_patients",
        "education.qingpingguo.activities",
        "education.qingpingguo.participations",
        "education.jinji_lake.people",
        "migrants.registered",
        "migrants.valid_permit_rate",
        "patrols.count",
        "mediation.cases",
        "mediation.settled",
        "mediation.settled_rate",
        "incidents.count",
        "party.members",
        "alliance.teams",
        "alliance.activities",
        "alliance.participations",
        "tours.organised",
        "tours.organised_people",
        "tours.spontaneous",
        "tours.spontaneous_people",
    ] {
        assert!(pack.indicator(name).is_some(), "{name}");
        for template in &pack.reports {
            for body in [&template.body.zh, &template.body.en] {
                assert!(body.contains(&format!("{{{name}}}")), "{name} is not in the report's text");
            }
        }
    }
    let funds = pack.choices["aid.fund"].iter().map(|fund| format!("aid.fund.{}_fen", fund.name));
    assert!(funds.into_iter().all(|name| pack.indicator(&name).is_some()));
}
