//! A page that lists what there is of a thing, what is changed marked, with a box for one more on top.

use leptos::prelude::*;
use records::{Lang, pack::workshop::Edit};

use super::{Bar, Head, Standing, Wrongs, bench::use_bench, mark};
use crate::{desk::use_desk, parts::icon::Icon};

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

/// A row: what it is, what was done to it, what the office found wrong with it.
#[component]
pub fn Listed(
    /// What puts it as it is here.
    edit: Edit,
    /// Where the office says something of it: `due NAME`, `indicator NAME`.
    place: String,
    /// What it is called.
    label: AnyView,
    /// A few words more.
    said: String,
    /// Out of use.
    #[prop(optional)]
    is_off: bool,
    /// What can be done with it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let news = mark(edit.news(&bench.in_force()), desk.lang());
    let wrongs = Signal::derive(move || bench.wrongs_at(None, &place));
    // One that was stopped just now says so as what is changed.
    let is_out = is_off && news.is_none();
    view! {
        <div class="question" class:is-off=is_off>
            <span class="row-title">
                {label}
                <small>{said}</small>
                {is_out.then(|| view! { <small>{super::out(desk.lang())}</small> })}
                <small class="is-amber">{news}</small>
            </span>
            {children.map(|acts| view! { <span class="row-acts">{acts()}</span> })}
        </div>
        <Wrongs all=wrongs />
    }
}
