//! A newer program meets a pack that its community has changed: what is new comes along, what the community has stays.
//!
//! Nothing is ever taken out of a pack by its community (fields and choices are put out of use at most), so what the
//! community's pack lacks is what is new in the program's.

use std::collections::BTreeSet;

use super::{Field, FieldType, Pack};

impl Pack {
    /// This pack, changed by its community, with what the program's newer one has beyond it. `None` when there is nothing to
    /// add, or when the two do not go together.
    pub fn renewed(&self, own: &Self) -> Option<Self> {
        self.origin.filter(|origin| *origin < own.version && self.name == own.name)?;
        let mut now = self.clone();
        let new: BTreeSet<&String> = own.kinds.keys().filter(|kind| !self.kinds.contains_key(*kind)).collect();
        for (name, kind) in &own.kinds {
            match now.kinds.get_mut(name) {
                Some(here) => {
                    add_fields(&mut here.fields, &kind.fields);
                    add(&mut here.actions, &kind.actions, |action| &action.name);
                    here.gone = here.gone.take().or_else(|| kind.gone.clone());
                    here.tells_apart = here.tells_apart.take().or_else(|| kind.tells_apart.clone());
                    add(&mut here.follows, &kind.follows, |follow| &follow.at);
                    for (dimension, path) in &kind.by {
                        here.by.entry(dimension.clone()).or_insert_with(|| path.clone());
                    }
                }
                None => drop(now.kinds.insert(name.clone(), kind.clone())),
            }
        }
        for (list, choices) in &own.choices {
            add(now.choices.entry(list.clone()).or_default(), choices, |choice| &choice.name);
        }
        for post in &own.posts {
            let Some(here) = now.posts.iter_mut().find(|here| here.name == post.name) else {
                now.posts.push(post.clone());
                continue;
            };
            let granted =
                |kinds: &[String]| kinds.iter().filter(|kind| new.contains(kind)).cloned().collect::<Vec<_>>();
            here.read.extend(granted(&post.read));
            here.write.extend(granted(&post.write));
        }
        add(&mut now.indicators, &own.indicators, |indicator| &indicator.name);
        add(&mut now.dimensions, &own.dimensions, |dimension| &dimension.name);
        add(&mut now.due, &own.due, |due| &due.name);
        add(&mut now.reports, &own.reports, |report| &report.name);
        now.screens.first.extend(own.screens.first.iter().filter(|kind| new.contains(kind)).cloned());
        now.origin = Some(own.version);
        now.version = self.version + 1;
        let now = now.marked(self);
        now.verify().is_empty().then_some(now)
    }
}

/// Adds those of `own` whose names are not there.
fn add<T: Clone>(here: &mut Vec<T>, own: &[T], name: fn(&T) -> &String) {
    for one in own {
        if !here.iter().any(|known| name(known) == name(one)) {
            here.push(one.clone());
        }
    }
}

/// Adds new questions after those they follow in the program's form.
fn add_fields(here: &mut Vec<Field>, own: &[Field]) {
    let mut after = 0;
    for field in own {
        match here.iter().position(|known| known.name == field.name) {
            Some(at) => {
                if let (FieldType::Repeat(inner), FieldType::Repeat(more)) = (&mut here[at].r#type, &field.r#type) {
                    add_fields(inner, more);
                }
                after = at + 1;
            }
            None => {
                here.insert(after, field.clone());
                after += 1;
            }
        }
    }
}
