//! Kinds as XLSForm workbooks, out and in. Reading one changes nothing: what it is made of is published as any pack is.

use export::xlsform::{Finding, Imported, NotAForm, Outcome, import};
use sync::wire::{FormFinding, FormOutcome, FormRead};

use super::{Office, roster::beside};
use crate::db::Fault;

impl Office {
    /// A workbook read over the pack in force; `file` is what it is called.
    pub async fn read_form(&self, file: &str, bytes: Vec<u8>) -> Result<Result<Imported, NotAForm>, Fault> {
        let (pack, file) = (self.pack(), file.to_owned());
        beside(move || import(&pack, &file, &bytes)).await
    }
}

/// What was read, in the words of the wire.
pub fn told(imported: Imported) -> Result<FormRead, serde_json::Error> {
    let Imported { kind, choices, findings, is_new } = imported;
    let findings = findings.into_iter().map(finding).collect();
    Ok(FormRead { kind: serde_json::to_value(kind)?, choices: serde_json::to_value(choices)?, findings, is_new })
}

/// One finding, likewise.
pub fn finding(finding: Finding) -> FormFinding {
    let Finding { sheet, cell, written, outcome, code, words } = finding;
    let outcome = match outcome {
        Outcome::Refused => FormOutcome::Refused,
        Outcome::PassedOver => FormOutcome::PassedOver,
        Outcome::Changed => FormOutcome::Changed,
    };
    FormFinding { sheet, cell, written, outcome, code: code.to_owned(), words }
}
