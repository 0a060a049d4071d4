//! The visit list on paper: everybody due, what the screen folds away too, building by building in the order one walks.

use leptos::prelude::*;
use records::{Lang, days};

use super::due::{due_words, rule_name};
use crate::{
    desk::use_desk,
    parts::known::Known,
    platform, texts,
    view::due::{Stop, stops},
};

texts! {
    title: "走访单", "Visit list";
    elsewhere: "其他", "Elsewhere";
    door: "门牌", "Door";
    who: "服务对象", "Who";
    why: "事由", "Why";
    notes: "记录", "Notes";
}

/// The list; made while the page is being printed.
#[component]
pub fn VisitList() -> impl IntoView {
    let (desk, known) = (use_desk(), Known::here());
    let (pack, lang) = (desk.pack(), desk.lang());
    let items = known.due().get();
    let title_of = |id| desk.title_of(id);
    let groups = desk.read(|book| stops(&pack, book, &items, &title_of));
    let count = groups.iter().map(|group| group.stops.len()).sum::<usize>();
    let head = match lang {
        Lang::Zh => format!("{} · {} · 共 {count} 项", title(lang), days::write(platform::today())),
        Lang::En => format!("{} · {} · {count} in all", title(lang), days::write(platform::today())),
    };
    let row = |stop: &Stop| {
        let reasons = stop.items.iter().map(|item| {
            let (mark, _, words) = due_words(&item.state, lang);
            view! { <span class="visit-why">{mark} " " {rule_name(desk, &item.rule)} " " {words}</span> }
        });
        let home = stop.home.map(title_of).unwrap_or_default();
        let who = if stop.home == Some(stop.about) { String::new() } else { title_of(stop.about) };
        view! { <tr class="visit"><td>{home}</td><td>{who}</td><td>{reasons.collect_view()}</td><td class="visit-notes"></td></tr> }
    };
    let groups = groups.iter().map(|group| {
        let name = group.building.map(title_of).unwrap_or_else(|| elsewhere(lang).to_owned());
        let count = group.stops.len();
        view! {
            <tbody>
                <tr class="visit-building"><th colspan="4">{format!("{name} · {count}")}</th></tr>
                {group.stops.iter().map(row).collect_view()}
            </tbody>
        }
    });
    let groups = groups.collect_view();
    view! {
        <div class="print-only">
            <h2>{head}</h2>
            <table class="print-table visits">
                <thead><tr><th>{door(lang)}</th><th>{who(lang)}</th><th>{why(lang)}</th><th class="visit-notes">{notes(lang)}</th></tr></thead>
                {groups}
            </table>
        </div>
    }
}
