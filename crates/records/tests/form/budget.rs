//! What a key costs in a long form and in one with many choices, in instructions: figures that do not depend on who else
//! uses the machine.

use std::{hint::black_box, process::Command};

use records::{Fields, Pack, form::Form};
use serde_json::json;

use crate::{context, inside, pack, question};

/// Instructions, in thousands, of one key and of looking again at what it touches, with a tenth to spare.
/// A form four times as long makes no key dearer.
const BUDGETS: [(&str, u64); 5] =
    [("text of 500", 7), ("text of 2000", 7), ("skip of 500", 13), ("tick of 10000", 1120), ("row of 200", 180)];

/// What is measured happens in here and nowhere else.
#[inline(never)]
fn budget_is_spent_here<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// So many questions, of which each tenth hangs on the one before.
fn long(questions: usize) -> Pack {
    let question = |n: usize| match n % 10 {
        9 => question(&format!("q{n}"), "integer", &format!("relevant = \"${{q{}}} = 1\"", n - 1)),
        _ => question(&format!("q{n}"), "text", "required = \"${q1} = 'x'\""),
    };
    pack(&(0..questions).map(question).collect::<Vec<_>>(), &[])
}

fn key(pack: &Pack, form: &mut Form, act: impl FnOnce(&mut Form)) {
    budget_is_spent_here(|| {
        act(form);
        for (place, choices) in form.take_touched().places {
            black_box(form.question(pack, &place, &context()));
            if choices {
                black_box(form.choices(pack, &place, &context()));
            }
        }
    });
}

/// Spends one budget; run by the test below under callgrind.
#[test]
#[ignore = "is run by another test"]
fn spend() {
    let begun = |pack: &Pack| {
        let mut form = Form::new(pack, "form", Fields::new(), true, &context());
        form.take_touched();
        form
    };
    match std::env::var("LINLI_BUDGET").as_deref().unwrap_or_default() {
        text @ ("text of 500" | "text of 2000") => {
            let pack = long(text.rsplit(' ').next().unwrap().parse().unwrap());
            let mut form = begun(&pack);
            key(&pack, &mut form, |form| form.set(&pack, "q300", json!("王"), &context()));
        }
        "skip of 500" => {
            let pack = long(500);
            let mut form = begun(&pack);
            key(&pack, &mut form, |form| form.set(&pack, "q298", json!("1"), &context()));
        }
        "tick of 10000" => {
            let choices: Vec<String> = (0..10_000).map(|n| format!("c{n} of=x")).collect();
            let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
            let filtered = "choice_filter = \"of = ${by}\"";
            let pack = pack(
                &[question("by", "text", ""), question("what", "select_multiple what", filtered)],
                &[("what", &choices)],
            );
            let mut form = begun(&pack);
            form.set(&pack, "by", json!("x"), &context());
            form.set(&pack, "what", json!(["c1", "c5000"]), &context());
            form.take_touched();
            key(&pack, &mut form, |form| form.set(&pack, "what", json!(["c1", "c5000", "c9999"]), &context()));
        }
        "row of 200" => {
            let rows = vec![
                question("rows", "repeat", ""),
                inside("n", "integer", ""),
                inside("double", "integer", "calculation = \"${n} * 2\""),
                inside("remark", "text", ""),
                question("sum", "integer", "calculation = \"sum(${double})\""),
            ];
            let pack = pack(&rows, &[]);
            let mut form = begun(&pack);
            form.set(&pack, "rows", vec![json!({"n": 1, "remark": "x"}); 200].into(), &context());
            form.take_touched();
            key(&pack, &mut form, |form| form.set_in_row(&pack, "rows", 100, "n", json!(2), &context()));
            assert_eq!(form.fields()["sum"], json!(402));
        }
        other => panic!("no budget is called {other:?}"),
    }
}

#[test]
fn a_key_keeps_to_its_instructions() {
    let own = std::env::current_exe().expect("this program");
    let mut over = Vec::new();
    for (name, budget) in BUDGETS {
        let run = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*budget_is_spent_here*"])
            .arg(&own)
            .args(["--exact", "budget::spend", "--ignored"])
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
