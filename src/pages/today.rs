//! Today: who is due, what was left half-written, what was recorded, and the one red button.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{Lang, Pack, Right, pack::Kind};

use crate::{
    app::is_volunteer,
    desk::{Desk, DraftHead, use_desk},
    parts::{icon::Icon, search::Search},
    platform, texts,
    view::due::{Asker, DueItem, DueState, due},
};

texts! {
    write: "记一笔", "New record";
    due_title: "要走访的", "To visit";
    due_none: "今天没有约好的回访。", "No promised visits today.";
    due_hint: "记走访时选了回访日子，到时候会出现在这里。", "When a visit is recorded with a day to come back, it appears here.";
    drafts_title: "上次没写完", "Half-written";
    go_on: "继续", "Go on";
    long_ago: "约在一年以前的", "Promised more than a year ago";
    throw_away: "不要了", "Throw away";
    done_title: "今天记的", "Recorded today";
    done_none: "今天还没有记。", "Nothing recorded yet today.";
    waiting: "在本机", "On this device";
    patrol_lead: "巡逻回来，点红按钮记下来。", "After a round, tap the red button.";
}

/// Days ahead that Today looks.
const HORIZON: i32 = 7;
/// A promise later than this many days is no work for today: it is folded away, with its count.
const LONG_AGO: i32 = 365;
/// Rows of a list before "and so many more".
const ROWS: usize = 30;

/// The page.
#[component]
pub fn Today() -> impl IntoView {
    let desk = use_desk();
    let day = move || day_words(platform::today(), desk.lang());
    view! {
        <div class="page today">
            <div class="page-head">
                <h1>{day}</h1>
                <WriteButton />
            </div>
            <Show when=move || !is_volunteer() fallback=move || view! { <p class="lead">{move || patrol_lead(desk.lang())}</p> }>
                <Search />
            </Show>
            <Drafts />
            <Show when=move || !is_volunteer() && !desk.pack().due.is_empty()>
                <DueList />
            </Show>
            <DoneList />
        </div>
    }
    .into_any()
}

/// Kinds the signed-in post may write, those the pack puts first in front; facts before register entries.
pub fn writable(pack: &Pack, post: &str) -> Vec<Kind> {
    let first = &pack.screens.first;
    let mut kinds: Vec<&Kind> = pack.kinds.values().filter(|k| pack.allows(post, &k.name, Right::Write)).collect();
    kinds.sort_by_key(|k| (first.iter().position(|f| *f == k.name).unwrap_or(first.len()), k.nature as u8));
    kinds.into_iter().cloned().collect()
}

/// The red button. One kind: straight to its form. Several: a menu of them.
#[component]
fn WriteButton() -> impl IntoView {
    let desk = use_desk();
    let kinds = Memo::new(move |_| {
        let post = desk.me().map(|me| me.post).unwrap_or_default();
        writable(&desk.pack(), &post)
    });
    let link = move |kind: Kind| {
        let (href, icon) = (format!("/new/{}?back=/", kind.name), kind.icon.unwrap_or_default());
        let label = kind.label;
        view! { <li><A href=href><Icon name=icon /><span>{move || label.get(desk.lang()).to_owned()}</span></A></li> }
    };
    move || match kinds.get().as_slice() {
        [] => ().into_any(),
        [only] => {
            let (href, label) = (format!("/new/{}?back=/", only.name), only.label.clone());
            view! {
                <A href=href attr:class="button main">
                    <Icon name="plus" />
                    <span>{move || format!("{} · {}", write(desk.lang()), label.get(desk.lang()))}</span>
                </A>
            }
            .into_any()
        }
        kinds => view! {
            <details class="menu">
                <summary class="button main"><Icon name="plus" /><span>{move || write(desk.lang())}</span></summary>
                <ul>{kinds.iter().cloned().map(link).collect_view()}</ul>
            </details>
        }
        .into_any(),
    }
}

#[component]
fn DueList() -> impl IntoView {
    let desk = use_desk();
    let all = Memo::new(move |_| {
        desk.context(|context| {
            let asker = Asker { user: context.user, all: false };
            desk.read(|book| due(&desk.pack(), book, platform::today(), HORIZON, asker))
        })
    });
    let is_old = |item: &DueItem| matches!(item.state, DueState::Overdue(days) if days > LONG_AGO);
    let items = Memo::new(move |_| all.with(|all| all.iter().filter(|i| !is_old(i)).cloned().collect::<Vec<_>>()));
    let old = Memo::new(move |_| all.with(|all| all.iter().filter(|i| is_old(i)).cloned().collect::<Vec<_>>()));
    let count = move || {
        let items = items.get();
        let late = items.iter().filter(|i| matches!(i.state, DueState::Overdue(_))).count();
        match desk.lang() {
            _ if items.is_empty() => String::new(),
            Lang::Zh => format!("{} 户 · {late} 户逾期", items.len()),
            Lang::En => format!("{} in all · {late} overdue", items.len()),
        }
    };
    let row = move |item: DueItem| {
        let pack = desk.pack();
        let (mark, class, words) = due_words(&item.state, desk.lang());
        let kind = desk.read(|book| book.get(item.about).map(|r| r.kind.to_string())).unwrap_or_default();
        let is_person = pack.screens.doors.as_ref().is_some_and(|d| d.person == kind);
        let href = format!("/{}/{}", if is_person { "person" } else { "household" }, item.about);
        let home = is_person.then(|| home_of(desk, item.about)).flatten().unwrap_or_default();
        view! {
            <li>
                <A href=href attr:class="row">
                    <span class=format!("mark {class}") aria-hidden="true">{mark}</span>
                    <span class="row-title">{desk.title_of(item.about)} <small>{home}</small></span>
                    <span class=format!("badge {class}")>{words}</span>
                </A>
            </li>
        }
    };
    view! {
        <section aria-labelledby="due">
            <h2 class="section-title" id="due">{move || due_title(desk.lang())} <small>{count}</small></h2>
            <Show
                when=move || !items.get().is_empty()
                fallback=move || view! { <p class="empty">{move || due_none(desk.lang())} <br /> {move || due_hint(desk.lang())}</p> }
            >
                <ul class="rows">{move || items.get().into_iter().take(ROWS).map(row).collect_view()}</ul>
            </Show>
            <Show when=move || old.with(|old| !old.is_empty())>
                <details class="folded">
                    <summary>{move || long_ago(desk.lang())} " " <small>{move || old.with(Vec::len)}</small></summary>
                    <ul class="rows">{move || old.get().into_iter().rev().map(row).collect_view()}</ul>
                </details>
            </Show>
        </section>
    }
}

/// Where a person lives, as the household's title.
fn home_of(desk: Desk, person: records::RecordId) -> Option<String> {
    let pack = desk.pack();
    let field = &pack.screens.doors.as_ref()?.person_household;
    let home = desk.read(|book| book.get(person)?.text(field)?.parse().ok())?;
    Some(desk.title_of(home))
}

#[component]
fn Drafts() -> impl IntoView {
    let desk = use_desk();
    let row = move |head: DraftHead| {
        let pack = desk.pack();
        let name = pack.kind(&head.draft.kind).map(|k| k.label.get(desk.lang()).to_owned()).unwrap_or_default();
        let about = subject(desk, &head);
        let time = platform::clock_time(head.at);
        let (href, key) = (draft_href(&head), head.key.clone());
        let label = format!("{} {name} {about}", throw_away(desk.lang()));
        view! {
            <li class="row draft">
                <Icon name="pen" />
                <span class="row-title">{name} " " {about} <small>{time}</small></span>
                <span class="row-acts">
                    <button class="button quiet" aria-label=label on:click=move |_| desk.drop_draft(&key)>
                        {move || throw_away(desk.lang())}
                    </button>
                    <A href=href attr:class="button">{move || go_on(desk.lang())}</A>
                </span>
            </li>
        }
    };
    view! {
        <Show when=move || !desk.drafts().is_empty()>
            <section aria-labelledby="drafts">
                <h2 class="section-title" id="drafts">{move || drafts_title(desk.lang())}</h2>
                <ul class="rows">{move || desk.drafts().into_iter().map(row).collect_view()}</ul>
            </section>
        </Show>
    }
}

/// The first record a draft points at, by title.
fn subject(desk: Desk, head: &DraftHead) -> String {
    let mut links = head.draft.now.values().filter_map(|v| v.as_str()?.parse::<records::RecordId>().ok());
    links.find(|id| desk.read(|book| book.get(*id).is_some())).map(|id| desk.title_of(id)).unwrap_or_default()
}

/// Where a draft is gone on with: its key is its address, but for the subject, which is a query there.
fn draft_href(head: &DraftHead) -> String {
    let mut parts = head.key.splitn(3, '/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("new"), Some(kind), Some(subject)) => {
            let is_it = |v: &records::Value| v.as_str() == Some(subject);
            let mut fields = head.draft.now.iter().filter(|(_, v)| is_it(v)).map(|(name, _)| name.as_str());
            let field = fields.next_back().unwrap_or("about");
            format!("/new/{kind}?{field}={subject}&back=/")
        }
        _ => format!("/{}?back=/", head.key),
    }
}

#[component]
fn DoneList() -> impl IntoView {
    let desk = use_desk();
    let done = Memo::new(move |_| {
        let today = platform::today();
        let me = desk.me().map(|me| me.account).unwrap_or_default();
        let pack = desk.pack();
        desk.read(|book| {
            let kinds = pack.kinds.values().filter(|k| k.date.is_some());
            let fresh = kinds.flat_map(|kind| {
                // Newest last: from the end, until the first that was made on another day.
                let own = book.of_kind(&kind.name).rev().take_while(|r| platform::date_of(r.made.millis()) == today);
                own.filter(|r| r.by == me && !r.is_void()).map(|r| (r.made, r.id)).collect::<Vec<_>>()
            });
            let mut fresh: Vec<_> = fresh.collect();
            fresh.sort_unstable();
            fresh.into_iter().rev().map(|(_, id)| id).collect::<Vec<_>>()
        })
    });
    let row = move |id: records::RecordId| {
        let pack = desk.pack();
        let (kind, fields) = desk.read(|book| book.lookup(id)).unwrap_or_default();
        let icon = pack.kind(&kind).and_then(|k| k.icon.clone()).unwrap_or_default();
        let links = fields.values().filter_map(|v| v.as_str()?.parse::<records::RecordId>().ok());
        let about: Vec<String> = links.map(|link| desk.title_of(link)).filter(|t| !t.is_empty()).collect();
        view! {
            <li>
                <A href=format!("/record/{id}") attr:class="row">
                    <Icon name=icon />
                    <span class="row-title">{desk.title_of(id)} <small>{about.join(" · ")}</small></span>
                    <Show when=move || desk.is_waiting(id)>
                        <span class="badge is-amber">{move || waiting(desk.lang())}</span>
                    </Show>
                </A>
            </li>
        }
    };
    view! {
        <section aria-labelledby="done">
            <h2 class="section-title" id="done">
                {move || done_title(desk.lang())}
                <small>{move || Some(done.get().len()).filter(|n| *n > 0).map(|n| n.to_string())}</small>
            </h2>
            <Show
                when=move || !done.get().is_empty()
                fallback=move || view! { <p class="empty">{move || done_none(desk.lang())}</p> }
            >
                <ul class="rows">{move || done.get().into_iter().take(ROWS).map(row).collect_view()}</ul>
            </Show>
        </section>
    }
}

/// Mark, class and words of a due state.
pub fn due_words(state: &DueState, lang: Lang) -> (&'static str, &'static str, String) {
    let zh = lang == Lang::Zh;
    match state {
        DueState::Overdue(days) => ("▲", "is-red", late_words(*days, zh)),
        DueState::Never => ("▲", "is-red", if zh { "还没走访过" } else { "Never visited" }.into()),
        DueState::Today => ("◐", "is-amber", if zh { "今天" } else { "Today" }.into()),
        DueState::Soon(days) if zh => ("◐", "is-amber", format!("{days} 天后")),
        DueState::Soon(days) => ("◐", "is-amber", format!("in {days} days")),
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

fn day_words(day: jiff::civil::Date, lang: Lang) -> String {
    const ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    const EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let weekday = day.weekday().to_monday_zero_offset() as usize;
    match lang {
        Lang::Zh => format!("{}月{}日 {}", day.month(), day.day(), ZH[weekday]),
        Lang::En => format!("{} {}-{:02}-{:02}", EN[weekday], day.year(), day.month(), day.day()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_reads_in_both_languages() {
        let day = jiff::civil::date(2026, 11, 23);
        assert_eq!(day_words(day, Lang::Zh), "11月23日 周一");
        assert_eq!(day_words(day, Lang::En), "Mon 2026-11-23");
    }

    #[test]
    fn how_late_is_said_in_days_months_or_years() {
        let said = |days| due_words(&DueState::Overdue(days), Lang::Zh).2;
        assert_eq!([said(1), said(59), said(60), said(800)], ["逾期 1 天", "逾期 59 天", "逾期 2 个月", "逾期 2 年"]);
        assert_eq!(due_words(&DueState::Overdue(6475), Lang::En).2, "17 years overdue");
        assert_eq!(due_words(&DueState::Overdue(1), Lang::En).2, "1 day overdue");
    }

    #[test]
    fn what_the_pack_puts_first_is_offered_first_and_nothing_the_post_may_not_write() {
        let pack = Pack::community();
        let names = |post| writable(&pack, post).into_iter().map(|k| k.name).collect::<Vec<_>>();
        assert_eq!(names("civil_affairs")[..2], ["service", "aid"]);
        assert_eq!(names("volunteer"), ["patrol"]);
        assert!(names("nobody").is_empty());
    }
}
