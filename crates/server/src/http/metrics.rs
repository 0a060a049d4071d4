//! What the server counts about itself.

use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use axum::http::StatusCode;

use crate::office::push::Tally;

/// Counters since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    accepted: AtomicU64,
    refused: AtomicU64,
    repeated: AtomicU64,
    /// Responses by the first digit of their status.
    responses: [AtomicU64; 6],
}

impl Metrics {
    /// Counts a push.
    pub fn pushed(&self, tally: Tally) {
        self.accepted.fetch_add(tally.accepted, Relaxed);
        self.refused.fetch_add(tally.refused, Relaxed);
        self.repeated.fetch_add(tally.repeated, Relaxed);
    }

    /// Counts a response.
    pub fn responded(&self, status: StatusCode) {
        if let Some(counter) = self.responses.get(usize::from(status.as_u16() / 100)) {
            counter.fetch_add(1, Relaxed);
        }
    }

    /// All of it, in Prometheus's text form.
    pub fn text(&self, head: u64, behind: u64) -> String {
        let mut out = String::new();
        let mut family = |name: &str, kind: &str, help: &str, samples: &[(String, u64)]| {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
            for (labels, value) in samples {
                let _ = writeln!(out, "{name}{labels} {value}");
            }
        };
        let verdict = |name: &str, counter: &AtomicU64| (format!("{{verdict=\"{name}\"}}"), counter.load(Relaxed));
        let verdicts = [
            verdict("accepted", &self.accepted),
            verdict("refused", &self.refused),
            verdict("repeated", &self.repeated),
        ];
        family("linli_changes_total", "counter", "Changes pushed, by verdict.", &verdicts);
        let class = |(n, counter): (usize, &AtomicU64)| (format!("{{status=\"{n}xx\"}}"), counter.load(Relaxed));
        let responses: Vec<_> = self.responses.iter().enumerate().skip(1).map(class).collect();
        family("linli_responses_total", "counter", "Responses, by class of status.", &responses);
        family("linli_sequence", "gauge", "The community's last sequence number.", &[(String::new(), head)]);
        let help = "By how many seconds the server's clock is behind at least, as its newest records tell.";
        family("linli_clock_behind_seconds", "gauge", help, &[(String::new(), behind)]);
        out
    }
}
