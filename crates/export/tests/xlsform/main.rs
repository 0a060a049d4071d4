//! Kinds as XLSForm workbooks and back: what goes out comes in the same and is what ODK takes; what comes in from elsewhere
//! works or is named by its cell.

mod book;
mod doc;
mod fixtures;
mod forms;
mod hostile;
mod idioms;
mod judge;
mod named;
mod round;
