//! What was left half-written, to be gone on with or thrown away.

use leptos::prelude::*;
use leptos_router::components::A;
use records::Lang;

use crate::{
    desk::{Desk, DraftHead, EDITS, use_desk},
    pages::workshop,
    parts::{icon::Icon, one_tap::throw, stamp::Stamps},
    platform, texts,
};

texts! {
    drafts_title: "未写完的", "Half-written";
    go_on: "继续", "Go on";
    throw_away: "删除", "Throw away";
    fetch_back: "恢复", "Fetch back";
}

/// The list; nothing while there is none.
#[component]
pub fn Drafts() -> impl IntoView {
    let (desk, stamps) = (use_desk(), expect_context::<Stamps>());
    let row = move |head: DraftHead| {
        let name = name_of(desk, &head);
        let about = subject(desk, &head);
        let time = platform::clock_time(head.at);
        let (href, key) = (draft_href(&head), head.key.clone());
        let label = format!("{} {name} {about}", throw_away(desk.lang()));
        view! {
            <li class="row draft">
                <Icon name="pen" />
                <span class="row-title">{name} " " {about} <small>{time}</small></span>
                <span class="row-acts">
                    <button class="button quiet" aria-label=label on:click=move |_| throw(desk, stamps, &key)>
                        {move || throw_away(desk.lang())}
                    </button>
                    <A href=href attr:class="button">{move || go_on(desk.lang())}</A>
                </span>
            </li>
        }
    };
    view! {
        <Show when=move || !desk.drafts().is_empty()>
            <section aria-labelledby="drafts">
                <h2 class="section-title" id="drafts">{move || drafts_title(desk.lang())}</h2>
                <ul class="rows">{move || desk.drafts().into_iter().map(row).collect_view()}</ul>
            </section>
        </Show>
        <Thrown />
    }
}

/// What was thrown away within a day, folded: a button for each fetches it back.
#[component]
fn Thrown() -> impl IntoView {
    let desk = use_desk();
    let row = move |head: DraftHead| {
        let (name, about, time) = (name_of(desk, &head), subject(desk, &head), platform::clock_time(head.at));
        let label = format!("{} {name} {about}", fetch_back(desk.lang()));
        view! {
            <li class="row draft">
                <Icon name="pen" />
                <span class="row-title">{name} " " {about} <small>{time}</small></span>
                <button class="button" aria-label=label on:click=move |_| _ = desk.fetch_back(&head.key)>
                    {move || fetch_back(desk.lang())}
                </button>
            </li>
        }
    };
    let count = move || match (desk.thrown().len(), desk.lang()) {
        (n, Lang::Zh) => format!("已删除的 {n} 条，保留一天"),
        (n, Lang::En) => format!("{n} thrown away, kept for a day"),
    };
    view! {
        <Show when=move || !desk.thrown().is_empty()>
            <details class="folded">
                <summary>{count}</summary>
                <ul class="rows">{move || desk.thrown().into_iter().map(row).collect_view()}</ul>
            </details>
        </Show>
    }
}

/// What a draft is of.
fn name_of(desk: Desk, head: &DraftHead) -> String {
    // Changes of the forms are kept as forms are.
    if head.key.ends_with(EDITS) {
        return workshop::unpublished(desk.lang()).to_owned();
    }
    desk.pack().kind(&head.draft.kind).map(|k| k.label.get(desk.lang()).to_owned()).unwrap_or_default()
}

/// The first record a draft points at, by title.
fn subject(desk: Desk, head: &DraftHead) -> String {
    let mut links = head.draft.now.values().filter_map(|v| v.as_str()?.parse::<records::RecordId>().ok());
    links.find(|id| desk.read(|book| book.get(*id).is_some())).map(|id| desk.title_of(id)).unwrap_or_default()
}

/// Where a draft is gone on with: its key is its address, but for the subject, which is a query there; a subject that no
/// answer names is the record that is repeated.
fn draft_href(head: &DraftHead) -> String {
    let mut parts = head.key.splitn(3, '/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("new"), Some(kind), Some(subject)) => {
            let is_it = |v: &records::Value| v.as_str() == Some(subject);
            let mut fields = head.draft.now.iter().filter(|(_, v)| is_it(v)).map(|(name, _)| name.as_str());
            let field = fields.next_back().unwrap_or("again");
            format!("/new/{kind}?{field}={subject}&back=/")
        }
        _ => format!("/{}?back=/", head.key),
    }
}
