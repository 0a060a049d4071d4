//! A new record, and the frame that every form stands in.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map, use_query_map},
};
use records::{Fields, RecordId, Value, pack::Nature};
use sync::Draft;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

use crate::{
    desk::{Desk, use_desk},
    pages::notice::NotFound,
    parts::{
        form::{FormState, FormView},
        icon::Icon,
        stamp::Stamps,
    },
    texts,
};

texts! {
    save: "保存", "Save";
    saving: "正在保存…", "Saving…";
    saved: "已存", "Saved";
    back: "返回", "Back";
    kept: "已恢复上次没写完的内容。", "What you had half-written is back.";
    anew: "重新开始", "Start again";
    why: "为什么更正", "Why it is corrected";
    why_hint: "已经记下的事，改的时候写一句原因。", "A word on why what was recorded changes.";
    must: "必填", "required";
}

/// The page `/new/:kind`.
#[component]
pub fn New() -> impl IntoView {
    let desk = use_desk();
    let (params, query) = (use_params_map(), use_query_map());
    move || {
        let kind = params.read().get("kind").unwrap_or_default();
        let known = untrack(|| desk.pack()).kind(&kind).cloned();
        let Some(known) = known else { return view! { <NotFound /> }.into_any() };
        let mut fields = Fields::new();
        for field in &known.fields {
            if let Some(value) = query.read().get(&field.name) {
                fields.insert(field.name.clone(), Value::from(value));
            }
        }
        let links: Vec<RecordId> = fields.values().filter_map(|v| v.as_str()?.parse().ok()).collect();
        let key = match links.last() {
            Some(subject) => format!("new/{kind}/{subject}"),
            None => format!("new/{kind}"),
        };
        // Untracked, as all here but the address: what sync brings must not make the form anew.
        let (about, subject_page) = untrack(|| {
            let titles = links.iter().map(|id| desk.title_of(*id)).filter(|t| !t.is_empty());
            let page = links.last().and_then(|id| page_of(desk, *id)).unwrap_or_else(|| "/".into());
            (titles.collect::<Vec<_>>().join(" · "), page)
        });
        let fresh = desk.new_draft(&kind, fields);
        view! { <FormPage draft_key=key fresh about fallback=subject_page /> }.into_any()
    }
}

/// The page of a record that has one of its own: a household, a person.
pub fn page_of(desk: Desk, id: RecordId) -> Option<String> {
    let kind = desk.read(|book| book.get(id).map(|r| r.kind.to_string()))?;
    let pack = desk.pack();
    let doors = pack.screens.doors.as_ref();
    Some(match doors {
        Some(d) if d.person == kind => format!("/person/{id}"),
        Some(d) if d.household == kind => format!("/household/{id}"),
        Some(d) if d.building == kind => format!("/doors/{id}"),
        _ => format!("/record/{id}"),
    })
}

/// A form with everything around it: title, restored draft, the bar with the one red button.
#[component]
pub fn FormPage(
    /// The key its draft is kept under.
    draft_key: String,
    /// The draft as it is without anything written.
    fresh: Draft,
    /// What it is about, for the title.
    about: String,
    /// Where to go after saving, when the address does not say.
    fallback: String,
    /// Reasons of the office, above the form.
    #[prop(optional)]
    reasons: Vec<records::Problem>,
) -> impl IntoView {
    let desk = use_desk();
    let target = StoredValue::new(
        use_query_map().read_untracked().get("back").filter(|b| b.starts_with('/')).unwrap_or(fallback),
    );
    let kept = untrack(|| desk.drafts()).into_iter().find(|head| head.key == draft_key).map(|head| head.draft);
    let (key, fresh) = (StoredValue::new(draft_key), StoredValue::new(fresh));
    // The draft in use, and whether it was taken up again. Set anew by "start again".
    let start = RwSignal::new((kept.clone().unwrap_or_else(|| fresh.get_value()), kept.is_some()));
    let pack = desk.pack();
    let kind = pack.kind(&fresh.with_value(|d| d.kind.clone())).cloned();
    let label = kind.as_ref().map(|k| k.label.clone()).unwrap_or_default();
    let corrects = kind.is_some_and(|k| k.nature == Nature::Fact) && fresh.with_value(|d| !d.was.is_empty());
    let title = move || match about.as_str() {
        "" => label.get(desk.lang()).to_owned(),
        about => format!("{} · {about}", label.get(desk.lang())),
    };
    let restart = move |_| {
        desk.drop_draft(&key.get_value());
        start.set((fresh.get_value(), false));
    };
    let reasons = reasons.into_iter().map(move |p| view! { <li>{move || p.message.get(desk.lang()).to_owned()}</li> });
    let reasons = reasons.collect_view();
    view! {
        <div class="page form-page">
            <div class="page-head">
                <h1>{title}</h1>
                <a class="button quiet" href=move || target.get_value()><Icon name="back" /><span>{move || back(desk.lang())}</span></a>
            </div>
            <ul class="reasons">{reasons}</ul>
            {move || {
                let (draft, resumed) = start.get();
                let is_fresh = !resumed && draft.was.is_empty() && draft.mends.is_none();
                let form = FormState::new(key.get_value(), draft, is_fresh);
                view! {
                    <Show when=move || resumed>
                        <p class="note kept" role="status">
                            {move || self::kept(desk.lang())}
                            <button class="button quiet" on:click=restart>{move || anew(desk.lang())}</button>
                        </p>
                    </Show>
                    <FormBody form corrects target />
                }
            }}
        </div>
    }
    .into_any()
}

#[component]
fn FormBody(form: FormState, corrects: bool, target: StoredValue<String>) -> impl IntoView {
    let desk = form.desk();
    let stamps = expect_context::<Stamps>();
    let navigate = use_navigate();
    let busy = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let answer = form.save().await;
            busy.try_set(false);
            match answer {
                Ok(_) => {
                    stamps.press(saved(untrack(|| desk.lang())));
                    if let Some(target) = target.try_get_value() {
                        navigate(&target, NavigateOptions { replace: true, ..Default::default() });
                    }
                }
                Err(Some(field)) => focus(&field),
                Err(None) => {}
            }
        });
    };
    let general = move || {
        let problems = form.general().into_iter();
        problems
            .map(|p| view! { <p class="problem" role="alert">{p.message.get(desk.lang()).to_owned()}</p> })
            .collect_view()
    };
    view! {
        <form class="form" on:submit=submit novalidate autocomplete="off">
            {corrects.then(|| view! {
                <div class="field">
                    <label for="why">{move || why(desk.lang())} <small class="must">{move || must(desk.lang())}</small></label>
                    <input id="why" prop:value=form.why() on:input=move |event| form.set_why(event_target_value(&event)) />
                    <p class="field-note"><span class="hint">{move || why_hint(desk.lang())}</span></p>
                </div>
            })}
            <FormView form />
            {general}
            <div class="form-bar">
                <button class="button main" type="submit" disabled=move || busy.get()>
                    {move || if busy.get() { saving(desk.lang()) } else { save(desk.lang()) }}
                </button>
            </div>
        </form>
    }
}

/// Puts the cursor where something is to be mended.
fn focus(field: &str) {
    let page = gloo::utils::document();
    let Some(place) = page.get_element_by_id(&format!("field-{field}-note")) else { return };
    let group = place.parent_element();
    let inside = group.and_then(|g| g.query_selector("input, select, textarea, button").ok().flatten());
    if let Some(input) = inside {
        input.scroll_into_view();
        let _ = input.unchecked_ref::<web_sys::HtmlElement>().focus();
    }
}
