//! What needs a look: refused changes, what two wrote differently at the same time, side by side, and payments that are likely
//! one.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{Lang, RecordId, Value, words};
use sync::change::VOID;

use super::record::{UseThis, said};
use crate::{
    desk::use_desk,
    parts::{known::Known, one_tap, refused::RefusedList, stamp::Stamps},
    platform, texts,
    view::review::{APART, Disputed},
};

texts! {
    title: "待核对", "To be checked";
    nothing: "没有待核对的。", "There is nothing to look at.";
    disputes: "两人同时修改，填写不一致", "Two changed it at the same time, differently";
    disputes_lead: "现在显示的是后填写的；另一个没有丢。请点选正确的。", "The later one shows now; the other is not lost. Tap the one that is right.";
    shows: "现在显示的", "Shows now";
    twice: "疑似重复登记", "Likely recorded twice";
    twice_lead: "这几条要紧的地方都一样。多记的那条作废；都对就点“都对”。", "Alike in all that matters. Void the one too many; if both are right, say so.";
    void: "这条作废", "Void this one";
    void_why: "重复记录", "Recorded twice";
    both: "都对，不是重复", "Both are right";
    both_why: "核对过，不是同一笔", "Checked: not the same one";
    overruled: "您更正过，已被别人作废", "Corrected by you, voided by someone else";
    overruled_lead: "作废的记录不计入统计。作废有误的，请打开记录恢复。", "What is void counts nowhere. If that is wrong, open the record and restore it.";
    voided: "作废", "voided";
    known: "知道了", "I know";
    known_why: "已知作废", "Known to be void";
    wrote: "写于", "written";
}

/// The page.
#[component]
pub fn Review() -> impl IntoView {
    let desk = use_desk();
    let (found, gone) = (Known::here().review(), Known::here().overruled());
    let is_nothing = move || {
        let is_none = found.with(|(disputed, doubles)| disputed.is_empty() && doubles.is_empty());
        is_none && gone.with(Vec::is_empty) && desk.refused().is_empty()
    };
    view! {
        <div class="page">
            <div class="page-head"><h1>{move || title(desk.lang())}</h1></div>
            <Show when=is_nothing><p class="empty">{move || nothing(desk.lang())}</p></Show>
            <RefusedList />
            <Show when=move || found.with(|(disputed, _)| !disputed.is_empty())>
                <section aria-labelledby="disputes">
                    <h2 class="section-title" id="disputes">{move || disputes(desk.lang())}</h2>
                    <p class="note">{move || disputes_lead(desk.lang())}</p>
                    <ul class="cards">
                        {move || found.with(|(disputed, _)| disputed.iter().take(MOST).cloned().map(|one| view! { <Sides one /> }).collect_view())}
                    </ul>
                </section>
            </Show>
            <Show when=move || found.with(|(_, doubles)| !doubles.is_empty())>
                <section aria-labelledby="twice">
                    <h2 class="section-title" id="twice">{move || twice(desk.lang())}</h2>
                    <p class="note">{move || twice_lead(desk.lang())}</p>
                    <ul class="cards">
                        {move || found.with(|(_, doubles)| doubles.iter().take(MOST).cloned().map(|ids| view! { <Alike ids /> }).collect_view())}
                    </ul>
                </section>
            </Show>
            <Show when=move || !gone.with(Vec::is_empty)>
                <section aria-labelledby="overruled">
                    <h2 class="section-title" id="overruled">{move || overruled(desk.lang())}</h2>
                    <p class="note">{move || overruled_lead(desk.lang())}</p>
                    <ul class="cards">{move || gone.get().into_iter().take(MOST).map(|id| view! { <Gone id /> }).collect_view()}</ul>
                </section>
            </Show>
        </div>
    }
    .into_any()
}

/// A record that someone else has voided after all.
#[component]
fn Gone(id: RecordId) -> impl IntoView {
    let desk = use_desk();
    let stamps = expect_context::<Stamps>();
    let Some((clock, write)) = untrack(|| desk.read(|book| book.get(id)?.winner(VOID))) else { return ().into_any() };
    let (who, when) = (desk.name_of(&write.by), platform::clock_time(clock.millis()));
    let why = write.value.as_str().unwrap_or_default().to_owned();
    let know = move |_| {
        let Some(mut draft) = untrack(|| desk.edit_draft(id)) else { return };
        draft.now.insert(APART.into(), true.into());
        draft.why = Some(known_why(untrack(|| desk.lang())).into());
        one_tap::save(desk, stamps, vec![draft], |_| ());
    };
    view! {
        <li class="card">
            <h3><A href=format!("/record/{id}")>{move || desk.title_of(id)}</A></h3>
            <p>{who} " " {move || voided(desk.lang())} " " <span class="figures">{when}</span> " " {why}</p>
            <p class="row-acts"><button class="button" on:click=know>{move || known(desk.lang())}</button></p>
        </li>
    }
    .into_any()
}

/// Cards of a sort that show at once.
const MOST: usize = 50;

/// A way to the page; nothing while there is nothing to look at. What was refused is said by the sync line.
#[component]
pub fn ReviewLink() -> impl IntoView {
    let desk = use_desk();
    let (found, gone) = (Known::here().review(), Known::here().overruled());
    let count =
        Memo::new(move |_| found.with(|(disputed, doubles)| disputed.len() + doubles.len()) + gone.with(Vec::len));
    let words = move || match (count.get(), desk.lang()) {
        (n, Lang::Zh) => format!("有 {n} 处待核对：填写不一致，或疑似重复登记"),
        (1, Lang::En) => "1 thing to look at: written differently, or likely twice".into(),
        (n, Lang::En) => format!("{n} things to look at: written differently, or likely twice"),
    };
    view! {
        <Show when=move || { count.get() > 0 }>
            <p class="card note"><A href="/review">{words}</A></p>
        </Show>
    }
}

/// One field, what was written side by side.
#[component]
fn Sides(one: Disputed) -> impl IntoView {
    let desk = use_desk();
    let Disputed { record: id, field, .. } = one;
    let record = untrack(|| desk.read(|book| book.get(id).cloned()));
    let kind = record.as_ref().and_then(|record| untrack(|| desk.pack()).kind(&record.kind).cloned());
    let Some((record, known)) = record.zip(kind.as_ref().and_then(|kind| kind.field(&field).cloned())) else {
        return ().into_any();
    };
    let winner = record.winner(&field).map(|(clock, write)| (clock, write.clone(), true));
    let losers = record.losers(&field).into_iter().map(|(clock, write)| (clock, write, false));
    let side = |(clock, write, is_shown): (sync::Clock, sync::record::Write, bool)| {
        let shown = said(desk, id, &known, &write.value);
        let (who, when) = (desk.name_of(&write.by), platform::clock_time(clock.millis()));
        view! {
            <div class="side">
                <p class="side-said">{shown}</p>
                <p><small>{who} " · " {move || wrote(desk.lang())} " " {when}</small></p>
                {is_shown.then(|| view! { <p class="is-jade">"● " {move || shows(desk.lang())}</p> })}
                <UseThis id field=field.clone() value=write.value />
            </div>
        }
    };
    let sides: Vec<_> = winner.into_iter().chain(losers).map(side).collect();
    let label = known.label.clone();
    view! {
        <li class="card">
            <h3><A href=format!("/record/{id}")>{move || desk.title_of(id)}</A> " · " {move || label.get(desk.lang()).to_owned()}</h3>
            <div class="sides">{sides}</div>
        </li>
    }
    .into_any()
}

/// Records that are likely the same twice, beside each other.
#[component]
fn Alike(ids: Vec<RecordId>) -> impl IntoView {
    let desk = use_desk();
    let stamps = expect_context::<Stamps>();
    let change = move |id: RecordId, field: &str, value: Value, why: &str| {
        let Some(mut draft) = untrack(|| desk.edit_draft(id)) else { return };
        draft.now.insert(field.into(), value);
        draft.why = Some(why.into());
        one_tap::save(desk, stamps, vec![draft], |_| ());
    };
    let later: Vec<RecordId> = ids.iter().skip(1).copied().collect();
    let keep_both = move |_| {
        let lang = untrack(|| desk.lang());
        for id in &later {
            change(*id, APART, true.into(), both_why(lang));
        }
    };
    let side = move |id: RecordId| {
        let line = move || {
            let pack = desk.pack();
            let (kind, fields) = desk.read(|book| book.record(id)).unwrap_or_default();
            desk.context(|context| words::summary(&pack, &kind, &fields, desk.lang(), context))
        };
        let day = move || {
            let pack = desk.pack();
            let (kind, fields) = desk.read(|book| book.record(id)).unwrap_or_default();
            let date = pack.kind(&kind).and_then(|kind| kind.date.clone()).unwrap_or_default();
            fields.get(&date).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let by =
            move || desk.read(|book| book.get(id).map(|r| (r.by.to_string(), r.made.millis()))).unwrap_or_default();
        let who = move || format!("{} · {}", desk.name_of(&by().0), platform::clock_time(by().1));
        let take_back = move |_| {
            let why = void_why(untrack(|| desk.lang()));
            change(id, VOID, why.into(), why);
        };
        view! {
            <div class="side">
                <p class="side-said"><A href=format!("/record/{id}")>{move || desk.title_of(id)}</A></p>
                <p>{line} " " <span class="figures">{day}</span></p>
                <p><small>{who}</small></p>
                <button class="button quiet" on:click=take_back>{move || void(desk.lang())}</button>
            </div>
        }
    };
    view! {
        <li class="card">
            <div class="sides">{ids.into_iter().map(side).collect_view()}</div>
            <p class="row-acts"><button class="button" on:click=keep_both>{move || both(desk.lang())}</button></p>
        </li>
    }
}
