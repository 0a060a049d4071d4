//! Doors: all buildings with what their doors come to; each opens to its door map.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{Lang, Right, words};

use crate::{
    desk::use_desk,
    parts::{icon::Icon, known::Known, search::Search},
    texts,
    view::{
        doors::{Row, buildings},
        roster,
    },
};

texts! {
    title: "门牌", "Doors";
    empty: "这里会列出所有楼栋。请先让办公室把楼栋和住户录入。", "All buildings are listed here, once the office has entered buildings and households.";
    add: "添加", "New";
    import: "导入花名册", "Import a roster";
}

/// The page.
#[component]
pub fn Doors() -> impl IntoView {
    let (desk, known) = (use_desk(), Known::here());
    let rows = Memo::new(move |_| {
        let (pack, lang) = (desk.pack(), desk.lang());
        desk.read(|book| {
            desk.context(|context| {
                let title = |b: &sync::Record| words::title(&pack, &b.kind, &b.values(), lang, context);
                known.due().with(|due| known.visits(|visits| buildings(&pack, book, title, due, visits)))
            })
        })
    });
    let building = move || desk.pack().screens.doors.as_ref().map(|doors| doors.building.clone());
    let may_add = move || {
        let post = desk.me().map(|me| me.post).unwrap_or_default();
        building().filter(|kind| desk.pack().allows(&post, kind, Right::Write))
    };
    let may_import = move || roster::may_import(&desk.pack(), &desk.me().map(|me| me.post).unwrap_or_default());
    let add_button = move || {
        may_add().map(|kind| {
            let label = desk.pack().kind(&kind).map(|k| k.label.get(desk.lang()).to_owned()).unwrap_or_default();
            view! {
                <A href=format!("/new/{kind}?back=/doors") attr:class="button">
                    <Icon name="plus" /><span>{add(desk.lang())} " " {label.to_lowercase()}</span>
                </A>
            }
        })
    };
    view! {
        <div class="page doors">
            <div class="page-head"><h1>{move || title(desk.lang())}</h1> {add_button}</div>
            <Search />
            <Show
                when=move || rows.with(|rows| !rows.is_empty())
                fallback=move || view! {
                    <div class="empty">
                        <p>{move || empty(desk.lang())}</p>
                        {move || may_import().then(|| view! { <A href="/roster" attr:class="button">{import(desk.lang())}</A> })}
                    </div>
                }
            >
                <ul class="buildings">
                    <For each=move || rows.get() key=|row| (row.id, row.name.clone(), row.doors, row.visited, row.due, row.late) let:row>
                        <li><Card row /></li>
                    </For>
                </ul>
            </Show>
        </div>
    }
    .into_any()
}

#[component]
fn Card(row: Row) -> impl IntoView {
    let desk = use_desk();
    let Row { id, name, doors, visited, due, late } = row;
    let count = move || match desk.lang() {
        Lang::Zh => format!("{doors} 户"),
        Lang::En if doors == 1 => "1 flat".into(),
        Lang::En => format!("{doors} flats"),
    };
    let due_words = move || match desk.lang() {
        Lang::Zh => format!("◐ 到期 {due}"),
        Lang::En => format!("◐ {due} due"),
    };
    let late_words = move || match desk.lang() {
        Lang::Zh => format!("▲ 逾期 {late}"),
        Lang::En => format!("▲ {late} overdue"),
    };
    let visited_words = move || match desk.lang() {
        Lang::Zh => format!("● 已访 {visited}"),
        Lang::En => format!("● {visited} visited"),
    };
    view! {
        <A href=format!("/doors/{id}") attr:class="building card">
            <b class="building-name">{name}</b> " "
            <span class="row-note figures">{count}</span>
            <span class="building-state figures">
                {(late > 0).then(|| view! { <span class="is-red">{late_words}</span> })}
                {(due > 0).then(|| view! { <span class="is-amber">{due_words}</span> })}
                {(visited > 0).then(|| view! { <span class="is-jade">{visited_words}</span> })}
            </span>
        </A>
    }
}
