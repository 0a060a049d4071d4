//! Ten years of records on one tablet: what each screen's answer costs, natively, on one thread.
//! `cargo bench -p views --bench decade [records] [part of a name]`. Prints figures and fails at nothing: machines differ.

use std::{hint::black_box, time::Instant};

use records::{
    Context, Pack, User,
    figures::{Ask, Period},
};
use sync::{Among, Book, Record, block, count};
use views::{
    again::rounds,
    doors::{Visits, buildings},
    due::{Asker, due, due_by_rule},
    history::history,
    review::Review,
    search::{Index, Lift},
};

#[allow(dead_code, reason = "other benches make other things")]
#[path = "../../sync/benches/decade/made.rs"]
mod made;

/// Prints the median of five runs, if it was asked for.
fn told(what: &str, mut work: impl FnMut()) {
    if std::env::args().skip(1).any(|word| word.starts_with(char::is_alphabetic) && !what.contains(&word)) {
        return;
    }
    let mut spent: Vec<f64> = (0..5)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    spent.sort_by(f64::total_cmp);
    println!("{what:40} {:9.2} ms", spent[2]);
}

fn main() {
    let records: usize = std::env::args().filter_map(|arg| arg.parse().ok()).next().unwrap_or(200_000);
    let (pack, mut book) = (Pack::community(), Book::new());
    for some in made::changes(records).chunks(block::RECORDS) {
        // As they lie on a tablet: many in the memory of one block.
        let made: Vec<Record> = some.iter().map(Record::from).collect();
        book.take_all(block::decode(&block::encode(made.iter())).expect("a block"));
    }
    let today = jiff::civil::date(2026, 1, 4);
    let user = User { name: "li", post: "civil_affairs" };
    let asker = Asker { user, all: false };
    for rule in &pack.due {
        let name = format!("due: {}", rule.name);
        let count = due_by_rule(&pack, &book, today, 7, user, rule).len();
        told(&format!("{name} ({count})"), || drop(black_box(due_by_rule(&pack, &book, today, 7, user, rule))));
    }
    told("due", || drop(black_box(due(&pack, &book, today, 7, asker))));
    let promises = due(&pack, &book, today, 7, asker);
    told("door map", || {
        drop(black_box(buildings(
            &pack,
            &book,
            |_| String::new(),
            &promises,
            Visits::default().now(&pack, &book, today),
        )))
    });
    told("rounds", || drop(black_box(rounds(&pack, &book, today, user))));
    told("review", || drop(black_box(Review::default().now(&pack, &book, user.post))));
    let context = Context { today, user, lookup: &Among(|id| book.get(id)) };
    told("search index", || drop(black_box(Index::new(&pack, &book, &context))));
    let index = Index::new(&pack, &book, &context);
    for key in [
        "王",
        "w",
        "wang",
        "zx",
        "301",
        "3-2-5",
        "1398",
        "独居",
        "wgf",
        "wamg",
        "李秀兰",
        "12幢5楼王",
        "wang 12",
        "99幢 王阿姨",
    ] {
        told(&format!("search: {key}"), || drop(black_box(index.find(key, None, 20, Lift::default()))));
    }
    let homes: Vec<_> = book.of_kind("household").map(|home| home.id).take(1000).collect();
    told("histories of 1,000 households", || {
        homes.iter().for_each(|home| drop(black_box(history(&pack, &book, &[*home]))));
    });
    let year = Ask::of(Period::year(2024).expect("a year"));
    told("a year's figures", || drop(black_box(count::count(&pack, year.clone(), &book))));
}
