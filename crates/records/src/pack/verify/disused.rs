//! What is out of use must not be what the rest of the pack leans on.

use super::Checker;
use crate::pack::{DueRule, FieldType, Follow, Kind, Pack};

/// Why a field of a kind cannot be put out of use: what leans on it, as the pack's files call it.
pub(in crate::pack) fn leans(pack: &Pack, kind: &Kind, field: &str) -> Option<&'static str> {
    let is = |name: &String| name == field;
    if kind.date.as_ref().is_some_and(is) {
        return Some("date");
    }
    if kind.assigned.as_ref().is_some_and(is) {
        return Some("assigned");
    }
    if let Some(walk) = &kind.walk {
        let taken =
            [Some(&walk.start), Some(&walk.minutes), Some(&walk.points), walk.found.as_ref(), walk.trace.as_ref()];
        if taken.into_iter().flatten().chain(&walk.ask).any(is) {
            return Some("walk");
        }
    }
    if let Some(again) = &kind.again
        && (is(&again.per) || again.ask.iter().chain(&again.keep).any(is))
    {
        return Some("again");
    }
    if kind.gone.as_ref().is_some_and(|gone| gone.reads().iter().any(is)) {
        return Some("gone");
    }
    let follows = |other: &Kind, follow: &Follow| {
        let leads =
            matches!(other.field(&follow.at).map(|f| &f.r#type), Some(FieldType::Record(to)) if *to == kind.name);
        other.name == kind.name && is(&follow.at) || leads && follow.set.keys().any(is)
    };
    if pack.kinds.values().any(|other| other.follows.iter().any(|follow| follows(other, follow))) {
        return Some("follow");
    }
    let mut acting = pack.kinds.values().flat_map(|other| {
        let own = other.name == kind.name;
        other.actions.iter().filter(move |action| action.makes.as_ref().map_or(own, |makes| *makes == kind.name))
    });
    if acting.any(|action| action.set.keys().chain(&action.ask).chain(&action.stamp).chain(&action.link).any(is)) {
        return Some("action");
    }
    for due in pack.due.iter().filter(|due| !due.stopped) {
        let (own, by) = (due.kind == kind.name, |by: &String| *by == kind.name);
        let leans = match &due.rule {
            DueRule::Promise { date, about } => own && (is(date) || about.iter().any(is)),
            DueRule::Until { date, .. } => own && is(date),
            DueRule::Every { by: there, about, .. } => by(there) && about.iter().any(is),
        };
        if leans {
            return Some("due");
        }
    }
    on_screen(pack, kind, field).then_some("screens")
}

fn on_screen(pack: &Pack, kind: &Kind, field: &str) -> bool {
    let mut named: Vec<(&String, &String)> = Vec::new();
    if let Some(doors) = &pack.screens.doors {
        for name in [&doors.household_building, &doors.stairwell, &doors.floor, &doors.flat] {
            named.push((&doors.household, name));
        }
        named.push((&doors.person, &doors.person_household));
        named.extend(doors.nobody.keys().map(|name| (&doors.visit, name)));
    }
    if let Some(it) = &pack.screens.versions {
        let names = [&it.title, &it.from, &it.to, &it.within, &it.body, &it.figures, &it.frozen_on];
        named.extend(names.map(|name| (&it.kind, name)));
    }
    named.into_iter().any(|(of, name)| *of == kind.name && name == field)
}

impl Checker<'_> {
    pub(super) fn disused(&mut self) {
        let (pack, kind) = (self.pack, self.kind);
        for field in kind.fields.iter().filter(|field| field.disused) {
            if let Some(what) = leans(pack, kind, &field.name) {
                self.note(Some(&field.name), format!("is out of use, but `{what}` needs it"));
            }
        }
    }
}
