//! `linli report`.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use records::{
    Lang, Pack,
    figures::{Ask, Figure, Period},
    pack::Indicator,
};

use super::{Data, Failure};

/// Print the figures of the work report, out of the records.
#[derive(Args, Debug)]
pub struct Report {
    #[command(flatten)]
    data: Data,
    /// First day, such as 2009-01-01.
    #[arg(long, value_name = "DAY")]
    from: Date,
    /// Last day, included.
    #[arg(long, value_name = "DAY")]
    to: Date,
    /// JSON keyed by indicator, or lines to read.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Json,
    Text,
}

impl Report {
    pub(super) async fn run(self) -> Result<(), Failure> {
        if self.from > self.to {
            return Err(format!("the period ends before it begins: {} is after {}", self.from, self.to).into());
        }
        let office = self.data.office().await?;
        let figures = office.figures(Ask::of(Period { from: self.from, to: self.to })).await?.whole;
        match self.format {
            Format::Json => println!("{}", serde_json::to_string_pretty(&figures)?),
            Format::Text => lines(&office.pack(), &figures).iter().for_each(|line| println!("{line}")),
        }
        office.close().await;
        Ok(())
    }
}

/// The figures in the pack's order, by their label; money in yuan and fen.
fn lines(pack: &Pack, figures: &BTreeMap<String, Figure>) -> Vec<String> {
    let line = |indicator: &Indicator| {
        let figure = figures.get(&indicator.name).copied().unwrap_or(Figure::Nothing);
        let figure = figure.text(pack.is_money(indicator), Lang::Zh);
        format!("{figure:>14}  {}  {}", indicator.label.zh, indicator.label.en)
    };
    pack.offered().map(line).collect()
}
