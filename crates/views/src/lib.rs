//! What screens and papers show, worked out without either: pure functions over records and the pack.

pub mod act;
pub mod again;
pub mod asked;
pub mod board;
pub mod builder;
pub mod bulk;
pub mod chart;
pub mod doors;
pub mod due;
pub mod follow;
pub mod gone;
pub mod habit;
pub mod history;
pub mod ledger;
#[cfg(test)]
pub mod made;
pub mod many;
pub mod pick;
pub mod plain;
mod question;
pub mod report;
pub mod review;
pub mod roster;
pub mod search;
pub mod sift;
pub mod told;
pub mod walk;
mod when;
pub mod workbook;
pub mod years;
