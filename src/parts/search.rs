//! Finding people and doors as you type.

use std::collections::HashSet;

use leptos::prelude::*;
use leptos_router::components::A;
use records::{Lang, RecordId, pack::Nature};
use wasm_bindgen_futures::spawn_local;

use super::{icon::Icon, known::Known};
use crate::{
    desk::{Desk, use_desk},
    pages::new::page_of,
    platform, texts,
    view::search::{Entry, Index, Lift, Near},
};

texts! {
    find: "找人、拼音、门牌、电话尾号", "Find a person, pinyin, flat or last digits";
    none: "没有找到。可以写姓名、拼音、门牌（如 12幢501）、电话后四位或人群标签。", "Nothing found. Write a name, pinyin, a flat (such as 12-501), a telephone's last digits or a label.";
    near: "没有完全符合的，最接近的是：", "Nothing has all of it. The nearest:";
}

/// Milliseconds after the first screen, or a change, until the index is made.
const AFTER: u32 = 300;
/// Matches shown.
const ROWS: usize = 20;
/// Those shown that lack a part of what was asked.
const NEAR_ROWS: usize = 5;

/// The index over the register, made when it is first asked for and again after something changed.
#[derive(Clone, Copy)]
pub struct Finder {
    desk: Desk,
    index: Memo<Index>,
    /// Whom something is due to, within the days that Today looks ahead.
    due: Memo<HashSet<RecordId>>,
    /// The building that was last looked at.
    near: RwSignal<Option<RecordId>>,
}

impl Finder {
    /// The finder that the app's root provided; one of its own where there is none.
    pub fn here() -> Self {
        use_context().unwrap_or_else(Self::new)
    }

    /// A finder that has read nothing yet.
    pub fn new() -> Self {
        let desk = use_desk();
        // What is found is in the register: a visit more does not make the index anew.
        let register = Memo::new(move |_| {
            let pack = desk.pack();
            let kinds = pack.kinds.values().filter(|kind| kind.nature == Nature::Register);
            desk.read(|book| kinds.map(|kind| book.edition(&kind.name)).collect::<Vec<u64>>())
        });
        let index = Memo::new(move |_| {
            register.track();
            let pack = desk.pack();
            untrack(|| desk.read(|book| desk.context(|context| Index::new(&pack, book, context))))
        });
        // Made while nothing is asked, so that the first key finds it there; again when the register has changed.
        Effect::new(move || {
            register.track();
            spawn_local(async move {
                platform::sleep(AFTER).await;
                let _ = index.try_with_untracked(|_| ());
            });
        });
        let known = Known::here();
        let due = Memo::new(move |_| known.due().with(|due| due.iter().map(|item| item.about).collect()));
        Self { desk, index, due, near: RwSignal::new(None) }
    }

    /// One is at this building now: who lives there comes before others of the name.
    pub fn be_at(&self, building: RecordId) {
        self.near.set(Some(building));
    }

    /// The best matches, of one kind or of all that the pack's screens have pages for.
    pub fn find(&self, query: &str, kind: Option<&str>, most: usize) -> Vec<Entry> {
        if query.trim().is_empty() {
            // The index is not made for nothing.
            return Vec::new();
        }
        platform::timed("linli:search", || {
            self.due.with(|due| {
                let lift = Lift { due: Some(due), near: self.near.get() };
                self.index.with(|index| index.find(query, kind, most, lift))
            })
        })
    }

    /// What has all but one part of a query that finds nothing.
    pub fn near(&self, query: &str, most: usize) -> Vec<Near> {
        self.due.with(|due| {
            let lift = Lift { due: Some(due), near: self.near.get() };
            self.index.with(|index| index.near(query, None, most, lift))
        })
    }

    /// A match's second line: a person's home, or what the kind says about itself.
    pub fn note(&self, id: RecordId) -> String {
        let desk = self.desk;
        let pack = desk.pack();
        let Some((kind, fields)) = desk.read(|book| book.record(id)) else { return String::new() };
        let home = pack.screens.doors.as_ref().filter(|doors| doors.person == kind);
        let home = home.and_then(|doors| fields.get(&doors.person_household)?.as_str()?.parse().ok());
        let home = home.map(|home| desk.title_of(home)).unwrap_or_default();
        let summary = desk.context(|context| records::words::summary(&pack, &kind, &fields, desk.lang(), context));
        [home, summary].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

impl Default for Finder {
    fn default() -> Self {
        Self::new()
    }
}

/// The box and, below it while something is typed, the matches.
#[component]
pub fn Search() -> impl IntoView {
    let desk = use_desk();
    let finder = Finder::here();
    let query = RwSignal::new(String::new());
    let found = Memo::new(move |_| query.with(|query| finder.find(query, None, ROWS)));
    let row = move |entry: Entry| {
        let pack = desk.pack();
        let icon = pack.kind(&entry.kind).and_then(|kind| kind.icon.clone()).unwrap_or_default();
        let href = page_of(desk, entry.id).unwrap_or_default();
        view! {
            <li>
                <A href=href attr:class="row">
                    <Icon name=icon />
                    <span class="row-title">{desk.title_of(entry.id)} <small>{finder.note(entry.id)}</small></span>
                    <span class="row-note" aria-hidden="true">"›"</span>
                </A>
            </li>
        }
    };
    let is_asked = move || query.with(|query| !query.trim().is_empty());
    view! {
        <search class="search">
            <Icon name="search" />
            <input
                type="search"
                aria-label=move || find(desk.lang())
                placeholder=move || find(desk.lang())
                autocomplete="off"
                enterkeyhint="search"
                on:input=move |event| query.set(event_target_value(&event))
            />
            <div class="found" role="status">
                <Show when=is_asked>
                    <Show
                        when=move || found.with(|found| !found.is_empty())
                        fallback=move || {
                            let all = query.with(|query| finder.near(query, NEAR_ROWS));
                            if all.is_empty() {
                                return view! { <p class="empty">{move || none(desk.lang())}</p> }.into_any();
                            }
                            let group = move |near: Near| view! {
                                <h3 class="rule-name">{without(&near.without, desk.lang())}</h3>
                                <ul class="rows">{near.entries.into_iter().map(row).collect_view()}</ul>
                            };
                            view! { <p>{move || self::near(desk.lang())}</p> {all.into_iter().map(group).collect_view()} }.into_any()
                        }
                    >
                        <ul class="rows">{move || found.get().into_iter().map(row).collect_view()}</ul>
                    </Show>
                </Show>
            </div>
        </search>
    }
}

/// Which part was left out.
fn without(part: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("不含“{part}”"),
        Lang::En => format!("Without “{part}”"),
    }
}
