//! A broken pack is refused with file, kind, field, what is wrong and a hint, and every problem at once.

use records::{Pack, pack::FieldType};

const HEAD: &str = r#"
name = "test"
version = 3
label = { zh = "试验", en = "Test" }

[[post]]
name = "officer"
label = { zh = "干部", en = "Officer" }
read = ["visit", "place"]
write = ["visit"]
"#;

const PLACE: &str = r#"
label = { zh = "地点", en = "Place" }
nature = "register"
class = "open"
title = "${name}"

[[field]]
name = "name"
type = "text"
label = { zh = "名称", en = "Name" }
"#;

const VISIT: &str = r#"
label = { zh = "走访", en = "Visit" }
nature = "fact"
class = "resident"
date = "date"
title = "choice-label(${topic})"

[[field]]
name = "date"
type = "date"
label = { zh = "日期", en = "Date" }

[[field]]
name = "place"
type = "record place"
label = { zh = "地点", en = "Place" }

[[field]]
name = "topic"
type = "select_one topic"
label = { zh = "事由", en = "About" }

[[field]]
name = "findings"
type = "repeat"
label = { zh = "发现", en = "Findings" }

[[field.field]]
name = "cost"
type = "money"
label = { zh = "花费", en = "Cost" }

[choices]
topic = [
  { name = "care", label = { zh = "看望", en = "Care" }, post = "officer" },
  { name = "repair", label = { zh = "报修", en = "Repair" } },
]
"#;

/// A field to add to the visit kind.
fn field(name: &str, r#type: &str, columns: &str) -> String {
    format!(
        "[[field]]\nname = \"{name}\"\ntype = \"{type}\"\nlabel = {{ zh = \"问\", en = \"Question\" }}\n{columns}\n"
    )
}

/// Loads the sound pack with `more` added to the visit kind's fields, and the problems' lines.
fn with_field(more: &str) -> Vec<String> {
    let visit = VISIT.replace("[choices]", &format!("{more}\n[choices]"));
    lines(&[("pack.toml", HEAD), ("kinds/place.toml", PLACE), ("kinds/visit.toml", &visit)])
}

fn with_head(more: &str) -> Vec<String> {
    let head = format!("{HEAD}{more}");
    lines(&[("pack.toml", &head), ("kinds/place.toml", PLACE), ("kinds/visit.toml", VISIT)])
}

fn lines(files: &[(&str, &str)]) -> Vec<String> {
    let line = |p: records::pack::PackProblem| {
        format!("{} {} {}: {}", p.file, p.kind.as_deref().unwrap_or("-"), p.field.as_deref().unwrap_or("-"), p.message)
    };
    Pack::load(files).err().unwrap_or_default().into_iter().map(line).collect()
}

/// Exactly one problem, which begins with `expected`.
#[track_caller]
fn check(problems: Vec<String>, expected: &str) {
    assert!(problems.len() == 1 && problems[0].starts_with(expected), "expected {expected}\nfound {problems:#?}");
}

#[track_caller]
fn check_field(columns: &str, expected: &str) {
    check(with_field(&field("extra", "text", columns)), &format!("kinds/visit.toml visit extra: {expected}"));
}

#[test]
fn a_sound_pack_loads_and_survives_the_wire() {
    assert_eq!(with_field(""), Vec::<String>::new());
    let pack = Pack::load(&[("pack.toml", HEAD), ("kinds/place.toml", PLACE), ("kinds/visit.toml", VISIT)]).unwrap();
    assert_eq!(pack.kinds["visit"].field("topic").unwrap().r#type, FieldType::SelectOne("visit.topic".into()));
    assert_eq!(pack.choices["visit.topic"][0].columns["post"], "officer");
    assert_eq!(pack.choices["post"][0].name, "officer");
    let json = serde_json::to_string(&pack).unwrap();
    assert_eq!(serde_json::from_str::<Pack>(&json).unwrap(), pack);
}

#[test]
fn a_misspelt_column_is_named_with_the_one_that_was_meant() {
    check_field("requierd = true", "unknown column `requierd`; did you mean `required`?");
    check_field("colour = 'red'", "unknown column `colour`; the columns are name, type, field, label, hint, required");
    check(
        with_head("[[indicator]]\nname = 'n'\nlabel = { zh = '数', en = 'N' }\nkind = 'visit'\nfliter = '1'"),
        "pack.toml - indicator n: unknown column `fliter`; did you mean `filter`?",
    );
}

#[test]
fn types_lists_and_kinds_must_exist() {
    let extra = |r#type: &str| with_field(&field("extra", r#type, ""));
    let at = "kinds/visit.toml visit extra: ";
    check(extra("inteer"), &format!("{at}unknown type `inteer`; did you mean `integer`?"));
    check(extra("select_one topik"), &format!("{at}there is no choice list `topik`; did you mean `topic`?"));
    check(extra("select_one"), &format!("{at}type `select_one` is written `select_one <list>`"));
    check(extra("integer big"), &format!("{at}type `integer big` is written `integer`"));
    check(extra("record palce"), &format!("{at}unknown kind `palce`; did you mean `place`?"));
    check(extra("repeat"), &format!("{at}a repeat needs fields of its own"));
    check(extra("calculate"), &format!("{at}a calculate needs a `calculation`"));
}

#[test]
fn expressions_are_parsed_and_what_they_name_is_looked_up() {
    check_field(
        "relevant = '${topic} = '",
        "`relevant`: `${topic} = ` at character 12: expected a value, found the end",
    );
    check_field("relevant = '${topik} = 1'", "`relevant` names the unknown field `topik`; did you mean `topic`?");
    check_field(
        "relevant = 'topic = 1'",
        "`relevant` has the bare name `topic`; write ${topic} for a field, 'topic' for a text",
    );
    check_field("relevant = '. = 1'", "`relevant`: `.` is the answer being judged");
    check_field("relevant = '${cost} > 1'", "`relevant`: `cost` is inside a repeat and has a value a row; take sum()");
    check_field(
        r#"calculation = "lookup(${place}, 'nam')""#,
        "`calculation`: kind `place` has no field `nam` to look up; did you mean `name`?",
    );
    check_field(
        r#"calculation = "lookup(${topic}, 'name')""#,
        "`calculation`: lookup() follows a field of type record",
    );
    check_field("calculation = 'choice-label(${date})'", "`calculation`: only a select has choice labels");
    check_field("choice_filter = 'true()'", "`choice_filter` is for select_one and select_multiple");
    assert_eq!(
        with_field(&field("extra", "text", "calculation = 'sum(${cost}) + count(${findings})'")),
        Vec::<String>::new()
    );
    let filtered =
        |filter: &str| with_field(&field("extra", "select_one topic", &format!("choice_filter = \"{filter}\"")));
    assert_eq!(filtered("post = '' or post = user('post')"), Vec::<String>::new());
    check(
        filtered("pots = ''"),
        "kinds/visit.toml visit extra: `choice_filter` names `pots`, which is no column of the choices; did you mean `post`?",
    );
}

#[test]
fn names_are_well_formed_and_unique() {
    check(
        with_field(&field("Extra Name", "text", "")),
        "kinds/visit.toml visit Extra Name: `Extra Name` is not a field's name",
    );
    check(with_field(&field("_void", "text", "")), "kinds/visit.toml visit _void: `_void` is not a field's name");
    check(with_field(&field("place", "text", "")), "kinds/visit.toml visit place: there are two fields of this name");
    check(with_field(&field("cost", "text", "")), "kinds/visit.toml visit cost: there are two fields of this name");
    let twice = VISIT.replace("\"repair\"", "\"care\"");
    check(
        lines(&[("pack.toml", HEAD), ("kinds/place.toml", PLACE), ("kinds/visit.toml", &twice)]),
        "kinds/visit.toml visit -: choice list `visit.topic` has `care` twice",
    );
}

#[test]
fn both_languages_are_needed_everywhere() {
    check_field("hint = { zh = '提示' }", "`hint` lacks its `en` text; both languages are needed");
    check_field("hint = { zh = '提示', en = ' ' }", "`hint` lacks its `en` text");
    check_field("hint = 'Hint'", "`hint` is { zh = \"…\", en = \"…\" }, not string");
    check_field("hint = { zh = '提示', en = 'Hint', fr = 'Aide' }", "`hint` has `fr`; the languages are zh and en");
    let choice = VISIT.replace("{ zh = \"报修\", en = \"Repair\" }", "{ zh = \"报修\" }");
    check(
        lines(&[("pack.toml", HEAD), ("kinds/place.toml", PLACE), ("kinds/visit.toml", &choice)]),
        "kinds/visit.toml visit -: choices.topic: `repair`: `label` lacks its `en` text",
    );
}

#[test]
fn circles_are_found_and_a_field_may_keep_what_was_typed() {
    let two = field("a", "integer", "calculation = '${b} + 1'") + &field("b", "integer", "calculation = '${a} + 1'");
    check(with_field(&two), "kinds/visit.toml visit a: goes round in a circle: a → b → a");
    let shown = field("a", "integer", "relevant = '${b} > 1'") + &field("b", "integer", "relevant = '${a} > 1'");
    check(with_field(&shown), "kinds/visit.toml visit a: goes round in a circle");
    check_field("relevant = \"${extra} = ''\"", "goes round in a circle: extra → extra");
    assert_eq!(
        with_field(&field("extra", "text", "calculation = \"coalesce(${topic}, ${extra})\"")),
        Vec::<String>::new()
    );
}

#[test]
fn a_form_cannot_trap_its_writer() {
    check_field("constraint = '. > 1'", "a `constraint` needs a `constraint_message`");
    check_field("required = true\nread_only = true", "is required and read only, but nothing fills it");
}

#[test]
fn posts_have_rights_over_kinds_that_exist() {
    let post = |columns: &str| {
        with_head(&format!("[[post]]\nname = 'helper'\nlabel = {{ zh = '帮手', en = 'Helper' }}\n{columns}"))
    };
    let at = "pack.toml - post helper: ";
    check(post("read = ['vist']"), &format!("{at}`read` names the unknown kind `vist`; did you mean `visit`?"));
    check(post("write = ['visit']"), &format!("{at}may write `visit` but not read it"));
    check(
        post("read = ['visit']\nframe = 'volunteer'"),
        &format!("{at}volunteers see no residents' data, but `visit`"),
    );
    check(post("frame = 'manager'"), &format!("{at}`frame` is `manager`; it is one of officer, volunteer"));
    check(
        with_head("[[post]]\nname = 'officer'\nlabel = { zh = '干部', en = 'Officer' }"),
        "pack.toml - post officer: there are two posts",
    );
}

#[test]
fn indicators_count_what_exists_and_sum_numbers() {
    let indicator =
        |columns: &str| with_head(&format!("[[indicator]]\nname = 'n'\nlabel = {{ zh = '数', en = 'N' }}\n{columns}"));
    let at = "pack.toml - indicator n: ";
    check(indicator("kind = 'vist'"), &format!("{at}unknown kind `vist`; did you mean `visit`?"));
    check(
        indicator("kind = 'visit'\nfilter = '${topik} = 1'"),
        &format!("{at}`filter` names the unknown field `topik`"),
    );
    check(
        indicator("kind = 'visit'\nsum = 'topic'"),
        &format!("{at}`sum` is of `topic`, which is not an integer or money"),
    );
    check(indicator("kind = 'visit'\nsum = 'amount'"), &format!("{at}`sum` is of the unknown field `amount`"));
    check(indicator("kind = 'place'"), &format!("{at}kind `place` has no `date`"));
    check(
        indicator("kind = 'visit'\nfilter = \"lookup(${place}, 'name') = 'x'\""),
        &format!("{at}`filter` sees only the record's own fields"),
    );
}

#[test]
fn screens_name_kinds_and_fields_that_exist() {
    check(with_head("[screens]\nfirst = ['vist']"), "pack.toml - -: [screens.first] names the unknown kind `vist`");
    let due = "[[due]]\nname = 'd'\nlabel = { zh = '到', en = 'D' }\nkind = 'visit'\n";
    check(
        with_head(&format!("{due}promise = 'topic'\nabout = ['place']")),
        "pack.toml - due d: `promise` is `topic`, which is not of type date",
    );
    check(with_head(due), "pack.toml - due d: needs one of `promise`");
    check(with_head("[screens]\nfrist = []"), "pack.toml - -: [screens]: unknown field `frist`");
}

/// One of several problems.
fn among(found: &[String], expected: &str) {
    assert!(found.iter().any(|line| line.starts_with(expected)), "expected {expected}\nfound {found:#?}");
}

#[test]
fn rates_paths_and_reports_name_what_exists() {
    let indicator =
        |columns: &str| with_head(&format!("[[indicator]]\nname = 'n'\nlabel = {{ zh = '数', en = 'N' }}\n{columns}"));
    let at = "pack.toml - indicator n: ";
    among(&indicator("rate = ['n', 'm']"), &format!("{at}`rate` names `m`, which is no indicator that counts"));
    among(&indicator("rate = ['n']"), &format!("{at}`rate` names two indicators"));
    among(&indicator("kind = 'visit'\nsum = 'n'\nmin = 'n'"), &format!("{at}has more than one of"));
    check(
        indicator("kind = 'visit'\ndistinct = 'place.street'"),
        &format!("{at}`distinct` is `place.street`, but kind `place` has no field `street`"),
    );
    check(
        indicator("kind = 'visit'\ndistinct = 'topic.name'"),
        &format!("{at}`distinct` is `topic.name`, but `topic` leads to no other record"),
    );
    let report = "label = { zh = '报', en = 'R' }\nbody = { zh = '走访{visits}次', en = '![chart]' }";
    let found = lines(&[
        ("pack.toml", HEAD),
        ("kinds/place.toml", PLACE),
        ("kinds/visit.toml", VISIT),
        ("reports/year.toml", report),
    ]);
    among(&found, "reports/year.toml - -: `body` in zh has `{visits}`, which is no indicator");
    among(&found, "reports/year.toml - -: `body` in en places the chart `chart`, which is not among its [[chart]]s");
}

#[test]
fn actions_walks_and_what_is_written_again_or_once_name_what_exists() {
    let visit = |more: &str| {
        let visit = format!("{VISIT}\n{more}");
        lines(&[("pack.toml", HEAD), ("kinds/place.toml", PLACE), ("kinds/visit.toml", &visit)])
    };
    let action = |more: &str| visit(&format!("[[action]]\nname = 'a'\nlabel = {{ zh = '做', en = 'Do' }}\n{more}"));
    let at = "kinds/visit.toml visit action a: ";
    check(action(""), &format!("{at}changes a fact, which is corrected with a reason only"));
    check(action("makes = 'plaice'"), &format!("{at}`makes` the unknown kind `plaice`; did you mean `place`?"));
    check(action("makes = 'place'\nlink = 'name'"), &format!("{at}`link` is `name`, which cannot point at `visit`"));
    check(action("makes = 'place'\nset = { street = \"'x'\" }"), &format!("{at}kind `place` has no field `street`"));
    check(action("makes = 'place'\nwhen = '${topik} = 1'"), &format!("{at}`when`: kind `visit` has no field `topik`"));
    check(action("makes = 'place'\nposts = ['chief']"), &format!("{at}`posts` names the unknown post `chief`"));
    check(visit("[again]\nper = 'team'"), "kinds/visit.toml visit again: kind `visit` has no field `team`");
    check(visit("[by]\ngrid = 'place'"), "kinds/visit.toml visit -: `by` names the unknown dimension `grid`");
    let walk = |of: &str| visit(&format!("[walk]\nstart = 'topic'\nminutes = 'date'\npoints = 'topic'\n{of}"));
    let at = "kinds/visit.toml visit walk: ";
    among(&walk(""), &format!("{at}`minutes` is `date`, which is not of type integer"));
    among(&walk(""), &format!("{at}`points` is `topic`, which is not of type select_multiple"));
    among(&walk("found = 'topic'"), &format!("{at}`found` is `topic`, which is not of type repeat"));
    among(&walk("trace = 'topic'"), &format!("{at}`trace` is `topic`, which is not of type trace"));
    among(&walk("ask = ['topik']"), &format!("{at}kind `visit` has no field `topik`; did you mean `topic`?"));
    let once = VISIT.replace("date = \"date\"\n", "date = \"date\"\nonce = [\"topik\"]\n");
    let found = lines(&[("pack.toml", HEAD), ("kinds/place.toml", PLACE), ("kinds/visit.toml", &once)]);
    among(&found, "kinds/visit.toml visit once: kind `visit` has no field `topik`; did you mean `topic`?");
}

#[test]
fn a_kind_needs_its_date_its_title_and_its_class() {
    let visit = |from: &str, to: &str| {
        let visit = VISIT.replace(from, to);
        lines(&[("pack.toml", HEAD), ("kinds/place.toml", PLACE), ("kinds/visit.toml", &visit)])
    };
    let at = "kinds/visit.toml visit -: ";
    check(visit("date = \"date\"\n", ""), &format!("{at}a fact needs `date`"));
    check(
        visit("date = \"date\"\n", "date = \"topic\"\n"),
        &format!("{at}`date` names `topic`, which is not of type date"),
    );
    check(visit("title = \"choice-label(${topic})\"\n", ""), &format!("{at}needs a `title`"));
    check(
        visit("class = \"resident\"", "class = \"secret\""),
        &format!("{at}`class` is `secret`; it is one of open, resident, restricted"),
    );
    check(visit("class = \"resident\"\n", ""), &format!("{at}`class` is missing; it is one of open"));
}

#[test]
fn every_problem_of_every_file_is_told_at_once() {
    let visit = VISIT.replace("record place", "record palce").replace("select_one topic", "select_one");
    let found = lines(&[
        ("pack.toml", "name = 3"),
        ("kinds/visit.toml", &visit),
        ("kinds/bad.toml", "[[field"),
        ("notes.toml", ""),
    ]);
    for expected in [
        "pack.toml - -: `name` is a text in quotes, not integer",
        "pack.toml - -: `label` is missing",
        "pack.toml - -: `version` is a whole number from 1",
        "kinds/visit.toml visit place: unknown kind `palce`",
        "kinds/visit.toml visit topic: type `select_one`",
        "kinds/bad.toml - -: is not TOML: TOML parse error at line 1",
        "notes.toml - -: a pack has pack.toml, kinds/<name>.toml and reports/<name>.toml",
    ] {
        assert!(found.iter().any(|line| line.starts_with(expected)), "{expected}\nfound {found:#?}");
    }
    check(lines(&[]), "pack.toml - -: is missing");
}

#[test]
fn an_assignment_leads_to_an_account() {
    let with = |visit: &str, place: &str| {
        let visit = VISIT.replace("date = \"date\"\n", &format!("date = \"date\"\n{visit}"));
        let place = PLACE.replace("class = \"open\"\n", &format!("class = \"open\"\n{place}"));
        let place = place.replace("type = \"text\"\n", "type = \"text\"\nrequired = true\n");
        let visit = visit.replace("type = \"record place\"\n", "type = \"record place\"\nrequired = true\n");
        lines(&[("pack.toml", HEAD), ("kinds/place.toml", &place), ("kinds/visit.toml", &visit)])
    };
    assert_eq!(with("assigned = \"place\"\n", "assigned = \"name\"\n"), Vec::<String>::new());
    let at = "kinds/visit.toml visit";
    check(
        with("assigned = \"plaice\"\n", ""),
        &format!("{at} -: `assigned` names the unknown field `plaice`; did you mean"),
    );
    check(with("assigned = \"place\"\n", ""), &format!("{at} place: `assigned`: is neither a text with"));
    let found = with("assigned = \"topic\"\n", "");
    among(&found, &format!("{at} topic: says who may see the record; make it `required`"));
    among(&found, &format!("{at} topic: `assigned`: is neither"));
}
