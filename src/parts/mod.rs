//! Pieces of screens that several pages share. No I/O.

pub mod actions;
pub mod bars;
pub mod clock_notice;
pub mod corrections;
pub mod drop;
pub mod file;
pub mod form;
pub mod frame;
pub mod icon;
pub mod known;
pub mod masked;
pub mod offline;
pub mod one_tap;
pub mod paper;
pub mod print;
pub mod refused;
pub mod round;
pub mod scan;
pub mod search;
pub mod stamp;
pub mod sync_line;
pub mod timeline;
pub mod trace;
pub mod twice;
pub mod unsent;
pub mod whole;
