//! What goes out of the register as papers and what comes into it from papers.
//!
//! Map: [`roster`] households and people from Excel and CSV · [`word`] the work report as a document · [`page`] the same as a
//! page to print · [`excel`] ledgers and figures as sheets · [`poster`] codes for walls · [`xlsform`] kinds as forms of ODK,
//! out and in.

pub mod excel;
pub mod page;
pub mod poster;
pub mod roster;
pub mod word;
pub mod xlsform;

/// A text without the characters that neither XML nor HTML can say (XML 1.0, 2.2): control characters, most of all.
fn sayable(text: &str) -> String {
    let is_char = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(is_char).collect()
}

/// A text as HTML says it.
fn escaped(text: &str) -> String {
    sayable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
