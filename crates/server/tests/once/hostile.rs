//! Hostile input: whatever bytes come in by the wire, in a block, a pack, an expression or a roster are answered or refused,
//! soon, and never bring anything down.
//!
//! Each target mutates sound input for a few seconds, always from the same seed; `LINLI_FUZZ_SECONDS=600 cargo test --release
//! -p linli-server --test hostile` goes on for longer, `LINLI_FUZZ_SEED` begins elsewhere. What fails is printed as it was.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use crate::support::{TestApp, change, record};
use axum::{body::Body, http::Request};
use export::{excel, roster};
use linli_server::demo::{self, Options, dice::Dice};
use records::{
    Context, Fields, NoOthers, Pack, User,
    expression::{Expression, Scope},
    ledger::{Cell, Sheet},
    pack::COMMUNITY,
};
use serde_json::{Value, json};
use sync::{Record, block};

/// Longest that one input may take, in a debug build on a busy machine.
const LONGEST: Duration = Duration::from_secs(5);

/// Some to many changes to one of the seeds: bits, cuts, repeats, pieces of other seeds, and words that the target knows.
fn mutated(dice: &mut Dice, seeds: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
    let mut bytes = seeds[dice.below(seeds.len())].clone();
    for _ in 0..1 + dice.below(6) {
        let at = dice.below(bytes.len());
        let length = dice.below(40).min(bytes.len() - at.min(bytes.len()));
        match dice.below(8) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << dice.below(8),
            1 if !bytes.is_empty() => bytes[at] = dice.pick(&[0, 1, 0x7f, 0x80, 0xff, b'"', b'\n', b'-']),
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..at + length)),
            4 => {
                let piece = bytes[at..at + length].to_vec();
                let many = 1 + dice.below(60);
                bytes.splice(at..at, piece.repeat(many));
            }
            5 => {
                let other = &seeds[dice.below(seeds.len())];
                let from = dice.below(other.len());
                let to = (from + dice.below(200)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            6 => drop(bytes.splice(at..at, dice.pick(words).bytes())),
            _ => drop(bytes.splice(at..at, dice.pick(words).repeat(1 + dice.below(3000)).into_bytes())),
        }
    }
    bytes.truncate(1 << 20);
    bytes
}

/// Feeds `target` for its time; an input that panics, that it calls wrong, or that takes too long is printed.
fn fuzz(seeds: &[Vec<u8>], words: &[&str], target: impl Fn(&[u8]) -> Result<(), String>) {
    let asked = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let (seconds, seed) = (asked("LINLI_FUZZ_SECONDS").unwrap_or(4), asked("LINLI_FUZZ_SEED").unwrap_or(2009));
    let mut dice = Dice::new(seed);
    // Kept before it is tried: what ends the whole process or never comes back lies there, too.
    let kept = tempfile::Builder::new().prefix("linli-hostile-").tempfile().unwrap();
    for seed in seeds {
        target(seed).unwrap_or_else(|wrong| panic!("a sound seed: {wrong}"));
    }
    let (began, mut runs) = (Instant::now(), 0_u64);
    // At least some however busy the machine is, or it would show nothing.
    while began.elapsed() < Duration::from_secs(seconds) || runs < 10 {
        let bytes = mutated(&mut dice, seeds, words);
        std::fs::write(&kept, &bytes).unwrap();
        let start = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| target(&bytes))).unwrap_or_else(|_| Err("a panic".into()));
        let took = start.elapsed();
        let outcome = if took > LONGEST { Err(format!("it took {took:?}")) } else { outcome };
        if let Err(wrong) = outcome {
            let path = kept.into_temp_path().keep().unwrap();
            let begins = String::from_utf8_lossy(&bytes[..bytes.len().min(400)]).into_owned();
            panic!("{wrong}; seed {seed}, input {runs}, {} bytes in {}: {begins:?}", bytes.len(), path.display());
        }
        runs += 1;
    }
    println!("{runs} inputs");
}

fn texts(all: &[&str]) -> Vec<Vec<u8>> {
    all.iter().map(|text| text.as_bytes().to_vec()).collect()
}

const JSON: &[&str] = &[
    "[",
    "{\"a\":",
    "null",
    "1e999",
    "-1",
    "18446744073709551616",
    "\"\\u0000\"",
    "\"\\ud800\"",
    ",",
    "\"set\":",
    "\"__proto__\"",
    "9007199254740993",
    "\"add\":{\"tags\":[\"x\"]}",
];

#[test]
fn anything_on_the_wire_is_answered_and_what_is_kept_stays_readable() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let app = runtime.block_on(TestApp::new());
    let session = runtime.block_on(app.sign_in("wang"));
    let sync = |changes: Value| {
        json!({"device": crate::support::DEVICE, "schema": 1, "cursor": null, "changes": changes}).to_string()
    };
    let cursor = json!({"epoch": "e", "seq": 3, "scope": "open/note resident/visit", "schema": 1});
    let seeds = [
        sync(json!([change(1, record(1), "甲"), change(2, record(2), "乙")])),
        sync(json!([])).replace("null", &cursor.to_string()),
        json!({"ids": [block::BlockId::of(b"x")]}).to_string(),
        json!({"account": "wang", "password": "x", "device": crate::support::DEVICE, "device_name": "平板"})
            .to_string(),
    ];
    let paths = ["/api/v1/sync", "/api/v1/sync", "/api/v1/blocks", "/api/v1/session"];
    fuzz(&seeds.map(String::into_bytes), JSON, |bytes| {
        let path = paths[bytes.len() % paths.len()];
        let request = Request::post(path).header("cookie", &session).header("content-type", "application/json");
        let answer = runtime.block_on(app.send(request.body(Body::from(bytes.to_vec())).unwrap()));
        if answer.status.is_server_error() {
            Err(format!("{path}: {} {}", answer.status, answer.text()))
        } else {
            Ok(())
        }
    });
    // Whatever was taken in can be given out again.
    let zhu = runtime.block_on(app.sign_in_on("zhu", sync::DeviceId(77)));
    let body = json!({"device": sync::DeviceId(77), "schema": 1, "cursor": null, "changes": []});
    let answer = runtime.block_on(app.post("/api/v1/sync", &zhu, &body));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(runtime.block_on(app.get("/api/v1/quarantine", &zhu)).status, 200);
}

#[test]
fn any_bytes_are_a_block_or_none() {
    let plan = demo::plan(&Pack::community(), Options { seed: 7, households: 8, ..Options::default() }).unwrap();
    let records: Vec<Record> =
        plan.batches.iter().flat_map(|batch| &batch.changes).take(120).map(Record::from).collect();
    let block = block::encode(&records);
    let version = block[0];
    // Past the version stands the body's length, seven bits a byte.
    let at = 2 + block[1..].iter().take_while(|byte| **byte & 0x80 != 0).count();
    let body = miniz_oxide::inflate::decompress_to_vec(&block[at..]).unwrap();
    // As the first version wrote it, without a length; tablets and servers that were updated still hold such.
    let first = include_bytes!("../../../sync/tests/blocks/first_form.block");
    let old = miniz_oxide::inflate::decompress_to_vec(&first[1..]).unwrap();
    let holds = |bytes: Vec<u8>| {
        let Ok(records) = block::decode(&bytes) else { return Ok(()) };
        let again = block::decode(&block::encode(&records)).map_err(|e| e.to_string())?;
        if again == records { Ok(()) } else { Err("it does not read as it was written".to_owned()) }
    };
    // Mutated inside: damage to the packed bytes is seen by the unpacking already.
    let words = ["\u{0}", "\u{1}", "ÿ", "\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}"];
    fuzz(&[body], &words, |body| {
        let packed = miniz_oxide::deflate::compress_to_vec(body, 1);
        holds([vec![version], seven_bits(body.len()), packed].concat())
    });
    fuzz(&[old], &words, |body| holds([vec![first[0]], miniz_oxide::deflate::compress_to_vec(body, 1)].concat()));
    let zeros = miniz_oxide::deflate::compress_to_vec(&vec![0; 2 * block::MAX_BODY], 1);
    for bomb in [
        [vec![first[0]], zeros.clone()].concat(),
        [vec![version], seven_bits(2 * block::MAX_BODY), zeros.clone()].concat(),
        [vec![version], seven_bits(100), zeros].concat(),
    ] {
        assert!(block::decode(&bomb).is_err(), "{} bytes that unpack to {}", bomb.len(), 2 * block::MAX_BODY);
    }
}

/// A length as blocks hold it.
fn seven_bits(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

#[test]
fn any_text_is_a_pack_or_a_list_of_what_is_wrong_with_it() {
    let seeds: Vec<Vec<u8>> = COMMUNITY.iter().map(|(_, text)| text.as_bytes().to_vec()).collect();
    let words = [
        "[[field]]\n",
        "type = \"repeat\"\n",
        "${",
        "[",
        "{",
        "\"\"\"",
        "required = ",
        "if(",
        "= [[",
        "assigned = \"person\"\n",
        "name = \"name\"\n",
    ];
    fuzz(&seeds, &words, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return Ok(()) };
        let name = if text.contains("[[post]]") { "pack.toml" } else { "kinds/service.toml" };
        let mut files: BTreeMap<&str, &str> = COMMUNITY.iter().copied().collect();
        files.insert(name, text);
        let files: Vec<(&str, &str)> = files.into_iter().collect();
        match Pack::load(&files) {
            Ok(pack) => {
                let json = serde_json::to_string(&pack).map_err(|e| e.to_string())?;
                let again: Pack = serde_json::from_str(&json).map_err(|e| e.to_string())?;
                if again == pack { Ok(()) } else { Err("it does not survive the wire".into()) }
            }
            Err(problems)
                if problems.iter().all(|p| !p.file.is_empty() && !p.message.is_empty()) && !problems.is_empty() =>
            {
                Ok(())
            }
            Err(problems) => Err(format!("refused without a reason: {problems:?}")),
        }
    });
    let json = serde_json::to_string(&Pack::community()).unwrap().into_bytes();
    fuzz(&[json], JSON, |bytes| {
        drop(serde_json::from_slice::<Pack>(bytes));
        Ok(())
    });
}

#[test]
fn any_expression_is_worked_out_or_refused() {
    let seeds = texts(&[
        "if(${age} >= 60 and selected(${labels}, 'low_income'), concat(${name}, ' · ', 'x'), coalesce(${note}, '-'))",
        "regex(., '^[1-9][0-9]{5}(19|20)[0-9]{2}$') or string-length(.) > 3",
        "sum(${cost}) div 3 + count(${cost}) * -2 mod 5",
        "title-of(${person}) = lookup(${person}, 'name') and not(contains(${name}, '王'))",
        "format-date(today(), '%Y-%m-%d') > substr(${date}, 0, 4)",
    ]);
    let words = [
        "(",
        "((",
        ")",
        "not(",
        "if(",
        "-",
        "- -",
        "(a*)*b",
        "[0-9]{9999}",
        "regex('aaaaaaaaaaaaaaaaaaaaaaaa!', '(a+)+$')",
        "'",
        "${",
        "99999999999999999999",
        " or ",
        "today()",
        ".",
    ];
    let fields: Fields = [
        ("age", json!(70)),
        ("labels", json!(["low_income"])),
        ("name", json!("王".repeat(50))),
        ("cost", json!([1, -2, i64::MAX])),
        ("date", json!("2009-02-30")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let context = Context {
        today: jiff::civil::date(2026, 11, 24),
        user: User { name: "li", post: "director" },
        lookup: &NoOthers,
    };
    fuzz(&seeds, &words, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        match Expression::parse(&text) {
            Ok(expression) => {
                let scope = Scope::new(&fields, &context);
                drop((
                    expression.eval(&scope),
                    expression.truth(&scope),
                    expression.text(&scope),
                    expression.references(),
                ));
                Ok(())
            }
            Err(why) if !why.is_empty() => Ok(()),
            Err(_) => Err("refused without a reason".into()),
        }
    });
}

#[test]
fn any_file_is_a_roster_or_refused_with_a_reason() {
    let head = "姓名,身份证号码,电话,地址,出生日期\n试甲,110101194901010016,13900000021,3幢2单元501,1949-01-01\n";
    let pack = Pack::community();
    let roles = roster::Roles::of(&pack).unwrap();
    let read = |name: &str, bytes: &[u8]| match roster::read(name, bytes) {
        Ok(sheets) => {
            sheets.iter().for_each(|sheet| drop(roster::guess(&roles, sheet)));
            Ok(())
        }
        Err(_) => Ok(()),
    };
    fuzz(
        &[head.as_bytes().to_vec(), head.replace(',', "\t").into_bytes()],
        &[",", "\"", "\r\n", "\u{feff}", ";;;;", "\u{0}", "姓名"],
        |bytes| read("a.csv", bytes),
    );
    let cells = |line: &str| line.split(',').map(|text| Cell::Text(text.to_owned())).collect::<Vec<_>>();
    let lines: Vec<&str> = head.lines().collect();
    let sheet = Sheet {
        name: "名册".into(),
        heads: lines[0].split(',').map(Into::into).collect(),
        rows: vec![cells(lines[1])],
        ..Sheet::default()
    };
    let book = excel::workbook(&[sheet]).unwrap();
    let parts = unzipped(&book);
    let words = [
        "<row r=\"1048576\">",
        "r=\"XFD1048576\"",
        "<c r=\"A1\"",
        "<mergeCell ref=\"A1:XFD1048576\"/>",
        "count=\"4294967295\"",
        "<!DOCTYPE x [<!ENTITY a \"aaaa\">]>",
        "&a;",
        "</sheetData>",
        "<v>999999</v>",
    ];
    for part in ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"] {
        let at = parts.iter().position(|(name, _)| name == part).unwrap();
        fuzz(&[parts[at].1.clone()], &words, |bytes| {
            let mut parts = parts.clone();
            parts[at].1 = bytes.to_vec();
            read("a.xlsx", &zipped(&parts))
        });
    }
    let old = include_bytes!("../../../export/tests/rosters/old.xls").to_vec();
    assert!(roster::read("a.xls", &old).is_ok(), "the seed is a roster");
    fuzz(&[old], &["\u{9}\u{8}", "\u{0}\u{0}\u{0}\u{0}", "\u{7f}\u{7f}\u{7f}\u{7f}"], |bytes| read("a.xls", bytes));
    fuzz(&[book], &["PK\u{3}\u{4}", "\u{0}\u{0}\u{0}\u{0}"], |bytes| read("a.xlsx", bytes));
}

fn unzipped(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let part = |archive: &mut zip::ZipArchive<std::io::Cursor<&[u8]>>, at: usize| {
        let mut file = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().to_owned(), bytes)
    };
    let count = archive.len();
    (0..count).map(|at| part(&mut archive, at)).collect()
}

fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
