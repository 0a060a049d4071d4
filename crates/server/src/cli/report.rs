//! `linli report`.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use records::{Pack, figures::Period};

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
        let figures = office.figures(Period { from: self.from, to: self.to }).await?;
        match self.format {
            Format::Json => println!("{}", serde_json::to_string_pretty(&figures)?),
            Format::Text => lines(&office.pack(), &figures).iter().for_each(|line| println!("{line}")),
        }
        office.close().await;
        Ok(())
    }
}

/// The figures in the pack's order, by their label; sums are in yuan and fen.
fn lines(pack: &Pack, figures: &BTreeMap<String, i64>) -> Vec<String> {
    let line = |indicator: &records::pack::Indicator| {
        let figure = figures.get(&indicator.name).copied().unwrap_or_default();
        let is_money = indicator.sum.as_deref().is_some_and(|sum| {
            let field = pack.kind(&indicator.kind).and_then(|kind| kind.field(sum));
            field.is_some_and(|field| field.r#type == records::FieldType::Money)
        });
        let figure = if is_money {
            let sign = if figure < 0 { "-" } else { "" };
            let fen = figure.unsigned_abs();
            format!("{sign}{}.{:02}", fen / 100, fen % 100)
        } else {
            figure.to_string()
        };
        format!("{figure:>14}  {}  {}", indicator.label.zh, indicator.label.en)
    };
    pack.indicators.iter().map(line).collect()
}
