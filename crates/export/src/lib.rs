//! What goes out of the register as papers and what comes into it from papers.
//!
//! Map: [`roster`] households and people from Excel and CSV.

pub mod roster;
