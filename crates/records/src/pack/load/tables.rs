//! The tables of a pack beside kinds and posts: indicators, dimensions, due rules, actions, reports.

use super::super::{
    Action, Again, Chart, Dimension, Due, DueRule, Follow, Gone, Indicator, Measure, Path, Template, Walk, row::Row,
};

/// `[[indicator]]`; in a kind's file it is over that kind.
pub(super) fn indicators(row: &mut Row<'_>, kind: Option<&str>) -> Vec<Indicator> {
    row.tables("indicator").into_iter().map(|table| row.within(table, None, |row| indicator(row, kind))).collect()
}

fn indicator(row: &mut Row<'_>, kind: Option<&str>) -> Indicator {
    let name = row.must("name");
    row.place.field = Some(format!("indicator {name}"));
    let measure = measure(row);
    let kind = match (&measure, kind) {
        (Measure::Rate(..), _) => String::new(),
        (_, Some(kind)) => kind.to_owned(),
        (_, None) => row.must("kind"),
    };
    let indicator = Indicator {
        name,
        label: row.must_both("label"),
        measure,
        kind,
        date: row.text("date"),
        standing: row.flag("standing"),
        filter: row.expression("filter"),
        unit: row.both("unit"),
        stopped: row.flag("stopped"),
    };
    row.end();
    indicator
}

fn measure(row: &mut Row<'_>) -> Measure {
    let rate = row.list("rate");
    let (sum, distinct, min, max) = (row.text("sum"), row.text("distinct"), row.text("min"), row.text("max"));
    let said = [!rate.is_empty(), sum.is_some(), distinct.is_some(), min.is_some(), max.is_some()];
    if said.iter().filter(|said| **said).count() > 1 {
        row.note("has more than one of `rate`, `sum`, `distinct`, `min` and `max`; a figure is one of them");
    }
    match (rate.as_slice(), sum, distinct, min, max) {
        ([part, whole], ..) => Measure::Rate(part.clone(), whole.clone()),
        ([], Some(field), ..) => Measure::Sum(field),
        ([], _, Some(path), ..) => Measure::Distinct(Path(path)),
        ([], _, _, Some(field), _) => Measure::Min(field),
        ([], .., Some(field)) => Measure::Max(field),
        ([], ..) => Measure::Count,
        _ => {
            row.note("`rate` names two indicators: [\"mediation.settled\", \"mediation.cases\"]");
            Measure::Count
        }
    }
}

/// `[[dimension]]`.
pub(super) fn dimension(row: &mut Row<'_>) -> Dimension {
    let name = row.must("name");
    row.place.field = Some(format!("dimension {name}"));
    let dimension = Dimension { name, label: row.must_both("label") };
    row.end();
    dimension
}

/// `[[due]]`; in a kind's file it is over that kind.
pub(super) fn dues(row: &mut Row<'_>, kind: Option<&str>) -> Vec<Due> {
    row.tables("due").into_iter().map(|table| row.within(table, None, |row| due(row, kind))).collect()
}

fn due(row: &mut Row<'_>, kind: Option<&str>) -> Due {
    let name = row.must("name");
    row.place.field = Some(format!("due {name}"));
    let due = Due {
        name,
        label: row.must_both("label"),
        kind: kind.map_or_else(|| row.must("kind"), Into::into),
        filter: row.expression("filter"),
        rule: rule(row),
        posts: row.list("posts"),
        stopped: row.flag("stopped"),
    };
    row.end();
    due
}

fn rule(row: &mut Row<'_>) -> DueRule {
    let (promise, until, every) = (row.text("promise"), row.text("until"), row.whole("every"));
    let days = |days: i64| u32::try_from(days).ok().filter(|days| (1..=3660).contains(days));
    match (promise, until, every) {
        (Some(date), None, None) => DueRule::Promise { date, about: row.list("about") },
        (None, Some(date), None) => {
            let ahead = row.whole("ahead").unwrap_or(30);
            DueRule::Until { date, ahead: u32::try_from(ahead).unwrap_or_default() }
        }
        (None, None, Some(every)) => {
            if days(every).is_none() {
                row.note("`every` is a number of days from 1 to 3660");
            }
            let (by, about) = (row.must("by"), row.list("about"));
            DueRule::Every { days: days(every).unwrap_or(30), by, about, kept: row.expression("kept") }
        }
        _ => {
            row.note("needs one of `promise` (a date field), `every` (days) and `until` (a date field)");
            DueRule::Until { date: String::new(), ahead: 0 }
        }
    }
}

/// `[[action]]` of a kind.
pub(super) fn action(row: &mut Row<'_>) -> Action {
    let name = row.must("name");
    row.place.field = Some(format!("action {name}"));
    let action = Action {
        name,
        label: row.must_both("label"),
        icon: row.text("icon"),
        when: row.expression("when"),
        posts: row.list("posts"),
        set: row.expressions("set"),
        stamp: row.text("stamp"),
        ask: row.list("ask"),
        makes: row.text("makes"),
        link: row.text("link"),
    };
    row.end();
    action
}

/// A `[[follow]]` of a kind.
pub(super) fn follow(row: &mut Row<'_>) -> Follow {
    row.place.field = Some("follow".into());
    let follow = Follow { at: row.must("at"), when: row.expression("when"), set: row.expressions("set") };
    row.end();
    follow
}

/// `[again]` of a kind.
pub(super) fn again(row: &mut Row<'_>) -> Again {
    row.place.field = Some("again".into());
    let again =
        Again { per: row.must("per"), ask: row.list("ask"), keep: row.list("keep"), keeper: row.text("keeper") };
    row.end();
    again
}

/// `[walk]` of a kind.
pub(super) fn walk(row: &mut Row<'_>) -> Walk {
    row.place.field = Some("walk".into());
    let walk = Walk {
        ask: row.list("ask"),
        start: row.must("start"),
        minutes: row.must("minutes"),
        points: row.must("points"),
        found: row.text("found"),
        trace: row.text("trace"),
    };
    row.end();
    walk
}

/// `[gone]` of a kind.
pub(super) fn gone(row: &mut Row<'_>) -> Gone {
    row.place.field = Some("gone".into());
    let gone = Gone {
        when: row.expression("when"),
        with: row.text("with"),
        said: row.expression("said"),
        here: row.must_both("here"),
        label: row.must_both("label"),
    };
    row.end();
    gone
}

/// `reports/<name>.toml`.
pub(super) fn template(name: &str, row: &mut Row<'_>) -> Template {
    row.place.field = Some(format!("report {name}"));
    let template = Template {
        name: name.to_owned(),
        label: row.must_both("label"),
        body: row.must_both("body"),
        charts: row.tables("chart").into_iter().map(|table| row.within(table, None, chart)).collect(),
    };
    row.end();
    template
}

fn chart(row: &mut Row<'_>) -> Chart {
    let name = row.must("name");
    row.place.field = Some(format!("chart {name}"));
    let chart = Chart { name, label: row.must_both("label"), figures: row.list("figures"), by: row.text("by") };
    row.end();
    chart
}
