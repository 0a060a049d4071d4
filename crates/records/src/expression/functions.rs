//! The functions that work, in one table. What is not in it is refused when the pack is loaded.

use std::borrow::Cow;

use jiff::civil::Date;

use super::{Scope, atom::Atom, dates, tree::Node};
use crate::{
    RecordId, Value,
    days::{self, Moment},
    identity, near, words,
};

/// One function: how it is written and what it does.
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// How it is written, for error messages.
    pub usage: &'static str,
    /// Fewest and most arguments.
    pub arity: (usize, usize),
    /// Takes all rows' values of a field inside a repeat.
    pub(super) over_rows: bool,
    pub(super) run: for<'a> fn(&'a [Node], &Scope<'a>) -> Atom<'a>,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Function {
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        FUNCTIONS.iter().find(|f| f.name == name)
    }

    pub(super) fn takes(&self, count: usize) -> bool {
        (self.arity.0..=self.arity.1).contains(&count)
    }
}

/// What to say of a function that is not in the table.
pub(super) fn unknown(name: &str) -> String {
    let hint = match name {
        "now" => "; use today(): the time of writing is kept by the record itself".into(),
        "instance" | "pulldata" => "; use lookup(${record}, 'field')".into(),
        "current" => "; write ${name}".into(),
        "and" | "or" | "div" | "mod" => "; it stands between two values".into(),
        _ => near(name, FUNCTIONS.iter().map(|f| f.name)).map_or(String::new(), |n| format!("; did you mean {n}()?")),
    };
    format!("there is no function {name}(){hint}")
}

macro_rules! functions {
    ($($name:literal $usage:literal $from:literal..=$to:literal $($rows:ident)? => |$args:ident, $scope:ident| $run:expr;)*) => {
        /// Every function, in the order of the documentation.
        pub static FUNCTIONS: &[Function] = &[$({
            fn run<'a>($args: &'a [Node], $scope: &Scope<'a>) -> Atom<'a> {
                let _ = ($args, $scope);
                $run
            }
            Function { name: $name, usage: $usage, arity: ($from, $to), over_rows: functions!(@ $($rows)?), run }
        }),*];
    };
    (@ rows) => { true };
    (@) => { false };
}

functions! {
    "if" "if(condition, then, else)" 3..=3 => |a, s| if a[0].truth(s) { a[1].eval(s) } else { a[2].eval(s) };
    "coalesce" "coalesce(first, second, …)" 1..=20 => |a, s| {
        let (last, first) = (&a[a.len() - 1], &a[..a.len() - 1]);
        first.iter().map(|arg| arg.eval(s)).find(|value| !value.is_null()).unwrap_or_else(|| last.eval(s))
    };
    "once" "once(value)" 1..=1 => |a, s| match s.this.map(Atom::of) {
        Some(kept) if !kept.is_empty() => kept,
        _ => a[0].eval(s),
    };
    "not" "not(condition)" 1..=1 => |a, s| Atom::Truth(!a[0].truth(s));
    "true" "true()" 0..=0 => |a, s| Atom::Truth(true);
    "false" "false()" 0..=0 => |a, s| Atom::Truth(false);
    "boolean" "boolean(value)" 1..=1 => |a, s| Atom::Truth(a[0].truth(s));
    "boolean-from-string" "boolean-from-string(text)" 1..=1 => |a, s| {
        Atom::Truth(matches!(&*text(a, s, 0).to_ascii_lowercase(), "1" | "true"))
    };
    "selected" "selected(${choices}, 'name')" 2..=2 => |a, s| {
        let wanted = text(a, s, 1);
        let wanted = wanted.trim();
        Atom::Truth(match a[0].eval(s) {
            Atom::Many(Value::Array(members)) => members.iter().any(|m| m.as_str() == Some(wanted)),
            other => other.to_text().split_whitespace().any(|m| m == wanted),
        })
    };
    "selected-at" "selected-at(${choices}, place from 0)" 2..=2 => |a, s| {
        let at = number(a, s, 1);
        let chosen = text(a, s, 0);
        let name = if at >= 0.0 { chosen.split_whitespace().nth(at as usize) } else { None };
        name.map_or(Atom::Nothing, |name| Atom::text(name.to_owned()))
    };
    "count-selected" "count-selected(${choices})" 1..=1 => |a, s| {
        Atom::Number(text(a, s, 0).split_whitespace().count() as f64)
    };
    "choice-label" "choice-label(${choice})" 1..=1 => |a, s| choice_label(a, s);
    "jr:choice-name" "jr:choice-name(${choice}, '${choice}')" 2..=2 => |a, s| choice_label(a, s);

    "string" "string(value)" 1..=1 => |a, s| Atom::text(text(a, s, 0).into_owned());
    "concat" "concat(text, …)" 1..=40 rows => |a, s| match a {
        [one] => Atom::text(one.all(s).iter().map(Atom::to_text).collect::<String>()),
        many => Atom::text(many.iter().map(|arg| arg.eval(s).to_text().into_owned()).collect::<String>()),
    };
    "join" "join(between, ${field}, …)" 2..=20 rows => |a, s| {
        let values: Vec<_> = a[1..].iter().flat_map(|arg| arg.all(s)).map(|v| v.to_text().into_owned()).collect();
        Atom::text(values.join(&text(a, s, 0)))
    };
    "string-length" "string-length(text)" 1..=1 => |a, s| Atom::Number(text(a, s, 0).chars().count() as f64);
    "substr" "substr(text, from 0, to)" 2..=3 => |a, s| {
        let chars: Vec<char> = text(a, s, 0).chars().collect();
        let place = |n: f64| if n < 0.0 { (chars.len() as f64 + n).max(0.0) } else { n.min(chars.len() as f64) } as usize;
        let to = if a.len() == 3 { place(number(a, s, 2)) } else { chars.len() };
        let from = place(number(a, s, 1));
        Atom::text(chars.get(from..to).unwrap_or_default().iter().collect::<String>())
    };
    "substring" "substring(text, from 1, length)" 2..=3 => |a, s| {
        let from = (number(a, s, 1) + 0.5).floor();
        let to = if a.len() == 3 { from + (number(a, s, 2) + 0.5).floor() } else { f64::INFINITY };
        let within = |place: usize| (place as f64) + 1.0 >= from && (place as f64) + 1.0 < to;
        let whole = text(a, s, 0);
        Atom::text(whole.chars().enumerate().filter(|(at, _)| within(*at)).map(|(_, c)| c).collect::<String>())
    };
    "substring-before" "substring-before(text, mark)" 2..=2 => |a, s| {
        Atom::text(text(a, s, 0).split_once(&*text(a, s, 1)).map_or("", |parts| parts.0).to_owned())
    };
    "substring-after" "substring-after(text, mark)" 2..=2 => |a, s| {
        Atom::text(text(a, s, 0).split_once(&*text(a, s, 1)).map_or("", |parts| parts.1).to_owned())
    };
    "contains" "contains(text, part)" 2..=2 => |a, s| Atom::Truth(text(a, s, 0).contains(&*text(a, s, 1)));
    "starts-with" "starts-with(text, part)" 2..=2 => |a, s| Atom::Truth(text(a, s, 0).starts_with(&*text(a, s, 1)));
    "ends-with" "ends-with(text, part)" 2..=2 => |a, s| Atom::Truth(text(a, s, 0).ends_with(&*text(a, s, 1)));
    "normalize-space" "normalize-space(text)" 1..=1 => |a, s| {
        Atom::text(text(a, s, 0).split_whitespace().collect::<Vec<_>>().join(" "))
    };
    "translate" "translate(text, from, to)" 3..=3 => |a, s| {
        let (from, to) = (text(a, s, 1), text(a, s, 2));
        let to: Vec<char> = to.chars().collect();
        let change = |c: char| from.chars().position(|f| f == c).map_or(Some(c), |at| to.get(at).copied());
        Atom::text(text(a, s, 0).chars().filter_map(change).collect::<String>())
    };
    // Compiled by the parser; this row lists it and gives its arity.
    "regex" "regex(text, 'pattern')" 2..=2 => |a, s| Atom::Nothing;
    "tr" "tr('中文', 'English')" 2..=2 => |a, s| a[usize::from(s.lang == crate::Lang::En)].eval(s);

    "number" "number(value)" 1..=1 => |a, s| Atom::Number(number(a, s, 0));
    "int" "int(number)" 1..=1 => |a, s| Atom::Number(number(a, s, 0).trunc());
    "round" "round(number, places)" 1..=2 => |a, s| {
        let scale = if a.len() == 2 { 10f64.powf(number(a, s, 1).trunc()) } else { 1.0 };
        Atom::Number((number(a, s, 0) * scale + 0.5).floor() / scale)
    };
    "floor" "floor(number)" 1..=1 => |a, s| Atom::Number(number(a, s, 0).floor());
    "ceiling" "ceiling(number)" 1..=1 => |a, s| Atom::Number(number(a, s, 0).ceil());
    "abs" "abs(number)" 1..=1 => |a, s| Atom::Number(number(a, s, 0).abs());
    "sqrt" "sqrt(number)" 1..=1 => |a, s| Atom::Number(number(a, s, 0).sqrt());
    "pow" "pow(base, exponent)" 2..=2 => |a, s| Atom::Number(number(a, s, 0).powf(number(a, s, 1)));
    "sum" "sum(${field of a repeat})" 1..=1 rows => |a, s| {
        Atom::Number(a[0].all(s).iter().map(Atom::to_number).sum())
    };
    "min" "min(${field of a repeat}) or min(a, b, …)" 1..=20 rows => |a, s| least(a, s, f64::min);
    "max" "max(${field of a repeat}) or max(a, b, …)" 1..=20 rows => |a, s| least(a, s, f64::max);
    "count" "count(${repeat})" 1..=1 rows => |a, s| Atom::Number(a[0].all(s).len() as f64);
    "count-non-empty" "count-non-empty(${field of a repeat})" 1..=1 rows => |a, s| {
        Atom::Number(a[0].all(s).len() as f64)
    };
    "indexed-repeat" "indexed-repeat(${field}, ${repeat}, place from 1)" 3..=3 rows => |a, s| {
        let (Node::Field(field), Node::Field(repeat)) = (&a[0], &a[1]) else { return Atom::Nothing };
        let rows = s.fields.get(&**repeat).and_then(Value::as_array);
        let place = number(a, s, 2);
        let row = rows.filter(|_| place >= 1.0).and_then(|rows| rows.get(place as usize - 1));
        row.and_then(|row| row.get(&**field)).map_or(Atom::Nothing, Atom::of)
    };
    "position" "position(..)" 0..=0 => |a, s| s.row.map_or(Atom::Nothing, |(_, place)| Atom::Number(place as f64));

    "today" "today()" 0..=0 => |a, s| Atom::date(Some(s.context.today));
    "date" "date(value)" 1..=1 => |a, s| Atom::date(date(&a[0].eval(s)));
    "date-time" "date-time(value)" 1..=1 => |a, s| match a[0].eval(s) {
        Atom::Number(days) => Atom::date(dates::from_days(days)),
        other if dates::moment(&other.to_text()).is_some() => other,
        _ => Atom::Nothing,
    };
    "decimal-date-time" "decimal-date-time(value)" 1..=1 => |a, s| {
        let value = a[0].eval(s);
        Atom::Number(dates::moment(&value.to_text()).map_or_else(|| value.to_number(), Moment::days))
    };
    "decimal-time" "decimal-time(time)" 1..=1 => |a, s| {
        let text = text(a, s, 0);
        let time = dates::moment(&text).map(|time| f64::from(time.millis) / 86_400_000.0);
        time.or_else(|| dates::time(&text)).map_or(Atom::Nothing, Atom::Number)
    };
    "format-date" "format-date(date, '%Y-%m-%d')" 2..=2 => |a, s| format_date(a, s);
    "format-date-time" "format-date-time(time, '%Y-%m-%d %H:%M')" 2..=2 => |a, s| format_date(a, s);

    "format-money" "format-money(${money})" 1..=1 => |a, s| match number(a, s, 0) {
        fen if fen.is_finite() => Atom::text(words::money(fen as i64, s.lang)),
        _ => Atom::Nothing,
    };

    "user" "user('name') or user('post')" 1..=1 => |a, s| match &a[0] {
        Node::Text(what) if **what == *"post" => Atom::text(s.context.user.post),
        _ => Atom::text(s.context.user.name),
    };
    "lookup" "lookup(${record}, 'field')" 2..=2 => |a, s| {
        let found = id(&a[0].eval(s)).and_then(|id| s.context.lookup.value(id, &text(a, s, 1)));
        found.map_or(Atom::Nothing, Atom::from_value)
    };
    "title-of" "title-of(${record})" 1..=1 => |a, s| {
        let found = id(&a[0].eval(s)).filter(|_| s.depth < 4).and_then(|id| s.context.lookup.record(id));
        match (found, s.pack) {
            (Some((kind, fields)), Some(pack)) => {
                Atom::text(words::title_at(pack, &kind, &fields, s.lang, s.context, (s.marked, s.depth + 1)))
            }
            _ => Atom::Nothing,
        }
    };
    "gone" "gone(${record}) or gone(${record}, on a date)" 1..=2 => |a, s| {
        let (on, lookup) = (day_or_today(a, s), s.context.lookup);
        let found = id(&a[0].eval(s)).and_then(|id| Some((id, s.pack?.kind(&lookup.kind(id)?)?, s.pack?)));
        Atom::Truth(match (found, on) {
            (Some((id, kind, pack)), Some(on)) => {
                pack.is_gone_elsewhere(kind, id, on, &|id, field| lookup.value(id, field))
            }
            _ => false,
        })
    };
    "age" "age(${born}) or age(${born}, on a date)" 1..=2 => |a, s| {
        match (date(&a[0].eval(s)), day_or_today(a, s)) {
            (Some(born), Some(on)) => Atom::Number(days::age(born, on) as f64),
            _ => Atom::Nothing,
        }
    };
    "born-of" "born-of(${id_number})" 1..=1 => |a, s| Atom::date(identity::born(&text(a, s, 0)));
    "sex-of" "sex-of(${id_number})" 1..=1 => |a, s| match identity::sex(&text(a, s, 0)) {
        Some(identity::Sex::Male) => Atom::text("male"),
        Some(identity::Sex::Female) => Atom::text("female"),
        None => Atom::Nothing,
    };
    "valid-id" "valid-id(${id_number})" 1..=1 => |a, s| Atom::Truth(identity::is_valid(&text(a, s, 0)));
}

/// The day of the second argument, today where there is none.
fn day_or_today<'a>(args: &'a [Node], scope: &Scope<'a>) -> Option<Date> {
    args.get(1).map_or(Some(scope.context.today), |day| date(&day.eval(scope)))
}

fn text<'a>(args: &'a [Node], scope: &Scope<'a>, at: usize) -> Cow<'a, str> {
    match args[at].eval(scope) {
        Atom::Text(text) => text,
        other => Cow::Owned(other.to_text().into_owned()),
    }
}

fn number<'a>(args: &'a [Node], scope: &Scope<'a>, at: usize) -> f64 {
    args[at].eval(scope).to_number()
}

fn date(value: &Atom<'_>) -> Option<Date> {
    match value {
        Atom::Number(days) => dates::from_days(*days),
        other => dates::date(&other.to_text()),
    }
}

fn id(value: &Atom<'_>) -> Option<RecordId> {
    value.to_text().parse().ok()
}

fn least<'a>(args: &'a [Node], scope: &Scope<'a>, pick: fn(f64, f64) -> f64) -> Atom<'a> {
    let values = args.iter().flat_map(|arg| arg.all(scope)).map(|value| value.to_number());
    values.reduce(pick).map_or(Atom::Number(f64::NAN), Atom::Number)
}

fn format_date<'a>(args: &'a [Node], scope: &Scope<'a>) -> Atom<'a> {
    let time = match args[0].eval(scope) {
        Atom::Number(days) => dates::from_days(days).map(|day| Moment { day, millis: 0, offset: 0 }),
        other => {
            let text = other.to_text();
            let of_a_day = || days::parse_time(&text).map(|millis| Moment { day: Date::ZERO, millis, offset: 0 });
            dates::moment(&text).or_else(of_a_day)
        }
    };
    time.map_or(Atom::Nothing, |time| Atom::text(dates::write(time, &text(args, scope, 1), scope.lang)))
}

fn choice_label<'a>(args: &'a [Node], scope: &Scope<'a>) -> Atom<'a> {
    let Node::Field(name) = &args[0] else { return Atom::Nothing };
    let (Some(pack), Some(kind), Some(value)) = (scope.pack, scope.kind, scope.value(name)) else {
        return args[0].eval(scope);
    };
    let field = kind.field(name).or_else(|| kind.fields.iter().find_map(|f| f.inner(name)));
    field.map_or(Atom::Nothing, |field| Atom::text(words::read(pack, field, value, scope.lang, &|_| None)))
}
