//! Erasing what is known of a person, when they ask for it: what goes, what stays, why, and twice asked.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{Problem, RecordId};
use sync::wire::Erasure;
use wasm_bindgen_futures::spawn_local;

use super::{board::looked_after, household::subject, notice::NotFound};
use crate::{
    desk::{Desk, use_desk},
    parts::twice::Twice,
    texts,
};

texts! {
    title: "依本人申请删除个人信息", "Erase on request";
    lead: "居民有权要求删除自己的个人信息。删除后无法恢复：姓名、证件、电话、住址、文字记录和签名，在办公室和所有平板上都会删除。",
        "Residents may ask for their data to be deleted. Nobody can bring them back afterwards: name, papers, telephone, home, what was written and signed goes, at the office and on every tablet.";
    stays: "留下的只有数字：哪天做了哪类事、多少钱，但看不出是谁。报告里的数不会变少；“多少户”除外。",
        "Only figures stay: on which day what sort of thing was done, and amounts, but not for whom. Figures of the report stay, but for counts of households.";
    what: "将删除", "What goes";
    named: "条多人的记录里也提到该居民，不会自动改。请先打开核对里面的文字。", "records about several people name this person too. They are not changed; please read their texts first.";
    others: "只有经办人能看的记录也会一并删除，这里不列出。", "Records that only their officer may see go too; they are not listed here.";
    backups: "以前的备份里还有，要等备份过期。恢复旧备份以后，要再删除一次。", "Earlier backups still hold it until they are thrown away. After restoring one, erase again.";
    why: "依据（不写姓名）", "Request (no names)";
    hint: "例如：2026-11-24 申请，第 3 号", "Such as: request no. 3 of 2026-11-24";
    go: "删除个人信息", "Erase";
    warn: "删除后不能撤销。确定吗？", "This cannot be undone. Are you sure?";
    yes: "确定删除", "Yes, erase";
    no: "取消", "Not now";
    needed: "请先填写依据。", "Please write down the request first.";
    done: "已删除。各台平板下次同步时也会删除。", "Erased. Every tablet follows at its next sync.";
    back: "回到门牌", "Back to the doors";
}

/// The page `/erase/:id`, of a person; for posts that see all figures.
#[component]
pub fn ErasePage() -> impl IntoView {
    let desk = use_desk();
    let id = subject(desk, |doors| &doors.person);
    looked_after(move || match id.get_untracked() {
        Some(id) => view! { <Whole id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    })
}

#[component]
fn Whole(id: RecordId) -> impl IntoView {
    let desk = use_desk();
    let found = RwSignal::new(None::<Erasure>);
    let (problem, is_done) = (RwSignal::new(None::<Problem>), RwSignal::new(false));
    let reason = RwSignal::new(String::new());
    let name = desk.title_of(id);
    spawn_local(async move {
        match desk.erasure(id).await {
            Ok(erasure) => drop(found.try_set(Some(erasure))),
            Err(wrong) => drop(problem.try_set(Some(wrong))),
        }
    });
    let erase = move |()| {
        let why = reason.get_untracked();
        if why.trim().is_empty() {
            return problem.set(Some(Problem::new("why", needed(records::Lang::Zh), needed(records::Lang::En))));
        }
        spawn_local(async move {
            match desk.erase(id, why).await {
                Ok(_) => drop(is_done.try_set(true)),
                Err(wrong) => drop(problem.try_set(Some(wrong))),
            }
        });
    };
    let open = move || {
        view! {
            <p class="lead">{move || lead(desk.lang())}</p>
            {move || found.get().map(|erasure| going(desk, &erasure))}
            <p>{move || stays(desk.lang())}</p>
            <p class="note">{move || others(desk.lang())} " " {move || backups(desk.lang())}</p>
            <p>
                <label for="why">{move || why(desk.lang())}</label>
                <input id="why" type="text" maxlength="200" placeholder=move || hint(desk.lang()) bind:value=reason />
            </p>
            {move || problem.get().map(|p| view! { <p class="problem" role="alert">{move || p.message.get(desk.lang()).to_owned()}</p> })}
            <Show when=move || found.with(Option::is_some)>
                <Twice label=Signal::derive(move || go(desk.lang()).to_owned()) warn yes no on_yes=erase />
            </Show>
        }
    };
    view! {
        <div class="page">
            <h1>{move || title(desk.lang())}</h1>
            <p class="row-title">{name.clone()}</p>
            <Show when=move || is_done.get() fallback=open>
                <p class="card is-jade" role="status">"● " {move || done(desk.lang())}</p>
                <p><A href="/doors" attr:class="button">{move || back(desk.lang())}</A></p>
            </Show>
        </div>
    }
    .into_any()
}

/// The records that go, by kind.
fn going(desk: Desk, erasure: &Erasure) -> impl IntoView + use<> {
    let (pack, lang) = (desk.pack(), desk.lang());
    let label = |kind: &String| pack.kind(kind).map_or_else(|| kind.clone(), |kind| kind.label.get(lang).to_owned());
    let rows: Vec<_> = erasure
        .kinds
        .iter()
        .map(|(kind, count)| view! { <dt>{label(kind)}</dt><dd class="figures">{*count}</dd> })
        .collect();
    let several =
        (erasure.named > 0).then(|| view! { <p class="card is-amber">"◐ " {erasure.named} " " {named(lang)}</p> });
    view! {
        <h2 class="section-title">{what(lang)}</h2>
        <dl class="facts">{rows}</dl>
        {several}
    }
}
