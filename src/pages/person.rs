//! A person: what is known, what was written at the same time by others, what happened.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{RecordId, Right};

use super::{
    household::{RecordButtons, home_of, nothing_words, subject, unseen_words},
    notice::NotFound,
    record::Facts,
};
use crate::{
    desk::use_desk,
    parts::{icon::Icon, timeline::Timeline},
    texts,
    view::history::history,
};

texts! {
    about: "资料", "About";
    edit: "修改", "Edit";
    what: "服务记录", "What happened";
    here: "改动待上传", "Changes waiting to upload";
    gone: "该居民的个人信息已依本人申请删除，不再记录。", "This person's data were erased at their request. Nothing more is recorded.";
    erase: "依本人申请删除个人信息…", "Erase on request…";
}

/// The page `/person/:id`.
#[component]
pub fn Person() -> impl IntoView {
    let desk = use_desk();
    let id = subject(desk, |doors| &doors.person);
    let is_erased = move |id| desk.read(|book| book.get(id).is_some_and(sync::Record::is_erased));
    move || match id.get() {
        Some(id) if is_erased(id) => view! { <Erased id /> }.into_any(),
        Some(id) => view! { <Whole id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

/// What is left of someone whose data were erased.
#[component]
fn Erased(id: RecordId) -> impl IntoView {
    let desk = use_desk();
    view! {
        <div class="page">
            <h1>{move || desk.title_of(id)}</h1>
            <p class="lead">{move || gone(desk.lang())}</p>
        </div>
    }
    .into_any()
}

#[component]
fn Whole(id: RecordId) -> impl IntoView {
    let desk = use_desk();
    let events = Memo::new(move |_| {
        let pack = desk.pack();
        desk.read(|book| history(&pack, book, &[id]))
    });
    let home = move || {
        let home = home_of(desk, id)?;
        let title = desk.title_of(home);
        Some(
            view! { <A href=format!("/household/{home}") attr:class="home"><Icon name="door" /><span>{title}</span></A> },
        )
    };
    let may_write = move || {
        let (pack, post) = (desk.pack(), desk.me().map(|me| me.post).unwrap_or_default());
        pack.screens.doors.as_ref().is_some_and(|doors| pack.allows(&post, &doors.person, Right::Write))
    };
    // What one may not see is not said to be missing.
    let nothing_yet = Signal::derive(move || nothing_words(desk));
    let count = move || events.with(|all| (!all.is_empty() || unseen_words(desk).is_none()).then_some(all.len()));
    let partly = move || unseen_words(desk).filter(|_| events.with(|all| !all.is_empty()));
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{move || desk.title_of(id)}</h1>
                <RecordButtons id />
            </div>
            <p class="row-acts start">
                {home}
                <Show when=move || desk.is_waiting(id)>
                    <span class="badge is-amber">"◐ " {move || here(desk.lang())}</span>
                </Show>
            </p>
            <section aria-labelledby="about">
                <h2 class="section-title" id="about">
                    {move || about(desk.lang())}
                    <Show when=may_write>
                        <A href=format!("/edit/{id}?back=/person/{id}") attr:class="button quiet">
                            <Icon name="pen" /><span>{move || edit(desk.lang())}</span>
                        </A>
                    </Show>
                </h2>
                <Facts id />
            </section>
            <section aria-labelledby="what">
                <h2 class="section-title" id="what">{move || what(desk.lang())} <small class="figures">{count}</small></h2>
                {move || partly().map(|words| view! { <p class="note">{words}</p> })}
                <Timeline events empty=nothing_yet />
            </section>
            <Show when=move || desk.sees_all()>
                <p><A href=format!("/erase/{id}") attr:class="button quiet">{move || erase(desk.lang())}</A></p>
            </Show>
        </div>
    }
    .into_any()
}
