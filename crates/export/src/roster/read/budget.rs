//! What reading a workbook may cost, over all its sheets: a file of a few kilobytes can ask for gigabytes, in many ways. Counted
//! before it is taken.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use super::Unreadable;

/// Most cells laid out, empty ones between others too, and written by merged areas: more than any roster has, and some hundred
/// megabytes.
pub(super) const MAX_CELLS: u64 = 4_000_000;
/// Most bytes of text, each text that the file holds once counted once.
pub(super) const MAX_TEXT: u64 = 64 << 20;

/// Says to a reading, from elsewhere, that nobody waits for it any more. Clones say it to the same.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Nobody waits any more.
    pub fn stop(&self) {
        self.0.store(true, Relaxed);
    }

    /// Whether that was said.
    pub fn is_said(&self) -> bool {
        self.0.load(Relaxed)
    }

    /// Nothing more when it was said.
    pub(super) fn look(&self) -> Result<(), Unreadable> {
        if self.is_said() { Err(Unreadable::GivenUp) } else { Ok(()) }
    }
}

/// What is left.
#[derive(Debug)]
pub(super) struct Budget<'a> {
    cells: u64,
    text: u64,
    pub stop: &'a Stop,
}

impl<'a> Budget<'a> {
    pub fn new(stop: &'a Stop) -> Self {
        Self { cells: MAX_CELLS, text: MAX_TEXT, stop }
    }

    /// So many cells more are laid out or written.
    pub fn lay(&mut self, cells: usize) -> Result<(), Unreadable> {
        self.stop.look()?;
        self.cells = self.cells.checked_sub(cells as u64).ok_or(Unreadable::TooMuch)?;
        Ok(())
    }

    /// So many bytes of text more are kept.
    pub fn keep(&mut self, bytes: usize) -> Result<(), Unreadable> {
        self.text = self.text.checked_sub(bytes as u64).ok_or(Unreadable::TooMuch)?;
        Ok(())
    }
}
