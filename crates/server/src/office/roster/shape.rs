//! The reading and the plan in the words of the wire.

use std::collections::BTreeMap;

use export::roster::{Counts, Guess, Outcome, Plan, Roles, Sheet, Target, address, target};
use sync::wire::{
    RosterColumn, RosterCounts, RosterDifference, RosterLine, RosterOutcome, RosterPlan, RosterProblem, RosterRow,
    RosterSheet, RosterTarget,
};

/// Rows shown of each sheet, and characters of a cell.
const FIRST: usize = 20;
const LONGEST_SHOWN: usize = 120;

/// The sheet that looks most like a roster, all sheets, and what their columns may mean.
pub(super) fn upload(
    roles: &Roles<'_>,
    sheets: &[Sheet],
    guesses: &[Guess],
) -> (u32, Vec<RosterSheet>, Vec<RosterTarget>) {
    let best = guesses.iter().enumerate().max_by_key(|(at, guess)| (guess.score, guess.rows, std::cmp::Reverse(*at)));
    let told = sheets.iter().zip(guesses).map(|(sheet, guess)| one(sheet, guess)).collect();
    let beside = guesses.iter().flat_map(|guess| &guess.columns).filter_map(|column| match column.target {
        Some(Target::Beside { nth, .. }) => Some(nth),
        _ => None,
    });
    let beside = (2..=beside.max().unwrap_or(1)).flat_map(|nth| target::offered_beside(roles, nth));
    let targets = target::offered(roles).into_iter().chain(beside);
    let targets = targets.map(|target| RosterTarget { name: target.to_string(), label: target.label(roles) });
    (best.map_or(0, |(at, _)| count(at)), told, targets.collect())
}

fn one(sheet: &Sheet, guess: &Guess) -> RosterSheet {
    let below = guess.heading_row.map_or(0, |row| row + 1);
    let rows = (below..sheet.rows.len()).filter(|row| !sheet.is_blank(*row)).take(FIRST);
    let column = |column: &export::roster::Column| RosterColumn {
        index: count(column.index),
        heading: begun(&column.heading),
        address: address(guess.heading_row.unwrap_or(0), column.index),
        target: column.target.as_ref().map(ToString::to_string),
        sample: column.sample.clone(),
    };
    let line = |row: usize| RosterLine {
        row: count(row + 1),
        cells: guess.columns.iter().map(|column| begun(&sheet.cell(row, column.index).shown())).collect(),
    };
    RosterSheet {
        name: sheet.name.clone(),
        heading_row: guess.heading_row.map_or(0, |row| count(row + 1)),
        rows: count(guess.rows),
        columns: guess.columns.iter().map(column).collect(),
        first: rows.map(line).collect(),
    }
}

/// A text as it is shown in a table: of a long one its beginning. A merged area shows one in thousands of cells.
fn begun(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The plan.
pub(super) fn plan(plan: Plan) -> RosterPlan {
    let Plan { problems, differences, rows, counts: counted, .. } = plan;
    let problem = |p: export::roster::RowProblem| RosterProblem {
        address: address(p.row, p.column.unwrap_or(0)),
        row: count(p.row + 1),
        value: p.value,
        holds: p.holds,
        problem: p.problem,
    };
    let difference = |d: export::roster::Difference| RosterDifference {
        address: address(d.row, d.column.unwrap_or(0)),
        record: d.record,
        kind: d.kind,
        field: d.field,
        register: d.register,
        file: d.file,
        is_imported: d.is_imported,
        takes_file: d.takes_file,
    };
    let row =
        |r: export::roster::RowResult| RosterRow { row: count(r.row + 1), outcome: outcome(r.outcome), title: r.title };
    RosterPlan {
        counts: counts(&counted),
        problems: problems.into_iter().map(problem).collect(),
        differences: differences.into_iter().map(difference).collect(),
        rows: rows.into_iter().map(row).collect(),
    }
}

/// How many of what.
pub(super) fn counts(counts: &Counts) -> RosterCounts {
    let kinds = |of: &BTreeMap<String, usize>| of.iter().map(|(kind, n)| (kind.clone(), count(*n))).collect();
    RosterCounts {
        rows: count(counts.rows),
        create: kinds(&counts.create),
        update: kinds(&counts.update),
        outcomes: counts.outcomes.iter().map(|(of, n)| (outcome(*of), count(*n))).collect(),
        differences: count(counts.differences),
        mended: count(counts.mended),
        left_out: count(counts.left_out),
    }
}

fn outcome(outcome: Outcome) -> RosterOutcome {
    match outcome {
        Outcome::Create => RosterOutcome::Create,
        Outcome::Update => RosterOutcome::Update,
        Outcome::Unchanged => RosterOutcome::Unchanged,
        Outcome::Repeated => RosterOutcome::Repeated,
        Outcome::Held => RosterOutcome::Held,
        Outcome::Skipped => RosterOutcome::Skipped,
    }
}

pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
