//! Rosters that were imported: how far, what was done, and taking them back.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{Lang, words};
use sync::wire::{Roster, RosterKept, RosterState};
use uuid::Uuid;

use super::sitting::{Sitting, is_under_way};
use crate::{desk::use_desk, parts::twice::Twice, platform, texts, view::roster};

texts! {
    title: "导入过的花名册", "Rosters imported before";
    none: "还没有导入过。", "None yet.";
    running: "◐ 正在导入", "◐ Importing";
    stopped: "◐ 中途停下了", "◐ Stopped half way";
    done: "● 已导入", "● Imported";
    undoing: "◐ 正在撤销", "◐ Being taken back";
    undone: "○ 已撤销", "○ Taken back";
    stop: "停下", "Stop";
    stop_note: "停下以后，已经写好的会留着；可以再导一次接着导，也可以撤销。", "What is written already stays; import again to go on, or take it back.";
    undo: "撤销这次导入", "Take this import back";
    undo_rest: "再撤一次留下的", "Take back what stayed";
    warn: "这次新登记的人和户会从登记册里去掉，补充过的内容变回原来的。导入以后有人改过的会留着。撤销以后要再导一次文件才能恢复。", "The people and households it made leave the register, and what it filled up goes back to what it was. What someone has changed since stays. Only importing the file again brings it back.";
    yes: "确定撤销", "Take it back";
    no: "取消", "Keep it";
    nothing: "没有写入什么", "Nothing was written";
    lost: "现在连不上办公室；导入在办公室那边照常进行，连上就看得到。", "The office cannot be reached now; the import goes on there and shows again once it can.";
}

/// The one imported in this sitting.
#[component]
pub fn Latest(sitting: Sitting) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let latest = sitting.latest.get()?;
        sitting.past.with(|past| past.as_ref().is_some_and(|p| p.iter().any(|r| r.id == latest)).then_some(latest))
    });
    move || shown.get().map(|id| view! { <Card sitting id /> })
}

/// Those imported before.
#[component]
pub fn Past(sitting: Sitting) -> impl IntoView {
    let desk = use_desk();
    let ids = Memo::new(move |_| {
        let latest = sitting.latest.get();
        let all = sitting.past.with(|past| past.as_ref().map(|p| p.iter().map(|r| r.id).collect::<Vec<_>>()));
        all.map(|ids| ids.into_iter().filter(|id| Some(*id) != latest).collect::<Vec<_>>())
    });
    let is_none = move || ids.with(|ids| ids.as_ref().is_some_and(Vec::is_empty)) && sitting.latest.get().is_none();
    view! {
        <Show when=move || ids.with(|ids| ids.as_ref().is_some_and(|ids| !ids.is_empty())) || is_none()>
            <section aria-labelledby="roster-past">
                <h2 class="section-title" id="roster-past">{move || title(desk.lang())}</h2>
                <Show when=is_none><p class="empty">{move || none(desk.lang())}</p></Show>
                <ul class="cards">
                    <For each=move || ids.get().unwrap_or_default() key=|id| *id let:id><li><Card sitting id /></li></For>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn Card(sitting: Sitting, id: Uuid) -> impl IntoView {
    let desk = use_desk();
    let roster = Memo::new(move |_| {
        sitting.past.with(|past| past.as_ref().and_then(|past| past.iter().find(|r| r.id == id).cloned()))
    });
    let state = Memo::new(move |_| roster.with(|r| r.as_ref().map_or(RosterState::Done, |r| r.state)));
    let file = move || roster.with(|r| r.as_ref().map(|r| r.file.clone()));
    let who = move || {
        roster.with(|r| r.as_ref().map(|r| format!("{} · {}", platform::clock_time(r.at), desk.name_of(&r.account))))
    };
    let (mark, class) = (move || state_words(state.get())(desk.lang()), move || state_class(state.get()));
    let what = move || roster.with(|r| r.as_ref().map(|r| written(&desk.pack(), r, desk.lang())));
    let refused = move || roster.with(|r| r.as_ref().and_then(|r| refused_words(r.refused, desk.lang())));
    let kept = move || roster.with(|r| r.as_ref().map(|r| r.kept.clone()).unwrap_or_default());
    let keeps = Memo::new(move |_| roster.with(|r| r.as_ref().map_or(0, |r| r.kept.len())));
    view! {
        <div class="card roster-card">
            <p class="row-title">{file} <span class=class role="status">{mark}</span> <small class="figures">{who}</small></p>
            <Show
                when=move || is_under_way(state.get())
                fallback=move || view! {
                    <p>{what}</p>
                    {move || refused().map(|words| view! { <p class="is-amber">{words}</p> })}
                    <Show when=move || { keeps.get() > 0 }>
                        <details class="folded">
                            <summary>{move || kept_words(keeps.get(), desk.lang())}</summary>
                            <ul class="rows">{move || kept().into_iter().map(|k| view! { <Kept kept=k /> }).collect_view()}</ul>
                        </details>
                    </Show>
                    <Undo sitting id state keeps />
                }
            >
                <Progress roster />
                <Show when=move || sitting.lost.get()><p class="note" role="status">{move || lost(desk.lang())}</p></Show>
                <Show when=move || state.get() == RosterState::Running>
                    <p class="row-acts start">
                        <button class="button" on:click=move |_| sitting.stop(id)>{move || stop(desk.lang())}</button>
                        <small>{move || stop_note(desk.lang())}</small>
                    </p>
                </Show>
            </Show>
        </div>
    }
}

#[component]
fn Progress(roster: Memo<Option<Roster>>) -> impl IntoView {
    let desk = use_desk();
    let amount = move || roster.with(|r| r.as_ref().map_or((0, 0), |r| (r.done, r.total)));
    let said = move || {
        let (done, total) = amount();
        let (done, total) = (words::grouped(done.into()), words::grouped(total.into()));
        if desk.lang() == Lang::Zh { format!("{done} / {total} 条") } else { format!("{done} of {total} records") }
    };
    view! {
        <progress
            aria-label=move || running(desk.lang())
            max=move || amount().1.max(1).to_string()
            value=move || amount().0.to_string()
        ></progress>
        <p class="figures">{said}</p>
    }
}

/// Taking back, asked twice: only the file brings it again.
#[component]
fn Undo(sitting: Sitting, id: Uuid, state: Memo<RosterState>, keeps: Memo<usize>) -> impl IntoView {
    let desk = use_desk();
    let may = move || match state.get() {
        RosterState::Done | RosterState::Stopped => true,
        RosterState::Undone => keeps.get() > 0,
        _ => false,
    };
    let label = move || if state.get() == RosterState::Undone { undo_rest(desk.lang()) } else { undo(desk.lang()) };
    view! {
        <Show when=may>
            <Twice label=Signal::derive(label) warn yes no frame="roster-asks" on_yes=move |()| sitting.take_back(id) />
        </Show>
    }
}

/// What stayed because someone has written there since.
#[component]
fn Kept(kept: RosterKept) -> impl IntoView {
    let desk = use_desk();
    let RosterKept { record, kind, title, field } = kept;
    let note = move || {
        let pack = desk.pack();
        let kind = pack.kind(&kind)?;
        let field = field.as_ref().and_then(|name| kind.field(name)).map(|field| &field.label);
        Some(field.unwrap_or(&kind.label).get(desk.lang()).to_owned())
    };
    view! {
        <li>
            <A href=format!("/record/{record}") attr:class="row">
                <span class="mark">"○"</span>
                <span class="row-title">{move || title.get(desk.lang()).to_owned()} <small>{note}</small></span>
            </A>
        </li>
    }
}

fn state_words(state: RosterState) -> fn(Lang) -> &'static str {
    match state {
        RosterState::Uploaded | RosterState::Running => running,
        RosterState::Stopped => stopped,
        RosterState::Done => done,
        RosterState::Undoing => undoing,
        RosterState::Undone => undone,
    }
}

fn state_class(state: RosterState) -> &'static str {
    match state {
        RosterState::Done => "badge is-jade",
        RosterState::Undone => "badge is-soft",
        _ => "badge is-amber",
    }
}

/// What it wrote, or how far it came.
fn written(pack: &records::Pack, of: &Roster, lang: Lang) -> String {
    let told = of.counts.as_ref().map(|counts| roster::told(pack, counts)).unwrap_or_default();
    let line = match told.line(lang) {
        line if line.is_empty() => nothing(lang).to_owned(),
        line => line,
    };
    if of.state != RosterState::Stopped {
        return line;
    }
    let (done, total) = (words::grouped(of.done.into()), words::grouped(of.total.into()));
    if lang == Lang::Zh {
        format!("写了 {total} 条里的 {done} 条")
    } else {
        format!("{done} of {total} records are written")
    }
}

fn refused_words(count: u32, lang: Lang) -> Option<String> {
    let n = words::grouped(count.into());
    (count > 0).then(|| match lang {
        Lang::Zh => format!("▲ 有 {n} 条未通过检查，请告诉管理员。"),
        Lang::En => format!("▲ The office did not take {n} of them; please tell the administrator."),
    })
}

fn kept_words(count: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("有 {count} 处留着，因为导入以后有人改过"),
        Lang::En if count == 1 => "1 thing stayed, because someone has changed it since".into(),
        Lang::En => format!("{count} things stayed, because someone has changed them since"),
    }
}
