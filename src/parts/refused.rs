//! What the office did not take, each with its reasons, a way to mend it and one to leave it; and what was left.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{Lang, Right};
use sync::{Change, change::UNFINISHED};
use wasm_bindgen_futures::spawn_local;

use super::{
    icon::Icon,
    stamp::{Stamps, stamp},
};
use crate::{
    desk::{Desk, Refusal, use_desk},
    texts,
};

texts! {
    refused_title: "上传未通过", "Not taken by the office";
    mend: "打开修改", "Open and mend";
    give_up: "搁置", "Leave it";
    gave_up: "已搁置，可在本页“已搁置”里取回", "Left; it can be taken up again on this page";
    take_up: "取回", "Take up again";
    again: "重新上传", "Send again";
    again_all: "全部重新上传", "Send all again";
    not_yours: "您的岗位现在不能改这一条。它在办公室保存着：主任可以收下；岗位改回来以后，点“重新上传”。", "Your post may not change this now. The office keeps it: the director can take it in; when your post is given back, send it again.";
}

/// What the office did not take, each with its reasons and a way to mend it.
#[component]
pub fn RefusedList() -> impl IntoView {
    let desk = use_desk();
    let stamps = expect_context::<Stamps>();
    let send = move |numbers: Vec<u64>| {
        spawn_local(async move {
            if let Err(problem) = desk.resend(numbers).await {
                stamp(problem.message.get(desk.lang()));
            }
        });
    };
    let leave = move |number: u64| {
        spawn_local(async move {
            let lang = untrack(|| desk.lang());
            match desk.set_given_up(number, true).await {
                Ok(()) => stamps.press_undoable(gave_up(lang), move || take_again(desk, number)),
                Err(problem) => stamps.press(problem.message.get(lang)),
            }
        });
    };
    let all = move || untrack(|| desk.refused()).into_iter().map(|refusal| refusal.change.number).collect();
    let card = move |refusal: Refusal| {
        let Refusal { change, problems } = refusal;
        let number = change.number;
        let words = change_words(&change);
        let label = format!("{} {}", mend(desk.lang()), words.0);
        let may_write = {
            let post = desk.me().map(|me| me.post).unwrap_or_default();
            desk.pack().allows(&post, &change.kind, Right::Write)
        };
        let is_whole = !change.more.contains_key(UNFINISHED);
        let reasons =
            problems.into_iter().map(move |p| view! { <li>{move || p.message.get(desk.lang()).to_owned()}</li> });
        view! {
            <li class="card refused">
                <p class="row-title"><Icon name="warn" /> {words.0} <small>{words.1}</small></p>
                <ul class="reasons">{reasons.collect_view()}</ul>
                <p class="row-acts">
                    <button class="button quiet" on:click=move |_| leave(number)>{move || give_up(desk.lang())}</button>
                    {is_whole.then(|| view! {
                        <button class="button quiet" on:click=move |_| send(vec![number])>{move || again(desk.lang())}</button>
                    })}
                    {may_write.then(|| view! {
                        <A href=format!("/mend/{number}?back=/sync") attr:class="button" attr:aria-label=label>
                            {move || mend(desk.lang())}
                        </A>
                    })}
                </p>
                {(!may_write).then(|| view! { <p class="note">{move || not_yours(desk.lang())}</p> })}
            </li>
        }
    };
    view! {
        <Show when=move || !desk.given_up().is_empty()><GivenUp /></Show>
        <Show when=move || !desk.refused().is_empty()>
            <section aria-labelledby="refused">
                <h2 class="section-title" id="refused">{move || refused_title(desk.lang())}</h2>
                <ul class="cards">{move || desk.refused().into_iter().map(card).collect_view()}</ul>
                <Show when=move || { desk.refused().len() > 1 }>
                    <p><button class="button" on:click=move |_| send(all())>{move || again_all(desk.lang())}</button></p>
                </Show>
            </section>
        </Show>
    }
}

/// What was given up, folded: nothing is lost by one tap.
#[component]
fn GivenUp() -> impl IntoView {
    let desk = use_desk();
    let count = move || match (desk.given_up().len(), desk.lang()) {
        (n, Lang::Zh) => format!("已搁置 {n} 条"),
        (n, Lang::En) => format!("{n} left"),
    };
    let row = move |refusal: Refusal| {
        let number = refusal.change.number;
        let (name, note) = change_words(&refusal.change);
        let label = format!("{} {name}", take_up(desk.lang()));
        view! {
            <li class="row">
                <Icon name="warn" />
                <span class="row-title">{name} <small>{note}</small></span>
                <button class="button quiet" aria-label=label on:click=move |_| take_again(desk, number)>
                    {move || take_up(desk.lang())}
                </button>
            </li>
        }
    };
    view! {
        <details class="folded">
            <summary>{count}</summary>
            <ul class="rows">{move || desk.given_up().into_iter().map(row).collect_view()}</ul>
        </details>
    }
}

fn take_again(desk: Desk, number: u64) {
    spawn_local(async move {
        if let Err(problem) = desk.set_given_up(number, false).await {
            stamp(problem.message.get(untrack(|| desk.lang())));
        }
    });
}

/// What a change is about, in words: its record's title, or its kind's name.
pub fn change_words(change: &Change) -> (String, String) {
    let desk = use_desk();
    let pack = desk.pack();
    let kind = pack.kind(&change.kind).map(|k| k.label.get(desk.lang()).to_owned()).unwrap_or_default();
    let mut links = change.set.values().filter_map(|v| v.as_str()?.parse::<records::RecordId>().ok());
    let about = links.find(|id| desk.read(|b| b.get(*id).is_some())).map(|id| desk.title_of(id)).unwrap_or_default();
    match desk.title_of(change.record) {
        title if title.is_empty() => (kind, about),
        title => (title, if about.is_empty() { kind } else { about }),
    }
}
