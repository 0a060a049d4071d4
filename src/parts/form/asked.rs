//! Questions as views need them: owned, comparable, and the very same as long as nothing of them changes.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Deref,
    sync::Arc,
};

use records::{
    Context, Pack, Problem, Value,
    form::{Form, Place, Touched},
    pack::Choice,
};

/// The questions of a form by name, as of one state of everything beside its answers: the pack, the records, the day.
pub struct Sheet {
    around: u32,
    all: HashMap<String, Asked>,
}

impl Sheet {
    /// The sheet after `before`, and whether it differs. Where nothing but answers changed, only what they touch is looked
    /// at: a key in a form of a thousand questions costs what depends on it.
    pub fn next(
        before: Option<Self>,
        (around, touched): (u32, Touched),
        form: &Form,
        (pack, context): (&Pack, &Context<'_>),
    ) -> (Self, bool) {
        let before = match before {
            Some(mut sheet) if sheet.around == around && !touched.all => {
                if sheet.touch(&touched, form, pack, context) {
                    return (sheet, !touched.places.is_empty());
                }
                Some(sheet)
            }
            before => before,
        };
        let asked = |q: records::form::Question<'_>| {
            let name = q.field.name.clone();
            let now = Asked::of(q, before.as_ref().and_then(|before| before.all.get(&name)));
            (name, now)
        };
        let all = form.questions(pack, context).into_iter().map(asked).collect();
        (Self { around, all }, true)
    }

    /// A question as it stands.
    pub fn get(&self, name: &str) -> Option<&Asked> {
        self.all.get(name)
    }

    /// Looks at the touched questions again; whether that was enough. Where rows of a repeat came or went it is not.
    fn touch(&mut self, touched: &Touched, form: &Form, pack: &Pack, context: &Context<'_>) -> bool {
        // What a repeat as a whole says follows from its cells.
        let repeats: BTreeSet<&str> =
            touched.places.keys().filter_map(|place| place.row.as_ref().map(|(repeat, _)| repeat.as_str())).collect();
        for (place, chooses) in &touched.places {
            let name = place.row.as_ref().map_or(&place.field, |(repeat, _)| repeat);
            let Some(whole) = self.all.get_mut(name) else { continue };
            let Some(q) = form.question(pack, place, context) else { return false };
            let choices = chooses.then(|| form.choices(pack, place, context));
            let Some((_, row)) = &place.row else {
                if whole.rows.len() != form.row_count(name) {
                    return false;
                }
                *whole = whole.again(q, choices);
                continue;
            };
            let is_here = |cell: &Asked| cell.name == place.field;
            let found = whole.rows.get(*row).and_then(|cells| Some((cells.iter().position(is_here)?, cells)));
            let Some((at, cells)) = found else { return false };
            let cell = cells[at].again(q, choices);
            if cell != cells[at] {
                let mut question = Question::clone(whole);
                question.rows[*row][at] = cell;
                *whole = Asked(Arc::new(question));
            }
        }
        for repeat in repeats {
            let Some(whole) = self.all.get_mut(repeat) else { continue };
            let Some(q) = form.question(pack, &Place::of(repeat), context) else { return false };
            *whole = whole.again(q, None);
        }
        true
    }
}

/// A question's choices: thousands of them are shared while they stay the same, and then told apart by where they lie.
#[derive(Clone, Debug)]
pub struct Choices(Arc<[Choice]>);

impl Choices {
    fn of(choices: &[&Choice], before: Option<&Self>) -> Self {
        let is_same =
            |before: &&Self| before.len() == choices.len() && before.iter().zip(choices).all(|(a, b)| a == *b);
        before.filter(is_same).cloned().unwrap_or_else(|| Self(choices.iter().copied().cloned().collect()))
    }
}

impl Default for Choices {
    fn default() -> Self {
        Self(Arc::new([]))
    }
}

impl Deref for Choices {
    type Target = [Choice];

    fn deref(&self) -> &[Choice] {
        &self.0
    }
}

impl PartialEq for Choices {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A question as it stands, the same one as long as nothing of it changes.
#[derive(Clone, Debug)]
pub struct Asked(Arc<Question>);

impl Asked {
    pub(super) fn of(q: records::form::Question<'_>, before: Option<&Self>) -> Self {
        let rows_before = |row: usize, at: usize| before?.rows.get(row)?.get(at);
        let rows =
            q.rows.into_iter().enumerate().map(|(row, all)| {
                all.into_iter().enumerate().map(|(at, q)| Self::of(q, rows_before(row, at))).collect()
            });
        let now = Question {
            rows: rows.collect(),
            name: q.field.name.clone(),
            relevant: q.relevant,
            required: q.required,
            read_only: q.read_only,
            value: q.value,
            choices: Choices::of(&q.choices, before.map(|before| &before.choices)),
            problem: q.problem,
        };
        before.filter(|before| ***before == now).cloned().unwrap_or_else(|| Self(Arc::new(now)))
    }
}

impl Asked {
    /// The question as it is now, where its rows are the same and `choices` are given if they may differ.
    fn again(&self, q: records::form::Question<'_>, choices: Option<Vec<&Choice>>) -> Self {
        let now = Question {
            rows: self.rows.clone(),
            name: self.name.clone(),
            relevant: q.relevant,
            required: q.required,
            read_only: q.read_only,
            value: q.value,
            choices: match choices {
                Some(choices) => Choices::of(&choices, Some(&self.choices)),
                None => self.choices.clone(),
            },
            problem: q.problem,
        };
        if now == **self { self.clone() } else { Self(Arc::new(now)) }
    }
}

impl Deref for Asked {
    type Target = Question;

    fn deref(&self) -> &Question {
        &self.0
    }
}

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A question as a view needs it: owned, comparable.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Field name.
    pub name: String,
    /// Is it asked now?
    pub relevant: bool,
    /// Must it be answered?
    pub required: bool,
    /// Shown, not changed by hand.
    pub read_only: bool,
    /// The answer; null for none.
    pub value: Value,
    /// Choices left by the filter.
    pub choices: Choices,
    /// What is wrong with the answer.
    pub problem: Option<Problem>,
    /// Rows of a repeat.
    pub rows: Vec<Vec<Asked>>,
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;
    use records::{Fields, NoOthers, User};
    use serde_json::json;

    use super::*;

    const KIND: &str = r#"
label = { zh = "表", en = "Form" }
nature = "register"
class = "open"
title = "'t'"
[[field]]
name = "a"
type = "integer"
label = { zh = "甲", en = "A" }
[[field]]
name = "b"
type = "select_one town"
label = { zh = "乙", en = "B" }
relevant = "${a} != 3"
choice_filter = "of = string(${a})"
[[field]]
name = "rows"
type = "repeat"
label = { zh = "组", en = "Rows" }
relevant = "${a} != 2"
[[field.field]]
name = "n"
type = "integer"
label = { zh = "数", en = "N" }
required = "${a} = 1"
[[field.field]]
name = "m"
type = "integer"
label = { zh = "倍", en = "M" }
constraint = ". > ${n}"
constraint_message = { zh = "小", en = "small" }
[[field]]
name = "c"
type = "integer"
label = { zh = "和", en = "Sum" }
calculation = "sum(${n})"
[choices]
town = [
  { name = "x1", label = { zh = "一", en = "1" }, of = "1" },
  { name = "x2", label = { zh = "二", en = "2" }, of = "2" },
  { name = "y2", label = { zh = "三", en = "3" }, of = "2" },
]
"#;

    /// All that shows, as words.
    fn shown(sheet: &Sheet) -> Vec<String> {
        fn say(q: &Asked) -> String {
            let choices: Vec<&str> = q.choices.iter().map(|choice| choice.name.as_str()).collect();
            let rows: Vec<Vec<String>> = q.rows.iter().map(|row| row.iter().map(say).collect()).collect();
            let Question { relevant, required, read_only, value, problem, .. } = &**q;
            format!("{} {relevant} {required} {read_only} {value} {problem:?} {choices:?} {rows:?}", q.name)
        }
        let mut all: Vec<String> = sheet.all.values().map(say).collect();
        all.sort();
        all
    }

    proptest! {
        #[test]
        fn what_an_answer_touches_is_all_that_looks_different(
            acts in prop::collection::vec((0..5usize, 0..3usize, 0..4i64), 1..20)
        ) {
            let head = "name = \"p\"\nversion = 1\nlabel = { zh = \"包\", en = \"Pack\" }\n";
            let pack = Pack::load(&[("pack.toml", head), ("kinds/form.toml", KIND)]).unwrap();
            let user = User { name: "li", post: "civil_affairs" };
            let context = Context { today: jiff::civil::date(2009, 3, 1), user, lookup: &NoOthers };
            let mut form = Form::new(&pack, "form", Fields::new(), true, &context);
            let (mut sheet, _) = Sheet::next(None, (0, form.take_touched()), &form, (&pack, &context));
            for (act, row, n) in acts {
                match act {
                    0 => form.set(&pack, "a", json!(n), &context),
                    1 => form.set(&pack, "b", json!(["x1", "x2", "y2", "x1"][usize::try_from(n).unwrap()]), &context),
                    2 => _ = form.add_row(&pack, "rows", &context),
                    3 if row < form.row_count("rows") => form.remove_row(&pack, "rows", row, &context),
                    _ if row < form.row_count("rows") => {
                        form.set_in_row(&pack, "rows", row, ["n", "m"][act % 2], json!(n), &context);
                    }
                    _ => {}
                }
                let before = sheet.all.clone();
                (sheet, _) = Sheet::next(Some(sheet), (0, form.take_touched()), &form, (&pack, &context));
                let (whole, _) = Sheet::next(None, (0, Touched::default()), &form, (&pack, &context));
                prop_assert_eq!(shown(&sheet), shown(&whole));
                for (name, asked) in &before {
                    let is_alike = shown(&Sheet { around: 0, all: HashMap::from([(name.clone(), asked.clone())]) })
                        == shown(&Sheet { around: 0, all: HashMap::from([(name.clone(), sheet.all[name].clone())]) });
                    prop_assert!(!is_alike || sheet.all[name] == *asked, "{name} stays the very same");
                }
            }
        }
    }
}
