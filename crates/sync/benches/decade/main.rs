//! Ten years of records on one tablet: what each step of opening, counting and saving costs, natively, on one thread, in
//! processor time.
//! `cargo bench -p sync --bench decade [records]`. Prints figures and fails at nothing: machines differ.

use std::{collections::BTreeMap, hint::black_box};

use records::{
    Pack,
    figures::{Ask, Period},
};
use sync::{Book, Record, block, count};

#[allow(dead_code, reason = "tests make other things")]
mod made;

/// Time this thread had a processor for: what others do on the machine is not in it.
#[derive(Clone, Copy)]
struct Processor(std::time::Instant, Option<u64>);

impl Processor {
    fn now() -> Self {
        Self(std::time::Instant::now(), Self::nanos())
    }

    fn nanos() -> Option<u64> {
        std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
    }

    fn elapsed(self) -> std::time::Duration {
        match (self.1, Self::nanos()) {
            (Some(from), Some(to)) => std::time::Duration::from_nanos(to - from),
            _ => self.0.elapsed(),
        }
    }
}

fn main() {
    let records: usize = std::env::args().filter_map(|arg| arg.parse().ok()).next().unwrap_or(200_000);
    let start = Processor::now();
    let told = |what: &str, start: Processor| println!("{what:40} {:9.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    let changes = made::changes(records);
    told("made", start);
    let start = Processor::now();
    let all: Vec<Record> = changes.iter().map(Record::from).collect();
    told("records from changes", start);
    let start = Processor::now();
    let mut kinds: BTreeMap<String, Vec<&Record>> = BTreeMap::new();
    all.iter().for_each(|record| kinds.entry(record.kind.to_string()).or_default().push(record));
    let blocks: Vec<Vec<u8>> = kinds
        .values()
        .flat_map(|records| records.chunks(block::RECORDS).map(|some| block::encode(some.iter().copied())))
        .collect();
    told("encoded into blocks", start);
    let bytes: usize = blocks.iter().map(Vec::len).sum();
    println!("{} blocks, {:.1} MB, {} bytes a record", blocks.len(), bytes as f64 / 1e6, bytes / records);

    let start = Processor::now();
    let sum = all.iter().fold(0u64, |sum, record| sum.wrapping_add(block::digest(record)));
    told(&format!("digests ({})", black_box(sum) % 10), start);
    drop(all);

    let start = Processor::now();
    let mut decoded = 0;
    for block in &blocks {
        decoded += black_box(block::decode(block).expect("a block")).len();
    }
    told(&format!("decoded {decoded}, one block at a time"), start);

    let start = Processor::now();
    let mut book = Book::new();
    for block in &blocks {
        book.take_all(block::decode(block).expect("a block"));
    }
    told("decoded and taken into a book", start);

    let pack = Pack::community();
    for year in (2016..2026).filter(|year| year % 9 == 0 || std::env::var_os("ALL_YEARS").is_some()) {
        let ask = Ask::of(Period::year(year).expect("a year"));
        let start = Processor::now();
        let figures = count::count(&pack, ask, &book);
        told(&format!("a year's figures ({})", figures.whole.len()), start);
    }
    let households: Vec<_> = book.of_kind("household").map(|r| r.id).collect();
    let start = Processor::now();
    let events: usize = households.iter().map(|id| book.pointing_at(*id).count()).sum();
    told(&format!("all {} households' links, {events}", households.len()), start);
}
