//! Charts as tables: figures along a dimension, each row with its label, for bars on a screen and rows on paper.

use std::{cmp::Reverse, collections::BTreeMap};

use records::{
    FieldType, Lang,
    figures::{Ask, Figure},
    order::natural,
    pack::{Indicator, MONTH, OFFICER},
    report::{self, ChartRow, ChartTable},
    words,
};
use sync::count::count_only;

use crate::{asked::Asked, builder::Builder};

impl Builder<'_> {
    /// The chart called `name`, with `whole` for one that is not broken down; `None` where it has nothing to show.
    pub fn chart(&self, name: &str, ask: &Ask, whole: &BTreeMap<String, Figure>) -> Option<ChartTable> {
        let (pack, lang) = (self.pack, self.lang);
        let chart = report::chart(pack, name)?;
        let indicators: Vec<&Indicator> = chart.figures.iter().filter_map(|name| pack.indicator(name)).collect();
        let label = |i: &Indicator| i.label.get(lang).to_owned();
        let mut table =
            ChartTable { name: name.to_owned(), caption: chart.label.get(lang).to_owned(), ..ChartTable::default() };
        let Some(by) = &chart.by else {
            let row =
                |i: &&Indicator| ChartRow { key: i.name.clone(), label: label(i), values: vec![self.value(i, whole)] };
            table.rows = indicators.iter().map(row).collect();
            return (!table.rows.is_empty()).then_some(table);
        };
        table.head = pack.dimension(by).map(|dimension| dimension.label.get(lang).to_owned()).unwrap_or_default();
        table.series = indicators.iter().map(|i| label(i)).collect();
        table.rows = self.broken_down(&indicators, ask, by);
        table.rows.iter().any(is_something).then_some(table)
    }

    /// How one figure is spread over a dimension; `None` where it lies in one place.
    pub fn spread(&self, indicator: &Indicator, ask: &Ask, by: &str) -> Option<ChartTable> {
        let caption = self.pack.dimension(by)?.label.get(self.lang).to_owned();
        let rows = self.broken_down(&[indicator], ask, by);
        (rows.len() > 1 && rows.iter().any(is_something)).then(|| ChartTable { caption, rows, ..ChartTable::default() })
    }

    /// Some indicators by the values of a dimension, a row a value: months in their order, all other values by their size.
    fn broken_down(&self, indicators: &[&Indicator], ask: &Ask, by: &str) -> Vec<ChartRow> {
        let names: Vec<&str> = indicators.iter().map(|indicator| indicator.name.as_str()).collect();
        let ask = Ask { by: Some(by.to_owned()), ..ask.clone() };
        let period = ask.period;
        let mut groups = count_only(self.pack, ask, &names, self.records).groups;
        if by == MONTH {
            for month in Asked::of(period).map(|asked| asked.months()).unwrap_or_default() {
                groups.entry(month).or_default();
            }
        }
        let row = |(key, group): (&String, &BTreeMap<String, Figure>)| ChartRow {
            key: key.clone(),
            label: self.key_name(by, key),
            values: indicators.iter().map(|i| self.value(i, group)).collect(),
        };
        let mut rows: Vec<ChartRow> = groups.iter().map(row).collect();
        // A month without records is part of the year's course; another part without any is not worth a line.
        if by != MONTH {
            let size = |row: &ChartRow| row.values.iter().map(|(value, _)| *value).sum::<i64>();
            rows.retain(is_something);
            rows.sort_by_cached_key(|row| (Reverse(size(row)), natural(&row.label)));
        }
        rows
    }

    fn value(&self, indicator: &Indicator, figures: &BTreeMap<String, Figure>) -> (i64, String) {
        let figure = figures.get(&indicator.name).copied().unwrap_or(Figure::Number(0));
        (figure.number().unwrap_or(0), figure.text(self.pack.is_money(indicator), self.lang))
    }

    /// The part's name; empty for the whole.
    pub fn place_name(&self, within: Option<&(String, String)>) -> String {
        within.map(|(dimension, key)| self.key_name(dimension, key)).unwrap_or_default()
    }

    /// A value of a dimension as it is read: 3月, 民政员, 第一网格, a colleague's name.
    pub fn key_name(&self, dimension: &str, key: &str) -> String {
        let (pack, lang) = (self.pack, self.lang);
        if key.is_empty() {
            return if lang == Lang::Zh { "未注明" } else { "Not said" }.into();
        }
        match dimension {
            MONTH => Asked::month(key).map_or_else(|| key.to_owned(), |asked| asked.period.name(lang)),
            OFFICER => self.names.person(key),
            _ => match pack.field_of(dimension) {
                Some(field) if matches!(field.r#type, FieldType::SelectMultiple(_)) => {
                    words::read(pack, field, &vec![key].into(), lang, &|_| None)
                }
                Some(field) => words::read(pack, field, &key.into(), lang, &|id| self.names.title(id)),
                None => key.to_owned(),
            },
        }
    }
}

fn is_something(row: &ChartRow) -> bool {
    row.values.iter().any(|(value, _)| *value != 0)
}

#[cfg(test)]
mod tests {
    use records::{Pack, figures::Period};

    use super::*;
    use crate::made::Made;

    #[test]
    fn a_chart_by_month_has_every_month_and_one_by_officer_their_names() {
        let (mut made, mut pack) = (Made::default(), Pack::community());
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        for day in ["2009-02-01", "2009-02-03", "2009-11-01"] {
            made.visit(home, None, day, None);
        }
        let charts = &mut pack.reports[0].charts;
        let mut by_officer = charts[0].clone();
        (by_officer.name, by_officer.by) = ("by_officer".into(), Some("officer".into()));
        charts.push(by_officer);
        let ask = Ask::of(Period::year(2009).unwrap());
        let chart = |name: &str| made.build(&pack, |builder| builder.chart(name, &ask, &BTreeMap::new()));
        let months = chart("services_by_month").unwrap();
        assert_eq!(months.rows.len(), 12);
        let visits: Vec<i64> = months.rows.iter().map(|row| row.values[1].0).collect();
        assert_eq!(visits, [0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
        let officers = chart("by_officer").unwrap();
        assert!(officers.rows.iter().all(|row| row.label.ends_with("同志")), "{officers:?}");
        assert_eq!(chart("aid_by_fund"), None, "nothing was paid");
    }

    #[test]
    fn a_figure_is_spread_over_months_in_their_order_and_over_other_parts_by_size() {
        let (mut made, pack) = (Made::default(), Pack::community());
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        for day in ["2009-02-01", "2009-02-03", "2009-11-01"] {
            made.visit(home, None, day, None);
        }
        let ask = Ask::of(Period::year(2009).unwrap());
        let visits = pack.indicator("visits.total").unwrap();
        made.build(&pack, |builder| {
            let months = builder.spread(visits, &ask, MONTH).unwrap();
            assert_eq!(months.rows.len(), 12);
            assert_eq!((&*months.rows[1].key, &*months.rows[1].label), ("2009-02", "2009年2月"));
            assert_eq!(months.rows[1].values, [(2, "2".to_owned())]);
            assert_eq!(builder.spread(visits, &ask, "building"), None, "all of it lies in one");
        });
    }
}
