//! Every figure the 2009 work report is made of, twice: by the report's own code, and by SQL written without a look at it.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use linli_server::{
    demo::{self, Options},
    office::{Office, WallClock},
};
use records::{
    Pack,
    figures::{Ask, Figure, Period},
};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

/// What the report says in so many words (FIGURES.md, bold).
const EXACT: [(&str, i64); 23] = [
    ("window.retirees", 2412),
    ("window.social_security", 2525),
    ("window.family_planning", 1552),
    ("visits.retirees", 2266),
    ("visits.social_security", 1216),
    ("visits.family_planning", 1223),
    ("service.civil_affairs", 3088),
    ("aid.total_fen", 47_190_600),
    ("works.trees_trimmed", 897),
    ("culture.large_events", 3),
    ("education.qingpingguo.activities", 15),
    ("education.jinji_lake.people", 130),
    ("mediation.cases", 98),
    ("mediation.settled", 91),
    ("incidents.count", 5),
    ("party.members", 137),
    ("alliance.teams", 30),
    ("tours.organised", 8),
    ("tours.organised_people", 612),
    ("tours.spontaneous", 380),
    ("tours.largest_spontaneous", 30),
    ("aid.fund.minimum_living_fen", 10_398_000),
    ("aid.fund.donations_fen", 14_409_600),
];

/// What it says was more than so many.
const MORE_THAN: [(&str, i64); 6] = [
    ("health.hospital_days_min_patients", 100),
    ("education.qingpingguo.participations", 1000),
    ("migrants.registered", 1000),
    ("alliance.activities", 3000),
    ("alliance.participations", 140_000),
    ("tours.spontaneous_people", 1000),
];

/// Reads a field of a record's JSON: written once, or the latest of later writes.
fn field(name: &str) -> String {
    format!("coalesce(json_extract(state, '$.set.{name}'), json_extract(state, '$.later.{name}.heads[#-1].value'))")
}

/// `count(*)`, `sum(…)` and such over a kind's records that were not taken back. `{x}` in the texts is the field `x`.
fn sql(kind: &str, what: &str, when: &str) -> String {
    let mut filled =
        format!("SELECT coalesce({what}, 0) FROM record WHERE kind = '{kind}' AND {{_void}} IS NULL AND {when}");
    while let Some((before, rest)) = filled.split_once('{') {
        let (name, after) = rest.split_once('}').expect("a closing brace");
        filled = format!("{before}{}{after}", field(name));
    }
    filled
}

/// The same figures by hand.
fn by_hand() -> Vec<(&'static str, String)> {
    let year = "{date} BETWEEN '2009-01-01' AND '2009-12-31'";
    let count = |kind: &str, when: &str| sql(kind, "count(*)", &format!("{when} AND {year}"));
    let sum =
        |kind: &str, field: &str, when: &str| sql(kind, &format!("sum({{{field}}})"), &format!("{when} AND {year}"));
    let mut all = Vec::new();
    for (name, post) in [
        ("window.retirees", "retirees"),
        ("window.social_security", "social_security"),
        ("window.family_planning", "family_planning"),
    ] {
        all.push((name, count("service", &format!("{{post}} = '{post}' AND {{channel}} = 'window'"))));
    }
    for (name, post) in [
        ("visits.retirees", "retirees"),
        ("visits.social_security", "social_security"),
        ("visits.family_planning", "family_planning"),
    ] {
        all.push((name, count("service", &format!("{{post}} = '{post}' AND {{channel}} = 'visit'"))));
    }
    let team = "{team} IS NOT NULL";
    let tour = |who: &str| format!("{{sort}} = 'tour' AND {{organised}} = '{who}'");
    let green = "{series} = 'qingpingguo'";
    let here = "{arrived_on} <= '2009-12-31' AND coalesce({left_on}, '9') > '2009-12-31'";
    let member = "json_extract(state, '$.sets.labels.party_member[1]') = 1 AND coalesce({state}, 'living_here') IN ('living_here', 'away') \
                  AND coalesce({party_since}, '') <= '2009-12-31'";
    all.extend([
        ("service.civil_affairs", count("service", "{post} = 'civil_affairs'")),
        ("aid.total_fen", sum("aid", "amount", "1")),
        (
            "works.trees_trimmed",
            sql(
                "works",
                "sum({quantity})",
                "{sort} = 'tree_trimming' AND {state} = 'done' AND {done_on} LIKE '2009-%'",
            ),
        ),
        ("culture.large_events", count("activity", "{circle} = 'culture' AND {large} = 1")),
        (
            "health.hospital_days_min_patients",
            sql("activity", "min({heads})", &format!("{{series}} = 'hospital_day' AND {year}")),
        ),
        ("education.qingpingguo.activities", count("activity", green)),
        ("education.qingpingguo.participations", sum("activity", "heads", green)),
        ("education.jinji_lake.people", sum("activity", "heads", "{place} LIKE '%金鸡湖%'")),
        ("migrants.registered", sql("migrant", "count(DISTINCT {person})", here)),
        (
            "migrants.valid_permits",
            sql("migrant", "count(DISTINCT {person})", &format!("{here} AND {{permit_until}} >= '2009-12-31'")),
        ),
        ("patrols.count", count("patrol", "1")),
        ("mediation.cases", count("mediation", "1")),
        ("mediation.settled", count("mediation", "{outcome} = 'settled'")),
        ("incidents.count", count("incident", "1")),
        ("party.members", sql("person", "count(*)", member)),
        (
            "alliance.teams",
            sql("team", "count(*)", "coalesce({since}, '') <= '2009-12-31' AND coalesce({until}, '9') > '2009-12-31'"),
        ),
        ("alliance.activities", count("activity", team)),
        ("alliance.participations", sum("activity", "heads", team)),
        ("tours.organised", count("activity", &tour("organised"))),
        ("tours.organised_people", sum("activity", "heads", &tour("organised"))),
        ("tours.spontaneous", count("activity", &tour("spontaneous"))),
        ("tours.spontaneous_people", sum("activity", "heads", &tour("spontaneous"))),
        ("tours.largest_spontaneous", sql("activity", "max({heads})", &format!("{} AND {year}", tour("spontaneous")))),
        ("corrections.talks", count("talk", "1")),
        ("safety.bicycle_alarms", sum("handout", "count", "{item} = 'bicycle_alarm'")),
        ("tasks.closed", count("task", "{state} = 'closed'")),
    ]);
    for (name, fund) in [
        ("aid.fund.minimum_living_fen", "minimum_living"),
        ("aid.fund.severe_disability_fen", "severe_disability"),
        ("aid.fund.emergency_fen", "emergency"),
        ("aid.fund.sporadic_fen", "sporadic"),
        ("aid.fund.hanshan_temple_fen", "hanshan_temple"),
        ("aid.fund.neighbourly_fen", "neighbourly"),
        ("aid.fund.school_aid_fen", "school_aid"),
        ("aid.fund.donations_fen", "donations"),
    ] {
        all.push((name, sum("aid", "amount", &format!("{{fund}} = '{fund}'"))));
    }
    all
}

fn clock() -> WallClock {
    Arc::new(|| 1_795_406_400_000)
}

async fn open(folder: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.join("linli.db")).read_only(true);
    SqliteConnection::connect_with(&options).await.expect("the database")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_figure_of_the_report_comes_out_of_records_and_is_counted_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::found(folder.path(), demo::COMMUNITY, Pack::community(), clock()).await.expect("an office");
    demo::build(&office, Options::default(), |_| ()).await.expect("a community");
    let year = Period::year(2009).expect("a year");
    let figures = office.figures(Ask::of(year)).await.expect("figures").whole;
    let number = |name: &str| figures[name].number().unwrap_or_else(|| panic!("{name} is no number"));
    for (name, wanted) in EXACT {
        assert_eq!(number(name), wanted, "{name}");
    }
    for (name, bound) in MORE_THAN {
        assert!(number(name) > bound, "{name} is {}", number(name));
    }
    assert_eq!(figures["mediation.settled_rate"].permille(), Some(928), "cut, not rounded");
    assert!(figures["migrants.valid_permit_rate"].permille().is_some_and(|rate| (900..1000).contains(&rate)));
    let funds: i64 =
        figures.iter().filter(|(name, _)| name.starts_with("aid.fund.")).filter_map(|(_, f)| f.number()).sum();
    assert_eq!(funds, 47_190_600, "the funds add up to all");

    let mut database = open(folder.path()).await;
    for (name, sql) in by_hand() {
        let counted: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql.clone()))
            .fetch_one(&mut database)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}: {sql}"));
        assert_eq!(number(name), counted, "{name} by hand");
    }

    // Over its months, and over its grids with what lies in none, the year adds up.
    for by in ["month", "grid"] {
        let broken = office.figures(Ask { by: Some(by.into()), ..Ask::of(year) }).await.expect("figures");
        assert_eq!(broken.whole, figures, "broken down or not");
        for name in ["service.civil_affairs", "aid.total_fen", "visits.retirees", "works.asked", "mediation.cases"] {
            let parts: BTreeMap<&str, i64> =
                broken.groups.iter().map(|(key, group)| (key.as_str(), group[name].number().unwrap_or(0))).collect();
            assert_eq!(Figure::Number(parts.values().sum()), figures[name], "{name} by {by}: {parts:?}");
        }
    }
}
