//! A card that writes again what was written the last time: the numbers that may differ, and one button.

use std::borrow::Cow;

use leptos::prelude::*;
use leptos_router::components::A;
use records::{FieldType, Fields, Kind, Lang, RecordId, Value, words};

use super::{icon::Icon, one_tap, stamp::Stamps};
use crate::{
    desk::{Desk, use_desk},
    texts,
    view::{
        again::{Round, begun},
        plain::plain,
    },
};

texts! {
    log: "记今天", "Log today";
    first: "记第一次", "Log the first";
    more: "再记一次", "Once more";
    change: "改一改再记", "Change and log";
    done_today: "今天已记", "Logged today";
    never: "还没有记过", "Never logged";
    less: "减一", "One less";
    plus: "加一", "One more";
}

/// The card.
#[component]
pub fn RoundCard(
    /// What is written again.
    round: Round,
    /// Where the pages behind it come back to.
    #[prop(into)]
    back: String,
) -> AnyView {
    let desk = use_desk();
    let pack = desk.pack();
    let Some((kind, again)) = pack.kind(&round.kind).and_then(|kind| Some((kind.clone(), kind.again.clone()?))) else {
        return ().into_any();
    };
    let icon = kind.icon.clone().unwrap_or_default();
    let name = name_of(desk, &kind, &round);
    let said = untrack(&name);
    let form = |query: String| format!("/new/{}?{query}&back={back}", kind.name);
    let body = match (round.today, round.last) {
        (Some(today), _) => {
            let href = form(format!("again={today}"));
            let label = said.clone();
            view! {
                <p class="round-done">
                    <A href=format!("/record/{today}") attr:class="is-jade">
                        "✓ " {move || done_today(desk.lang())} " " {move || line_of(desk, today)}
                    </A>
                </p>
                <A href=href attr:class="button quiet" attr:aria-label=move || format!("{} {label}", more(desk.lang()))>
                    {move || more(desk.lang())}
                </A>
            }
            .into_any()
        }
        (None, None) => {
            let per = round.per.as_str().unwrap_or_default().to_owned();
            let href = form(format!("{}={per}", again.per));
            view! {
                <p class="note">{move || never(desk.lang())}</p>
                <A href=href attr:class="button solid">{move || first(desk.lang())}</A>
            }
            .into_any()
        }
        (None, Some(last)) => {
            let href = form(format!("again={last}"));
            view! { <Open kind=kind.clone() last since=round.since href said=said.clone() /> }.into_any()
        }
    };
    view! {
        <article class="round card" aria-label=said>
            <h3 class="round-name"><Icon name=icon /><span>{name}</span></h3>
            {body}
        </article>
    }
    .into_any()
}

/// One that is still to be written today.
#[component]
fn Open(kind: Kind, last: RecordId, since: i32, href: String, said: String) -> impl IntoView {
    let desk = use_desk();
    let stamps = expect_context::<Stamps>();
    let busy = RwSignal::new(false);
    let start = StoredValue::new(untrack(|| fields_of(desk, &kind, last)));
    let number_of = |name: &String| kind.field(name).filter(|field| field.r#type == FieldType::Integer).cloned();
    let asked = kind.again.iter().flat_map(|again| &again.ask).filter_map(number_of);
    let numbers: Vec<_> = asked
        .map(|field| {
            let value = start.with_value(|start| start.get(&field.name).and_then(Value::as_i64));
            (field, RwSignal::new(value))
        })
        .collect();
    let day = kind
        .date
        .as_ref()
        .and_then(|date| untrack(|| desk.read(|book| book.get(last)?.text(date).map(Cow::into_owned))));
    let day = day.unwrap_or_default();
    let name = kind.name.clone();
    let answers: Vec<_> = numbers.iter().map(|(field, value)| (field.name.clone(), *value)).collect();
    let tap = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let mut fields = start.get_value();
        for (name, value) in &answers {
            fields.insert(name.clone(), value.get_untracked().map_or(Value::Null, Value::from));
        }
        let draft = untrack(|| desk.new_draft(&name, fields));
        one_tap::save(desk, stamps, vec![draft], move |_| _ = busy.try_set(false));
    };
    let steppers = numbers.into_iter().map(|(field, value)| {
        let label = field.label.clone();
        view! { <Stepper value said=move || label.get(desk.lang()).to_owned() /> }
    });
    let steppers = steppers.collect_view();
    view! {
        <p class="note">{move || last_words(since, &day, desk.lang())} " · " {move || line_of(desk, last)}</p>
        <div class="round-do">
            <div class="round-numbers">{steppers}</div>
            <div class="round-acts">
                <button
                    type="button"
                    class="button solid"
                    aria-label=move || format!("{} {said}", log(desk.lang()))
                    disabled=move || busy.get()
                    on:click=tap
                >
                    {move || log(desk.lang())}
                </button>
                <A href=href attr:class="button quiet">{move || change(desk.lang())}</A>
            </div>
        </div>
    }
}

/// A number with a button to either side: heads, minutes.
#[component]
fn Stepper(value: RwSignal<Option<i64>>, said: impl Fn() -> String + Clone + Send + Sync + 'static) -> impl IntoView {
    let desk = use_desk();
    let step = move |by: i64| value.update(|value| *value = Some((value.unwrap_or(0) + by).max(0)));
    // A tap on the number is to write another: typing takes its place.
    let choose_all = |event: leptos::ev::FocusEvent| event_target::<web_sys::HtmlInputElement>(&event).select();
    let (of_less, of_plus, of_box) = (said.clone(), said.clone(), said.clone());
    view! {
        <div class="stepper">
            <span class="stepper-name" aria-hidden="true">{said}</span>
            <button type="button" class="button" aria-label=move || format!("{} {}", of_less(), less(desk.lang())) on:click=move |_| step(-1)>"－"</button>
            <input
                type="text"
                inputmode="numeric"
                autocomplete="off"
                aria-label=of_box
                prop:value=move || value.get().map(|n| n.to_string()).unwrap_or_default()
                on:focus=choose_all
                on:input=move |event| value.set(plain(&event_target_value(&event)).trim().parse().ok())
            />
            <button type="button" class="button" aria-label=move || format!("{} {}", of_plus(), plus(desk.lang())) on:click=move |_| step(1)>"＋"</button>
        </div>
    }
}

/// What the next record begins with.
fn fields_of(desk: Desk, kind: &Kind, last: RecordId) -> Fields {
    let pack = desk.pack();
    let fields = desk.read(|book| book.record(last)).map(|(_, fields)| fields).unwrap_or_default();
    let Some(again) = &kind.again else { return Fields::new() };
    desk.context(|context| begun(&pack, kind, again, &fields, context))
}

/// What tells a round from the others: a team by its title, a route by its label.
fn name_of(desk: Desk, kind: &Kind, round: &Round) -> impl Fn() -> String + Clone + Send + Sync + 'static {
    let field = kind.again.as_ref().and_then(|again| kind.field(&again.per)).cloned();
    let per = round.per.clone();
    move || {
        let Some(field) = &field else { return String::new() };
        let name_of = |id| Some(desk.title_of(id)).filter(|title| !title.is_empty());
        words::read(&desk.pack(), field, &per, desk.lang(), &name_of)
    }
}

/// The numbers and words of a record, in a line.
fn line_of(desk: Desk, id: RecordId) -> String {
    let pack = desk.pack();
    let Some((name, fields)) = desk.read(|book| book.record(id)) else { return String::new() };
    let Some(kind) = pack.kind(&name) else { return String::new() };
    let summary = desk.context(|context| words::summary(&pack, &name, &fields, desk.lang(), context));
    let asked = kind.again.iter().flat_map(|again| &again.ask).filter_map(|name| kind.field(name));
    let number = |field: &records::Field| {
        let value = fields.get(&field.name)?.as_i64()?.to_string();
        let label = field.label.get(desk.lang());
        // Said once: the summary of a gathering has its heads in it already.
        (!summary.starts_with(&value)).then(|| format!("{label} {value}"))
    };
    let numbers = asked.filter_map(number).collect::<Vec<_>>();
    [numbers.join(" · "), summary.clone()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Days from which on a date says more than a count of days.
const LONG: i32 = 30;

fn last_words(since: i32, day: &str, lang: Lang) -> String {
    match (since, lang) {
        (1, Lang::Zh) => "上次 昨天".into(),
        (1, Lang::En) => "Last: yesterday".into(),
        (2, Lang::Zh) => "上次 前天".into(),
        (1..LONG, Lang::Zh) => format!("上次 {since} 天前"),
        (1..LONG, Lang::En) => format!("Last: {since} days ago"),
        (_, Lang::Zh) => format!("上次 {day}"),
        (_, Lang::En) => format!("Last: {day}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_ago_the_last_was_is_said_as_one_says_it() {
        assert_eq!(last_words(1, "2026-11-22", Lang::Zh), "上次 昨天");
        assert_eq!(last_words(7, "2026-11-16", Lang::Zh), "上次 7 天前");
        assert_eq!(last_words(7, "2026-11-16", Lang::En), "Last: 7 days ago");
        assert_eq!(last_words(6000, "2009-12-31", Lang::Zh), "上次 2009-12-31");
    }
}
