//! How long to wait, and why.

use records::Problem;

use crate::wire::Verdict;

/// Why an effect did not come off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The device has no network at all: nothing was sent.
    NoNetwork,
    /// No answer, or none to its end: the line was cut or fell silent, no server is there.
    Offline,
    /// 401: the session has ended; the queue stays until someone signs in.
    SignIn,
    /// 403: signed in, but the device or account may not sync.
    Forbidden,
    /// 426: this app is too old for the server.
    TooOld,
    /// 426: the server is too old for this app.
    TooNew,
    /// 429 or 503 with the seconds to wait.
    Busy(u32),
    /// 400, 413 or another answer of the server's own that says the request itself is wrong.
    Refused,
    /// 413 of something on the way: it lets nothing so large pass.
    TooLarge,
    /// 502 to 504 of something on the way: it does not reach the server.
    Gateway,
    /// An answer that is not the server's: a network that wants a sign-in of its own, another machine at the address.
    Strange,
    /// 5xx of the server's own.
    Server,
    /// The tablet has no room to keep it.
    Full,
    /// The tablet's own store failed.
    Store,
}

impl Failure {
    /// Whether a smaller request might have got through. Where nothing was sent or the answer was a no, it would not.
    pub(super) fn may_be_of_size(self) -> bool {
        match self {
            Self::Offline | Self::Busy(_) | Self::Refused | Self::TooLarge => true,
            Self::Gateway | Self::Strange | Self::Server => true,
            Self::NoNetwork | Self::SignIn | Self::Forbidden | Self::TooOld | Self::TooNew => false,
            Self::Full | Self::Store => false,
        }
    }
}

const SECOND: u64 = 1000;

/// Milliseconds between rounds when all is well: about a minute, spread so that tablets do not arrive together.
pub(super) fn between_rounds(noise: u64) -> u64 {
    45 * SECOND + noise % (30 * SECOND)
}

/// Milliseconds to wait after the `failures`-th failure in a row: doubling from two seconds to five minutes, half of it
/// random, never less than the server asked for.
pub(super) fn after(failure: Failure, failures: u32, noise: u64) -> u64 {
    let full = match failure {
        Failure::Forbidden | Failure::TooOld | Failure::TooNew | Failure::Refused | Failure::TooLarge => 300 * SECOND,
        _ => (SECOND << failures.clamp(1, 9)).min(300 * SECOND),
    };
    let asked = if let Failure::Busy(seconds) = failure { u64::from(seconds) * SECOND } else { 0 };
    asked + full / 2 + noise % (full / 2)
}

/// The [`Problem::code`] of a change that the server could not read at all, so that only this tablet has it.
pub const UNREADABLE: &str = "unreadable";

/// The verdict on a change that the server cannot read at all.
pub(super) fn unreadable() -> Verdict {
    let problem = Problem::new(
        UNREADABLE,
        "办公室的服务器读不了这条记录，请打开看一下，改好再存。",
        "The office server cannot read this record. Please open it, mend it and save it again.",
    );
    Verdict::Refused { problems: vec![problem] }
}
