//! The workshop: the director changes the forms, the labels, what falls due and what is counted, tries it, publishes it.
//!
//! Nothing is in force before it is published; until then it is kept on this tablet, also without a network. One file a
//! page, and `bench` for what they share.

use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};
use records::{
    FieldType, Kind, Lang,
    pack::{Wrong, workshop::News},
};

use crate::{
    desk::use_desk,
    pages::{board::looked_after, notice::NotFound},
    parts::icon::Icon,
    texts,
};

mod asking;
mod bench;
mod boxes;
mod changes;
mod figures;
mod findings;
mod form;
mod labels;
mod list;
mod question;
mod rules;
mod trial;
mod upload;

use bench::{Bench, use_bench};
use changes::Changes;
use figures::Figures;
use form::FormOf;
use labels::Labels;
use rules::Rules;
use trial::Trial;
use upload::Upload;

texts! {
    title: "改表单", "Change the forms";
    unpublished: "未发布的表单修改", "Changes of the forms, not published";
    lead: "在这里加题目、标签、到期提醒和统计数字。改好先试填，再发布；发布以前别人看不到。",
        "Add questions, labels, due rules and figures here. Try them, then publish; until then nobody else sees them.";
    forms: "表单", "Forms";
    others: "标签、提醒和数字", "Labels, rules and figures";
    labels: "人群标签", "Labels";
    rules: "到期提醒", "What falls due";
    figures: "统计数字", "Figures";
    offline: "现在没有网络，可以照常改；有网络时再发布。", "There is no network now. Change what you like, and publish when there is one.";
    newer: "有人刚发布了新的表单。您的修改还在，可以放到新的表单上，看一看再发布。",
        "Someone else has published newer forms. Your changes are still here: lay them over the newer forms, look, and publish.";
    lay: "放到新的表单上", "Lay them over the newer forms";
    look: "看看修改并发布", "See the changes and publish";
    new: "新", "new";
    changed: "已改", "changed";
    moved: "已移动", "moved";
    out: "已停用", "out of use";
    back_in: "恢复使用", "back in use";
}

/// The pages under `/workshop`, over one bench; for posts that see all figures.
#[component]
pub fn Workshop() -> impl IntoView {
    provide_context(Bench::new(use_desk()));
    let params = use_params_map();
    let rest = Memo::new(move |_| params.read().get("rest").unwrap_or_default());
    looked_after(move || {
        let rest = rest.get();
        let mut parts = rest.split('/').filter(|part| !part.is_empty());
        match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => view! { <Whole /> }.into_any(),
            (Some("changes"), None, _) => view! { <Changes /> }.into_any(),
            (Some("labels"), None, _) => view! { <Labels /> }.into_any(),
            (Some("rules"), None, _) => view! { <Rules /> }.into_any(),
            (Some("figures"), None, _) => view! { <Figures /> }.into_any(),
            (Some("upload"), None, _) => view! { <Upload /> }.into_any(),
            (Some("form"), Some(kind), page) if untrack(|| use_bench().pack()).kind(kind).is_some() => match page {
                None => view! { <FormOf kind=kind.to_owned() /> }.into_any(),
                Some("try") => view! { <Trial kind=kind.to_owned() /> }.into_any(),
                Some(_) => view! { <NotFound /> }.into_any(),
            },
            _ => view! { <NotFound /> }.into_any(),
        }
    })
}

#[component]
fn Whole() -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let kinds = move || {
        let mut kinds: Vec<Kind> = bench.pack().kinds.values().cloned().collect();
        let first = bench.pack().screens.first.clone();
        kinds.sort_by_key(|kind| first.iter().position(|name| *name == kind.name).unwrap_or(usize::MAX));
        kinds
    };
    let row = move |kind: Kind| {
        let asked = kind.fields.iter().filter(|field| !field.disused && field.r#type != FieldType::Calculate).count();
        let news = match bench.in_force().kind(&kind.name) {
            None => News::New,
            Some(_) if bench.count_of(&kind.name) > 0 => News::Changed,
            Some(_) => News::Nothing,
        };
        let icon = kind.icon.clone().unwrap_or_default();
        view! {
            <li>
                <A href=format!("/workshop/form/{}", kind.name) attr:class="row">
                    <Icon name=icon />
                    <span class="row-title">
                        {kind.label.get(desk.lang()).to_owned()}
                        <small>{questions(asked, desk.lang())}</small>
                    </span>
                    {mark(news, desk.lang()).map(|mark| view! { <span class="badge is-amber">{mark}</span> })}
                </A>
            </li>
        }
    };
    let place = move |href: &'static str, icon: &'static str, said: fn(Lang) -> &'static str| {
        view! {
            <li><A href=href attr:class="row"><Icon name=icon /><span class="row-title">{move || said(desk.lang())}</span></A></li>
        }
    };
    view! {
        <div class="page">
            <h1>{move || title(desk.lang())}</h1>
            <p class="lead">{move || lead(desk.lang())}</p>
            <Standing />
            <section aria-labelledby="workshop-others">
                <h2 class="section-title" id="workshop-others">{move || others(desk.lang())}</h2>
                <ul class="rows">
                    {place("/workshop/labels", "person", labels)}
                    {place("/workshop/rules", "clock", rules)}
                    {place("/workshop/figures", "chart", figures)}
                </ul>
            </section>
            <section aria-labelledby="workshop-forms">
                <h2 class="section-title" id="workshop-forms">{move || forms(desk.lang())}</h2>
                <p>
                    <A href="/workshop/upload" attr:class="button">
                        <Icon name="plus" />
                        <span>{move || upload::title(desk.lang())}</span>
                    </A>
                </p>
                <ul class="rows">{move || kinds().into_iter().map(row).collect_view()}</ul>
            </section>
            <Bar />
        </div>
    }
    .into_any()
}

fn questions(count: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{count} 题"),
        Lang::En => format!("{count} questions"),
    }
}

/// What to know before one goes on: no network, or someone else was quicker.
#[component]
fn Standing() -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    view! {
        <Show when=move || desk.is_offline()>
            <p class="note">{move || offline(desk.lang())}</p>
        </Show>
        <Show when=move || bench.is_overtaken()>
            <div class="card is-amber" role="status">
                <p>"◐ " {move || newer(desk.lang())}</p>
                <p><button class="button" on:click=move |_| bench.lay_over()>{move || lay(desk.lang())}</button></p>
            </div>
        </Show>
    }
}

/// The way to what is changed, while something is.
#[component]
fn Bar() -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let count = Memo::new(move |_| bench.count());
    let is_any = move || count.get() > 0;
    view! {
        <Show when=is_any>
            <div class="form-bar">
                <A href="/workshop/changes" attr:class="button main">
                    {move || look(desk.lang())} " · " {move || count.get()}
                </A>
            </div>
        </Show>
    }
}

/// A page's head: what it is, and the way back.
#[component]
fn Head(
    /// What it is.
    #[prop(into)]
    said: Signal<String>,
    /// Where one came from.
    #[prop(into)]
    back: String,
) -> impl IntoView {
    let desk = use_desk();
    view! {
        <div class="page-head">
            <h1>{said}</h1>
            <A href=back attr:class="button quiet"><Icon name="back" /><span>{move || super::new::back(desk.lang())}</span></A>
        </div>
    }
}

/// What is wrong at one place, at the place.
#[component]
fn Wrongs(
    /// All there are there.
    #[prop(into)]
    all: Signal<Vec<Wrong>>,
) -> impl IntoView {
    let desk = use_desk();
    move || {
        let line =
            |wrong: Wrong| view! { <p class="problem" role="alert">{wrong.message.get(desk.lang()).to_owned()}</p> };
        all.get().into_iter().map(line).collect_view()
    }
}

/// The word and the colour of what was done to a thing.
fn mark(news: News, lang: Lang) -> Option<String> {
    let said = match news {
        News::New => new(lang),
        News::Changed => changed(lang),
        News::Moved => moved(lang),
        News::Disused => out(lang),
        News::BackInUse => back_in(lang),
        News::Nothing => return None,
    };
    Some(format!("◐ {said}"))
}
