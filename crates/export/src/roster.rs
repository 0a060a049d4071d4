//! Rosters in: households and people from the Excel and CSV files that communities keep.
//!
//! Three steps, all pure: [`read()`] makes cells of bytes, [`guess()`] says what the columns mean, [`plan()`] says what
//! importing would do to the register, row by row. Nothing is ever doubled: the same file planned over the register it
//! was imported into plans nothing.
//!
//! Map: [`sheet`] cells and their addresses · [`mod@read`] bytes to sheets · [`roles`] which of the pack's fields are the
//! door and the person · [`target`] what a column may mean · [`headings`] the words columns are headed with · [`mod@guess`]
//! · [`place`] addresses in one cell · [`value`] a cell as a field keeps it · [`register`] who is there already · [`mod@plan`].

pub mod guess;
pub mod headings;
pub mod place;
pub mod plan;
pub mod read;
pub mod register;
pub mod roles;
pub mod sheet;
pub mod target;
pub mod value;

pub use guess::{Column, Guess, guess};
pub use plan::{Choices, Counts, Difference, Outcome, Plan, Planned, RowProblem, RowResult, plan};
pub use read::{Stop, Unreadable, read, read_until};
pub use register::Register;
pub use roles::Roles;
pub use sheet::{Cell, Sheet, address};
pub use target::Target;
