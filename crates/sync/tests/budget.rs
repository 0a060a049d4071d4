//! What a record may cost, in bytes and in instructions: figures that do not depend on who else uses the machine. A path that
//! grows beyond its budget fails by name; one that becomes cheaper has its budget taken down by hand.

#[path = "../benches/decade/made.rs"]
#[allow(dead_code, reason = "the bench makes more")]
mod made;

use std::{alloc::System, hint::black_box, process::Command, sync::Mutex};

use records::{
    Context, Pack, User,
    figures::{Ask, Period},
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use sync::{Among, Book, Change, Record, block, count, judge::judge};

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Memory is counted for the whole program.
static ALONE: Mutex<()> = Mutex::new(());

const RECORDS: usize = 3000;

fn blocks(changes: &[Change]) -> Vec<Vec<u8>> {
    let mut records: Vec<Record> = changes.iter().map(Record::from).collect();
    records.sort_by(|a, b| a.kind.cmp(&b.kind));
    records.chunks(block::RECORDS).map(block::encode).collect()
}

fn open(blocks: &[Vec<u8>], records: usize) -> Book {
    let mut book = Book::new();
    book.reserve(records);
    // The newest first, as a tablet opens.
    blocks.iter().rev().for_each(|block| book.take_all(block::reopen(block).expect("a block")));
    book
}

/// Bytes a record takes in an open book with all its indexes, and on a disk before it is sealed.
#[test]
fn a_record_takes_no_more_than_its_bytes() {
    let _alone = ALONE.lock().unwrap_or_else(|broken| broken.into_inner());
    let records = 20_000;
    let blocks = blocks(&made::changes(records));
    let region = Region::new(COUNTED);
    let book = open(&blocks, records);
    let held = region.change();
    let bytes = (held.bytes_allocated - held.bytes_deallocated) / records;
    let stored = blocks.iter().map(Vec::len).sum::<usize>() / records;
    assert_eq!(book.len(), records);
    println!("memory: {bytes} bytes a record; disk: {stored}");
    assert!(bytes <= MEMORY, "in memory a record takes {bytes} bytes, its budget is {MEMORY}");
    assert!(stored <= DISK, "in blocks a record takes {stored} bytes, its budget is {DISK}");
}

const MEMORY: usize = 470;
const DISK: usize = 77;

/// Instructions, in thousands, of each path over [`RECORDS`] records, with a tenth to spare.
const BUDGETS: [(&str, u64); 6] =
    [("decode", 32_000), ("reopen", 15_100), ("take", 15_400), ("join", 313_000), ("judge", 265_000), ("count", 9_700)];

/// What is measured happens in here and nowhere else.
#[inline(never)]
fn budget_is_spent_here<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// Spends one budget; run by the test below under callgrind.
#[test]
#[ignore = "is run by another test"]
fn spend() {
    let changes = made::changes(RECORDS);
    let blocks = blocks(&changes);
    let pack = Pack::community();
    match std::env::var("LINLI_BUDGET").as_deref().unwrap_or_default() {
        "decode" => {
            budget_is_spent_here(|| blocks.iter().for_each(|block| drop(black_box(block::decode(block)))));
        }
        "reopen" => {
            budget_is_spent_here(|| blocks.iter().for_each(|block| drop(black_box(block::reopen(block)))));
        }
        "take" => {
            let records: Vec<_> = blocks.iter().map(|block| block::decode(block).expect("a block")).collect();
            let mut book = Book::new();
            budget_is_spent_here(|| records.into_iter().rev().for_each(|some| book.take_all(some)));
        }
        "join" => {
            let states = changes.iter().map(|change| {
                let mut later = change.clone();
                later.clock = change.clock.tick(0, change.clock.device());
                (Record::from(change), Record::from(&later))
            });
            let states: Vec<_> = states.collect();
            budget_is_spent_here(|| states.into_iter().for_each(|(mut one, other)| one.join(other)));
        }
        "judge" => {
            let book = open(&blocks, RECORDS);
            budget_is_spent_here(|| {
                for change in &changes {
                    let user = User { name: &change.author, post: "director" };
                    let context =
                        Context { today: jiff::civil::date(2026, 1, 1), user, lookup: &Among(|id| book.get(id)) };
                    let _ = black_box(judge(&pack, change, None, &context));
                }
            });
        }
        "count" => {
            let book = open(&blocks, RECORDS);
            let period = Period::year(2020).expect("a year");
            budget_is_spent_here(|| count::count(&pack, Ask::of(period), &book));
        }
        other => panic!("no budget is called {other:?}"),
    }
}

#[test]
fn hot_paths_keep_to_their_instructions() {
    let _alone = ALONE.lock().unwrap_or_else(|broken| broken.into_inner());
    let own = std::env::current_exe().expect("this program");
    let mut over = Vec::new();
    for (name, budget) in BUDGETS {
        let run = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*budget_is_spent_here*"])
            .arg(&own)
            .args(["--exact", "spend", "--ignored"])
            .env("LINLI_BUDGET", name)
            .output()
            .expect("valgrind: `cargo xtask test` installs it");
        let said = String::from_utf8_lossy(&run.stderr);
        let counted = said.lines().find_map(|line| line.split("Collected :").nth(1)?.trim().parse::<u64>().ok());
        let spent = counted.unwrap_or_else(|| panic!("callgrind counted nothing of {name}: {said}")) / 1000;
        println!("{name}: {spent} thousand instructions of {budget}");
        if spent > budget {
            over.push(format!("{name} spends {spent} thousand instructions, its budget is {budget}"));
        }
    }
    assert!(over.is_empty(), "{}", over.join("\n"));
}
