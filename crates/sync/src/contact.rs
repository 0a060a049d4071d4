//! What a tablet knows of the time: its own clock, which may be wrong, and the office's when both last spoke.

use serde::{Deserialize, Serialize};

/// A day in milliseconds.
pub const DAY: u64 = 86_400_000;
/// The difference of two clocks that is worth a word.
pub const NOTABLE: u64 = 5 * 60_000;
/// Days without anybody touching the tablet after which its clock is to be looked at.
const LONG: u64 = 7 * DAY;
/// A clock that was put right is taken at its word when it leads back to within this of the last contact, and the correction
/// would lead further away.
const NEAR: u64 = 30 * DAY;

/// Both clocks at one moment, the office's last answer, in milliseconds since 1970 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The office's.
    pub office: u64,
    /// The tablet's.
    pub device: u64,
    /// The tablet's, the latest time it was used since.
    pub used: u64,
}

/// Why what the tablet takes for the time may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The clock differs from the office's, which is gone by.
    Differs,
    /// The clock was put back, or lost its battery: it reads earlier than what has been already.
    Behind,
    /// The clock has gone on by more than a week since anyone used the tablet.
    Leapt,
}

impl Contact {
    /// An answer of the office.
    pub fn new(office: u64, device: u64) -> Self {
        Self { office, device, used: device }
    }

    /// What time it is when the tablet's clock reads `reading`: by what both clocks differed. Never earlier than the contact.
    pub fn now(&self, reading: u64) -> u64 {
        let corrected = reading.saturating_add(self.office).saturating_sub(self.device);
        let is_put_right = reading >= self.office
            && (corrected < self.office || (reading < self.office + NEAR && corrected > self.office + NEAR));
        if is_put_right { reading } else { corrected.max(self.office) }
    }

    /// Whether [`Contact::now`] is to be looked at before something is dated by it.
    pub fn doubt(&self, reading: u64) -> Option<Doubt> {
        let now = self.now(reading);
        if reading.saturating_add(NOTABLE) < self.used && now == self.office {
            return Some(Doubt::Behind);
        }
        if reading.abs_diff(now) > NOTABLE {
            return Some(Doubt::Differs);
        }
        (reading.saturating_sub(self.used) > LONG).then_some(Doubt::Leapt)
    }
}
