//! A round as it is walked, `/walk/:kind`: set out, pass points, find something, come home. Large, one thing at a time; what was
//! done so far is kept as a draft, so the screen may go off and the battery may end.

use super::{
    new::{General, save_and_go},
    notice::NotFound,
};
use crate::{
    desk::{Desk, use_desk},
    parts::{
        form::{FormState, FormView, RowView, position},
        icon::Icon,
        scan::Scan,
        stamp::Stamps,
    },
    platform, texts,
    view::walk::{is_begun, minutes, placed, stepped, without},
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};
use records::{
    Fields, Kind, Lang, Value,
    pack::{Choice, Walk},
};
use wasm_bindgen_futures::spawn_local;

texts! {
    begin: "出发", "Set out";
    under_way: "进行中", "Under way";
    points: "点位，到了按一下", "Points: tap when you are there";
    scan: "扫码到点", "Scan a point's code";
    find: "发现情况", "Found something";
    found_title: "发现的情况", "What was found";
    noted: "完成", "That is it";
    unsaid: "还没选情况类型", "Not said what it is yet";
    drop_it: "取消", "Leave it";
    finish: "结束", "Finish";
    sum_up: "核对无误后保存", "Look it over, then save";
    save: "保存", "Save";
    go_on: "继续巡逻", "Not done yet";
    abandon: "删除这次巡逻", "Throw this round away";
    with_place: "巡逻到点时记录位置（默认不记录）", "Take down positions at the points of a round (off by default)";
    passed: "到过", "passed";
    busy: "正在保存…", "Saving…";
}

/// The key its draft is kept under.
pub fn draft_key(kind: &str) -> String {
    format!("walk/{kind}")
}

/// Whether positions are taken down at points, for the settings; nothing for posts that walk no round.
#[component]
pub fn PlacesSwitch() -> impl IntoView {
    let desk = use_desk();
    view! {
        <Show when=move || desk.walks()>
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || desk.takes_places()
                    on:change=move |event| desk.take_places(event_target_checked(&event))
                />
                <span>{move || with_place(desk.lang())}</span>
            </label>
        </Show>
    }
}

/// The page.
#[component]
pub fn WalkPage() -> impl IntoView {
    let desk = use_desk();
    let params = use_params_map();
    move || {
        let name = params.read().get("kind").unwrap_or_default();
        let kind = untrack(|| desk.pack()).kind(&name).cloned();
        match kind.and_then(|kind| Some((kind.walk.clone()?, kind))) {
            Some((walk, kind)) => view! { <Round kind walk /> }.into_any(),
            None => view! { <NotFound /> }.into_any(),
        }
    }
}

/// One round: the form behind it, and which of its screens is due.
#[component]
fn Round(kind: Kind, walk: Walk) -> impl IntoView {
    let desk = use_desk();
    let key = draft_key(&kind.name);
    let kept = untrack(|| desk.drafts()).into_iter().find(|head| head.key == key).map(|head| head.draft);
    let is_fresh = kept.is_none();
    let draft = kept.unwrap_or_else(|| untrack(|| desk.new_draft(&kind.name, first_answers(desk, &kind, &walk))));
    let form = FormState::new(key, draft, is_fresh).asking(walk.ask.clone(), None);
    let label = kind.label.clone();
    let begun = {
        let walk = walk.clone();
        Memo::new(move |_| form.with_answers(|answers| is_begun(&walk, answers)))
    };
    let is_ending = RwSignal::new(false);
    let walk = StoredValue::new(walk);
    let kind = StoredValue::new(kind);
    view! {
        <div class="page form-page walk">
            <div class="page-head"><h1>{move || label.get(desk.lang()).to_owned()}</h1></div>
            {move || match (begun.get(), is_ending.get()) {
                (false, _) => view! { <SetOut form walk=walk.get_value() /> }.into_any(),
                (true, false) => {
                    view! { <UnderWay form kind=kind.get_value() walk=walk.get_value() is_ending /> }.into_any()
                }
                (true, true) => view! { <Home form walk=walk.get_value() is_ending /> }.into_any(),
            }}
        </div>
    }
    .into_any()
}

/// What is asked before setting out begins as it was the last time the account walked.
fn first_answers(desk: Desk, kind: &Kind, walk: &Walk) -> Fields {
    let me = desk.me().map(|me| me.account).unwrap_or_default();
    let last = desk.read(|book| {
        let own = book.of_kind(&kind.name).filter(|record| !record.is_void() && *record.by == *me);
        own.max_by_key(|record| record.id).map(sync::Record::values)
    });
    let last = last.unwrap_or_default();
    walk.ask.iter().filter_map(|name| Some((name.clone(), last.get(name)?.clone()))).collect()
}

#[component]
fn SetOut(form: FormState, walk: Walk) -> impl IntoView {
    let desk = form.desk();
    let set_out = move |_| {
        let now = platform::moment(platform::now());
        if let Some(trace) = &walk.trace {
            form.set(trace, stepped(&Value::Null, &now, None, None));
        }
        // The points of a round that is repeated are not passed yet.
        form.set(&walk.points, Value::Null);
        form.set(&walk.start, now.get(11..16).unwrap_or_default().into());
    };
    view! {
        <form class="form" on:submit=|event| event.prevent_default()>
            <FormView form />
            <button type="button" class="button main huge" on:click=set_out>
                <Icon name="forward" /><span>{move || begin(desk.lang())}</span>
            </button>
        </form>
    }
}

#[component]
fn UnderWay(form: FormState, kind: Kind, walk: Walk, is_ending: RwSignal<bool>) -> impl IntoView {
    let desk = form.desk();
    let now = RwSignal::new(platform::now());
    let ticking = gloo::timers::callback::Interval::new(10_000, move || _ = now.try_set(platform::now()));
    let ticking = StoredValue::new_local(Some(ticking));
    on_cleanup(move || drop(ticking.try_update_value(Option::take)));
    let began = began(form, &kind, &walk);
    let elapsed = move || minutes(began, now.get());
    let stops = walk.stops(&untrack(|| desk.pack()), &kind).to_vec();
    let (is_scanning, writing) = (RwSignal::new(false), RwSignal::new(None::<usize>));
    let (points_field, trace_field) = (StoredValue::new(walk.points.clone()), StoredValue::new(walk.trace.clone()));
    let passed_points = Memo::new(move |_| members(&form.answer(&points_field.get_value())));
    let pass = move |name: &str| {
        let mut passed = members(&untrack(|| form.answer(&points_field.get_value())));
        if passed.iter().any(|other| other == name) {
            return;
        }
        passed.push(name.to_owned());
        form.set(&points_field.get_value(), Value::from(passed));
        let Some(trace) = trace_field.get_value() else { return };
        let at = platform::moment(platform::now());
        form.set(&trace, stepped(&untrack(|| form.answer(&trace)), &at, Some(name), None));
        if untrack(|| desk.takes_places()) {
            position(move |found| {
                if let (Some(found), true) = (found, form.is_here()) {
                    form.set(&trace, placed(&untrack(|| form.answer(&trace)), &at, &found));
                }
            });
        }
    };
    let take_back = move |name: &str| {
        let mut passed = members(&untrack(|| form.answer(&points_field.get_value())));
        passed.retain(|other| other != name);
        form.set(&points_field.get_value(), if passed.is_empty() { Value::Null } else { Value::from(passed) });
        if let Some(trace) = trace_field.get_value() {
            form.set(&trace, without(&untrack(|| form.answer(&trace)), name));
        }
    };
    let known = StoredValue::new(stops.clone());
    let scanned = move |code: &str| match Walk::point(code)
        .filter(|name| known.with_value(|all| all.iter().any(|stop| stop.name == *name)))
    {
        Some(name) => {
            pass(name);
            true
        }
        None => false,
    };
    let button = move |Choice { name, label, .. }: Choice| {
        let (of_state, of_tap) = (name.clone(), name);
        let is_passed = Memo::new(move |_| passed_points.with(|all| all.contains(&of_state)));
        let tap = move |_| if is_passed.get_untracked() { take_back(&of_tap) } else { pass(&of_tap) };
        view! {
            <li>
                <button type="button" class="button point" aria-pressed=move || is_passed.get().to_string() on:click=tap>
                    <span>{move || label.get(desk.lang()).to_owned()}</span>
                    <span class="tick">{move || if is_passed.get() { format!("✓ {}", passed(desk.lang())) } else { "○".into() }}</span>
                </button>
            </li>
        }
    };
    view! {
        <p class="elapsed" role="timer">{move || elapsed_words(elapsed(), desk.lang())}</p>
        <section aria-labelledby="points">
            <div class="points-head">
                <h2 class="section-title" id="points">{move || points(desk.lang())}</h2>
                <button type="button" class="button" on:click=move |_| is_scanning.set(true)>
                    <Icon name="camera" /><span>{move || scan(desk.lang())}</span>
                </button>
            </div>
            <ul class="points">{stops.into_iter().map(button).collect_view()}</ul>
        </section>
        {walk.found.clone().map(|found| view! { <Found form found writing /> })}
        <div class="walk-bar">
            {walk.found.map(|found| view! { <FindButton form found writing /> })}
            <button type="button" class="button main" on:click=move |_| is_ending.set(true)>
                <Icon name="check" /><span>{move || finish(desk.lang())}</span>
            </button>
        </div>
        <Scan open=is_scanning found=scanned />
    }
}

/// One thing found more, always at the thumb.
#[component]
fn FindButton(form: FormState, found: String, writing: RwSignal<Option<usize>>) -> impl IntoView {
    let desk = form.desk();
    let add = move |_| {
        form.add_row(&found);
        let rows = untrack(|| form.question(&found)).map_or(0, |question| question.rows.len());
        writing.set(rows.checked_sub(1));
        show(FOUND);
    };
    view! {
        <button type="button" class="button" on:click=add>
            <Icon name="alert" /><span>{move || find(desk.lang())}</span>
        </button>
    }
}

/// The id of what is being written about a finding.
const FOUND: &str = "finding";

/// Brings a part of the page into view, once it stands.
fn show(id: &'static str) {
    spawn_local(async move {
        platform::sleep(0).await;
        if let Some(part) = gloo::utils::document().get_element_by_id(id) {
            part.scroll_into_view();
        }
    });
}

/// What was found so far, and what is being written about one.
#[component]
fn Found(form: FormState, found: String, writing: RwSignal<Option<usize>>) -> impl IntoView {
    let desk = form.desk();
    let found = StoredValue::new(found);
    let rows = Memo::new(move |_| form.question(&found.get_value()).map_or(0, |question| question.rows.len()));
    let leave = move |row: usize| {
        writing.set(None);
        form.take_row(&found.get_value(), row);
    };
    let said = move || {
        let at = writing.get();
        (0..rows.get()).filter(|row| Some(*row) != at).map(|row| {
            view! {
                <li>
                    <button type="button" class="row" on:click=move |_| writing.set(Some(row))>
                        <Icon name="alert" /><span class="row-title">{move || match form.row_words(&found.get_value(), row) {
                            text if text.is_empty() => unsaid(desk.lang()).to_owned(),
                            text => text,
                        }}</span>
                    </button>
                </li>
            }
        }).collect_view()
    };
    view! {
        <section aria-labelledby="found">
            <h2 class="visually-hidden" id="found">{move || found_title(desk.lang())}</h2>
            <ul class="rows">{said}</ul>
            {move || writing.get().map(|row| {
                view! {
                    <div class="card form" id=FOUND>
                        <RowView form repeat=found.get_value() row />
                        <p class="row-acts">
                            <button type="button" class="button quiet" on:click=move |_| leave(row)>{move || drop_it(desk.lang())}</button>
                            <button type="button" class="button solid" on:click=move |_| writing.set(None)>{move || noted(desk.lang())}</button>
                        </p>
                    </div>
                }
            })}
        </section>
    }
}

/// The end: what was done, once more, and the red button.
#[component]
fn Home(form: FormState, walk: Walk, is_ending: RwSignal<bool>) -> impl IntoView {
    let desk = form.desk();
    let (stamps, navigate) = (expect_context::<Stamps>(), use_navigate());
    if let Some(kind) = form.kind() {
        let spent = minutes(began(form, &kind, &walk), platform::now());
        form.set(&walk.minutes, spent.into());
    }
    let mut asked = walk.ask.clone();
    asked.extend([walk.minutes.clone(), walk.points.clone()]);
    asked.extend(walk.found.clone());
    // All that is not worked out by walking may be put right here.
    let form = form.asking(asked, None);
    let is_busy = RwSignal::new(false);
    let keep = {
        let navigate = navigate.clone();
        move |_| {
            let navigate = navigate.clone();
            save_and_go(form, is_busy, stamps, move || {
                navigate("/", NavigateOptions { replace: true, ..Default::default() });
            });
        }
    };
    let throw = move |_| {
        // Kept for a day, on this device, as everything that is thrown away.
        form.throw_away();
        navigate("/", NavigateOptions { replace: true, ..Default::default() });
    };
    view! {
        <form class="form" on:submit=|event| event.prevent_default()>
            <p class="lead">{move || sum_up(desk.lang())}</p>
            <FormView form rest=true />
            <General form />
            <button type="button" class="button main huge" disabled=move || is_busy.get() on:click=keep>
                {move || if is_busy.get() { busy(desk.lang()) } else { save(desk.lang()) }}
            </button>
            <button type="button" class="button huge" on:click=move |_| is_ending.set(false)>{move || go_on(desk.lang())}</button>
            <button type="button" class="button quiet" on:click=throw>{move || abandon(desk.lang())}</button>
        </form>
    }
}

/// When it was begun, milliseconds since 1970 UTC: the form's own day and time of setting out.
fn began(form: FormState, kind: &Kind, walk: &Walk) -> u64 {
    let text = |name: &str| untrack(|| form.answer(name)).as_str().unwrap_or_default().to_owned();
    let day = kind.date.as_deref().map(text).unwrap_or_default();
    platform::millis_of(&format!("{day}T{}", text(&walk.start))).unwrap_or_else(platform::now)
}

fn members(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn elapsed_words(minutes: i64, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}  {minutes} 分钟", under_way(lang)),
        Lang::En => format!("{}: {minutes} min", under_way(lang)),
    }
}
