//! A row of `survey` to a draft of a field.

use records::{Class, Field, FieldType, Pack, Text, expression::Expression};

use super::super::{
    YES_NO,
    columns::{APPEARANCES, SURVEY},
    dialect::{SLOTS, reference},
    export::own,
    finding::{
        APPEARANCE, APPEARANCE_FILE, APPEARANCE_HEADER, Findings, LABEL_LACKS, LIST_ANSWERS, LIST_UNKNOWN, NOT_A_FLAG,
        PARAMETERS, READ_ONLY, SETTING_WRONG, TYPE_KNOWN, TYPE_MADE, TYPE_OURS, TYPE_REFUSED, TYPE_UNKNOWN,
    },
    language::Languages,
    renamed::Renamed,
    table::{Row, Written},
    types::{self, DECIMAL, FOREIGN, Made, Said, has},
};
use super::{choices::Lists, flag, name::Names, range::Range, survey::Draft};

/// What rows are read by.
pub(super) struct Reader<'r> {
    pub pack: &'r Pack,
    /// The kind's name.
    pub kind: &'r str,
    /// Whether the workbook was made here.
    pub is_ours: bool,
    /// The groups and repeats the row stands in, by the rows they begin in.
    pub within: Vec<usize>,
    pub languages: &'r Languages,
    pub lists: &'r mut Lists,
    pub names: Names,
    pub renamed: &'r mut Renamed,
    /// The field that `today` has become.
    pub today: Option<String>,
}

/// What a row's type is made of.
struct Taken {
    r#type: FieldType,
    also: &'static str,
    range: String,
    /// What to say of what is out of it.
    message: Option<Text>,
    /// Calculated, by its default where it has no calculation.
    is_hidden: bool,
}

impl From<FieldType> for Taken {
    fn from(r#type: FieldType) -> Self {
        Self { r#type, also: "", range: String::new(), message: None, is_hidden: false }
    }
}

impl Reader<'_> {
    /// The note that a group's label becomes; `None` for a group without one.
    pub(super) fn heading(&mut self, row: Row<'_>, findings: &mut Findings) -> Option<Draft> {
        let label = self.languages.text(row, "label", findings)?;
        let mut at = row.place("name");
        if at.text.is_empty() {
            at.text = "group".into();
        }
        // Nobody refers to a group, so its name is of no consequence, but that ODK has a group `meta` of its own.
        let name = super::name::clean(&at.text);
        let name = self.names.free(if name.is_empty() || name == "meta" { "group" } else { &name });
        self.appearance(row, "", findings);
        Some(draft(Field { label, ..blank(name, FieldType::Note) }, at, &self.within))
    }

    /// A question, and the one that asks for one's own words beside it; `None` where it is left out, which is said.
    pub(super) fn question(
        &mut self,
        row: Row<'_>,
        said: &Said,
        findings: &mut Findings,
    ) -> Option<(Draft, Option<Draft>)> {
        let cell = row.place("type");
        let appearance = row.text("appearance");
        if has(&appearance, "label") && said.odk.starts_with("select") {
            findings.say(&row.place("appearance"), &APPEARANCE_HEADER);
            return None;
        }
        if appearance.contains("search(") {
            findings.say(&row.place("appearance"), &APPEARANCE_FILE);
            return None;
        }
        let taken = self.taken(row, said, &cell, findings)?;
        row.passed_over(&SURVEY, findings);
        let at = row.place("name");
        let name = self.names.take(&at, findings);
        if !at.text.is_empty() {
            let called = self.renamed.fields.entry(at.text.clone()).or_default();
            called.push((self.within.clone(), name.clone()));
        }
        if taken.also == DECIMAL {
            self.renamed.decimals.insert(name.clone());
        }
        if matches!(&*said.odk, "acknowledge" | "trigger") {
            self.renamed.acknowledged.push(at.text.clone());
        }
        let mut field = blank(name.clone(), taken.r#type);
        match self.languages.text(row, "label", findings) {
            Some(label) => field.label = label,
            None if field.r#type == FieldType::Calculate => {}
            None if said.odk == "today" => field.label = Text::new("日期", "Date"),
            None => {
                findings.say(&row.place("label"), &LABEL_LACKS);
                field.label = Text::new(&name, &name);
            }
        }
        field.hint = self.languages.text(row, "hint", findings);
        field.constraint_message = self.languages.text(row, "constraint_message", findings);
        field.appearance = self.appearance(row, types::word(&field.r#type).0.as_str(), findings);
        if said.odk == "text" && field.r#type == FieldType::Text && !field.appears("multiline") {
            self.long(&mut field);
        }
        attributes(&mut field, row, findings);
        if let Some(cell) = row.cell("parameters").filter(|_| taken.range.is_empty()) {
            findings.of(&cell, &PARAMETERS, &cell.text);
        }
        let other = said.or_other.then(|| self.other(&field, &said.list, &at));
        let mut draft = draft(field, at, &self.within);
        draft.odk = SLOTS.each_ref().map(|slot| row.cell(slot.odk));
        draft.ours = SLOTS.each_ref().map(|slot| row.cell(slot.ours));
        (draft.also, draft.range, draft.message) = (taken.also, taken.range, taken.message);
        if said.odk == "today" {
            let default = Written { text: "today()".into(), ..cell.clone() };
            draft.odk[4] = Some(default);
            self.today.get_or_insert(name);
        }
        if said.odk == "username" {
            draft.odk[3] = Some(Written { text: "user('name')".into(), ..cell.clone() });
        }
        // A calculation whose first value is all it has.
        if (taken.is_hidden || draft.field.r#type == FieldType::Calculate) && draft.odk[3].is_none() {
            draft.odk[3] = draft.odk[4].take().map(|mut written| {
                written.text = super::super::dialect::default(&written.text, &FieldType::Text);
                written
            });
        }
        Some((draft, other))
    }

    /// The type, or what is said of it.
    fn taken(&mut self, row: Row<'_>, said: &Said, cell: &Written, findings: &mut Findings) -> Option<Taken> {
        if let Some(written) = row.cell("linli_type") {
            let (word, of) = written.text.split_once(' ').unwrap_or((&written.text, ""));
            let fits =
                |pair: &&types::Pair| !pair.enough && pair.odk == said.odk && (word != "yes_no" || said.list == YES_NO);
            let named = types::of_ours(word).filter(fits).and_then(|_| FieldType::named(word, of.trim()));
            match named {
                Some(named) => return Some(named.into()),
                None => findings.say(&written, &TYPE_OURS),
            }
        }
        if let Some(kept) = self.kept(row, said) {
            return Some(kept.into());
        }
        if let Some(pair) = types::of_odk(&said.odk, &row.text("appearance")) {
            let list = if said.odk.starts_with("select") { self.list(said, cell, findings)? } else { String::new() };
            return FieldType::named(pair.ours, &list).map(Into::into);
        }
        let Some(foreign) = FOREIGN.iter().find(|foreign| foreign.odk == said.odk) else {
            findings.say(cell, &TYPE_UNKNOWN);
            return None;
        };
        let about = Text::new(foreign.zh, foreign.en);
        match foreign.made {
            Made::Nothing => findings.about(cell, &TYPE_REFUSED, about),
            Made::Known => findings.about(cell, &TYPE_KNOWN, about),
            Made::Question(..) | Made::Range | Made::Calculation => findings.about(cell, &TYPE_MADE, about),
        }
        match foreign.made {
            Made::Nothing | Made::Known => None,
            Made::Question(ours, also) => {
                let r#type = FieldType::named(ours, "")?;
                Some(Taken { also, ..r#type.into() })
            }
            Made::Range => {
                let range = Range::read(&row.text("parameters"));
                if let Some(cell) = row.cell("parameters").filter(|_| !range.others.is_empty()) {
                    findings.of(&cell, &PARAMETERS, &range.others.join(" "));
                }
                let (r#type, also) =
                    if range.is_whole { (FieldType::Integer, "") } else { (FieldType::Text, types::DECIMAL) };
                Some(Taken { also, range: range.holds(), message: Some(range.words()), ..r#type.into() })
            }
            Made::Calculation => Some(Taken { is_hidden: true, ..FieldType::Calculate.into() }),
        }
    }

    /// The type in force, where a sheet that lost our column says of it what goes out.
    fn kept(&mut self, row: Row<'_>, said: &Said) -> Option<FieldType> {
        let was = self.pack.kind(self.kind).filter(|_| row.headings().iter().all(|head| head.name != "linli_type"))?;
        let name = row.text("name");
        let field = was.fields.iter().find_map(|f| if f.name == name { Some(f) } else { f.inner(&name) })?;
        // What ODK's words are enough for is read by them.
        let is_said = types::of_ours(&types::word(&field.r#type).0).is_some_and(|pair| pair.enough);
        let goes_out = types::odk(&field.r#type, |list| own(was, list).to_owned());
        if goes_out != row.text("type") || is_said && !said.odk.starts_with("select") {
            return None;
        }
        if let Some(list) = self.lists.0.get_mut(&said.list) {
            list.is_used = true;
            list.is_shared |= self.pack.choices.contains_key(&said.list);
        }
        Some(field.r#type.clone())
    }

    /// The list a select offers.
    fn list(&mut self, said: &Said, cell: &Written, findings: &mut Findings) -> Option<String> {
        if said.list.contains("${") {
            findings.say(cell, &LIST_ANSWERS);
            return None;
        }
        if said.or_other {
            self.lists.with_other(&said.list);
        }
        let list = self.lists.offered(self.pack, self.kind, &said.list);
        if list.is_none() {
            findings.of(cell, &LIST_UNKNOWN, &said.list);
        }
        list
    }

    /// The question for one's own words, as ODK makes it of `or_other`.
    fn other(&mut self, field: &Field, _list: &str, at: &Written) -> Draft {
        let name = self.names.free(&format!("{}_other", field.name));
        let relevant = Expression::parse(&format!("selected({}, 'other')", reference(&field.name))).ok();
        let label = Text::new("请说明", "Specify other.");
        draft(Field { label, relevant, ..blank(name, FieldType::Text) }, at.clone(), &self.within)
    }

    /// A text of ODK's has no end and takes several lines; one in force stays as it is.
    fn long(&self, field: &mut Field) {
        let was = self.pack.kind(self.kind).map(|kind| &kind.fields[..]).unwrap_or_default();
        let was = was.iter().find_map(|f| if f.name == field.name { Some(f) } else { f.inner(&field.name) });
        if !self.is_ours && was.is_none_or(|was| was.appears("long")) && !field.appears("long") {
            field.appearance = format!("{} long", field.appearance).trim().to_owned();
        }
    }

    /// The words of an appearance that mean something here.
    fn appearance(&self, row: Row<'_>, ours: &str, findings: &mut Findings) -> String {
        let Some(cell) = row.cell("appearance") else { return String::new() };
        let made = types::of_ours(ours).map_or("", |pair| pair.appearance);
        let words = cell.text.split_whitespace().filter(|word| *word != made);
        let (kept, others): (Vec<&str>, Vec<&str>) = words.partition(|word| APPEARANCES.contains(word));
        if !others.is_empty() {
            findings.of(&cell, &APPEARANCE, &others.join(" "));
        }
        kept.join(" ")
    }
}

/// Columns that are neither text nor expression.
fn attributes(field: &mut Field, row: Row<'_>, findings: &mut Findings) {
    if let Some(cell) = row.cell("read_only") {
        match flag(&cell.text) {
            Some(flag) => field.read_only = flag,
            None => findings.say(&cell, &READ_ONLY),
        }
    }
    for (column, to) in [
        ("linli_search", &mut field.search),
        ("linli_column", &mut field.column),
        ("linli_review", &mut field.review),
        ("linli_disused", &mut field.disused),
    ] {
        let Some(cell) = row.cell(column) else { continue };
        match flag(&cell.text) {
            Some(flag) => *to = flag,
            None => findings.say(&cell, &NOT_A_FLAG),
        }
    }
    if let Some(cell) = row.cell("linli_class") {
        field.class = serde_json::from_value::<Class>(cell.text.as_str().into()).ok();
        if field.class.is_none() {
            findings.of(&cell, &SETTING_WRONG, "open, resident, restricted");
        }
    }
}

fn draft(field: Field, at: Written, within: &[usize]) -> Draft {
    let (odk, ours, range, message, under, rows) = Default::default();
    Draft { field, at, odk, ours, also: "", range, message, under, within: within.to_vec(), rows }
}

/// A field that asks nothing yet.
pub(in crate::xlsform) fn blank(name: String, r#type: FieldType) -> Field {
    let (hint, required, relevant, constraint, constraint_message) = Default::default();
    let (calculation, default, choice_filter, class) = Default::default();
    let (label, appearance) = Default::default();
    let (read_only, search, column, review, disused, since) = Default::default();
    Field {
        name,
        r#type,
        label,
        hint,
        required,
        relevant,
        constraint,
        constraint_message,
        calculation,
        default,
        choice_filter,
        read_only,
        appearance,
        class,
        search,
        column,
        review,
        disused,
        since,
    }
}
