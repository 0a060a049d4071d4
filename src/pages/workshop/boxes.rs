//! The boxes that requests are filled in with: a text in both languages, a condition, a set of posts.

use leptos::prelude::*;
use records::{
    FieldType, Kind, Lang, Text,
    pack::{Choice, Pack, Wrong, workshop::conditions},
};

use super::{Wrongs, use_bench};
use crate::{desk::use_desk, texts};

texts! {
    english: "英文（不填就显示中文）", "In English (else the Chinese shows)";
    chinese: "中文", "In Chinese";
    pick: "请选择", "Choose";
    yes: "是", "Yes";
    no: "否", "No";
}

/// A text as it is typed, in both languages.
#[derive(Clone, Copy, Default)]
pub struct Typed {
    /// In Chinese.
    pub zh: RwSignal<String>,
    /// In English.
    pub en: RwSignal<String>,
}

impl Typed {
    /// A text to be changed.
    pub fn of(text: &Text) -> Self {
        // What only repeats the Chinese was never typed.
        let en = if text.en == text.zh { String::new() } else { text.en.clone() };
        Self { zh: RwSignal::new(text.zh.clone()), en: RwSignal::new(en) }
    }

    /// As it stands.
    pub fn text(&self) -> Text {
        Text::new(self.zh.get_untracked(), self.en.get_untracked())
    }

    /// Empties it.
    pub fn clear(&self) {
        self.zh.set(String::new());
        self.en.set(String::new());
    }
}

/// Boxes for a text in both languages.
#[component]
pub fn Both(
    /// What is typed.
    typed: Typed,
    /// The boxes' id in the page.
    id: &'static str,
    /// What is asked for.
    label: fn(Lang) -> &'static str,
    /// Several lines.
    #[prop(optional)]
    lines: bool,
    /// What is wrong with it.
    #[prop(into, optional)]
    wrong: Signal<Vec<Wrong>>,
) -> impl IntoView {
    let desk = use_desk();
    let (zh_id, en_id) = (format!("{id}-zh"), format!("{id}-en"));
    let input = move |id: String, text: RwSignal<String>| {
        match lines {
        true => view! { <textarea id=id rows="4" prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))></textarea> }.into_any(),
        false => view! { <input id=id type="text" autocomplete="off" maxlength="200" bind:value=text /> }.into_any(),
    }
    };
    view! {
        <div class="field">
            <div class="both">
                <div class="field">
                    <label for=zh_id.clone()>{move || label(desk.lang())} " " <small>{move || chinese(desk.lang())}</small></label>
                    {input(zh_id, typed.zh)}
                </div>
                <div class="field">
                    <label for=en_id.clone()><small>{move || english(desk.lang())}</small></label>
                    {input(en_id, typed.en)}
                </div>
            </div>
            <Wrongs all=wrong />
        </div>
    }
}

/// A question and the answer it must have.
#[derive(Clone, Copy, Default)]
pub struct Condition {
    /// The question.
    pub field: RwSignal<String>,
    /// The choice.
    pub value: RwSignal<String>,
}

impl Condition {
    /// As it stands; none while no question is chosen.
    pub fn asked(&self) -> Option<(String, String)> {
        let field = self.field.get_untracked();
        (!field.is_empty()).then(|| (field, self.value.get_untracked()))
    }
}

/// Boxes for a condition over a kind.
#[component]
pub fn ConditionBox(
    /// The condition.
    condition: Condition,
    /// The kind.
    #[prop(into)]
    kind: Signal<String>,
    /// The boxes' id in the page.
    #[prop(into)]
    id: String,
    /// What is asked for.
    label: fn(Lang) -> &'static str,
) -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let fields = move || {
        let pack = bench.pack();
        let lang = desk.lang();
        let of =
            |kind: &Kind| conditions(kind).map(|f| (f.name.clone(), f.label.get(lang).to_owned())).collect::<Vec<_>>();
        pack.kind(&kind.get()).map(of).unwrap_or_default()
    };
    let values = move || {
        let lang = desk.lang();
        answers(&bench.pack(), &kind.get(), &condition.field.get(), lang)
    };
    let set_field = move |name: String| {
        condition.field.set(name);
        condition.value.set(String::new());
    };
    view! {
        <div class="field">
            <label for=id.clone()>{move || label(desk.lang())}</label>
            <div class="pair">
                <Select id=id.clone() all=Signal::derive(fields) value=condition.field on_pick=Callback::new(set_field) />
                <Show when=move || !condition.field.with(String::is_empty)>
                    <Select
                        id=format!("{id}-is")
                        all=Signal::derive(values)
                        value=condition.value
                        on_pick=Callback::new(move |name| condition.value.set(name))
                        said=label
                    />
                </Show>
            </div>
        </div>
    }
}

/// What may be chosen as the answer of a question.
fn answers(pack: &Pack, kind: &str, field: &str, lang: Lang) -> Vec<(String, String)> {
    let Some(field) = pack.kind(kind).and_then(|kind| kind.field(field)) else { return Vec::new() };
    if field.r#type == FieldType::YesNo {
        return vec![("true".into(), yes(lang).into()), ("false".into(), no(lang).into())];
    }
    let named = |choice: &Choice| (choice.name.clone(), choice.label.get(lang).to_owned());
    let list = pack.list_of(field).and_then(|list| pack.choices.get(list));
    list.into_iter().flatten().map(named).collect()
}

/// A list to choose one of, by name and words.
#[component]
pub fn Select(
    /// Its id in the page.
    #[prop(into)]
    id: String,
    /// What there is.
    #[prop(into)]
    all: Signal<Vec<(String, String)>>,
    /// What is chosen.
    value: RwSignal<String>,
    /// Choosing.
    on_pick: Callback<String>,
    /// What it is, where no label stands beside it.
    #[prop(optional)]
    said: Option<fn(Lang) -> &'static str>,
) -> impl IntoView {
    let desk = use_desk();
    let option = move |(name, label): (String, String)| {
        let own = name.clone();
        view! { <option value=name selected=move || value.with(|value| *value == own)>{label}</option> }
    };
    view! {
        <select id=id aria-label=move || said.map(|said| said(desk.lang())) on:change=move |event| on_pick.run(event_target_value(&event))>
            <option value="" selected=move || value.with(String::is_empty)>{move || pick(desk.lang())}</option>
            {move || all.get().into_iter().map(option).collect_view()}
        </select>
    }
}

/// One of a few, as chips.
#[component]
pub fn Chips<T: Clone + PartialEq + Send + Sync + 'static>(
    /// Its name in the page.
    id: &'static str,
    /// What is asked for.
    label: fn(Lang) -> &'static str,
    /// What there is.
    all: Vec<(T, Text)>,
    /// What is chosen.
    value: RwSignal<T>,
) -> impl IntoView {
    let desk = use_desk();
    let chip = move |(one, text): (T, Text)| {
        let (own, set) = (one.clone(), one);
        view! {
            <label class="choice">
                <input type="radio" name=id prop:checked=move || value.with(|value| *value == own) on:change=move |_| value.set(set.clone()) />
                <span>{move || text.get(desk.lang()).to_owned()}</span>
            </label>
        }
    };
    view! {
        <fieldset class="field">
            <legend>{move || label(desk.lang())}</legend>
            <div class="choices" role="radiogroup" aria-label=move || label(desk.lang())>{all.into_iter().map(chip).collect_view()}</div>
        </fieldset>
    }
}

/// Some of the posts, as chips.
#[component]
pub fn Posts(
    /// What is asked for.
    label: fn(Lang) -> &'static str,
    /// Those chosen, by name.
    chosen: RwSignal<Vec<String>>,
    /// What there is, by name and words.
    #[prop(into)]
    all: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let desk = use_desk();
    let chip = move |(name, label): (String, String)| {
        let own = name.clone();
        let change = move |event| {
            let on = event_target_checked(&event);
            chosen.update(|all| {
                all.retain(|post| *post != name);
                if on {
                    all.push(name.clone());
                }
            });
        };
        view! {
            <label class="choice">
                <input type="checkbox" prop:checked=move || chosen.with(|all| all.contains(&own)) on:change=change />
                <span>{label}</span>
            </label>
        }
    };
    let chips = move || all.get().into_iter().map(chip).collect_view();
    view! {
        <fieldset class="field">
            <legend>{move || label(desk.lang())}</legend>
            <div class="choices" role="group" aria-label=move || label(desk.lang())>{chips}</div>
        </fieldset>
    }
}

/// A yes that is not a question of the form: a box with words.
#[component]
pub fn Check(
    /// Its words.
    label: fn(Lang) -> &'static str,
    /// Whether it is on.
    on: RwSignal<bool>,
) -> impl IntoView {
    let desk = use_desk();
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=move || on.get() on:change=move |event| on.set(event_target_checked(&event)) />
            <span>{move || label(desk.lang())}</span>
        </label>
    }
}
