//! The list that many are chosen from at once: narrowed by building, team or label, ticked one by one or all together.

use leptos::prelude::*;
use records::{FieldType, RecordId, Text, order::natural};

use super::picker::apart;
use crate::{
    desk::{Desk, use_desk},
    parts::{icon::Icon, search::Finder},
    platform, texts,
    view::{
        gone::Departed,
        many::{Circle, Narrow, among, circles},
    },
};

texts! {
    find: "名字、拼音、门牌、电话尾号", "Name, pinyin, flat, last digits";
    close: "选好了", "Done";
    everywhere: "全部", "All";
    none: "这里没有人。换一栋楼、一个队，或者换个写法。", "Nobody here. Try another building or team, or write it another way.";
    begin: "先选楼栋、团队或人群，或者写几个字。", "First choose a building, a team or a label, or type a few letters.";
    building: "楼栋", "Building";
    more: "只显示前 100 个；“全选这些”会全部选上。", "Only the first 100 show; “Choose all” takes all of them.";
}

/// Rows shown: enough for the largest building's list, few enough to tick through.
const ROWS: usize = 100;
/// Most that one tap chooses: more than that is a slip of the finger, not a list of those who came.
const MOST: usize = 200;
/// Matches of a search.
const FOUND: usize = 2000;

/// The list.
#[component]
pub fn List(
    /// The kind to choose from.
    kind: String,
    /// Who is chosen already.
    chosen: Memo<Vec<RecordId>>,
    /// Takes the new choice.
    set: Callback<Vec<RecordId>>,
    /// Called when it is done.
    close: Callback<()>,
) -> impl IntoView {
    let desk = use_desk();
    let finder = Finder::here();
    let (query, narrow) = (RwSignal::new(String::new()), RwSignal::new(Narrow::default()));
    let of = kind.clone();
    let matches = Memo::new(move |_| {
        let (query, narrow) = (query.get(), narrow.get());
        if query.trim().is_empty() && narrow.is_open() {
            return None;
        }
        let pack = desk.pack();
        let is_searched = !query.trim().is_empty();
        let inside = desk.read(|book| {
            let departed = Departed::new(&pack, book, platform::today());
            among(&pack, book, &of, &narrow, &departed, is_searched)
        });
        if !is_searched {
            return Some(inside);
        }
        let inside: std::collections::HashSet<RecordId> = inside.into_iter().collect();
        let found = finder.find(&query, Some(&of), FOUND).into_iter().map(|entry| entry.id);
        Some(found.filter(|id| inside.contains(id)).collect())
    });
    let count = move || matches.with(|all| all.as_ref().map_or(0, Vec::len));
    let are_all_in = Memo::new(move |_| {
        chosen
            .with(|chosen| matches.with(|all| all.as_ref().is_some_and(|all| all.iter().all(|id| chosen.contains(id)))))
    });
    let (is_too_many, is_cut) = (move || count() > MOST, move || count() > ROWS);
    let toggle_all = move |_| {
        let those = matches.get_untracked().unwrap_or_default();
        let mut now = chosen.get_untracked();
        if are_all_in.get_untracked() {
            now.retain(|id| !those.contains(id));
        } else {
            let fresh: Vec<_> = those.into_iter().filter(|id| !now.contains(id)).collect();
            now.extend(fresh);
        }
        set.run(now);
    };
    let all_words = move || {
        let (count, all_in, zh) = (count(), are_all_in.get(), desk.lang() == records::Lang::Zh);
        match (all_in, zh) {
            (false, true) => format!("全选这些（{count}）"),
            (false, false) => format!("Choose all ({count})"),
            (true, true) => format!("这些都不选（{count}）"),
            (true, false) => format!("Choose none of these ({count})"),
        }
    };
    let row = move |id: RecordId| {
        let is_in = move || chosen.with(|all| all.contains(&id));
        let tick = move |event: leptos::ev::Event| {
            let mut now = chosen.get_untracked();
            now.retain(|other| *other != id);
            if event_target_checked(&event) {
                now.push(id);
            }
            set.run(now);
        };
        view! {
            <li>
                <label class="row tick">
                    <input type="checkbox" prop:checked=is_in on:change=tick />
                    <span class="row-title">{desk.title_of(id)} <small>{apart(desk, id)}</small></span>
                </label>
            </li>
        }
    };
    let words = move || {
        let count = chosen.with(Vec::len);
        if desk.lang() == records::Lang::Zh { format!("已选 {count}") } else { format!("{count} chosen") }
    };
    view! {
        <div class="list-head">
            <div class="finder-head">
                <input
                    type="search"
                    aria-label=move || find(desk.lang())
                    placeholder=move || find(desk.lang())
                    autocomplete="off"
                    on:input=move |event| query.set(event_target_value(&event))
                />
                <button type="button" class="button solid" on:click=move |_| close.run(())>
                    <Icon name="check" /><span>{move || self::close(desk.lang())}</span>
                </button>
            </div>
            <Narrowing kind narrow />
            <p class="list-count">
                <b class="figures" role="status">{words}</b>
                <Show when=move || count() != 0>
                    <button type="button" class="button" disabled=is_too_many on:click=toggle_all>{all_words}</button>
                </Show>
                <Show when=is_cut><small>{move || more(desk.lang())}</small></Show>
            </p>
        </div>
        <div class="list-body">
            <ul class="rows">
                {move || matches.get().unwrap_or_default().into_iter().take(ROWS).map(row).collect_view()}
            </ul>
            <Show when=move || count() == 0>
                <p class="empty">{move || if matches.with(|all| all.is_none()) { begin(desk.lang()) } else { none(desk.lang()) }}</p>
            </Show>
        </div>
    }
}

/// The boxes that narrow the list down; only those that the pack's kinds give something to.
#[component]
fn Narrowing(kind: String, narrow: RwSignal<Narrow>) -> impl IntoView {
    let desk = use_desk();
    let pack = desk.pack();
    let doors = pack.screens.doors.clone().filter(|doors| doors.person == kind);
    let buildings = doors.map(|doors| {
        let take = move |id: Option<RecordId>| narrow.update(|narrow| narrow.building = id);
        let all = untrack(|| titles(desk, &doors.building));
        choose_record(desk, Text::new(building(records::Lang::Zh), building(records::Lang::En)), all, take)
    });
    let groups: Vec<_> = circles(&pack, &kind)
        .into_iter()
        .map(|circle: Circle| {
            let label = pack.kind(&circle.kind).map(|kind| kind.label.clone()).unwrap_or_default();
            let all = untrack(|| titles(desk, &circle.kind));
            let take = move |id: Option<RecordId>| {
                narrow.update(|narrow| narrow.circle = id.map(|id| (circle.clone(), id)));
            };
            choose_record(desk, label, all, take)
        })
        .collect();
    let sets = pack.kind(&kind).into_iter().flat_map(|kind| &kind.fields).filter_map(|field| match &field.r#type {
        FieldType::SelectMultiple(list) => Some((field.clone(), pack.choices.get(list)?.clone())),
        _ => None,
    });
    let labels: Vec<_> = sets
        .map(|(field, choices)| {
            let label = field.label.clone();
            let take = move |event| {
                let name = event_target_value(&event);
                let chosen = (!name.is_empty()).then(|| (field.name.clone(), name));
                narrow.update(|narrow| narrow.label = chosen);
            };
            let option = move |choice: records::pack::Choice| {
                view! { <option value=choice.name>{move || choice.label.get(desk.lang()).to_owned()}</option> }
            };
            view! {
                <label class="narrow">
                    <span>{move || label.get(desk.lang()).to_owned()}</span>
                    <select on:change=take>
                        <option value="">{move || everywhere(desk.lang())}</option>
                        {choices.into_iter().map(option).collect_view()}
                    </select>
                </label>
            }
        })
        .collect();
    view! { <div class="narrowing">{buildings} {groups} {labels}</div> }
}

fn titles(desk: Desk, kind: &str) -> Vec<(RecordId, String)> {
    let ids: Vec<RecordId> = desk.read(|book| book.of_kind(kind).filter(|r| !r.is_void()).map(|r| r.id).collect());
    let mut all: Vec<_> = ids.into_iter().map(|id| (id, desk.title_of(id))).collect();
    all.sort_by_cached_key(|(_, title)| natural(title));
    all
}

fn choose_record(
    desk: Desk,
    label: Text,
    all: Vec<(RecordId, String)>,
    take: impl Fn(Option<RecordId>) + 'static,
) -> impl IntoView {
    (!all.is_empty()).then(|| {
        let option = |(id, title): (RecordId, String)| view! { <option value=id.to_string()>{title}</option> };
        view! {
            <label class="narrow">
                <span>{move || label.get(desk.lang()).to_owned()}</span>
                <select on:change=move |event| take(event_target_value(&event).parse().ok())>
                    <option value="">{move || everywhere(desk.lang())}</option>
                    {all.into_iter().map(option).collect_view()}
                </select>
            </label>
        }
    })
}
