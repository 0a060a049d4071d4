//! What is changed against what is in force, each with its way back; and publishing it.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{
    Lang, Pack,
    pack::{
        Wrong,
        workshop::{Edit, News},
    },
};

use super::{
    Head, Standing, Wrongs,
    bench::{Outcome, is_part, use_bench},
    mark,
};
use crate::{desk::use_desk, parts::twice::Twice, texts};

texts! {
    title: "改了什么", "What is changed";
    none: "没有未发布的修改。", "Nothing waits to be published.";
    undo: "撤销", "Undo";
    publish: "发布", "Publish";
    warn: "发布后，大家的平板下次同步时就换成新的表单；写到一半的内容都会留着。题目发布后可以停用，不能去掉。",
        "Every tablet takes the new forms at its next sync; half-written records stay. A published question can be put out of use, not taken away.";
    yes: "确定发布", "Publish now";
    no: "取消", "Not yet";
    busy: "正在发布…", "Publishing…";
    done: "已发布。大家的平板下次同步时换成新的表单。", "Published. Every tablet takes the new forms at its next sync.";
    wrong: "发布未通过，请看各处的说明。", "The office did not take it; see each place.";
    back: "回到改表单", "Back to the forms";
    label: "标签、选项", "Label or choice";
    rule: "到期提醒", "Due rule";
    figure: "统计数字", "Figure";
    head: "表单的名称和设置", "The form's name and settings";
    whole: "整张表单", "Whole form";
}

/// The page `/workshop/changes`.
#[component]
pub fn Changes() -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let shown = Memo::new(move |_| {
        let edits = bench.edits();
        edits.iter().filter(|edit| !is_part(edit, &edits)).cloned().collect::<Vec<_>>()
    });
    let is_busy = move || bench.outcome.with(|outcome| *outcome == Outcome::Busy);
    let row = move |edit: Edit| view! { <li>{line(edit)}</li> };
    // What the office said of things that are not among the edits.
    let elsewhere = Signal::derive(move || match bench.outcome.get() {
        Outcome::Wrong(all) => {
            let edits = bench.edits();
            all.into_iter().filter(|wrong| !edits.iter().any(|edit| is_at(edit, wrong))).collect()
        }
        Outcome::Problem(problem) => vec![Wrong { kind: None, field: None, message: problem.message }],
        _ => Vec::new(),
    });
    view! {
        <div class="page">
            <Head said=Signal::derive(move || title(desk.lang()).to_owned()) back="/workshop" />
            <Standing />
            <Show when=move || matches!(bench.outcome.get(), Outcome::Published(_))>
                <p class="card is-jade" role="status">"● " {move || done(desk.lang())}</p>
                <p><A href="/workshop" attr:class="button">{move || back(desk.lang())}</A></p>
            </Show>
            <Show when=move || matches!(bench.outcome.get(), Outcome::Wrong(_))>
                <p class="problem" role="alert">{move || wrong(desk.lang())}</p>
            </Show>
            <Wrongs all=elsewhere />
            <Show
                when=move || shown.with(|all| !all.is_empty())
                fallback=move || view! { <Show when=move || bench.outcome.with(|o| *o == Outcome::None)><p class="empty">{move || none(desk.lang())}</p></Show> }
            >
                <ul class="rows">{move || shown.get().into_iter().map(row).collect_view()}</ul>
                <Show
                    when=move || !bench.is_overtaken() && !is_busy()
                    fallback=move || view! { <p role="status">{move || is_busy().then(|| busy(desk.lang()))}</p> }
                >
                    <Twice
                        label=Signal::derive(move || publish(desk.lang()).to_owned())
                        warn
                        yes
                        no
                        class="button main"
                        on_yes=move |()| bench.publish()
                    />
                </Show>
            </Show>
        </div>
    }
    .into_any()
}

fn line(edit: Edit) -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let (pack, lang) = (bench.pack(), desk.lang());
    let news = edit.news(&bench.in_force());
    let (what, of) = words(&pack, &edit, lang);
    let wrongs = {
        let edit = edit.clone();
        Signal::derive(move || match bench.outcome.get() {
            Outcome::Wrong(all) => all.into_iter().filter(|wrong| is_at(&edit, wrong)).collect(),
            _ => Vec::new(),
        })
    };
    let label = format!("{} {what}", undo(lang));
    view! {
        <div class="row change">
            <span class="mark is-amber" aria-hidden="true">"◐"</span>
            <span class="row-title">
                {what}
                <small>{of}</small>
                <small class="is-amber">{mark(if news == News::Nothing { News::Changed } else { news }, lang)}</small>
            </span>
            <button class="button quiet" aria-label=label on:click=move |_| bench.take_back(&edit)>{undo(lang)}</button>
        </div>
        <Wrongs all=wrongs />
    }
}

/// What an edit is of, and where.
pub fn words(pack: &Pack, edit: &Edit, lang: Lang) -> (String, String) {
    let form = |kind: &str| pack.kind(kind).map_or_else(|| kind.to_owned(), |kind| kind.label.get(lang).to_owned());
    match edit {
        Edit::Field { kind, field, .. } => (field.label.get(lang).into(), form(kind)),
        Edit::Choice { list, choice, .. } => {
            let of = list.split_once('.').map(|(kind, _)| format!("{} · {}", label(lang), form(kind)));
            (choice.label.get(lang).into(), of.unwrap_or_else(|| label(lang).into()))
        }
        Edit::Due(due) => (due.label.get(lang).into(), rule(lang).into()),
        Edit::Indicator(indicator) => (indicator.label.get(lang).into(), figure(lang).into()),
        Edit::Head(kind) => (kind.label.get(lang).into(), head(lang).into()),
        Edit::Kind { kind, .. } => (kind.label.get(lang).into(), whole(lang).into()),
    }
}

/// Whether the office said it of the thing an edit puts.
fn is_at(edit: &Edit, wrong: &Wrong) -> bool {
    let (kind, field) = (wrong.kind.as_deref(), wrong.field.as_deref());
    match edit {
        Edit::Field { kind: of, field: put, .. } => kind == Some(of) && field == Some(&put.name),
        Edit::Choice { list, .. } => field == Some(&format!("choices {list}")),
        Edit::Due(due) => field == Some(&format!("due {}", due.name)),
        Edit::Indicator(indicator) => field == Some(&format!("indicator {}", indicator.name)),
        Edit::Head(put) => kind == Some(&put.name) && field.is_none(),
        Edit::Kind { kind: put, .. } => kind == Some(&put.name),
    }
}
