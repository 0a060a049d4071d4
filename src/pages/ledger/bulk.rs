//! What is done with all picked rows at once: a step, an answer for everyone, a file of just these.

use std::collections::BTreeSet;

use leptos::prelude::*;
use records::{Fields, Kind, Lang, RecordId, pack::Action};
use sync::Draft;

use super::is_saved;
use crate::{
    desk::{Desk, use_desk},
    parts::{actions, one_tap, stamp::Stamps},
    texts,
    view::{
        bulk::{Say, answered, questions, steps},
        ledger::Ledger,
    },
};

texts! {
    what_to_do: "对选中的记录", "With those picked";
    none: "取消选择", "Pick none";
    which: "修改项目", "What to change";
    choose: "成批改…", "Change for all…";
    to: "改成", "To";
    put: "都加上", "Put on all";
    take: "都去掉", "Take off all";
    set: "都改成这个", "Set for all";
    nothing: "这些本来就是这样，没有要改的。", "They are so already: nothing to change.";
    save_these: "选中的存为 CSV", "Save those as CSV";
    failed: "没能存成文件，请再试一次。", "The file could not be saved. Please try again.";
}

/// The bar; nothing while nothing is picked.
#[component]
pub fn Bulk(kind: StoredValue<Kind>, found: Memo<Ledger>, picked: RwSignal<BTreeSet<RecordId>>) -> impl IntoView {
    let desk = use_desk();
    // What is picked and still stands in the ledger, in its order: a filter that hides a row hides it from acts too.
    let chosen = Memo::new(move |_| {
        let is_picked = |id: &RecordId| picked.with(|picked| picked.contains(id));
        found.with(|ledger| ledger.ids.iter().copied().filter(is_picked).collect::<Vec<_>>())
    });
    let has_failed = RwSignal::new(false);
    let count = move || match (chosen.with(Vec::len), desk.lang()) {
        (n, Lang::Zh) => format!("选了 {n} 条"),
        (n, Lang::En) => format!("{n} picked"),
    };
    let save = move |_| {
        let only = Ledger { ids: chosen.get_untracked(), ..Ledger::default() };
        has_failed.set(!kind.with_value(|kind| is_saved(desk, kind, &only)));
    };
    view! {
        <Show when=move || chosen.with(|all| !all.is_empty())>
            <div class="bulk" role="group" aria-label=move || what_to_do(desk.lang())>
                <b class="figures" role="status">{count}</b>
                <Steps kind chosen />
                <Answers kind chosen />
                <button class="button" on:click=save>{move || save_these(desk.lang())}</button>
                <button class="button quiet" on:click=move |_| picked.set(BTreeSet::new())>{move || none(desk.lang())}</button>
            </div>
            <Show when=move || has_failed.get()><p role="alert">{move || failed(desk.lang())}</p></Show>
        </Show>
    }
}

/// A button for each step that all of them allow.
#[component]
fn Steps(kind: StoredValue<Kind>, chosen: Memo<Vec<RecordId>>) -> impl IntoView {
    let desk = use_desk();
    let stamps = expect_context::<Stamps>();
    let busy = RwSignal::new(false);
    let offered = Memo::new(move |_| {
        let pack = desk.pack();
        let values = |id: RecordId| desk.read(|book| book.get(id).filter(|r| !r.is_void()).map(|r| r.values()));
        let all: Option<Vec<Fields>> = chosen.with(|ids| ids.iter().map(|id| values(*id)).collect());
        let Some(all) = all else { return Vec::new() };
        let offered = |kind: &Kind| {
            desk.context(|context| steps(&pack, kind, &all, context).into_iter().cloned().collect::<Vec<Action>>())
        };
        kind.with_value(offered)
    });
    let button = move |action: Action| {
        let label = action.label.clone();
        let tap = move |_| {
            let draft = |id: &RecordId| actions::draft(desk, *id, &action);
            let drafts = untrack(|| chosen.with(|ids| ids.iter().filter_map(draft).collect::<Vec<_>>()));
            busy.set(true);
            one_tap::save(desk, stamps, drafts, move |_| _ = busy.try_set(false));
        };
        view! {
            <button class="button" disabled=move || busy.get() on:click=tap>{move || label.get(desk.lang()).to_owned()}</button>
        }
    };
    move || offered.get().into_iter().map(button).collect_view()
}

/// One question answered alike for all of them.
#[component]
fn Answers(kind: StoredValue<Kind>, chosen: Memo<Vec<RecordId>>) -> impl IntoView {
    let desk = use_desk();
    let stamps = expect_context::<Stamps>();
    let (asked, choice) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let known = Memo::new(move |_| {
        let (pack, post) = (desk.pack(), desk.me().map(|me| me.post).unwrap_or_default());
        let own = |kind: &Kind| {
            let all = questions(&pack, kind, &post).into_iter();
            all.map(|(field, choices)| (field.clone(), choices.to_vec())).collect::<Vec<_>>()
        };
        kind.with_value(own)
    });
    let field = Memo::new(move |_| known.get().into_iter().find(|(field, _)| asked.with(|name| *name == field.name)));
    let is_set = move || field.with(|field| field.as_ref().is_some_and(|(field, _)| field.r#type.is_set()));
    let say = move |say: Say| {
        let Some((field, _)) = field.get_untracked() else { return };
        let name = choice.get_untracked();
        let draft = |id: &RecordId| changed(desk, *id, &field, &name, say);
        let drafts = untrack(|| chosen.with(|ids| ids.iter().filter_map(draft).collect::<Vec<_>>()));
        if drafts.is_empty() {
            return stamps.press(nothing(desk.lang()));
        }
        busy.set(true);
        one_tap::save(desk, stamps, drafts, move |_| _ = busy.try_set(false));
    };
    let option = move |name: String, label: records::Text, chosen: RwSignal<String>| {
        let own = name.clone();
        view! { <option value=name selected=move || chosen.with(|c| *c == own)>{label.get(desk.lang()).to_owned()}</option> }
    };
    let fields =
        move || known.get().into_iter().map(|(field, _)| option(field.name, field.label, asked)).collect_view();
    let choices = move || {
        let all = field.get().map(|(_, choices)| choices).unwrap_or_default();
        all.into_iter().map(|one| option(one.name, one.label, choice)).collect_view()
    };
    let ask = move |event: leptos::ev::Event| {
        asked.set(event_target_value(&event));
        let first = field.get_untracked().and_then(|(_, choices)| choices.into_iter().next());
        choice.set(first.map(|first| first.name).unwrap_or_default());
    };
    let button = move |words: fn(Lang) -> &'static str, of: Say| {
        view! { <button class="button" disabled=move || busy.get() on:click=move |_| say(of)>{move || words(desk.lang())}</button> }
    };
    view! {
        <Show when=move || known.with(|all| !all.is_empty())>
            <select aria-label=move || which(desk.lang()) on:change=ask>
                <option value="">{move || choose(desk.lang())}</option>
                {fields}
            </select>
            <Show when=move || field.with(Option::is_some)>
                <select aria-label=move || to(desk.lang()) on:change=move |event| choice.set(event_target_value(&event))>{choices}</select>
                {move || match is_set() {
                    true => (button(put, Say::Is), Some(button(take, Say::IsNot))),
                    false => (button(set, Say::Is), None),
                }}
            </Show>
        </Show>
    }
}

/// The record with the answer; `None` where it has it already.
fn changed(desk: Desk, id: RecordId, field: &records::Field, choice: &str, say: Say) -> Option<Draft> {
    let mut draft = desk.edit_draft(id)?;
    let value = answered(field, draft.was.get(&field.name), choice, say)?;
    draft.now.insert(field.name.clone(), value);
    Some(draft)
}
