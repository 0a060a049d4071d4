//! Kinds as XLSForm workbooks, out and in. Reading one changes nothing: what it is made of is published as any pack is.

use std::sync::Arc;

use export::xlsform::{Finding, Imported, NotAForm, Outcome, import_until};
use records::{Pack, pack::workshop::Edit};
use sync::wire::{FormFinding, FormOutcome, FormRead};

use super::{Office, roster::beside_until};
use crate::db::Fault;

impl Office {
    /// A workbook read over a pack; `file` is what it is called.
    pub async fn read_form(
        &self,
        pack: Arc<Pack>,
        file: &str,
        bytes: Vec<u8>,
    ) -> Result<Result<Imported, NotAForm>, Fault> {
        let file = file.to_owned();
        let turn = self.rosters.reading().await;
        beside_until(move |stop| {
            let _turn = turn;
            import_until(&pack, &file, &bytes, stop)
        })
        .await
    }
}

/// What was read over a pack, in the words of the wire.
pub fn told(pack: &Pack, imported: Imported) -> Result<FormRead, serde_json::Error> {
    let edits = imported.edits(pack, &[]).iter().map(Edit::to_value).collect();
    let Imported { kind, choices, findings, is_new } = imported;
    let findings = findings.into_iter().map(finding).collect();
    Ok(FormRead { kind: serde_json::to_value(kind)?, choices: serde_json::to_value(choices)?, findings, is_new, edits })
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
