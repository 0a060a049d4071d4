//! A long list of choices: what is chosen, a box to search in, and as many of the others as one looks at.

use leptos::{ev::KeyboardEvent, prelude::*};
use records::{
    Lang,
    pack::Choice,
    spelling::{Letters, Spelled},
};

use super::{
    ask::Ask,
    choice::{chip, picked},
};
use crate::{texts, view::plain::plain};

texts! {
    find: "找一项：写字、拼音或首字母", "Find: words, pinyin or initials";
    none: "没有这一项，换个写法试试。", "Nothing found. Try it another way.";
}

/// Choices shown at a time.
const PAGE: usize = 50;

/// The choices with what they are found by, read once when the box is first used.
#[derive(Clone, Default, PartialEq)]
struct Words(Vec<(String, Option<Spelled>)>);

impl Words {
    fn of(choices: &[Choice]) -> Self {
        let word = |choice: &Choice| {
            let written = format!("{} {} {}", choice.label.zh, choice.label.en, choice.name).to_lowercase();
            (written, Spelled::new(&choice.label.zh))
        };
        Self(choices.iter().map(word).collect())
    }

    /// The places of those that have the query, as it is written or as it is spelled.
    fn find(&self, query: &str) -> Vec<usize> {
        let letters = Letters::new(query);
        let has = |(_, (written, spelled)): &(usize, &(String, Option<Spelled>))| {
            let is_spelled = || Some(spelled.as_ref()?.fits(letters.as_ref()?).is_some());
            written.contains(query) || is_spelled().unwrap_or(false)
        };
        self.0.iter().enumerate().filter(has).map(|(at, _)| at).collect()
    }
}

/// The control.
#[component]
pub fn Long(
    /// Where the answer goes.
    ask: Ask,
    /// Whether several may be chosen.
    many: bool,
) -> impl IntoView {
    let desk = ask.form.desk();
    let (query, shown) = (RwSignal::new(String::new()), RwSignal::new(PAGE));
    let offered = Memo::new(move |_| ask.question().map(|asked| asked.choices.clone()).unwrap_or_default());
    let words = Memo::new(move |_| offered.with(|all| Words::of(all)));
    let found = Memo::new(move |_| {
        let query = plain(&query.get()).trim().to_lowercase();
        match query.is_empty() {
            true => (0..offered.with(|all| all.len())).collect(),
            false => words.with(|words| words.find(&query)),
        }
    });
    let in_sight = Memo::new(move |_| {
        let places = found.with(|found| found.iter().take(shown.get()).copied().collect::<Vec<_>>());
        offered.with(|all| places.into_iter().filter_map(|at| all.get(at).cloned()).collect::<Vec<_>>())
    });
    // What is chosen stands above, but for what is in sight anyway: a choice must not slide away under the finger.
    let apart = Memo::new(move |_| {
        let seen = in_sight.get();
        picked(ask).into_iter().filter(|one| !seen.iter().any(|other| other.name == one.name)).collect::<Vec<_>>()
    });
    let more = move || found.with(Vec::len).saturating_sub(shown.get());
    let more_words = move || match desk.lang() {
        Lang::Zh => format!("再显示一些（还有 {} 项）", more()),
        Lang::En => format!("Show more ({} left)", more()),
    };
    let label = move || format!("{} {}", ask.label(), find(desk.lang()));
    let typed = move |event| {
        shown.set(PAGE);
        query.set(event_target_value(&event));
    };
    // It must not save the form while something is searched for.
    let enter = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
        }
    };
    let role = if many { "group" } else { "radiogroup" };
    view! {
        <div class="long">
            <Show when=move || apart.with(|all| !all.is_empty())>
                <div class="choices" role=role aria-label=move || ask.label()>
                    <For each=move || apart.get() key=|choice| choice.name.clone() children=move |one| chip(ask, many, one) />
                </div>
            </Show>
            <input
                id=ask.id()
                type="search"
                autocomplete="off"
                aria-label=label
                aria-describedby=format!("{}-note", ask.id())
                aria-invalid=move || ask.is_wrong()
                placeholder=move || find(desk.lang())
                on:input=typed
                on:keydown=enter
            />
            <div class="choices" role=role aria-label=move || ask.label()>
                <For each=move || in_sight.get() key=|choice| choice.name.clone() children=move |one| chip(ask, many, one) />
            </div>
            <p role="status">{move || found.with(Vec::is_empty).then(|| none(desk.lang()))}</p>
            <Show when=move || { more() > 0 }>
                <button type="button" class="button" on:click=move |_| shown.update(|shown| *shown += PAGE)>{more_words}</button>
            </Show>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use records::Text;

    use super::*;

    #[test]
    fn a_choice_is_found_by_its_words_in_either_language_its_pinyin_and_its_initials() {
        let choice = |name: &str, zh: &str, en: &str| Choice {
            name: name.into(),
            label: Text::new(zh, en),
            columns: BTreeMap::new(),
        };
        let words = Words::of(&[choice("a", "平江街道", "Pingjiang"), choice("b", "寒山寺", "Hanshan Temple")]);
        for query in ["平江", "pingjiang", "pjjd", "ping"] {
            assert_eq!(words.find(query), [0], "{query}");
        }
        for query in ["寒山", "hss", "hanshan", "temple"] {
            assert_eq!(words.find(query), [1], "{query}");
        }
        assert!(words.find("枫桥").is_empty());
    }
}
