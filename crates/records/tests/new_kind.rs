//! Adding a kind is adding a file: no line of code knows of it, yet it is asked, checked, named, read and counted.

use jiff::civil::date;
use records::{
    Context, Fields, Lang, NoOthers, Pack, Right, User, check,
    figures::{Figure, Period, figures},
    form::Form,
    pack::COMMUNITY,
    words,
};
use serde_json::json;

/// Public works (seed, row 5), with every type of answer there is.
const WORKS: &str = r#"
label = { zh = "实事", en = "Public works" }
nature = "fact"
class = "open"
date = "date"
title = "concat(choice-label(${what}), ' ', ${quantity}, ' ', ${unit})"
summary = "concat(tr('花费 ', 'cost '), format-money(${cost}))"
read = ["director", "committee", "volunteer"]
write = ["director", "committee"]

[[indicator]]
name = "mending.trees"
label = { zh = "修剪树木", en = "Trees trimmed" }
filter = "${what} = 'trim' and ${state} = 'done'"
sum = "quantity"

[[indicator]]
name = "mending.count"
label = { zh = "实事件数", en = "Works" }

[[field]]
name = "intro"
type = "note"
label = { zh = "一件实事记一条。", en = "One record for each work." }

[[field]]
name = "what"
type = "select_one what"
label = { zh = "事由", en = "What" }
required = true

[[field]]
name = "quantity"
type = "integer"
label = { zh = "数量", en = "Quantity" }
required = true
constraint = ". > 0"
constraint_message = { zh = "数量要大于零。", en = "More than none." }

[[field]]
name = "unit"
type = "calculate"
calculation = "if(${what} = 'trim', tr('棵', 'trees'), tr('处', 'places'))"

[[field]]
name = "state"
type = "select_one state"
label = { zh = "进展", en = "State" }
default = "asked"

[[field]]
name = "bills"
type = "repeat"
label = { zh = "账单", en = "Bills" }

[[field.field]]
name = "amount"
type = "money"
label = { zh = "金额", en = "Amount" }
required = true

[[field.field]]
name = "paid"
type = "yes_no"
label = { zh = "付了吗", en = "Paid" }
default = false

[[field]]
name = "cost"
type = "money"
label = { zh = "一共", en = "In all" }
calculation = "sum(${amount})"

[[field]]
name = "buildings"
type = "records building"
label = { zh = "楼栋", en = "Which buildings" }

[[field]]
name = "began"
type = "date_time"
label = { zh = "几时动工", en = "Began" }

[[field]]
name = "place"
type = "location"
label = { zh = "位置", en = "Where" }

[[field]]
name = "date"
type = "date"
label = { zh = "日期", en = "Date" }
required = true
default = "today()"

[choices]
what = [
  { name = "trim", label = { zh = "修剪树木", en = "Trimmed trees" } },
  { name = "bench", label = { zh = "添置长椅", en = "New benches" } },
]
state = [
  { name = "asked", label = { zh = "已反映", en = "Asked for" } },
  { name = "done", label = { zh = "办成", en = "Done" } },
]
"#;

fn pack() -> Pack {
    let mut files = COMMUNITY.to_vec();
    files.push(("kinds/mending.toml", WORKS));
    Pack::load(&files).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[test]
fn a_kind_is_added_by_one_file() {
    let pack = pack();
    let context =
        Context { today: date(2009, 4, 5), user: User { name: "zhao", post: "committee" }, lookup: &NoOthers };
    assert!(pack.allows("committee", "mending", Right::Write) && pack.allows("volunteer", "mending", Right::Read));
    assert!(!pack.allows("volunteer", "mending", Right::Write) && !pack.allows("mediator", "mending", Right::Read));

    // Asked and worked out.
    let mut form = Form::new(&pack, "mending", Fields::new(), true, &context);
    let asked: Vec<_> = form.questions(&pack, &context).iter().map(|q| q.field.name.clone()).collect();
    assert_eq!(asked, ["intro", "what", "quantity", "state", "bills", "cost", "buildings", "began", "place", "date"]);
    form.set(&pack, "what", json!("trim"), &context);
    form.set(&pack, "quantity", json!(12), &context);
    for amount in [10_000, 2_550] {
        let row = form.add_row(&pack, "bills", &context);
        form.set_in_row(&pack, "bills", row, "amount", json!(amount), &context);
    }
    assert_eq!(form.fields()["cost"], 12_550);
    assert_eq!(form.fields()["bills"][0], json!({"amount": 10_000, "paid": false}));
    assert_eq!(form.fields()["unit"], "棵");
    assert!(!form.fields().contains_key("intro"));

    // Checked.
    assert_eq!(form.problems(&pack, &context), []);
    let wrong = |name: &str, value| {
        let mut fields = form.fields().clone();
        fields.insert(name.into(), value);
        check(&pack, "mending", &fields, &context).into_iter().map(|p| p.code).collect::<String>()
    };
    assert_eq!(wrong("quantity", json!(-3)), "constraint");
    assert_eq!(wrong("quantity", json!(1.5)), "type");
    assert_eq!(wrong("began", json!("2009-04-05T08:30:00+08:00")), "");
    assert_eq!(wrong("began", json!("2009-04-05 08:30")), "type");
    assert_eq!(wrong("began", json!("2039-04-05T08:30:00+08:00")), "date_range");
    assert_eq!(
        wrong("place", json!({"lat": 31.3, "lon": 120.6, "accuracy": 8, "at": "2009-04-05T08:30:00+08:00"})),
        ""
    );
    assert_eq!(wrong("place", json!({"lat": 131.3, "lon": 120.6})), "type");
    assert_eq!(wrong("buildings", json!(["01938c3e-0000-7000-8000-000000000001"])), "");
    assert_eq!(wrong("buildings", json!(["3幢"])), "type");

    // Named and read.
    assert_eq!(words::title(&pack, "mending", form.fields(), Lang::Zh, &context), "修剪树木 12 棵");
    assert_eq!(words::summary(&pack, "mending", form.fields(), Lang::En, &context), "cost ¥125.50");
    let place = pack.kinds["mending"].field("place").unwrap();
    let at = json!({"lat": 31.3, "lon": 120.6, "accuracy": 8});
    assert_eq!(words::read(&pack, place, &at, Lang::Zh, &|_| None), "31.30000, 120.60000 ±8 米");
    let began = pack.kinds["mending"].field("began").unwrap();
    assert_eq!(words::read(&pack, began, &json!("2009-04-05T08:30:00+08:00"), Lang::Zh, &|_| None), "2009-04-05 08:30");

    // Counted.
    let mut done = form.fields().clone();
    done.insert("state".into(), json!("done"));
    let counted = figures(&pack, Period::year(2009).unwrap(), [("mending", form.fields()), ("mending", &done)]);
    assert_eq!(counted["mending.trees"], Figure::Number(12));
    assert_eq!(counted["mending.count"], Figure::Number(2));
}

#[test]
fn a_right_for_a_post_that_does_not_exist_is_refused() {
    let mut files = COMMUNITY.to_vec();
    let works = WORKS.replace("\"volunteer\"", "\"volunter\"");
    files.push(("kinds/mending.toml", &works));
    let problems = Pack::load(&files).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].message, "unknown post `volunter`; did you mean `volunteer`?");
}
