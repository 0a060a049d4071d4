//! A list of what happened, newest first, in pages: the day, what it was, what was said, whether the office has it.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{RecordId, link, words};

use super::icon::Icon;
use crate::{desk::use_desk, texts, view::history::Event};

texts! {
    here: "待上传", "Waiting to upload";
    void: "已作废", "Void";
    more: "再看更早的", "Show earlier ones";
}

/// Rows at a time: a year of one household, a screenful or five of a list.
const PAGE: usize = 60;

/// The list; `empty` says what to do while there is nothing.
#[component]
pub fn Timeline(
    /// What happened.
    events: Memo<Vec<Event>>,
    /// What is said when nothing has.
    empty: Signal<String>,
    /// Adds whom each is about, for lists that are not about one household.
    #[prop(optional)]
    says_whom: bool,
    /// The record whose page it is on, which need not be said again.
    #[prop(optional, into)]
    but: Option<RecordId>,
) -> impl IntoView {
    let desk = use_desk();
    let shown = RwSignal::new(PAGE);
    let page = Memo::new(move |_| events.with(|all| all.iter().take(shown.get()).cloned().collect::<Vec<_>>()));
    let is_more = move || events.with(Vec::len) > shown.get();
    view! {
        <Show
            when=move || events.with(|all| !all.is_empty())
            fallback=move || view! { <p class="empty">{move || empty.get()}</p> }
        >
            <ol class="rows timeline">
                <For each=move || page.get() key=|event| event.id let:event>
                    <Row event says_whom but />
                </For>
            </ol>
            <Show when=is_more>
                <button class="button" on:click=move |_| shown.update(|shown| *shown += PAGE)>{move || more(desk.lang())}</button>
            </Show>
        </Show>
    }
}

#[component]
fn Row(event: Event, says_whom: bool, but: Option<RecordId>) -> impl IntoView {
    let desk = use_desk();
    let Event { id, day, .. } = event;
    let pack = desk.pack();
    let kind = desk.read(|book| book.get(id).map(|r| r.kind.to_string())).unwrap_or_default();
    let icon = pack.kind(&kind).and_then(|k| k.icon.clone()).unwrap_or_default();
    let summary = move || {
        let pack = desk.pack();
        let (kind, fields) = desk.read(|book| book.record(id)).unwrap_or_default();
        let summary = desk.context(|context| words::summary(&pack, &kind, &fields, desk.lang(), context));
        let links = fields.values().filter_map(|v| link(v.as_str()?));
        let links = links.filter(|link| Some(*link) != but);
        let whom: Vec<String> = match says_whom {
            true => links.map(|link| desk.title_of(link)).filter(|t| !t.is_empty() && !summary.contains(t)).collect(),
            false => Vec::new(),
        };
        let whom = whom.join(" ");
        [whom, summary].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    };
    let by = move || desk.name_of(&desk.read(|book| book.get(id).map(|r| r.by.to_string())).unwrap_or_default());
    let is_void = Memo::new(move |_| desk.read(|book| book.get(id).is_some_and(|r| r.is_void())));
    view! {
        <li class:void=move || is_void.get()>
            <A href=format!("/record/{id}") attr:class="row event">
                <Icon name=icon />
                <span class="event-body">
                    <span class="row-title"><time>{day}</time> <span>{move || desk.title_of(id)}</span></span>
                    <span class="row-note">{summary}</span>
                </span>
                <span class="event-end">
                    <small>{by}</small>
                    <Show when=move || is_void.get()><span class="badge is-red">"▲ " {move || void(desk.lang())}</span></Show>
                    <Show when=move || desk.is_waiting(id)><span class="badge is-amber">"◐ " {move || here(desk.lang())}</span></Show>
                </span>
            </A>
        </li>
    }
}
