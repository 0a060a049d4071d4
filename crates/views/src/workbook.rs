//! The report's workbook: a sheet with every figure, then a sheet a ledger with the records behind them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use records::{
    Kind, Lang, Right,
    figures::{Ask, Figure, Period},
    ledger::{Cell, Filter, Sheet},
    pack::Indicator,
};

use crate::{builder::Builder, ledger::Wish, report::Numbers};

impl Builder<'_> {
    /// The figures and the ledgers behind them that `post` may read and that have rows. Registers stand whole, as of the day
    /// `on`; what came day by day, where it falls into the period.
    pub fn workbook(&self, ask: &Ask, numbers: &Numbers, post: &str, on: Date) -> Vec<Sheet> {
        let filter = Filter { period: Some(ask.period), at: ask.within.clone().into_iter().collect(), presence: None };
        let wish = Wish { filter, ..Wish::default() };
        let mut kinds: Vec<&Kind> = Vec::new();
        for kind in self.pack.offered().filter_map(|indicator| self.pack.kind(&indicator.kind)) {
            let is_there = kinds.iter().any(|other| other.name == kind.name);
            if !is_there && self.pack.allows(post, &kind.name, Right::Read) {
                kinds.push(kind);
            }
        }
        let ledgers = kinds.into_iter().map(|kind| self.sheet(kind, &self.ledger(kind, &wish, on).ids));
        std::iter::once(self.figure_sheet(ask.period, numbers))
            .chain(ledgers.filter(|sheet| !sheet.rows.is_empty()))
            .collect()
    }

    /// Every indicator with its figure and that of the period before.
    fn figure_sheet(&self, period: Period, numbers: &Numbers) -> Sheet {
        let (pack, lang) = (self.pack, self.lang);
        let cell = |indicator: &Indicator, all: &BTreeMap<String, Figure>| match all.get(&indicator.name) {
            Some(Figure::Number(fen)) if pack.is_money(indicator) => Cell::Fen(*fen),
            Some(Figure::Number(number)) => Cell::Number(*number),
            Some(Figure::Nothing) | None => Cell::Empty,
            Some(rate) => Cell::Text(rate.text(false, lang)),
        };
        let row = |i: &Indicator| {
            vec![Cell::Text(i.label.get(lang).to_owned()), cell(i, &numbers.now), cell(i, &numbers.before)]
        };
        let words = |zh: &str, en: &str| if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() };
        let before = period.before().map(|before| before.name(lang)).unwrap_or_default();
        Sheet {
            name: words("数字", "Figures"),
            heads: vec![words("指标", "Indicator"), period.name(lang), before],
            rows: pack.offered().map(row).collect(),
            totals: vec![None; 3],
            total: String::new(),
        }
    }
}
