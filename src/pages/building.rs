//! A building's door map: stairwells side by side, floors from the top down, every door a link with its state in mark and
//! word.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    components::A,
    hooks::{use_navigate, use_params_map, use_query_map},
};
use records::{Lang, RecordId, Right, order::natural};

use super::{notice::NotFound, today::due_words};
use crate::{
    desk::use_desk,
    parts::{icon::Icon, known::HORIZON, search::Finder},
    platform, texts,
    view::{
        doors::{Door, DoorState, Stairwell, grid, sees_visits, who_visits},
        due::{Asker, DueState},
        sift::{Sift, labels},
    },
};

texts! {
    all: "所有楼栋", "All buildings";
    before: "上一幢", "Previous building";
    after: "下一幢", "Next building";
    details: "楼栋资料", "About the building";
    empty: "这幢楼还没有住户。", "No households in this building yet.";
    add: "添加住户", "Add a household";
    visited: "已访", "Visited";
    nobody: "未遇", "Nobody home";
    never: "未访", "Not visited";
    due: "到期", "Due";
    overdue: "逾期", "Overdue";
    show: "只看", "Show only";
    every: "全部门牌", "All doors";
    only_due: "到期和逾期", "Due and overdue";
    only_unmet: "未访和未遇", "Not met yet";
    in_care: "重点关爱", "Special care";
}

/// The page `/doors/:id`.
#[component]
pub fn Building() -> impl IntoView {
    let desk = use_desk();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<RecordId>().ok()));
    let known = Memo::new(move |_| {
        let pack = desk.pack();
        let kind = pack.screens.doors.as_ref()?.building.clone();
        id.get().filter(|id| desk.read(|book| book.get(*id).is_some_and(|r| r.kind == *kind)))
    });
    move || match known.get() {
        Some(id) => view! { <Map id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

#[component]
fn Map(id: RecordId) -> impl IntoView {
    let desk = use_desk();
    Finder::here().be_at(id);
    let stairwells = Memo::new(move |_| {
        let pack = desk.pack();
        desk.context(|context| {
            let asker = Asker { user: context.user, all: false };
            desk.read(|book| grid(&pack, book, id, platform::today(), HORIZON, asker))
        })
    });
    let neighbours = Memo::new(move |_| {
        let pack = desk.pack();
        let kind = pack.screens.doors.as_ref().map(|doors| doors.building.clone()).unwrap_or_default();
        let ids: Vec<RecordId> = desk.read(|book| book.of_kind(&kind).filter(|b| !b.is_void()).map(|b| b.id).collect());
        let mut named: Vec<_> = ids.into_iter().map(|id| (desk.title_of(id), id)).collect();
        named.sort_by_cached_key(|(name, id)| (natural(name), *id));
        let at = named.iter().position(|(_, other)| *other == id)?;
        let near = |at: Option<usize>| at.and_then(|at| named.get(at)).cloned();
        Some((near(at.checked_sub(1)), near(Some(at + 1))))
    });
    let query = use_query_map();
    let sift = Memo::new(move |_| Sift::named(&query.read().get("show").unwrap_or_default()));
    // In the address, so that it is still there when one comes back from a household.
    let here = move |id: RecordId, sift: &Sift| match sift.name() {
        "" => format!("/doors/{id}"),
        name => format!("/doors/{id}?show={name}"),
    };
    let go = use_navigate();
    let choose = move |sift: Sift| {
        // The same page, not one more to go back through.
        go(&here(id, &sift), NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    };
    let step = move |next: bool| {
        let (back, on) = neighbours.get().unwrap_or_default();
        let (name, id) = if next { on? } else { back? };
        let label = format!("{} {name}", if next { after(desk.lang()) } else { before(desk.lang()) });
        let text = if next { format!("{name} ›") } else { format!("‹ {name}") };
        Some(view! { <A href=here(id, &sift.get()) attr:class="button quiet" attr:aria-label=label>{text}</A> })
    };
    let new_home = move || {
        let pack = desk.pack();
        let doors = pack.screens.doors.as_ref()?;
        let post = desk.me()?.post;
        let may = pack.allows(&post, &doors.household, Right::Write);
        may.then(|| format!("/new/{}?{}={id}&back=/doors/{id}", doors.household, doors.household_building))
    };
    let unseen = move || {
        let post = desk.me().map(|me| me.post).unwrap_or_default();
        let who = who_visits(&desk.pack(), &post, desk.lang());
        let words = match desk.lang() {
            Lang::Zh => format!("走访由{who}登记，您的岗位看不到。"),
            Lang::En => format!("Visits are recorded by the {who}; your post does not see them."),
        };
        (!who.is_empty()).then(|| view! { <p class="note">{words}</p> })
    };
    let columns = move || {
        let all = stairwells.get();
        let is_one = all.len() == 1;
        all.into_iter().map(|stairwell| view! { <Column stairwell is_one sift /> }).collect_view()
    };
    view! {
        <div class="page wide">
            <div class="page-head">
                <h1>{move || desk.title_of(id)}</h1>
                <nav class="row-acts" aria-label=move || all(desk.lang())>
                    {move || step(false)}
                    <A href="/doors" attr:class="button quiet">{move || all(desk.lang())}</A>
                    {move || step(true)}
                </nav>
            </div>
            <Sieve stairwells sift choose />
            <Counts stairwells sift />
            {unseen}
            <Show
                when=move || stairwells.with(|all| !all.is_empty())
                fallback=move || view! { <p class="empty">{move || empty(desk.lang())}</p> }
            >
                <div class="stairwells">{columns}</div>
            </Show>
            <p class="row-acts start">
                {move || new_home().map(|href| view! { <A href=href attr:class="button"><Icon name="plus" /><span>{add(desk.lang())}</span></A> })}
                <A href=format!("/record/{id}") attr:class="button quiet">{move || details(desk.lang())}</A>
            </p>
        </div>
    }
    .into_any()
}

/// Which doors one wants to see.
#[component]
fn Sieve(stairwells: Memo<Vec<Stairwell>>, sift: Memo<Sift>, choose: impl Fn(Sift) + 'static) -> impl IntoView {
    let desk = use_desk();
    let options = move || {
        let (pack, lang, chosen) = (desk.pack(), desk.lang(), sift.get());
        let mut all = vec![(Sift::All, every(lang)), (Sift::Due, only_due(lang))];
        if sees_visits(&pack, &desk.me().map(|me| me.post).unwrap_or_default()) {
            all.push((Sift::Unmet, only_unmet(lang)));
        }
        if stairwells
            .with(|all| all.iter().flat_map(|s| &s.floors).flat_map(|(_, doors)| doors).any(|door| door.in_care))
        {
            all.push((Sift::Care, in_care(lang)));
        }
        stairwells.with(|stairwells| {
            let worn = labels(&pack, stairwells).into_iter();
            all.extend(worn.map(|choice| (Sift::Label(choice.name.clone()), choice.label.get(lang))));
            // A label that nobody here wears stays chosen on the way through the buildings.
            if !all.iter().any(|(sift, _)| *sift == chosen) {
                let named = pack.choices.values().flatten().find(|choice| choice.name == chosen.name());
                all.push((chosen.clone(), named.map_or("", |choice| choice.label.get(lang))));
            }
            let option = |(one, words): (Sift, &str)| {
                view! { <option value=one.name().to_owned() selected=one == chosen>{words.to_owned()}</option> }
            };
            all.into_iter().map(option).collect_view()
        })
    };
    view! {
        <label class="sieve">
            <span>{move || show(desk.lang())}</span>
            <select on:change=move |event| choose(Sift::named(&event_target_value(&event)))>{options}</select>
        </label>
    }
}

/// How many doors of those one wants to see, and how they stand.
#[component]
fn Counts(stairwells: Memo<Vec<Stairwell>>, sift: Memo<Sift>) -> impl IntoView {
    let desk = use_desk();
    let line = move || {
        let lang = desk.lang();
        stairwells.with(|all| {
            let sift = sift.get();
            let wanted = |door: &&Door| sift.lets(door);
            let doors = || all.iter().flat_map(|s| &s.floors).flat_map(|(_, doors)| doors).filter(wanted);
            let count = |fits: fn(&DoorState) -> bool| doors().filter(|door| fits(&door.state)).count();
            let late = count(|s| matches!(s, DoorState::Due(DueState::Overdue(_))));
            let soon = count(|s| matches!(s, DoorState::Due(_))) - late;
            let parts = [
                (count(|s| matches!(s, DoorState::Visited(_))), "● ", visited(lang)),
                (soon, "◐ ", due(lang)),
                (late, "▲ ", overdue(lang)),
                (count(|s| matches!(s, DoorState::Nobody(_))), "○ ", nobody(lang)),
                (doors().filter(|door| door.in_care).count(), "♥ ", in_care(lang)),
            ];
            let total = match lang {
                Lang::Zh => format!("共 {} 户", doors().count()),
                Lang::En => format!("{} flats", doors().count()),
            };
            let parts = parts.into_iter().filter(|(n, ..)| *n > 0).map(|(n, mark, word)| format!("{mark}{word} {n}"));
            [total].into_iter().chain(parts).collect::<Vec<_>>().join(" · ")
        })
    };
    view! { <p class="note figures">{line}</p> }
}

#[component]
fn Column(stairwell: Stairwell, is_one: bool, sift: Memo<Sift>) -> impl IntoView {
    let desk = use_desk();
    let number = stairwell.number;
    let name = move || match desk.lang() {
        Lang::Zh => format!("{number}单元"),
        Lang::En => format!("Stairwell {number}"),
    };
    let floor_name = move |floor: i64| match desk.lang() {
        Lang::Zh => format!("{floor}层"),
        Lang::En => format!("{floor}F"),
    };
    let floor = move |(floor, doors): (i64, Vec<Door>)| {
        let doors = doors.into_iter().map(|door| view! { <li><DoorLink door sift /></li> }).collect_view();
        view! {
            <li class="floor">
                <span class="floor-name figures">{move || floor_name(floor)}</span>
                <ul class="floor-doors">{doors}</ul>
            </li>
        }
    };
    view! {
        <section class="stairwell" aria-label=name>
            <h2 class="section-title" hidden=is_one>{name}</h2>
            <ol class="floors">{stairwell.floors.into_iter().map(floor).collect_view()}</ol>
        </section>
    }
}

#[component]
fn DoorLink(door: Door, sift: Memo<Sift>) -> impl IntoView {
    let desk = use_desk();
    // The house stays as it stands: what one does not look for steps back, it does not move away.
    let wanted = door.clone();
    let is_wanted = Memo::new(move |_| sift.with(|sift| sift.lets(&wanted)));
    let Door { household, flat, state, in_care: is_in_care, .. } = door;
    let (mark, class) = match &state {
        DoorState::Due(DueState::Overdue(_)) => ("▲", "is-red"),
        DoorState::Due(_) => ("◐", "is-amber"),
        DoorState::Nobody(_) => ("○", "is-soft"),
        DoorState::Visited(_) => ("●", "is-jade"),
        DoorState::Never | DoorState::Unseen => ("·", "is-soft"),
    };
    let is_unseen = state == DoorState::Unseen;
    let words = move || {
        let lang = desk.lang();
        match &state {
            DoorState::Due(due) => due_words(due, lang).2,
            DoorState::Nobody(day) => format!("{} {}", nobody(lang), short(day)),
            DoorState::Visited(day) => format!("{} {}", visited(lang), short(day)),
            DoorState::Never => never(lang).into(),
            DoorState::Unseen => String::new(),
        }
    };
    view! {
        <A href=format!("/household/{household}") attr:class=move || if is_wanted.get() { "door" } else { "door is-aside" }>
            <b class="figures">
                {flat}
                {is_in_care.then(|| view! { " " <span class="door-care" role="img" aria-label=move || in_care(desk.lang())>"♥"</span> })}
            </b>
            {(!is_unseen).then(|| view! { <small class=format!("door-state {class}")><span aria-hidden="true">{mark} " "</span>{words}</small> })}
        </A>
    }
}

/// `11-02` of this year, `2009-11` of another: a door is narrow.
fn short(day: &str) -> String {
    let this_year = platform::today().year().to_string();
    match (day.get(..4), day.get(5..10), day.get(..7)) {
        (Some(year), Some(rest), _) if year == this_year => rest.to_owned(),
        (_, _, Some(month)) => month.to_owned(),
        _ => day.to_owned(),
    }
}
