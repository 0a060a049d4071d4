//! What the account recorded today.

use jiff::civil::Date;
use leptos::prelude::*;
use leptos_router::components::A;
use records::RecordId;
use sync::Record;

use super::ROWS;
use crate::{desk::use_desk, parts::icon::Icon, platform, texts};

texts! {
    done_title: "今日记录", "Recorded today";
    done_none: "今天还没有记录。", "Nothing recorded yet today.";
    waiting: "待上传", "Waiting to upload";
}

/// Whether an identity was given before a day began; one that does not tell was not.
fn is_of_before(id: RecordId, day: Date) -> bool {
    let at = id.get_timestamp().map(|at| at.to_unix());
    at.is_some_and(|(seconds, nanos)| platform::date_of(seconds * 1000 + u64::from(nanos / 1_000_000)) < day)
}

/// The list.
#[component]
pub fn DoneList() -> impl IntoView {
    let desk = use_desk();
    let done = Memo::new(move |_| {
        desk.clock();
        let today = platform::today();
        let me = desk.me().map(|me| me.account).unwrap_or_default();
        let pack = desk.pack();
        desk.read(|book| {
            let kinds = pack.kinds.values().filter(|k| k.date.is_some());
            let fresh = kinds.flat_map(|kind| {
                // Newest last: from the end, until one whose identity is of an earlier day. A clock that was ahead gave some that
                // are of a later one.
                let own = book.of_kind(&kind.name).rev().take_while(|r| !is_of_before(r.id, today));
                let is_todays = |r: &&Record| r.by == me && platform::date_of(r.made.millis()) == today;
                own.filter(is_todays).filter(|r| !r.is_void()).map(|r| (r.made, r.id)).collect::<Vec<_>>()
            });
            let mut fresh: Vec<_> = fresh.collect();
            fresh.sort_unstable();
            fresh.into_iter().rev().map(|(_, id)| id).collect::<Vec<_>>()
        })
    });
    let row = move |id: records::RecordId| {
        let pack = desk.pack();
        let (kind, fields) = desk.read(|book| book.record(id)).unwrap_or_default();
        let icon = pack.kind(&kind).and_then(|k| k.icon.clone()).unwrap_or_default();
        let links = fields.values().filter_map(|v| v.as_str()?.parse::<records::RecordId>().ok());
        let about: Vec<String> = links.map(|link| desk.title_of(link)).filter(|t| !t.is_empty()).collect();
        view! {
            <li>
                <A href=format!("/record/{id}") attr:class="row">
                    <Icon name=icon />
                    <span class="row-title">{desk.title_of(id)} <small>{about.join(" · ")}</small></span>
                    <Show when=move || desk.is_waiting(id)>
                        <span class="badge is-amber">{move || waiting(desk.lang())}</span>
                    </Show>
                </A>
            </li>
        }
    };
    view! {
        <section aria-labelledby="done">
            <h2 class="section-title" id="done">
                {move || done_title(desk.lang())}
                <small>{move || Some(done.get().len()).filter(|n| *n > 0).map(|n| n.to_string())}</small>
            </h2>
            <Show
                when=move || !done.get().is_empty()
                fallback=move || view! { <p class="empty">{move || done_none(desk.lang())}</p> }
            >
                <ul class="rows">{move || done.get().into_iter().take(ROWS).map(row).collect_view()}</ul>
            </Show>
        </section>
    }
}
