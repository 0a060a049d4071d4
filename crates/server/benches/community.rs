//! The demo community's records as one account's tablet holds them, as lines of JSON: what the peers of `cargo xtask bench`
//! are filled with. `cargo bench -p linli-server --bench community -- FILE HOUSEHOLDS YEARS ACCOUNT`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{BufWriter, Write},
};

use linli_server::demo::{Options, plan};
use records::{Fields, Pack, RecordId, pack::Nature};
use serde_json::json;
use sync::{Bucket, Record};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [file, households, years, account] = &words[..] else { return println!("FILE HOUSEHOLDS YEARS ACCOUNT") };
    let pack = Pack::community();
    let options = Options { households: number(households), years: number(years), ..Options::default() };
    let made = plan(&pack, options).expect("a plan");
    let post = made.accounts.iter().find(|a| a.name == account).expect("an account of the demo").post;
    let mut all: BTreeMap<RecordId, Record> = BTreeMap::new();
    for change in made.batches.iter().flat_map(|batch| &batch.changes) {
        all.entry(change.record).and_modify(|record| record.apply(change)).or_insert_with(|| change.into());
    }
    let scope: BTreeSet<Bucket> = Bucket::scope(&pack, post, account).into_iter().collect();
    let elsewhere = |id: RecordId, field: &str| all.get(&id)?.value(field);
    let is_held = |record: &&Record| scope.contains(&Bucket::holding(&pack, record, &elsewhere));
    let mut held: Vec<&Record> = all.values().filter(is_held).collect();
    // The register before what happens, as a tablet gets it.
    held.sort_by_key(|record| (pack.kind(&record.kind).is_some_and(|k| k.nature == Nature::Fact), record.made));
    let mut out = BufWriter::new(File::create(file).expect("a file to write to"));
    for record in held {
        let mut fields: Fields = record.values();
        fields.insert("id".into(), json!(record.id));
        fields.insert("kind".into(), json!(record.kind.to_string()));
        writeln!(out, "{}", json!(fields)).expect("room for the file");
    }
}

fn number(word: &str) -> usize {
    word.parse().expect("a number")
}
