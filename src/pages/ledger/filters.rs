//! What narrows a ledger: days, words, and a value of every dimension its kind knows.

use jiff::civil::date;
use leptos::prelude::*;
use records::{
    Kind, Lang, days,
    figures::Period,
    ledger::{Filter, Presence},
    order::natural,
};

use crate::{
    desk::use_desk,
    pages::report::key_name,
    platform, texts,
    view::{
        asked::Span,
        ledger::{Wish, occurring},
    },
};

texts! {
    find: "找内容、姓名、电话", "Find words, a name, a number";
    when: "时间", "When";
    ever: "全部时间", "All time";
    last_year: "去年", "Last year";
    own: "自选", "From … to";
    from: "从", "From";
    to: "到", "To";
    all: "全部", "All";
    narrow: "筛选", "Filter";
    state: "现状", "State";
}

texts! {
    this_year: "今年", "This year";
    this_quarter: "本季度", "This quarter";
    this_month: "本月", "This month";
    this_week: "本周", "This week";
    this_day: "今天", "Today";
}

/// A period around today, and what it is called.
type Preset = (Span, fn(Lang) -> &'static str);

/// Periods one asks for most.
const PRESETS: [Preset; 5] = [
    (Span::Day, this_day),
    (Span::Week, this_week),
    (Span::Month, this_month),
    (Span::Quarter, this_quarter),
    (Span::Year, this_year),
];
const LAST_YEAR: &str = "last-year";
const OWN: &str = "own";

/// The filters; what is chosen goes into `wish`.
#[component]
pub fn Filters(kind: StoredValue<Kind>, wish: RwSignal<Wish>) -> impl IntoView {
    let desk = use_desk();
    let (first, last) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    // What the list of periods says: a span's name around today, or one of those beside it.
    let chosen_span = RwSignal::new(String::new());
    let bound = move || {
        let (from, to) = (days::parse(&first.get_untracked()), days::parse(&last.get_untracked()));
        // One end alone leaves the other open.
        let period = (from.is_some() || to.is_some())
            .then(|| Period { from: from.unwrap_or(date(1900, 1, 1)), to: to.unwrap_or(date(2999, 12, 31)) });
        wish.update(|wish| wish.filter.period = period);
    };
    let pick = move |name: String| {
        let today = platform::today();
        let period = match &*name {
            LAST_YEAR => Period::year(today.year() - 1),
            name => PRESETS.iter().find(|(span, _)| span.name() == name).and_then(|(span, _)| span.around(today)),
        };
        if name == OWN {
            bound();
        } else {
            wish.update(|wish| wish.filter.period = period);
        }
        chosen_span.set(name);
    };
    let presets = move || {
        let lang = desk.lang();
        let option = |value: &'static str, label: &'static str| view! { <option value=value>{label}</option> };
        let spans = PRESETS.map(|(span, said)| option(span.name(), said(lang))).collect_view();
        view! {
            {option("", ever(lang))} {spans} {option(LAST_YEAR, last_year(lang))} {option(OWN, own(lang))}
        }
    };
    let is_own = Memo::new(move |_| chosen_span.with(|name| name == OWN));
    let has_date = kind.with_value(|kind| kind.date.is_some());
    let values = Memo::new(move |_| {
        let pack = desk.pack();
        desk.read(|book| kind.with_value(|kind| occurring(&pack, book, kind)))
    });
    let selects = move || {
        let pack = desk.pack();
        let one = |dimension: &records::pack::Dimension| {
            let keys = values.with(|all| all.get(&dimension.name).cloned()).filter(|keys| keys.len() > 1)?;
            let name = dimension.name.clone();
            let mut options: Vec<_> = keys.into_iter().map(|key| (key_name(desk, &name, &key), key)).collect();
            options.sort_by_cached_key(|(label, _)| natural(label));
            let chosen = wish.with_untracked(|wish| wish.filter.at.get(&name).cloned());
            let options = options.into_iter().map(|(label, key)| {
                let is_chosen = chosen.as_ref() == Some(&key);
                view! { <option value=key selected=is_chosen>{label}</option> }
            });
            let options = options.collect_view();
            let choose = move |event| {
                let key = event_target_value(&event);
                wish.update(|wish| match key.is_empty() {
                    true => drop(wish.filter.at.remove(&name)),
                    false => drop(wish.filter.at.insert(name.clone(), key)),
                });
            };
            Some(view! {
                <label class="month">
                    <span>{dimension.label.get(desk.lang()).to_owned()}</span>
                    <select on:change=choose><option value="">{all(desk.lang())}</option>{options}</select>
                </label>
            })
        };
        pack.dimensions.iter().filter_map(one).collect_view()
    };
    // Who is no longer here stands in a register only when asked for.
    let presence = move || {
        let lang = desk.lang();
        let chosen = wish.with_untracked(|wish| wish.filter.presence);
        let options = kind.with_value(|kind| {
            let own = Presence::of(kind);
            let option = |presence: Presence| {
                let label = presence.label(kind, lang)?.to_owned();
                let is_chosen = chosen.unwrap_or(own) == presence;
                Some(view! { <option value=presence.name() selected=is_chosen>{label}</option> })
            };
            [Presence::Here, Presence::Gone, Presence::All].into_iter().filter_map(option).collect::<Vec<_>>()
        });
        let choose = move |event| {
            let asked = Presence::named(&event_target_value(&event));
            let asked = asked.filter(|asked| kind.with_value(|kind| *asked != Presence::of(kind)));
            wish.update(|wish| wish.filter.presence = asked);
        };
        (!options.is_empty()).then(|| {
            view! {
                <label class="month"><span>{state(lang)}</span><select on:change=choose>{options}</select></label>
            }
        })
    };
    let chosen = move || {
        let filter = |filter: &Filter| {
            filter.at.len() + usize::from(filter.period.is_some()) + usize::from(filter.presence.is_some())
        };
        let count = wish.with(|wish| filter(&wish.filter));
        (count > 0).then(|| view! { <b class="is-amber">{format!("◐ {count}")}</b> })
    };
    view! {
        <div class="filters">
            <input
                type="search"
                aria-label=move || find(desk.lang())
                placeholder=move || find(desk.lang())
                autocomplete="off"
                on:input=move |event| wish.update(|wish| wish.query = event_target_value(&event))
            />
        </div>
        <details class="folded">
            <summary>{move || narrow(desk.lang())} {chosen}</summary>
            <div class="filters">
            <Show when=move || has_date>
                <label class="month">
                    <span>{move || when(desk.lang())}</span>
                    <select on:change=move |event| pick(event_target_value(&event))>{presets}</select>
                </label>
                <Show when=move || is_own.get()>
                    <label class="month">
                        <span>{move || from(desk.lang())}</span>
                        <input
                            type="date"
                            prop:value=move || first.get()
                            on:change=move |event| { first.set(event_target_value(&event)); bound() }
                        />
                    </label>
                    <label class="month">
                        <span>{move || to(desk.lang())}</span>
                        <input
                            type="date"
                            prop:value=move || last.get()
                            on:change=move |event| { last.set(event_target_value(&event)); bound() }
                        />
                    </label>
                </Show>
            </Show>
            {presence}
            {selects}
            </div>
        </details>
    }
}
