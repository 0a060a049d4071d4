//! What the server counts about itself, in Prometheus's text form. Numbers and routes only: no account, no device, no record.

use std::{
    collections::BTreeMap,
    fmt::Write,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use axum::http::StatusCode;

use super::App;
use crate::{db::Fault, office::push::Tally};

/// Upper ends of the spans that answers are counted in, in milliseconds.
const SPANS: [u64; 12] = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000];
/// How long what is looked up in the database is told again, since anyone may ask.
const KEPT: Duration = Duration::from_secs(30);

/// Counters since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    accepted: AtomicU64,
    refused: AtomicU64,
    repeated: AtomicU64,
    /// Responses by the first digit of their status.
    responses: [AtomicU64; 6],
    /// How long answers took, by route.
    spans: Mutex<BTreeMap<String, Spans>>,
    backup: Mutex<Option<(Instant, Option<u64>)>>,
}

/// How long the answers of a route took.
#[derive(Debug, Default)]
struct Spans {
    /// As many as fit a span and no shorter one; the last is of all longer ones.
    counts: [u64; SPANS.len() + 1],
    millis: u64,
}

/// The page, while it is written.
#[derive(Default)]
struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str, samples: &[(String, u64)]) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for (labels, value) in samples {
            let _ = writeln!(self.0, "{name}{labels} {value}");
        }
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl Into<Option<u64>>) {
        if let Some(value) = value.into() {
            self.family(name, "gauge", help, &[(String::new(), value)]);
        }
    }
}

impl Metrics {
    /// Counts a push.
    pub fn pushed(&self, tally: Tally) {
        self.accepted.fetch_add(tally.accepted, Relaxed);
        self.refused.fetch_add(tally.refused, Relaxed);
        self.repeated.fetch_add(tally.repeated, Relaxed);
    }

    /// Counts a response: of a route as it is written in the code, never as it was asked for.
    pub fn responded(&self, route: &str, status: StatusCode, millis: u64) {
        if let Some(counter) = self.responses.get(usize::from(status.as_u16() / 100)) {
            counter.fetch_add(1, Relaxed);
        }
        let mut all = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        let spans = match all.get_mut(route) {
            Some(spans) => spans,
            None => all.entry(route.to_owned()).or_default(),
        };
        spans.counts[SPANS.iter().position(|end| millis <= *end).unwrap_or(SPANS.len())] += 1;
        spans.millis += millis;
    }

    fn counters(&self, page: &mut Page) {
        let verdict = |name: &str, counter: &AtomicU64| (format!("{{verdict=\"{name}\"}}"), counter.load(Relaxed));
        let verdicts = [
            verdict("accepted", &self.accepted),
            verdict("refused", &self.refused),
            verdict("repeated", &self.repeated),
        ];
        page.family("linli_changes_total", "counter", "Changes pushed, by verdict.", &verdicts);
        let class = |(n, counter): (usize, &AtomicU64)| (format!("{{status=\"{n}xx\"}}"), counter.load(Relaxed));
        let responses: Vec<_> = self.responses.iter().enumerate().skip(1).map(class).collect();
        page.family("linli_responses_total", "counter", "Responses, by class of status.", &responses);
        page.family("linli_answer_seconds", "histogram", "How long answers took to begin, by route.", &[]);
        let all = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        for (route, Spans { counts, millis }) in &*all {
            let mut sum = 0;
            for (count, end) in counts.iter().zip(SPANS) {
                sum += count;
                let (whole, part) = (end / 1000, end % 1000);
                let _ =
                    writeln!(page.0, "linli_answer_seconds_bucket{{route=\"{route}\",le=\"{whole}.{part:03}\"}} {sum}");
            }
            let all: u64 = counts.iter().sum();
            let _ = writeln!(page.0, "linli_answer_seconds_bucket{{route=\"{route}\",le=\"+Inf\"}} {all}");
            let (whole, part) = (millis / 1000, millis % 1000);
            let _ = writeln!(page.0, "linli_answer_seconds_sum{{route=\"{route}\"}} {whole}.{part:03}");
            let _ = writeln!(page.0, "linli_answer_seconds_count{{route=\"{route}\"}} {all}");
        }
    }

    /// When the last backup was begun, as it was a moment ago.
    async fn last_backup(&self, app: &App) -> Result<Option<u64>, Fault> {
        let known = *self.backup.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, at)) = known.filter(|(asked, _)| asked.elapsed() < KEPT) {
            return Ok(at);
        }
        let at = app.office.last_backup().await?;
        *self.backup.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), at));
        Ok(at)
    }
}

/// All of it.
pub async fn page(app: &App) -> String {
    let mut page = Page::default();
    app.metrics.counters(&mut page);
    page.gauge("linli_sequence", "The community's last sequence number.", *app.office.news().borrow());
    let help = "By how many seconds the server's clock is behind at least, as its newest records tell.";
    page.gauge("linli_clock_behind_seconds", help, app.office.behind() / 1000);
    page.gauge("linli_streams", "Streams of events that are open.", app.streams.count());
    let help = "First syncs that wait for blocks to be made.";
    page.gauge("linli_blocks_wanted", help, app.office.snapshots_wanted());
    if let Some(folder) = app.folder.clone() {
        let (free, log) = tokio::task::spawn_blocking(move || (free(&folder), log(&folder))).await.unwrap_or_default();
        page.gauge("linli_disk_free_bytes", "Room left where the data folder is.", free);
        page.gauge("linli_wal_bytes", "SQLite's write-ahead log.", log);
    }
    // Without a word from the database the rest is still worth something.
    if let Ok(Some(at)) = app.metrics.last_backup(app).await {
        let age = app.office.now().saturating_sub(at) / 1000;
        page.gauge("linli_backup_age_seconds", "Since the last backup was begun; not there before the first.", age);
    }
    page.0
}

/// Bytes that may still be written.
#[cfg(unix)]
fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free(_: &Path) -> Option<u64> {
    None
}

fn log(folder: &Path) -> Option<u64> {
    std::fs::metadata(folder.join("linli.db-wal")).ok().map(|file| file.len())
}
