//! What is due: by the pack's rules, what was handed to whoever looks first, the longest overdue before the rest.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{Lang, RecordId};

use super::{ROWS, list::VisitList};
use crate::{
    desk::{Desk, use_desk},
    pages::new::page_of,
    parts::{
        actions::{Actions, offered},
        known::Known,
        print::{PrintButton, use_printing},
    },
    texts,
    view::due::{DueItem, DueState, Group, groups},
};

texts! {
    print_it: "打印走访单", "Print the visit list";
    due_title: "待办", "To do";
    due_none: "今天没有约好的回访，也没有到期的事。", "No promised visits today, and nothing runs out.";
    due_hint: "记走访时选了回访日子，到时候会出现在这里。", "When a visit is recorded with a day to come back, it appears here.";
    next: "再看一些", "Show more";
    long_ago: "逾期一年以上的", "More than a year overdue";
}

/// A promise later than this many days is no work for today: it is folded away, with its count.
const LONG_AGO: i32 = 365;
/// Rows of a rule that show before the rest is folded away.
const SHOWN: usize = 6;

/// Days before something is due from which on it asks for attention.
const NEAR: i32 = 3;

/// Rows of an opened fold that are made at a time.
const PAGE: usize = 60;

/// The lists of all rules.
#[component]
pub fn DueList(
    /// Says what to do while nothing is due.
    says_none: bool,
) -> impl IntoView {
    let (desk, known) = (use_desk(), Known::here());
    let all = Memo::new(move |_| {
        let (pack, items) = (desk.pack(), known.due().get());
        let post = desk.me().map(|me| me.post).unwrap_or_default();
        groups(&pack, items, LONG_AGO, &post)
    });
    let count = move || {
        let (due, late) =
            all.with(|all| all.iter().fold((0, 0), |(due, late), g| (due + g.items.len(), late + g.late)));
        match desk.lang() {
            _ if due == 0 => String::new(),
            Lang::Zh if late == 0 => format!("{due} 件"),
            Lang::En if late == 0 => format!("{due} in all"),
            Lang::Zh => format!("{due} 件 · {late} 件逾期"),
            Lang::En => format!("{due} in all · {late} overdue"),
        }
    };
    let has_work = Memo::new(move |_| all.with(|all| all.iter().any(|group| !group.items.is_empty())));
    let shows = Memo::new(move |_| says_none || all.with(|all| !all.is_empty()));
    let rules = move || all.get().into_iter().filter(|group| !group.items.is_empty());
    let old = move || all.get().into_iter().flat_map(|group| group.old).collect::<Vec<_>>();
    let is_printing = use_printing();
    view! {
        <Show when=move || is_printing.get()><VisitList /></Show>
        <Show when=move || shows.get()>
            <section aria-labelledby="due">
                <h2 class="section-title" id="due">{move || due_title(desk.lang())} <small>{count}</small></h2>
                <Show
                    when=move || has_work.get()
                    fallback=move || view! { <p class="empty">{move || due_none(desk.lang())} <br /> {move || due_hint(desk.lang())}</p> }
                >
                    {move || rules().map(|group| view! { <Rule group /> }).collect_view()}
                    <p><PrintButton label=print_it /></p>
                </Show>
                {move || view! { <Folded items=old() said=move |count| format!("{} {count}", long_ago(desk.lang())) says_rule=true /> }}
            </section>
        </Show>
    }
}

/// What one rule makes due.
#[component]
fn Rule(group: Group) -> impl IntoView {
    let desk = use_desk();
    let Group { rule, late, never, mut items, is_own, .. } = group;
    let id = format!("due-{rule}");
    let heading = id.clone();
    let count = items.len();
    let rest = items.split_off(items.len().min(if is_own { ROWS } else { SHOWN }));
    let unit = items.first().map_or("件", |item| unit_of(desk, item.about));
    let said = move || count_words(count, late, never, unit, desk.lang());
    view! {
        <div class="rule" role="group" aria-labelledby=id>
            <h3 class="rule-name" id=heading>{move || rule_name(desk, &rule)} " " <small>{said}</small></h3>
            <ul class="rows">{items.into_iter().map(|item| view! { <Row item has_acts=true /> }).collect_view()}</ul>
            <Folded items=rest said=move |count| more_words(count, unit, desk.lang()) />
        </div>
    }
}

/// What records of a rule are counted in, in Chinese: people, households, or matters of any other kind.
fn unit_of(desk: Desk, record: RecordId) -> &'static str {
    let pack = desk.pack();
    let kind = desk.read(|book| book.get(record).map(|record| record.kind.to_string()));
    match (pack.screens.doors.as_ref(), kind.as_deref()) {
        (Some(doors), Some(kind)) if kind == doors.person => "人",
        (Some(doors), Some(kind)) if kind == doors.household => "户",
        _ => "件",
    }
}

/// Why something is due, in a few words.
pub fn rule_name(desk: Desk, rule: &str) -> String {
    let pack = desk.pack();
    let found = pack.due.iter().find(|due| due.name == rule);
    found.map(|due| due.label.get(desk.lang()).to_owned()).unwrap_or_default()
}

/// Rows that are made only when someone opens them: hundreds of people nobody has visited yet would slow the page.
#[component]
fn Folded(
    items: Vec<DueItem>,
    said: impl Fn(usize) -> String + Send + Sync + 'static,
    /// Whether each row says which rule it is of.
    #[prop(optional)]
    says_rule: bool,
) -> impl IntoView {
    let desk = use_desk();
    let count = items.len();
    let shown = RwSignal::new(PAGE);
    let (open, items) = (RwSignal::new(false), StoredValue::new(items));
    let is_more = move || shown.get() < count;
    let page = move || items.with_value(|items| items.iter().take(shown.get()).cloned().collect::<Vec<_>>());
    let toggle = move |event: leptos::ev::Event| {
        open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
    };
    (count > 0).then(|| {
        view! {
            <details class="folded" on:toggle=toggle>
                <summary>{move || said(count)}</summary>
                <Show when=move || open.get()>
                    <ul class="rows">
                        <For each=page key=|item| (item.record, item.rule.clone()) let:item><Row item says_rule /></For>
                    </ul>
                    <Show when=is_more>
                        <button class="button" on:click=move |_| shown.update(|shown| *shown += PAGE)>{move || next(desk.lang())}</button>
                    </Show>
                </Show>
            </details>
        }
    })
}

/// One thing due; what can be done with it by a step of its own, such as taking a task, carries its buttons.
#[component]
fn Row(item: DueItem, #[prop(optional)] has_acts: bool, #[prop(optional)] says_rule: bool) -> impl IntoView {
    let desk = use_desk();
    let (state, about) = (item.state, item.about);
    let (mark, class, _) = due_words(&state, Lang::Zh);
    let words = move || due_words(&state, desk.lang()).2;
    let href = untrack(|| page_of(desk, about)).unwrap_or_default();
    let home = move || home_of(desk, about).unwrap_or_default();
    let rule = move || says_rule.then(|| rule_name(desk, &item.rule));
    let acts = has_acts && item.record == about && !untrack(|| offered(desk, about)).is_empty();
    view! {
        <li>
            <A href=href attr:class="row">
                <span class=format!("mark {class}") aria-hidden="true">{mark}</span>
                <span class="row-title">{move || desk.title_of(about)} <small>{home}</small> <small>{rule}</small></span>
                <span class=format!("badge {class}")>{words}</span>
            </A>
            {acts.then(|| view! { <Actions id=about back="/" steps_only=true /> })}
        </li>
    }
}

/// Where a person lives, as the household's title.
fn home_of(desk: Desk, person: RecordId) -> Option<String> {
    let pack = desk.pack();
    let field = &pack.screens.doors.as_ref()?.person_household;
    let home = desk.read(|book| book.get(person)?.link(field))?;
    Some(desk.title_of(home)).filter(|title| !title.is_empty())
}

/// Mark, class and words of a due state.
pub fn due_words(state: &DueState, lang: Lang) -> (&'static str, &'static str, String) {
    let zh = lang == Lang::Zh;
    match state {
        DueState::Overdue(days) => ("▲", "is-red", late_words(*days, zh)),
        DueState::Never => ("▲", "is-red", if zh { "未走访" } else { "Never visited" }.into()),
        DueState::Today => ("◐", "is-amber", if zh { "今天" } else { "Today" }.into()),
        DueState::Soon(days) => {
            let class = if *days <= NEAR { "is-amber" } else { "is-soft" };
            ("◐", class, if zh { format!("{days} 天后") } else { format!("in {days} days") })
        }
    }
}

/// How late, in the unit one would say it in.
fn late_words(days: i32, zh: bool) -> String {
    match (days, zh) {
        (..=59, true) => format!("逾期 {days} 天"),
        (1, false) => "1 day overdue".into(),
        (..=59, false) => format!("{days} days overdue"),
        (..=729, true) => format!("逾期 {} 个月", days / 30),
        (..=729, false) => format!("{} months overdue", days / 30),
        (_, true) => format!("逾期 {} 年", days / 365),
        (_, false) => format!("{} years overdue", days / 365),
    }
}

/// How many a rule makes due, and how they stand.
fn count_words(count: usize, late: usize, never: usize, unit: &str, lang: Lang) -> String {
    let part = |number: usize, zh: &str, en: &str| match lang {
        _ if number == 0 => None,
        Lang::Zh => Some(format!("{number} {unit}{zh}")),
        Lang::En => Some(format!("{number} {en}")),
    };
    let all = (late + never < count || late > 0 && never > 0).then(|| part(count, "", "in all")).flatten();
    let parts = [all, part(late, "逾期", "overdue"), part(never, "未走访", "never visited")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn more_words(count: usize, unit: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("还有 {count} {unit}"),
        Lang::En => format!("{count} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_late_is_said_in_days_months_or_years() {
        let said = |days| due_words(&DueState::Overdue(days), Lang::Zh).2;
        assert_eq!([said(1), said(59), said(60), said(800)], ["逾期 1 天", "逾期 59 天", "逾期 2 个月", "逾期 2 年"]);
        assert_eq!(due_words(&DueState::Overdue(6475), Lang::En).2, "17 years overdue");
        assert_eq!(due_words(&DueState::Overdue(1), Lang::En).2, "1 day overdue");
    }

    #[test]
    fn a_rule_says_how_many_how_late_and_how_many_nobody_has_been_to() {
        assert_eq!(count_words(9, 3, 0, "人", Lang::Zh), "9 人 · 3 人逾期");
        assert_eq!(count_words(3, 3, 0, "件", Lang::Zh), "3 件逾期");
        assert_eq!(count_words(237, 0, 237, "户", Lang::Zh), "237 户未走访");
        assert_eq!(count_words(5, 2, 3, "", Lang::En), "5 in all · 2 overdue · 3 never visited");
    }
}
