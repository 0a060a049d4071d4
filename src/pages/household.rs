//! A household: who lives there, what was done for it, and the buttons to do the next thing.

use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};
use records::{Field, FieldType, Lang, Pack, RecordId, Right, Text, Value, form::Form, ledger::Presence, words};

use super::{notice::NotFound, record::said, today::writable};
use crate::{
    desk::{Desk, use_desk},
    parts::{
        icon::Icon,
        one_tap,
        print::{PrintButton, PrintNote},
        search::Finder,
        stamp::Stamps,
        timeline::Timeline,
    },
    platform, texts,
    view::{
        doors::{next_door, who_visits},
        history::{happens, hides, history, people},
    },
};

texts! {
    print_it: "打印这一户", "Print this household";
    nobody_home: "没人在家，登记未遇", "Nobody home: log it";
    who: "本户人员", "Who lives here";
    nobody: "本户还没有登记人员。", "Nobody is entered as living here yet.";
    add: "添加", "New";
    what: "服务记录", "What happened";
    nothing: "还没有记录。点上面的按钮登记。", "Nothing recorded yet. Use the buttons above for the first record.";
    nothing_seen: "您能看的记录里还没有。点上面的按钮登记。", "None yet that your post may see. Use the buttons above for the first record.";
    details: "住户资料", "About the household";
    other: "更多", "More";
    door_map: "回到楼栋", "To the building";
    next: "下一户", "Next door";
    two_ways: "两处填写不一致，请核对", "Written in two ways, please look";
}

/// The page `/household/:id`.
#[component]
pub fn Household() -> impl IntoView {
    let desk = use_desk();
    let id = subject(desk, |doors| &doors.household);
    move || match id.get() {
        Some(id) => view! { <Whole id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

/// The record that the address names, if it is here and of the kind that plays this part.
pub fn subject(desk: Desk, part: fn(&records::pack::Doors) -> &String) -> Memo<Option<RecordId>> {
    let params = use_params_map();
    Memo::new(move |_| {
        let id = params.read().get("id")?.parse::<RecordId>().ok()?;
        let pack = desk.pack();
        let kind = part(pack.screens.doors.as_ref()?);
        desk.read(|book| book.get(id).is_some_and(|r| r.kind == **kind)).then_some(id)
    })
}

#[component]
fn Whole(id: RecordId) -> impl IntoView {
    let desk = use_desk();
    let entered = Memo::new(move |_| {
        let pack = desk.pack();
        desk.read(|book| people(&pack, book, id, platform::today()))
    });
    let members = Memo::new(move |_| entered.with(|(here, _)| here.clone()));
    let departed = Memo::new(move |_| entered.with(|(_, gone)| gone.clone()));
    let events = Memo::new(move |_| {
        let pack = desk.pack();
        let about: Vec<RecordId> = members.get().into_iter().chain(departed.get()).chain([id]).collect();
        desk.read(|book| history(&pack, book, &about))
    });
    let building = move || {
        let pack = desk.pack();
        let field = &pack.screens.doors.as_ref()?.household_building;
        desk.read(|book| book.get(id)?.link(field))
    };
    if let Some(building) = untrack(building) {
        Finder::here().be_at(building);
    }
    let to_building = move || {
        building().map(|id| {
            view! {
                <A href=format!("/doors/{id}") attr:class="button quiet">
                    <Icon name="building" /><span>{door_map(desk.lang())} " " {desk.title_of(id)}</span>
                </A>
            }
        })
    };
    let new_person = move || {
        let pack = desk.pack();
        let doors = pack.screens.doors.as_ref()?;
        let may = pack.allows(&desk.me()?.post, &doors.person, Right::Write);
        let label = pack.kind(&doors.person).map(|k| k.label.get(desk.lang()).to_owned()).unwrap_or_default();
        let href = format!("/new/{}?{}={id}&back=/household/{id}", doors.person, doors.person_household);
        may.then(|| view! {
            <A href=href attr:class="button quiet"><Icon name="plus" /><span>{add(desk.lang())} " " {label.to_lowercase()}</span></A>
        })
    };
    let after = Memo::new(move |_| {
        let pack = desk.pack();
        let next = desk.read(|book| next_door(&pack, book, id))?;
        Some((format!("/household/{next}"), format!("{} {}", self::next(desk.lang()), desk.title_of(next))))
    });
    expect_context::<Stamps>().lead_onward(move || after.get());
    let to_next = move || {
        after.get().map(|(href, said)| {
            view! {
                <A href=href attr:class="button quiet"><span>{said}</span><span aria-hidden="true">"›"</span></A>
            }
        })
    };
    // What one may not see is not said to be missing.
    let nothing_yet = Signal::derive(move || nothing_words(desk));
    let count = move || events.with(|all| (!all.is_empty() || unseen_words(desk).is_none()).then_some(all.len()));
    let partly = move || unseen_words(desk).filter(|_| events.with(|all| !all.is_empty()));
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{move || desk.title_of(id)}</h1>
                <RecordButtons id />
            </div>
            <PrintNote />
            <div class="row-acts start">
                <NobodyHome id />
                {to_next}
            </div>
            {move || remarks(desk, id).into_iter().map(|text| view! { <p class="remark">{text}</p> }).collect_view()}
            <section aria-labelledby="who">
                <h2 class="section-title" id="who">{move || who(desk.lang())} {new_person}</h2>
                <Show
                    when=move || members.with(|all| !all.is_empty())
                    fallback=move || view! { <p class="empty">{move || nobody(desk.lang())}</p> }
                >
                    <ul class="people">
                        <For each=move || members.get() key=|id| *id let:id><li><Member id /></li></For>
                    </ul>
                </Show>
                <Show when=move || departed.with(|all| !all.is_empty())>
                    <details class="folded">
                        <summary>{move || gone_words(desk, departed.with(Vec::len))}</summary>
                        <ul class="people">
                            <For each=move || departed.get() key=|id| *id let:id><li><Member id /></li></For>
                        </ul>
                    </details>
                </Show>
            </section>
            <section aria-labelledby="what">
                <h2 class="section-title" id="what">{move || what(desk.lang())} <small class="figures">{count}</small></h2>
                {move || partly().map(|words| view! { <p class="note">{words}</p> })}
                <Timeline events empty=nothing_yet says_whom=true but=id />
            </section>
            <p class="row-acts start">
                {to_building}
                <A href=format!("/record/{id}") attr:class="button quiet">{move || details(desk.lang())}</A>
                <PrintButton label=print_it />
            </p>
        </div>
    }
    .into_any()
}

/// Nobody opened: one tap records it, and can be undone.
#[component]
fn NobodyHome(id: RecordId) -> impl IntoView {
    let desk = use_desk();
    let stamps = expect_context::<Stamps>();
    let busy = RwSignal::new(false);
    let kind = Memo::new(move |_| {
        let pack = desk.pack();
        let doors = pack.screens.doors.clone().filter(|doors| !doors.nobody.is_empty())?;
        let may = pack.allows(&desk.me()?.post, &doors.visit, Right::Write);
        pack.kind(&doors.visit).filter(|_| may).cloned()
    });
    let tap = move |_| {
        let (pack, Some(kind)) = (untrack(|| desk.pack()), kind.get_untracked()) else { return };
        let Some(doors) = pack.screens.doors.as_ref().filter(|_| !busy.get_untracked()) else { return };
        let points = |field: &&records::Field| field.r#type == FieldType::Record(doors.household.clone());
        let Some(household) = kind.fields.iter().find(points) else { return };
        busy.set(true);
        let given = doors.nobody.iter().map(|(name, value)| (name.clone(), Value::from(value.clone())));
        let given = given.chain([(household.name.clone(), id.to_string().into())]).collect();
        let fields =
            untrack(|| desk.context(|context| Form::new(&pack, &kind.name, given, true, context).fields().clone()));
        let draft = untrack(|| desk.new_draft(&kind.name, fields));
        one_tap::save(desk, stamps, vec![draft], move |_| _ = busy.try_set(false));
    };
    view! {
        <Show when=move || kind.get().is_some()>
            <button type="button" class="button" disabled=move || busy.get() on:click=tap>
                <span aria-hidden="true">"○"</span> <span>{move || nobody_home(desk.lang())}</span>
            </button>
        </Show>
    }
}

/// 已不在此（1）, in the words of the pack.
fn gone_words(desk: Desk, count: usize) -> String {
    let (pack, lang) = (desk.pack(), desk.lang());
    let kind = pack.screens.doors.as_ref().and_then(|doors| pack.kind(&doors.person));
    let label = kind.and_then(|kind| Presence::Gone.label(kind, lang)).unwrap_or_default();
    match lang {
        Lang::Zh => format!("{label}（{count}）"),
        Lang::En => format!("{label} ({count})"),
    }
}

/// What is good to know before ringing: the long texts of an entry.
fn remarks(desk: Desk, id: RecordId) -> Vec<String> {
    let pack = desk.pack();
    let (kind, fields) = desk.read(|book| book.record(id)).unwrap_or_default();
    let is_long = |field: &&Field| field.appears("multiline");
    let long = pack.kind(&kind).into_iter().flat_map(|k| &k.fields).filter(is_long);
    long.filter_map(|field| fields.get(&field.name)?.as_str().map(str::to_owned)).collect()
}

/// Someone who lives there: name, what the pack says in a line, private values covered.
#[component]
fn Member(id: RecordId) -> impl IntoView {
    let desk = use_desk();
    let line = move || {
        let pack = desk.pack();
        let (kind, fields) = desk.read(|book| book.record(id)).unwrap_or_default();
        desk.context(|context| words::summary(&pack, &kind, &fields, desk.lang(), context))
    };
    let private = move || {
        let pack = desk.pack();
        let (kind, fields) = desk.read(|book| book.record(id)).unwrap_or_default();
        let is_private = |field: &&Field| words::is_masked(field);
        let kind = pack.kind(&kind)?;
        let shown = kind.fields.iter().filter(is_private);
        Some(shown.filter_map(|field| Some(said(desk, id, field, fields.get(&field.name)?))).collect_view())
    };
    let is_disputed = Memo::new(move |_| desk.read(|book| book.get(id).is_some_and(|r| r.disputed().next().is_some())));
    view! {
        <div class="person">
            <A href=format!("/person/{id}") attr:class="person-name"><b>{move || desk.title_of(id)}</b> <span>{line}</span></A>
            <Show when=move || is_disputed.get()>
                <A href=format!("/person/{id}") attr:class="badge is-amber">"◐ " {move || two_ways(desk.lang())}</A>
            </Show>
            <div class="person-private">{private}</div>
        </div>
    }
}

/// Where a post may not see visits: who records them, so that what is not shown is not taken for not done.
pub fn unseen_words(desk: Desk) -> Option<String> {
    let (pack, lang, post) = (desk.pack(), desk.lang(), desk.me().map(|me| me.post).unwrap_or_default());
    let who = who_visits(&pack, &post, lang);
    (!who.is_empty()).then(|| match lang {
        Lang::Zh => format!("这里只列出您的岗位能看的记录；走访由{who}登记。"),
        Lang::En => format!("Only records that your post may see are listed here; visits are recorded by the {who}."),
    })
}

/// What is said where nothing is listed.
pub fn nothing_words(desk: Desk) -> String {
    let hides_some = desk.me().is_some_and(|me| hides(&desk.pack(), &me.post));
    let plain = || if hides_some { nothing_seen(desk.lang()) } else { nothing(desk.lang()) }.to_owned();
    unseen_words(desk).unwrap_or_else(plain)
}

/// A button that begins a record about this one.
#[derive(Clone, PartialEq)]
struct Begin {
    icon: String,
    label: Text,
    query: String,
}

/// Most choices of a kind's first question that stand as buttons of their own: 走访 and 窗口 are two things to do, twelve
/// sorts of quarrel are not.
const APART: usize = 3;

/// What a post may begin about a record of a kind, those that happen and not entries; what it does most in front.
fn about(pack: &Pack, post: &str, kind: &str, id: RecordId) -> Vec<Begin> {
    let points = |field: &&Field| match &field.r#type {
        FieldType::Record(to) | FieldType::Records(to) => to == kind,
        _ => false,
    };
    let mut all = Vec::new();
    for kind in writable(pack, post).into_iter().filter(happens) {
        let Some(field) = kind.fields.iter().find(points) else { continue };
        let (icon, query) = (kind.icon.clone().unwrap_or_default(), format!("/new/{}?{}={id}", kind.name, field.name));
        let apart = kind.fields.first().and_then(|first| match &first.r#type {
            FieldType::SelectOne(list) if first.choice_filter.is_none() => Some((first, pack.choices.get(list)?)),
            _ => None,
        });
        match apart.filter(|(_, choices)| choices.len() <= APART) {
            Some((first, choices)) => all.extend(choices.iter().map(|choice| Begin {
                icon: icon.clone(),
                label: choice.label.clone(),
                query: format!("{query}&{}={}", first.name, choice.name),
            })),
            None => all.push(Begin { icon, label: kind.label.clone(), query }),
        }
    }
    all
}

/// One red button for what is done most, two beside it, the others behind "more". For one who is no longer here nothing is
/// done most.
#[component]
pub fn RecordButtons(
    /// Whom the records are about.
    id: RecordId,
) -> impl IntoView {
    let desk = use_desk();
    let kinds = Memo::new(move |_| {
        let pack = desk.pack();
        let kind = desk.read(|book| book.get(id).map(|r| r.kind.to_string())).unwrap_or_default();
        let post = desk.me().map(|me| me.post).unwrap_or_default();
        about(&pack, &post, &kind, id)
    });
    let link = move |Begin { icon, label, query }: Begin, class: &'static str| {
        view! {
            <A href=query attr:class=class><Icon name=icon /><span>{move || label.get(desk.lang()).to_owned()}</span></A>
        }
    };
    move || {
        let mut kinds = kinds.get().into_iter();
        let first = kinds.next();
        let main = if desk.is_gone(id) { "button" } else { "button main" };
        let beside: Vec<_> = kinds.by_ref().take(2).collect();
        let others = kinds.map(|kind| view! { <li>{link(kind, "")}</li> }).collect::<Vec<_>>();
        view! {
            <span class="row-acts">
                {beside.into_iter().rev().map(|kind| link(kind, "button")).collect_view()}
                {first.map(|kind| link(kind, main))}
                {(!others.is_empty()).then(|| view! {
                    <details class="menu">
                        <summary class="button"><Icon name="more" /><span>{other(desk.lang())}</span></summary>
                        <ul>{others}</ul>
                    </details>
                })}
            </span>
        }
    }
}

/// The household a person lives in.
pub fn home_of(desk: Desk, person: RecordId) -> Option<RecordId> {
    let pack = desk.pack();
    let field = &pack.screens.doors.as_ref()?.person_household;
    desk.read(|book| book.get(person)?.value(field).as_ref().and_then(Value::as_str)?.parse().ok())
}
