//! What the office did not accept, of everyone: who wrote it, what it says, why, since when; and taking it in after all. Files
//! of tablets that no line reached are taken in here too.

use leptos::prelude::*;
use records::{Lang, Problem, Text};
use sync::{
    Change,
    change::UNFINISHED,
    wire::{HandedIn, Quarantined, TakeIn},
};
use wasm_bindgen_futures::spawn_local;

use super::record::said;
use crate::{
    desk::use_desk,
    pages::board::looked_after,
    parts::{drop::DropField, icon::Icon, stamp::stamp},
    picture, platform, texts,
};

texts! {
    title: "上传未通过", "Not accepted";
    lead: "各设备上传时没有通过的记录，都保存在这里，原样不动。核对无误的可以收下：按您的权限登记，署原来填写的人。", "What devices uploaded and the office did not accept is kept here as it was written. What is right can be taken in: by your right, in the name of who wrote it.";
    nothing: "没有上传未通过的记录。", "Nothing was refused.";
    take: "收下", "Take in";
    taken: "已收下", "Taken in";
    mended: "填写人已改正", "Put right by its author";
    half: "没写完的表", "Half filled";
    unseen: "内容不在您的权限内，这里不显示。请填写人在自己的设备上处理，或者恢复岗位。", "You may not see what it says. Its author can put it right on their device, or be given their post back.";
    unread: "内容读不出来，请填写人重新登记。", "It cannot be read. Please have its author record it again.";
    why: "更正原因", "Why it is corrected";
    file_title: "收下设备存的文件", "Take in a device's file";
    choose: "选平板上存出来的文件", "Choose the file that was saved on the tablet";
    what: "“把待上传的记录存成文件”存出来的 .parcel", "What “Save what waits as a file” saved, .parcel";
    busy: "正在收…", "Taking it in…";
    unopened: "文件打不开，请再选一次。", "The file cannot be read. Please choose it again.";
    older: "已处理的", "Done with";
    more: "再看更早的", "Earlier ones";
}

/// The page `/refused`; for posts that see all figures.
#[component]
pub fn Refused() -> impl IntoView {
    looked_after(|| view! { <All /> })
}

#[component]
fn All() -> impl IntoView {
    let desk = use_desk();
    let all = RwSignal::new(None::<Vec<Quarantined>>);
    let (problem, has_more) = (RwSignal::new(None::<Problem>), RwSignal::new(false));
    let load = move || {
        spawn_local(async move {
            match desk.quarantine(None).await {
                Ok(refused) => {
                    has_more.try_set(!refused.is_empty());
                    drop(all.try_set(Some(refused)));
                }
                Err(wrong) => drop(problem.try_set(Some(wrong))),
            }
        });
    };
    load();
    let load_more = move || {
        let last = all.with_untracked(|all| all.as_ref().and_then(|all| all.last().cloned()));
        has_more.set(false);
        spawn_local(async move {
            match desk.quarantine(last.as_ref()).await {
                Ok(page) => {
                    has_more.try_set(!page.is_empty());
                    all.try_update(|all| all.get_or_insert_default().extend(page));
                }
                Err(wrong) => drop(problem.try_set(Some(wrong))),
            }
        });
    };
    let on_taken = Callback::new(move |()| load());
    let part = move |is_open: bool| {
        let of = |one: &Quarantined| one.mended_by.is_none() == is_open;
        all.get().unwrap_or_default().into_iter().filter(of).collect::<Vec<_>>()
    };
    let is_nothing = move || all.with(Option::is_some) && part(true).is_empty();
    let cards = move |is_open: bool| {
        part(is_open).into_iter().map(|one| view! { <li><Card one on_taken /></li> }).collect_view()
    };
    view! {
        <div class="page">
            <h1>{move || title(desk.lang())}</h1>
            <p class="lead">{move || lead(desk.lang())}</p>
            {move || problem.get().map(|p| view! { <p class="card note" role="alert">{move || p.message.get(desk.lang()).to_owned()}</p> })}
            <Show when=is_nothing><p class="empty">{move || nothing(desk.lang())}</p></Show>
            <ul class="cards">{move || cards(true)}</ul>
            <Parcel on_taken />
            <Show when=move || !part(false).is_empty()>
                <details class="folded"><summary>{move || older(desk.lang())}</summary><ul class="cards">{move || cards(false)}</ul></details>
            </Show>
            <Show when=move || has_more.get()>
                <p><button class="button" on:click=move |_| load_more()>{move || more(desk.lang())}</button></p>
            </Show>
        </div>
    }
    .into_any()
}

/// One of them.
#[component]
fn Card(one: Quarantined, on_taken: Callback<()>) -> impl IntoView {
    let desk = use_desk();
    let problem = RwSignal::new(None::<Problem>);
    let reason = NodeRef::<leptos::html::Input>::new();
    let change = serde_json::from_value::<Change>(one.body.clone()).ok();
    let pack = desk.pack();
    let kind = change.as_ref().and_then(|change| pack.kind(&change.kind).cloned());
    let label = kind.as_ref().map(|kind| kind.label.clone()).unwrap_or_default();
    let is_half = change.as_ref().is_some_and(|change| change.more.contains_key(UNFINISHED));
    let lacks_why = one.problems.iter().any(|problem| problem.code == "why");
    let state = match one.mended_by {
        Some(by) if by == one.number => Some(taken as fn(Lang) -> _),
        Some(_) => Some(mended as fn(Lang) -> _),
        None => None,
    };
    let asked = TakeIn { device: one.device, number: one.number, content: one.content.clone(), why: String::new() };
    let go = move |_| {
        let why = reason.get_untracked().map(|input| input.value()).unwrap_or_default();
        let asked = TakeIn { why, ..asked.clone() };
        spawn_local(async move {
            match desk.take_in(asked).await {
                Ok(()) => {
                    stamp(taken(desk.lang()));
                    on_taken.run(());
                    desk.sync_now();
                }
                Err(wrong) => drop(problem.try_set(Some(wrong))),
            }
        });
    };
    let go = StoredValue::new(go);
    let rows = change.as_ref().zip(kind.as_ref()).map(|(change, kind)| {
        let id = change.record;
        let known = change.set.iter().filter_map(|(name, value)| Some((kind.field(name)?.clone(), value.clone())));
        let row = move |(field, value): (records::Field, records::Value)| {
            let shown = said(desk, id, &field, &value);
            view! { <dt>{move || field.label.get(desk.lang()).to_owned()}</dt><dd>{shown}</dd> }
        };
        view! { <dl class="facts">{known.map(row).collect_view()}</dl> }
    });
    let is_hidden = one.body.is_null();
    let hidden = match (change.is_some(), is_hidden) {
        (true, _) => None,
        (_, true) => Some(unseen as fn(Lang) -> _),
        _ => Some(unread as fn(Lang) -> _),
    };
    let may_take = change.is_some() && state.is_none();
    let (account, at) = (one.account.clone(), platform::clock_time(one.received_at));
    let why_not = one
        .problems
        .into_iter()
        .map(move |p: Problem| view! { <li>{move || p.message.get(desk.lang()).to_owned()}</li> });
    view! {
        <div class="card refused">
            <p class="row-title">
                <Icon name="warn" /> {move || desk.name_of(&account)} " · " {move || label.get(desk.lang()).to_owned()} " "
                {is_half.then(|| view! { <span class="badge is-soft">{move || half(desk.lang())}</span> })}
                {state.map(|state| view! { <span class="badge is-jade">{move || state(desk.lang())}</span> })}
                <small class="figures">{at}</small>
            </p>
            <ul class="reasons">{why_not.collect_view()}</ul>
            {rows}
            {hidden.map(|text| view! { <p class="note">{move || text(desk.lang())}</p> })}
            {move || problem.get().map(|p| view! { <p class="problem" role="alert">{move || p.message.get(desk.lang()).to_owned()}</p> })}
            <Show when=move || may_take && lacks_why>
                <label>{move || why(desk.lang())} <input type="text" node_ref=reason /></label>
            </Show>
            <Show when=move || may_take>
                <p class="row-acts"><button class="button" on:click=move |event| go.with_value(|go| go(event))>{move || take(desk.lang())}</button></p>
            </Show>
        </div>
    }
}

/// A file that someone brought from a tablet.
#[component]
fn Parcel(on_taken: Callback<()>) -> impl IntoView {
    let desk = use_desk();
    let (is_busy, answer) = (RwSignal::new(false), RwSignal::new(None::<Text>));
    let chosen = move |file: web_sys::File| {
        is_busy.set(true);
        answer.set(None);
        spawn_local(async move {
            let said = match picture::bytes(&file).await {
                None => Text::new(unopened(Lang::Zh), unopened(Lang::En)),
                Some(bytes) => match desk.take_parcel(bytes).await {
                    Ok(handed) => came_of(&handed, &desk.name_of(&handed.account)),
                    Err(wrong) => wrong.message,
                },
            };
            answer.try_set(Some(said));
            is_busy.try_set(false);
            on_taken.run(());
            desk.sync_now();
        });
    };
    view! {
        <section aria-labelledby="parcel">
            <h2 class="section-title" id="parcel">{move || file_title(desk.lang())}</h2>
            <DropField accept=".parcel,application/octet-stream" choose what on_file=chosen />
            <p role="status">
                {move || match (is_busy.get(), answer.get()) {
                    (true, _) => busy(desk.lang()).to_owned(),
                    (false, answer) => answer.map(|text| text.get(desk.lang()).to_owned()).unwrap_or_default(),
                }}
            </p>
        </section>
    }
}

/// What came of a file, in words.
fn came_of(handed: &HandedIn, name: &str) -> Text {
    let HandedIn { accepted, known, refused, files, files_refused, .. } = handed;
    Text::new(
        format!(
            "{name}：收下 {accepted} 条，已经有的 {known} 条，未通过 {refused} 条；照片和文件 {files} 个，不符的 {files_refused} 个。"
        ),
        format!(
            "{name}: {accepted} taken in, {known} known already, {refused} not accepted; {files} photos or files, {files_refused} not taken."
        ),
    )
}
