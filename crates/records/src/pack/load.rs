//! From files to a pack: every problem is gathered, not just the first.

use std::collections::BTreeMap;

use toml::Table;

use super::{
    Choice, Due, Field, FieldType, Frame, Indicator, Kind, Pack, PackProblem, Post, Right,
    row::{Place, Row},
    verify,
};
use crate::near;

mod tables;

impl Pack {
    /// Loads and checks a pack from its files: path relative to the pack's folder, and text.
    ///
    /// # Errors
    /// All that is wrong, each with file, kind, field, and a hint.
    pub fn load<P: AsRef<str>, T: AsRef<str>>(files: &[(P, T)]) -> Result<Self, Vec<PackProblem>> {
        let mut problems = Vec::new();
        let mut pack: Option<Self> = None;
        let mut kinds = BTreeMap::new();
        let (mut beside, mut reports) = (Vec::new(), Vec::new());
        for (path, text) in files {
            let place = Place { file: path.as_ref().into(), ..Place::default() };
            let table = match text.as_ref().parse::<Table>() {
                Ok(table) => table,
                Err(error) => {
                    problems.push(place.problem(format!("is not TOML: {}", error.to_string().trim_end())));
                    continue;
                }
            };
            let stem = path.as_ref().strip_prefix("kinds/").and_then(|p| p.strip_suffix(".toml"));
            match (path.as_ref(), stem) {
                ("pack.toml", _) => pack = Some(head(&mut Row::new(table, place, &mut problems))),
                (_, Some(name)) => {
                    let place = Place { kind: Some(name.into()), ..place };
                    let (kind, own) = kind(name, &mut Row::new(table, place, &mut problems));
                    beside.push((name.to_owned(), own));
                    kinds.insert(name.to_owned(), kind);
                }
                _ if report_name(path.as_ref()).is_some() => {
                    let name = report_name(path.as_ref()).unwrap_or_default();
                    reports.push(tables::template(name, &mut Row::new(table, place, &mut problems)));
                }
                _ => {
                    problems.push(place.problem(
                        "a pack has pack.toml, kinds/<name>.toml and reports/<name>.toml; move this file there",
                    ))
                }
            }
        }
        let Some(mut pack) = pack else {
            let place = Place { file: "pack.toml".into(), ..Place::default() };
            problems.push(place.problem("is missing; it names the pack, its posts and its indicators"));
            return Err(problems);
        };
        pack.kinds = kinds;
        pack.reports = reports;
        for (kind, own) in beside {
            pack.choices.extend(own.choices.into_iter().map(|(list, choices)| (format!("{kind}.{list}"), choices)));
            pack.indicators.extend(own.indicators);
            pack.due.extend(own.due);
            pack.grant(&kind, &own.read, Right::Read, &mut problems);
            pack.grant(&kind, &own.write, Right::Write, &mut problems);
        }
        pack.posts_are_choices();
        pack.resolve_lists(&mut problems);
        verify::verify(&pack, &mut problems);
        if problems.is_empty() { Ok(pack) } else { Err(problems) }
    }

    /// Gives posts a right over a kind, as the kind's own file asks.
    fn grant(&mut self, kind: &str, posts: &[String], right: Right, problems: &mut Vec<PackProblem>) {
        for name in posts {
            let known: Vec<String> = self.posts.iter().map(|p| p.name.clone()).collect();
            let Some(post) = self.posts.iter_mut().find(|p| p.name == *name) else {
                let hint = verify::hint(name, known.iter().map(String::as_str));
                problems.push(verify::place(kind, None).problem(format!("unknown post `{name}`{hint}")));
                continue;
            };
            let kinds = if right == Right::Read { &mut post.read } else { &mut post.write };
            if !kinds.iter().any(|k| k == kind) {
                kinds.push(kind.to_owned());
            }
        }
    }

    /// The posts are a choice list too, `select_one post`, unless the pack has a list of that name.
    fn posts_are_choices(&mut self) {
        // Two posts of one name are reported as that.
        let posts = self.posts.iter().filter(|p| self.post(&p.name) == Some(p));
        let posts = posts.map(|p| Choice { name: p.name.clone(), label: p.label.clone(), columns: BTreeMap::new() });
        let posts: Vec<_> = posts.collect();
        if !posts.is_empty() {
            self.choices.entry("post".into()).or_insert(posts);
        }
    }

    /// `select_one topic` means the kind's own list before the pack's.
    fn resolve_lists(&mut self, problems: &mut Vec<PackProblem>) {
        let Self { kinds, choices, .. } = self;
        for kind in kinds.values_mut() {
            let name = kind.name.clone();
            for field in &mut kind.fields {
                resolve(field, &name, choices, problems);
            }
        }
    }
}

/// `reports/annual.toml` is the report `annual`.
fn report_name(path: &str) -> Option<&str> {
    path.strip_prefix("reports/")?.strip_suffix(".toml")
}

fn resolve(field: &mut Field, kind: &str, choices: &BTreeMap<String, Vec<Choice>>, problems: &mut Vec<PackProblem>) {
    match &mut field.r#type {
        FieldType::Repeat(inner) => inner.iter_mut().for_each(|field| resolve(field, kind, choices, problems)),
        FieldType::SelectOne(list) | FieldType::SelectMultiple(list) | FieldType::Trace(list) => {
            let own = format!("{kind}.{list}");
            if choices.contains_key(&own) {
                *list = own;
            } else if !list.is_empty() && !choices.contains_key(list) {
                let known = choices.keys().map(|k| k.strip_prefix(&format!("{kind}.")).unwrap_or(k));
                let known: Vec<&str> = known.filter(|k| !k.contains('.')).collect();
                let hint = near(list, known.iter().copied())
                    .map_or(format!("the lists are {}", known.join(", ")), |l| format!("did you mean `{l}`?"));
                let place = verify::place(kind, Some(&field.name));
                problems.push(place.problem(format!("there is no choice list `{list}`; {hint}")));
            }
        }
        _ => {}
    }
}

/// `pack.toml`.
fn head(row: &mut Row<'_>) -> Pack {
    let pack = Pack {
        name: row.must("name"),
        version: row.whole("version").and_then(|v| u32::try_from(v).ok()).unwrap_or_default(),
        label: row.must_both("label"),
        kinds: BTreeMap::new(),
        posts: row.tables("post").into_iter().map(|table| row.within(table, None, post)).collect(),
        choices: row.choices().into_iter().collect(),
        indicators: tables::indicators(row, None),
        dimensions: row.tables("dimension").into_iter().map(|t| row.within(t, None, tables::dimension)).collect(),
        reports: Vec::new(),
        due: tables::dues(row, None),
        screens: row.shape("screens"),
        origin: None,
        print: String::new(),
    };
    if pack.version == 0 {
        row.note("`version` is a whole number from 1, and grows at each published change");
    }
    row.end();
    pack
}

fn post(row: &mut Row<'_>) -> Post {
    let name = row.must("name");
    row.place.field = Some(format!("post {name}"));
    let post = Post {
        name,
        label: row.must_both("label"),
        read: row.list("read"),
        write: row.list("write"),
        report: row.flag("report"),
        frame: row.word("frame", &["officer", "volunteer"], false).unwrap_or(Frame::Officer),
    };
    row.end();
    post
}

/// What a kind's file brings along, so that adding a kind is adding a file.
struct Beside {
    choices: Vec<(String, Vec<Choice>)>,
    indicators: Vec<Indicator>,
    due: Vec<Due>,
    /// Posts that may read and write it, over those that `pack.toml` gives the right.
    read: Vec<String>,
    write: Vec<String>,
}

/// `kinds/<name>.toml`.
fn kind(name: &str, row: &mut Row<'_>) -> (Kind, Beside) {
    let own = Beside {
        choices: row.choices(),
        indicators: tables::indicators(row, Some(name)),
        due: tables::dues(row, Some(name)),
        read: row.list("read"),
        write: row.list("write"),
    };
    if row.text("name").is_some_and(|given| given != name) {
        row.note(format!("`name` is not the file's; a kind is called as its file, `{name}`"));
    }
    let kind = Kind {
        name: name.to_owned(),
        label: row.must_both("label"),
        nature: row.word("nature", &["fact", "register"], true).unwrap_or(super::Nature::Register),
        class: row.word("class", &["open", "resident", "restricted"], true).unwrap_or(super::Class::Restricted),
        date: row.text("date"),
        icon: row.text("icon"),
        title: row.expression("title"),
        summary: row.expression("summary"),
        fields: row.tables("field").into_iter().map(|table| field(row, table)).collect(),
        by: row.paths("by"),
        assigned: row.text("assigned"),
        keep_years: row.whole("keep_years").map(|years| u32::try_from(years).unwrap_or(0)),
        actions: row.tables("action").into_iter().map(|t| row.within(t, None, tables::action)).collect(),
        follows: row.tables("follow").into_iter().map(|t| row.within(t, None, tables::follow)).collect(),
        again: row.table("again").map(|t| row.within(t, None, tables::again)),
        once: row.list("once"),
        walk: row.table("walk").map(|t| row.within(t, None, tables::walk)),
        gone: row.table("gone").map(|t| row.within(t, None, tables::gone)),
        tells_apart: row.expression("tells_apart"),
    };
    row.end();
    (kind, own)
}

fn field(row: &mut Row<'_>, table: Table) -> Field {
    let name = table.get("name").and_then(|n| n.as_str()).unwrap_or_default().to_owned();
    row.within(table, Some(&name), |row| {
        let name = row.must("name");
        let written = row.must("type");
        let inner = row.tables("field").into_iter().map(|table| field(row, table)).collect::<Vec<_>>();
        let r#type = field_type(row, &written, inner);
        let label = match r#type {
            // Never shown, so it may go without.
            FieldType::Calculate => row.both("label").unwrap_or_default(),
            _ => row.must_both("label"),
        };
        let field = Field {
            name,
            r#type,
            label,
            hint: row.both("hint"),
            required: row.expression("required"),
            relevant: row.expression("relevant"),
            constraint: row.expression("constraint"),
            constraint_message: row.both("constraint_message"),
            calculation: row.expression("calculation"),
            default: row.default(),
            choice_filter: row.expression("choice_filter"),
            read_only: row.flag("read_only"),
            appearance: row.text("appearance").unwrap_or_default(),
            class: row.word("class", &["open", "resident", "restricted"], false),
            search: row.flag("search"),
            column: row.flag("column"),
            review: row.flag("review"),
            disused: row.flag("disused"),
            since: 0,
        };
        row.end();
        field
    })
}

/// Types as they are written, those with a second word marked by what it names.
const TYPES: [(&str, &str); 20] = [
    ("text", ""),
    ("integer", ""),
    ("money", ""),
    ("date", ""),
    ("date_time", ""),
    ("select_one", "list"),
    ("select_multiple", "list"),
    ("yes_no", ""),
    ("phone", ""),
    ("resident_id", ""),
    ("record", "kind"),
    ("records", "kind"),
    ("location", ""),
    ("trace", "list"),
    ("signature", ""),
    ("photos", ""),
    ("files", ""),
    ("repeat", ""),
    ("calculate", ""),
    ("note", ""),
];

fn field_type(row: &mut Row<'_>, written: &str, inner: Vec<Field>) -> FieldType {
    let mut words = written.split_whitespace();
    let (word, of, more) = (words.next().unwrap_or_default(), words.next(), words.next());
    let Some((_, wants)) = TYPES.iter().find(|(name, _)| *name == word) else {
        if !written.is_empty() {
            let names = TYPES.map(|(name, _)| name);
            let hint = near(word, names)
                .map_or(format!("the types are {}", names.join(", ")), |n| format!("did you mean `{n}`?"));
            row.note(format!("unknown type `{written}`; {hint}"));
        }
        return FieldType::Note;
    };
    if wants.is_empty() == of.is_some() || more.is_some() {
        let second = if wants.is_empty() { String::new() } else { format!(" <{wants}>") };
        row.note(format!("type `{written}` is written `{word}{second}`"));
    }
    if word != "repeat" && !inner.is_empty() {
        row.note("only a repeat has fields of its own");
    }
    match FieldType::named(word, of.unwrap_or_default()) {
        Some(FieldType::Repeat(_)) => FieldType::Repeat(inner),
        named => named.unwrap_or(FieldType::Note),
    }
}
