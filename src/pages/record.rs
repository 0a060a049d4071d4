//! One record in words: what it says, who wrote it, whether the office has it, what others wrote at the same time.

use std::borrow::Cow;

use leptos::{html, prelude::*};
use leptos_router::{components::A, hooks::use_params_map};
use records::{
    Field, FieldType, Lang, RecordId, Right, Value,
    file::{Mention, mentions},
    words,
};
use sync::change::{ERASED, VOID};
use wasm_bindgen_futures::spawn_local;

use super::new::page_of;
use crate::{
    desk::{Desk, use_desk},
    pages::notice::NotFound,
    parts::{
        actions::Actions, corrections::Corrections, file::FileView, form::SignatureView, icon::Icon, masked::Masked,
        round::RoundCard, stamp::Stamps, timeline::Timeline, trace::TraceView,
    },
    platform, texts,
    view::{
        act::{holds_account, steps_taken},
        again::round_of,
        history::history,
    },
};

texts! {
    here: "待上传", "Waiting to upload";
    office: "已上传", "Uploaded";
    correct: "更正", "Correct";
    edit: "修改", "Edit";
    void: "作废", "Void";
    restore: "恢复", "Restore";
    void_title: "作废这条记录", "Void this record";
    void_why: "为什么作废", "Why";
    void_note: "不会删掉，只是不再计数；随时可以恢复。", "It is not deleted, only no longer counted; it can be restored.";
    cancel: "取消", "Keep it";
    is_void: "已作废", "Void";
    is_erased: "内容已依本人申请删除", "Erased on request";
    restored: "恢复", "Restored";
    done: "已存", "Saved";
    other_write: "另有一个写法", "Also written";
    use_this: "用这个", "Use this";
    none: "没有填", "Empty";
    again: "再记一次", "Log again";
    related: "和这条有关的", "About this record";
    steps: "经过", "How it went";
}

/// The page `/record/:id`.
#[component]
pub fn RecordPage() -> impl IntoView {
    let params = use_params_map();
    let desk = use_desk();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<RecordId>().ok()));
    let here = Memo::new(move |_| id.get().filter(|id| desk.read(|book| book.get(*id).is_some())));
    move || match here.get() {
        Some(id) => view! { <Whole id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

#[component]
fn Whole(id: RecordId) -> impl IntoView {
    let desk = use_desk();
    let record = Memo::new(move |_| desk.read(|book| book.get(id).cloned()));
    let kind = move || {
        let pack = desk.pack();
        record.get().and_then(|r| pack.kind(&r.kind).cloned())
    };
    let may_write = move || {
        let post = desk.me().map(|me| me.post).unwrap_or_default();
        let is_whole = !record.with(|record| record.as_ref().is_some_and(sync::Record::is_erased));
        is_whole && kind().is_some_and(|k| desk.pack().allows(&post, &k.name, Right::Write))
    };
    let erased_why = move || record.get().and_then(|r| r.text(ERASED).map(Cow::into_owned));
    let is_fact = move || kind().is_some_and(|k| k.nature == records::pack::Nature::Fact);
    let head = move || {
        let (by, made) = record.get().map(|r| (r.by.to_string(), r.made.millis())).unwrap_or_default();
        let name = kind().map(|k| k.label.get(desk.lang()).to_owned()).unwrap_or_default();
        let time = platform::clock_time(made);
        view! {
            <p class="note">{name} " · " {desk.name_of(&by)} " · " <time>{time}</time> " · "
                {if desk.is_waiting(id) {
                    view! { <span class="badge is-amber">"◐ " {here(desk.lang())}</span> }
                } else {
                    view! { <span class="badge is-jade">"● " {office(desk.lang())}</span> }
                }}
            </p>
        }
    };
    let void_reason = move || record.get().and_then(|r| r.value(VOID)).and_then(|v| v.as_str().map(ToOwned::to_owned));
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{move || desk.title_of(id)}</h1>
                <Show when=may_write>
                    <span class="row-acts">
                        <A href=format!("/edit/{id}?back=/record/{id}") attr:class="button">
                            <Icon name="pen" />
                            <span>{move || if is_fact() { correct(desk.lang()) } else { edit(desk.lang()) }}</span>
                        </A>
                        <VoidButton id is_void=Signal::derive(move || void_reason().is_some()) />
                    </span>
                </Show>
            </div>
            {head}
            <Actions id back=format!("/record/{id}") />
            {move || void_reason().map(|why| view! { <p class="card is-red">"▲ " {is_void(desk.lang())} ": " {why}</p> })}
            {move || erased_why().map(|why| view! { <p class="card">"○ " {is_erased(desk.lang())} ": " {why}</p> })}
            <Corrections id />
            <Steps id />
            <Facts id />
            <Again id />
            <Related id />
        </div>
    }
    .into_any()
}

/// When it was handed out, taken, done and checked, and by whom.
#[component]
fn Steps(id: RecordId) -> impl IntoView {
    let desk = use_desk();
    let steps = move || {
        let pack = desk.pack();
        let record = desk.read(|book| book.get(id).cloned())?;
        let kind = pack.kind(&record.kind)?;
        let taken = steps_taken(kind, &record.values());
        let first =
            (platform::clock_time(record.made.millis()), kind.label.get(desk.lang()).to_owned(), record.by.to_string());
        let later = taken.into_iter().map(|(at, action)| {
            let by =
                action.stamp.as_ref().and_then(|stamp| record.winner(stamp)).map(|(_, write)| write.by.to_string());
            (platform::clock_time_of(&at), action.label.get(desk.lang()).to_owned(), by.unwrap_or_default())
        });
        let all: Vec<_> = [first].into_iter().chain(later).collect();
        let step = |(time, what, by): (String, String, String)| view! { <li><time>{time}</time> <b>{what}</b> <small>{desk.name_of(&by)}</small></li> };
        (all.len() > 1).then(|| view! {
            <ol class="steps-taken" aria-label=self::steps(desk.lang())>{all.into_iter().map(step).collect_view()}</ol>
        })
    };
    view! { {steps} }
}

/// A card to write it once more, on a record of those that are written again and again.
#[component]
fn Again(id: RecordId) -> impl IntoView {
    let desk = use_desk();
    let round = Memo::new(move |_| {
        let pack = desk.pack();
        let post = desk.me().map(|me| me.post).unwrap_or_default();
        let round = desk.read(|book| round_of(&pack, book, platform::today(), id))?;
        pack.allows(&post, &round.kind, Right::Write).then_some(round)
    });
    move || {
        round.get().map(|round| {
            view! {
                <section aria-labelledby="again">
                    <h2 class="section-title" id="again">{move || again(desk.lang())}</h2>
                    <RoundCard round back=format!("/record/{id}") />
                </section>
            }
        })
    }
}

/// What was recorded about this record: the list of those who came to a gathering, the task that came of an incident.
#[component]
fn Related(id: RecordId) -> impl IntoView {
    let desk = use_desk();
    let events = Memo::new(move |_| {
        let pack = desk.pack();
        desk.read(|book| history(&pack, book, &[id]))
    });
    let none_yet = Signal::derive(String::new);
    view! {
        <Show when=move || events.with(|all| !all.is_empty())>
            <section aria-labelledby="related">
                <h2 class="section-title" id="related">{move || related(desk.lang())}</h2>
                <Timeline events empty=none_yet but=id />
            </section>
        </Show>
    }
}

/// All fields of a record in words, with what lost beside what shows.
#[component]
pub fn Facts(
    /// The record.
    id: RecordId,
) -> impl IntoView {
    let desk = use_desk();
    let rows = move || {
        let record = desk.read(|book| book.get(id).cloned())?;
        let pack = desk.pack();
        let kind = pack.kind(&record.kind)?.clone();
        let row = |field: &Field| {
            let value = record.value(&field.name).filter(|_| !matches!(field.r#type, FieldType::Note));
            let losers = record.losers(&field.name);
            if value.is_none() && losers.is_empty() {
                return None;
            }
            let others = losers.into_iter().map(|(clock, write)| {
                let (name, value) = (field.name.clone(), write.value.clone());
                let shown = said(desk, id, field, &write.value);
                let when = platform::clock_time(clock.millis());
                view! {
                    <p class="other">
                        <span class="is-amber">"◐ " {other_write(desk.lang())} ": "</span>
                        {shown}
                        <small>{desk.name_of(&write.by)} " · " {when}</small>
                        <UseThis id field=name value />
                    </p>
                }
            });
            let others = others.collect_view();
            let shown = value.map(|v| said(desk, id, field, &v));
            Some(view! {
                <dt>{field.label.get(desk.lang()).to_owned()}</dt>
                <dd>{shown.unwrap_or_else(|| none(desk.lang()).into_any())} {others}</dd>
            })
        };
        Some(kind.fields.iter().filter_map(row).collect_view())
    };
    view! { <dl class="facts card">{rows}</dl> }
}

/// A value as it is read: a link to another record, a signature, covered, or plain words.
pub fn said(desk: Desk, record: RecordId, field: &Field, value: &Value) -> AnyView {
    let pack = desk.pack();
    let name_of = |id| Some(desk.title_of(id)).filter(|t| !t.is_empty());
    let text = words::read(&pack, field, value, desk.lang(), &name_of);
    match &field.r#type {
        FieldType::Signature => view! { <SignatureView value=value.clone() /> }.into_any(),
        FieldType::Trace(list) => view! { <TraceView value=value.clone() list=list.clone() /> }.into_any(),
        FieldType::Photos | FieldType::Files => files(record, value),
        FieldType::Record(_) => linked(desk, value, text),
        FieldType::Repeat(_) if !mentions(value).is_empty() => view! { {text} {files(record, value)} }.into_any(),
        FieldType::Records(_) => {
            let each = |id: &Value| {
                let title = words::read(&pack, field, &Value::Array(vec![id.clone()]), desk.lang(), &name_of);
                view! { <li>{linked(desk, id, title)}</li> }
            };
            let all: Vec<_> = value.as_array().into_iter().flatten().map(each).collect();
            view! { <ul class="linked">{all}</ul> }.into_any()
        }
        FieldType::Text if holds_account(field) => desk.name_of(&text).into_any(),
        _ if words::is_masked(field) => {
            let covered = words::read_masked(&pack, field, value, desk.lang(), &name_of);
            view! { <Masked covered text of=field.label.get(desk.lang()).to_owned() /> }.into_any()
        }
        _ => text.into_any(),
    }
}

/// The files that an answer mentions.
fn files(record: RecordId, value: &Value) -> AnyView {
    let each = |mention: Mention<'_>| view! { <li><FileView record mention=mention.written() /></li> };
    let all = mentions(value).into_iter().map(each).collect_view();
    view! { <ul class="files">{all}</ul> }.into_any()
}

/// The title of another record, leading to its page.
fn linked(desk: Desk, id: &Value, title: String) -> AnyView {
    match id.as_str().and_then(|id| id.parse().ok()).and_then(|id| page_of(desk, id)) {
        Some(href) => view! { <A href=href>{title}</A> }.into_any(),
        None => title.into_any(),
    }
}

/// Settles a concurrent edit: this value, and both were seen.
#[component]
pub fn UseThis(
    /// The record.
    id: RecordId,
    /// Its field.
    field: String,
    /// What is right.
    value: Value,
) -> impl IntoView {
    let desk = use_desk();
    let stamps = expect_context::<Stamps>();
    let choose = move |_| {
        let Some(mut draft) = untrack(|| desk.edit_draft(id)) else { return };
        let seen = desk.read(|book| book.get(id).map(|r| r.seen_all(&field)).unwrap_or_default());
        draft.seen.insert(field.clone(), seen);
        draft.now.insert(field.clone(), value.clone());
        draft.why = Some(use_this(Lang::Zh).into());
        keep(desk, stamps, draft);
    };
    view! { <button class="button" on:click=choose>{move || use_this(desk.lang())}</button> }
}

#[component]
fn VoidButton(id: RecordId, is_void: Signal<bool>) -> impl IntoView {
    let desk = use_desk();
    let stamps = expect_context::<Stamps>();
    let dialog = NodeRef::<html::Dialog>::new();
    let why = NodeRef::<html::Input>::new();
    let set = move |reason: Value, because: String| {
        let Some(mut draft) = untrack(|| desk.edit_draft(id)) else { return };
        draft.now.insert(VOID.into(), reason);
        draft.why = Some(because);
        keep(desk, stamps, draft);
    };
    let ask = move |_| {
        if is_void.get_untracked() {
            set(Value::Null, restored(Lang::Zh).into());
        } else if let Some(dialog) = dialog.get_untracked() {
            let _ = dialog.show_modal();
        }
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let reason = why.get_untracked().map(|i| i.value().trim().to_owned()).unwrap_or_default();
        if !reason.is_empty() {
            close();
            set(reason.clone().into(), reason);
        }
    };
    view! {
        <button class="button quiet" on:click=ask>{move || if is_void.get() { restore(desk.lang()) } else { void(desk.lang()) }}</button>
        <dialog node_ref=dialog aria-labelledby="void-title">
            <form class="form" on:submit=submit>
                <h2 id="void-title">{move || void_title(desk.lang())}</h2>
                <p class="note">{move || void_note(desk.lang())}</p>
                <div class="field">
                    <label for="void-why">{move || void_why(desk.lang())}</label>
                    <input id="void-why" node_ref=why required autocomplete="off" />
                </div>
                <p class="row-acts">
                    <button type="button" class="button quiet" on:click=move |_| close()>{move || cancel(desk.lang())}</button>
                    <button type="submit" class="button main">{move || void(desk.lang())}</button>
                </p>
            </form>
        </dialog>
    }
}

fn keep(desk: Desk, stamps: Stamps, draft: sync::Draft) {
    spawn_local(async move {
        let said = match desk.save(vec![draft]).await {
            Ok(()) => done(untrack(|| desk.lang())).to_owned(),
            Err(problems) => {
                problems.first().map(|p| p.message.get(untrack(|| desk.lang())).to_owned()).unwrap_or_default()
            }
        };
        stamps.press(said);
    });
}
