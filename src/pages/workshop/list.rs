//! A page that lists what there is of a thing, what is changed marked, with a box for one more on top.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{Lang, pack::workshop::Edit};

use super::{Bar, Head, Standing, Wrongs, bench::use_bench, mark};
use crate::{desk::use_desk, parts::icon::Icon, texts};

texts! {
    stop: "停用", "Stop it";
    resume: "恢复使用", "Use it again";
}

/// The page.
#[component]
pub fn Listing(
    /// What is listed.
    said: fn(Lang) -> &'static str,
    /// What it is for.
    lead: fn(Lang) -> &'static str,
    /// What the button for one more says.
    add: fn(Lang) -> &'static str,
    /// The box for one more; it calls when it is done.
    adding: fn(Callback<()>) -> AnyView,
    /// The rows, [`Listed`].
    children: Children,
) -> impl IntoView {
    let desk = use_desk();
    let is_adding = RwSignal::new(false);
    view! {
        <div class="page">
            <Head said=Signal::derive(move || said(desk.lang()).to_owned()) back="/workshop" />
            <p class="lead">{move || lead(desk.lang())}</p>
            <Standing />
            <p>
                <button class="button" on:click=move |_| is_adding.update(|on| *on = !*on) aria-expanded=move || is_adding.get().to_string()>
                    <Icon name="plus" />
                    <span>{move || add(desk.lang())}</span>
                </button>
            </p>
            <Show when=move || is_adding.get()>{adding(Callback::new(move |()| is_adding.set(false)))}</Show>
            <ul class="rows">{children()}</ul>
            <Bar />
        </div>
    }
    .into_any()
}

/// A row: what it is, what was done to it, what the office found wrong with it; to be changed, stopped and taken up again.
#[component]
pub fn Listed(
    /// What puts it as it is here.
    edit: Edit,
    /// Where the office says something of it, `due NAME`, `indicator NAME`: what it is known by on this page.
    place: String,
    /// What it is called.
    label: String,
    /// The page it leads to.
    #[prop(optional_no_strip)]
    page: Option<String>,
    /// A few words more.
    said: String,
    /// Out of use.
    is_off: bool,
    /// The row whose box is open.
    open: RwSignal<Option<String>>,
    /// What the button of its box says; none when there is nothing to change.
    change: Option<fn(Lang) -> &'static str>,
    /// Stops it or takes it up again.
    on_turn: Callback<()>,
    /// The box.
    children: ChildrenFn,
) -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let lang = desk.lang();
    let news = mark(edit.news(&bench.in_force()), lang);
    let place = StoredValue::new(place);
    let wrongs = Signal::derive(move || place.with_value(|place| bench.wrongs_at(None, place)));
    let is_open = Memo::new(move |_| open.with(|open| place.with_value(|place| open.as_ref() == Some(place))));
    // One that was stopped just now says so as what is changed.
    let is_out = is_off && news.is_none();
    let turn = if is_off { resume(lang) } else { stop(lang) };
    let turn_named = format!("{turn} {label}");
    let change = change.map(|change| {
        let named = format!("{} {label}", change(lang));
        let toggle = move |_| open.set((!is_open.get_untracked()).then(|| place.get_value()));
        view! {
            <button class="button quiet" aria-expanded=move || is_open.get().to_string() aria-label=named on:click=toggle>
                {change(lang)}
            </button>
        }
    });
    view! {
        <li>
            <div class="question" class:is-off=is_off>
                <span class="row-title">
                    {match page {
                        Some(page) => view! { <A href=page>{label}</A> }.into_any(),
                        None => label.into_any(),
                    }}
                    <small>{said}</small>
                    {is_out.then(|| view! { <small>{super::out(lang)}</small> })}
                    <small class="is-amber">{news}</small>
                </span>
                <span class="row-acts">
                    {change}
                    <button class="button quiet" aria-label=turn_named on:click=move |_| on_turn.run(())>{turn}</button>
                </span>
            </div>
            <Wrongs all=wrongs />
            <Show when=move || is_open.get()>{children()}</Show>
        </li>
    }
}
