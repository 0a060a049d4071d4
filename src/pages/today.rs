//! Today: what to write again, what was left half-written, who is due, what was recorded, and the one red button.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{Lang, Pack, Right, pack::Kind};

use crate::{
    app::is_volunteer,
    desk::use_desk,
    pages::review::ReviewLink,
    parts::{icon::Icon, offline::OfflineNote, search::Search},
    platform, texts,
};

mod done;
mod drafts;
mod due;
mod first;
mod list;
mod rounds;
mod walks;

pub use due::due_words;

texts! {
    write: "记一笔", "New record";
    patrol_lead: "出门点“出发”；走完了补记，点“记一笔”。", "Tap Set out when you leave; to log one afterwards, tap New record.";
    again_lead: "点一下就记好；人数不一样先改人数。", "One tap logs it; change the number first if it differs.";
}

/// Rows of a list before "and so many more".
const ROWS: usize = 30;

/// The page.
#[component]
pub fn Today() -> impl IntoView {
    let desk = use_desk();
    let day = move || {
        desk.clock();
        day_words(platform::today(), desk.lang())
    };
    let rounds = rounds::offered();
    let has_rounds = Memo::new(move |_| rounds.with(|all| !all.is_empty()));
    let lead = move || if has_rounds.get() { again_lead(desk.lang()) } else { patrol_lead(desk.lang()) };
    view! {
        <div class="page today">
            <div class="page-head">
                <h1>{day}</h1>
                <WriteButton />
            </div>
            <Show when=move || !is_volunteer() fallback=move || view! { <p class="lead">{lead}</p> }>
                <Search />
            </Show>
            <first::First />
            <OfflineNote />
            <Show when=move || !is_volunteer()><ReviewLink /></Show>
            <walks::Walks />
            <rounds::Rounds rounds />
            <drafts::Drafts />
            <Show when=move || !desk.pack().due.is_empty()>
                <due::DueList says_none=!is_volunteer() />
            </Show>
            <done::DoneList />
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

/// The red button. One kind: straight to its form; quiet where setting out is what one does first. Several: a menu of them.
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
            let class = if only.walk.is_some() { "button" } else { "button main" };
            view! {
                <A href=href attr:class=class>
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
    fn what_the_pack_puts_first_is_offered_first_and_nothing_the_post_may_not_write() {
        let pack = Pack::community();
        let names = |post| writable(&pack, post).into_iter().map(|k| k.name).collect::<Vec<_>>();
        assert_eq!(names("civil_affairs")[..2], ["service", "aid"]);
        assert_eq!(names("volunteer"), ["patrol"]);
        assert!(names("nobody").is_empty());
    }
}
