//! Do due rules, actions and what is written again name what exists?

use super::{Checker, hint};
use crate::{
    expression::Expression,
    pack::{ANY, Action, Due, DueRule, FieldType, Follow, Kind, Nature, Pack, Walk},
};

/// What is wrong with the fields an expression over a kind names.
fn strangers(kind: &Kind, column: &str, expression: &Expression) -> Vec<String> {
    let known = kind.fields.iter().map(|f| f.name.as_str());
    let inside = |name: &str| kind.fields.iter().any(|field| field.inner(name).is_some());
    let names = expression.fields().into_iter().filter(|name| kind.field(name).is_none() && !inside(name));
    let note =
        |name: String| format!("`{column}`: kind `{}` has no field `{name}`{}", kind.name, hint(&name, known.clone()));
    names.map(note).collect()
}

fn of_type(kind: &Kind, column: &str, field: &str, wanted: &FieldType, word: &str) -> Option<String> {
    match kind.field(field).map(|f| &f.r#type) {
        Some(found) if found == wanted => None,
        Some(_) => Some(format!("`{column}` is `{field}`, which is not of type {word}")),
        None => {
            let known = kind.fields.iter().map(|f| f.name.as_str());
            Some(format!("`{column}`: kind `{}` has no field `{field}`{}", kind.name, hint(field, known)))
        }
    }
}

fn check_posts(pack: &Pack, posts: &[String]) -> Vec<String> {
    let known = pack.posts.iter().map(|p| p.name.as_str());
    let strange = posts.iter().filter(|post| pack.post(post).is_none());
    strange.map(|post| format!("`posts` names the unknown post `{post}`{}", hint(post, known.clone()))).collect()
}

pub(super) fn check_due(pack: &Pack, due: &Due) -> Vec<String> {
    let kinds = pack.kinds.keys().map(String::as_str);
    let Some(kind) = pack.kind(&due.kind) else {
        return vec![format!("unknown kind `{}`{}", due.kind, hint(&due.kind, kinds))];
    };
    let mut notes = check_posts(pack, &due.posts);
    if let Some(filter) = &due.filter {
        notes.extend(strangers(kind, "filter", filter));
    }
    match &due.rule {
        DueRule::Promise { date, about } => {
            notes.extend(of_type(kind, "promise", date, &FieldType::Date, "date"));
            if about.is_empty() {
                notes.push("`about` lists the fields that say about whom the promise is".into());
            }
            for field in about.iter().filter(|field| kind.field(field).is_none()) {
                let known = kind.fields.iter().map(|f| f.name.as_str());
                notes.push(format!("`about`: kind `{}` has no field `{field}`{}", kind.name, hint(field, known)));
            }
        }
        // A rule that says nothing at all has been noted as that.
        DueRule::Until { date, .. } if date.is_empty() => {}
        DueRule::Until { date, .. } => notes.extend(of_type(kind, "until", date, &FieldType::Date, "date")),
        DueRule::Every { by, about, kept, .. } => {
            let Some(by) = pack.kind(by) else {
                notes.push(format!("`by` names the unknown kind `{by}`{}", hint(by, kinds)));
                return notes;
            };
            if by.date.is_none() {
                notes.push(format!("`by` is kind `{}`, which has no `date` to reckon from", by.name));
            }
            if about.is_empty() {
                notes.push(format!("`about` lists the fields of `{}` that say where someone was", by.name));
            }
            for field in about {
                let leads = match by.field(field).map(|f| &f.r#type) {
                    Some(FieldType::Record(to)) if *to == kind.name => true,
                    Some(to @ FieldType::Record(_)) => kind.fields.iter().any(|f| f.r#type == *to),
                    _ => false,
                };
                if !leads {
                    notes.push(format!("`about`: `{field}` of `{}` leads to no `{}`", by.name, kind.name));
                }
            }
            if let Some(kept) = kept {
                notes.extend(strangers(by, "kept", kept));
            }
        }
    }
    notes
}

fn check_follow(pack: &Pack, kind: &Kind, follow: &Follow) -> Vec<String> {
    let target = match kind.field(&follow.at).map(|field| &field.r#type) {
        Some(FieldType::Record(to)) => pack.kind(to),
        _ => None,
    };
    let Some(target) = target else {
        return vec![format!("`at` is `{}`, which is no field that points at a record of one kind", follow.at)];
    };
    let mut notes: Vec<String> = follow.when.iter().flat_map(|when| strangers(kind, "when", when)).collect();
    if target.nature != Nature::Register {
        notes.push(format!("`at` leads to `{}`, whose records happened and are not changed by others", target.name));
    }
    for (name, says) in &follow.set {
        notes.extend(strangers(kind, "set", says));
        if target.field(name).is_none() {
            let known = target.fields.iter().map(|f| f.name.as_str());
            notes.push(format!("`set`: kind `{}` has no field `{name}`{}", target.name, hint(name, known)));
        }
    }
    notes
}

impl Checker<'_> {
    /// `[[action]]`s, `[walk]` and `[again]` of a kind.
    pub(super) fn work(&mut self) {
        let (pack, kind) = (self.pack, self.kind);
        for (at, action) in kind.actions.iter().enumerate() {
            let place = format!("action {}", action.name);
            if kind.actions[..at].iter().any(|other| other.name == action.name) {
                self.note(Some(&place), "there are two actions of this name");
            }
            check_action(pack, kind, action).into_iter().for_each(|message| self.note(Some(&place), message));
        }
        for name in kind.ways_alike().flatten().filter(|name| kind.field(name).is_none()) {
            let known = kind.fields.iter().map(|f| f.name.as_str());
            self.note(Some("once"), format!("kind `{}` has no field `{name}`{}", kind.name, hint(name, known)));
        }
        for follow in &kind.follows {
            check_follow(pack, kind, follow).into_iter().for_each(|message| self.note(Some("follow"), message));
        }
        if let Some(walk) = &kind.walk {
            check_walk(kind, walk).into_iter().for_each(|message| self.note(Some("walk"), message));
        }
        let Some(again) = &kind.again else { return };
        let at = Some("again");
        let known = || kind.fields.iter().map(|f| f.name.as_str());
        for name in again.ask.iter().chain(&again.keep).chain([&again.per]) {
            if kind.field(name).is_none() {
                self.note(at, format!("kind `{}` has no field `{name}`{}", kind.name, hint(name, known())));
            }
        }
        if kind.date.is_none() {
            self.note(at, "what is written again needs a `date`");
        }
        if let Some(keeper) = &again.keeper {
            let target = kind.field(&again.per).and_then(|field| match &field.r#type {
                FieldType::Record(target) => pack.kind(target),
                _ => None,
            });
            if target.is_none_or(|target| target.field(keeper).is_none()) {
                self.note(
                    at,
                    format!("`keeper` is a field of the record `{}` points at, and it has no `{keeper}`", again.per),
                );
            }
        }
    }
}

fn check_walk(kind: &Kind, walk: &Walk) -> Vec<String> {
    let mut notes = Vec::new();
    let known = || kind.fields.iter().map(|f| f.name.as_str());
    for name in walk.ask.iter().filter(|name| kind.field(name).is_none()) {
        notes.push(format!("kind `{}` has no field `{name}`{}", kind.name, hint(name, known())));
    }
    notes.extend(of_type(kind, "start", &walk.start, &FieldType::Text, "text"));
    notes.extend(of_type(kind, "minutes", &walk.minutes, &FieldType::Integer, "integer"));
    let is_trace = |name: &String| matches!(kind.field(name).map(|f| &f.r#type), Some(FieldType::Trace(_)));
    if let Some(trace) = walk.trace.as_ref().filter(|trace| !is_trace(trace)) {
        notes.push(format!("`trace` is `{trace}`, which is not of type trace"));
    }
    let is_many = |name: &String| matches!(kind.field(name).map(|f| &f.r#type), Some(FieldType::SelectMultiple(_)));
    if !is_many(&walk.points) {
        notes.push(format!("`points` is `{}`, which is not of type select_multiple", walk.points));
    }
    let is_repeat = |name: &String| matches!(kind.field(name).map(|f| &f.r#type), Some(FieldType::Repeat(_)));
    if let Some(found) = walk.found.as_ref().filter(|found| !is_repeat(found)) {
        notes.push(format!("`found` is `{found}`, which is not of type repeat"));
    }
    if kind.date.is_none() {
        notes.push("what is made on the way needs a `date`".into());
    }
    notes
}

fn check_action(pack: &Pack, kind: &Kind, action: &Action) -> Vec<String> {
    let mut notes = check_posts(pack, &action.posts);
    if let Some(when) = &action.when {
        notes.extend(strangers(kind, "when", when));
    }
    for expression in action.set.values() {
        notes.extend(strangers(kind, "set", expression));
    }
    let target = match &action.makes {
        None if kind.nature == Nature::Fact => {
            notes.push("changes a fact, which is corrected with a reason only; `makes` another record".into());
            kind
        }
        None => kind,
        Some(makes) => match pack.kind(makes) {
            Some(target) => target,
            None => {
                let kinds = pack.kinds.keys().map(String::as_str);
                notes.push(format!("`makes` the unknown kind `{makes}`{}", hint(makes, kinds)));
                return notes;
            }
        },
    };
    let known = || target.fields.iter().map(|f| f.name.as_str());
    for name in action.set.keys().chain(&action.ask).filter(|name| target.field(name).is_none()) {
        notes.push(format!("kind `{}` has no field `{name}`{}", target.name, hint(name, known())));
    }
    if let Some(stamp) = &action.stamp {
        notes.extend(of_type(target, "stamp", stamp, &FieldType::DateTime, "date_time"));
    }
    match (&action.link, &action.makes) {
        (Some(_), None) => notes.push("`link` is of the record it `makes`".into()),
        (Some(link), Some(_)) => match target.field(link).map(|f| &f.r#type) {
            Some(FieldType::Record(to)) if *to == kind.name || to == ANY => {}
            _ => notes.push(format!("`link` is `{link}`, which cannot point at `{}`", kind.name)),
        },
        _ => {}
    }
    notes
}
