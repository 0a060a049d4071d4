//! A new record, and the frame that every form stands in.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map, use_query_map},
    params::ParamsMap,
};
use records::{Fields, Kind, RecordId, Text, Value, pack::Nature};
use sync::Draft;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

use crate::{
    desk::{Desk, use_desk},
    pages::notice::NotFound,
    parts::{
        form::{Alike, FormState, FormView},
        icon::Icon,
        stamp::Stamps,
    },
    platform, texts,
    view::{act, again::begun},
};

texts! {
    save: "保存", "Save";
    saving: "正在保存…", "Saving…";
    saved: "已存", "Saved";
    back: "返回", "Back";
    kept: "已恢复上次没写完的内容。", "What you had half-written is back.";
    anew: "重新开始", "Start again";
    begun_anew: "已重新开始", "Begun again";
    why: "为什么更正", "Why it is corrected";
    why_hint: "已经记下的事，改的时候写一句原因。", "A word on why what was recorded changes.";
    must: "必填", "required";
}

/// Which questions a form puts first, where it does not put all of them.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Fields by name.
    pub fields: Vec<String>,
    /// Whether the others are there too, folded away.
    pub rest: bool,
    /// A field that takes the moment of saving.
    pub stamp: Option<String>,
    /// What is done, where the kind's name does not say it.
    pub title: Option<Text>,
}

/// The page `/new/:kind`. Its query may hold first values by field, `again` the record it repeats, or `from` and `action`
/// the record and the action that make it.
#[component]
pub fn New() -> impl IntoView {
    let desk = use_desk();
    let (params, query) = (use_params_map(), use_query_map());
    move || {
        let kind = params.read().get("kind").unwrap_or_default();
        let known = untrack(|| desk.pack()).kind(&kind).cloned();
        let Some(known) = known else { return view! { <NotFound /> }.into_any() };
        // Untracked, as all here but the address: what sync brings must not make the form anew.
        let begin = Begin::read(&query.read(), &known);
        let (fields, asked) = untrack(|| begin.fields(desk, &known));
        let links: Vec<RecordId> = fields.values().filter_map(|v| v.as_str()?.parse().ok()).collect();
        let key = match begin.subject().or(links.last().copied()) {
            Some(subject) => format!("new/{kind}/{subject}"),
            None => format!("new/{kind}"),
        };
        let (about, subject_page) = untrack(|| {
            let titles = links.iter().map(|id| desk.title_of(*id)).filter(|t| !t.is_empty());
            let page = begin.subject().or(links.last().copied()).and_then(|id| page_of(desk, id));
            (titles.collect::<Vec<_>>().join(" · "), page.unwrap_or_else(|| "/".into()))
        });
        let fresh = desk.new_draft(&kind, fields);
        view! { <FormPage draft_key=key fresh about fallback=subject_page asked=asked.unwrap_or_default() /> }
            .into_any()
    }
}

/// What the address says a new record begins with.
struct Begin {
    /// Values by field.
    given: Fields,
    /// The record that is repeated.
    again: Option<RecordId>,
    /// The record it is made of, and by which action.
    from: Option<(RecordId, String)>,
}

impl Begin {
    fn read(query: &ParamsMap, kind: &Kind) -> Self {
        let id = |name: &str| query.get(name).and_then(|id| id.parse().ok());
        let given = kind.fields.iter().filter_map(|field| {
            let value = Value::from(query.get(&field.name)?);
            // A set is given its first member.
            let value = if field.r#type.is_set() { Value::Array(vec![value]) } else { value };
            Some((field.name.clone(), value))
        });
        Self { given: given.collect(), again: id("again"), from: id("from").zip(query.get("action")) }
    }

    /// The record the form is about, when it is not among its answers.
    fn subject(&self) -> Option<RecordId> {
        self.again.or(self.from.as_ref().map(|(id, _)| *id))
    }

    fn fields(&self, desk: Desk, kind: &Kind) -> (Fields, Option<Asked>) {
        let pack = desk.pack();
        let mut fields = Fields::new();
        let mut asked = None;
        if let Some((id, name)) = &self.from
            && let Some((from, there)) = desk.read(|book| book.record(*id))
            && let Some(from) = pack.kind(&from)
            && let Some(action) = from.actions.iter().find(|action| action.name == *name)
        {
            let at = platform::moment(platform::now());
            let made = desk.context(|context| act::made(&pack, (*id, from, &there), action, &at, context));
            fields.extend(made.unwrap_or_default());
            let (ask, stamp) = (action.ask.clone(), action.stamp.clone());
            asked = Some(Asked { fields: ask, rest: true, stamp, title: Some(action.label.clone()) });
        }
        if let (Some(id), Some(again)) = (self.again, &kind.again)
            && let Some((_, last)) = desk.read(|book| book.record(id))
        {
            fields.extend(desk.context(|context| begun(&pack, kind, again, &last, context)));
        }
        fields.extend(self.given.clone());
        (fields, asked)
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
    /// The questions to put first; all when it names none.
    #[prop(optional)]
    asked: Asked,
) -> impl IntoView {
    let desk = use_desk();
    let stamps = expect_context::<Stamps>();
    let is_act = asked.title.is_some();
    let target = StoredValue::new(
        use_query_map().read_untracked().get("back").filter(|b| b.starts_with('/')).unwrap_or(fallback),
    );
    let kept = untrack(|| desk.drafts()).into_iter().find(|head| head.key == draft_key).map(|head| head.draft);
    let (key, fresh) = (StoredValue::new(draft_key), StoredValue::new(fresh));
    // The draft in use, and whether it was taken up again. Set anew by "start again".
    let start = RwSignal::new((kept.clone().unwrap_or_else(|| fresh.get_value()), kept.is_some()));
    let pack = desk.pack();
    let kind = pack.kind(&fresh.with_value(|d| d.kind.clone())).cloned();
    let label = asked.title.clone().or(kind.as_ref().map(|k| k.label.clone())).unwrap_or_default();
    let asked = StoredValue::new(asked);
    // An action says itself why the record changes.
    let corrects = !is_act && kind.is_some_and(|k| k.nature == Nature::Fact) && fresh.with_value(|d| !d.was.is_empty());
    let title = move || match about.as_str() {
        "" => label.get(desk.lang()).to_owned(),
        about => format!("{} · {about}", label.get(desk.lang())),
    };
    let restart = move |_| {
        let Some(thrown) = desk.throw_draft(&key.get_value()) else { return };
        start.set((fresh.get_value(), false));
        let back = move || {
            if let Some(draft) = desk.fetch_back(&thrown) {
                start.try_set((draft, true));
            }
        };
        stamps.press_undoable(begun_anew(untrack(|| desk.lang())), back);
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
                let (fields, stamp) = asked.with_value(|asked| (asked.fields.clone(), asked.stamp.clone()));
                let form = FormState::new(key.get_value(), draft, is_fresh).asking(fields, stamp);
                view! {
                    <Show when=move || resumed>
                        <p class="note kept" role="status">
                            {move || self::kept(desk.lang())}
                            <button class="button quiet" on:click=restart>{move || anew(desk.lang())}</button>
                        </p>
                    </Show>
                    <FormBody form corrects target rest=asked.with_value(|asked| asked.rest) />
                }
            }}
        </div>
    }
    .into_any()
}

/// Saves a form, once however often it is asked: stamps and goes on, or shows the first question that stands in the way.
pub fn save_and_go(form: FormState, busy: RwSignal<bool>, stamps: Stamps, go: impl FnOnce() + 'static) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    spawn_local(async move {
        let answer = form.save().await;
        busy.try_set(false);
        match answer {
            Ok(_) => {
                stamps.press(saved(untrack(|| form.desk().lang())));
                go();
            }
            Err(Some(field)) => focus(&field),
            Err(None) => {}
        }
    });
}

/// What is wrong with the record as a whole.
#[component]
pub fn General(
    /// The form.
    form: FormState,
) -> impl IntoView {
    move || {
        let problems = form.general().into_iter();
        problems
            .map(|p| view! { <p class="problem" role="alert">{p.message.get(form.desk().lang()).to_owned()}</p> })
            .collect_view()
    }
}

#[component]
fn FormBody(form: FormState, corrects: bool, target: StoredValue<String>, rest: bool) -> impl IntoView {
    let desk = form.desk();
    let stamps = expect_context::<Stamps>();
    let navigate = use_navigate();
    let busy = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let navigate = navigate.clone();
        save_and_go(form, busy, stamps, move || {
            if let Some(target) = target.try_get_value() {
                navigate(&target, NavigateOptions { replace: true, ..Default::default() });
            }
        });
    };
    view! {
        <form class="form" on:submit=submit novalidate autocomplete="off">
            {corrects.then(|| view! {
                <div class="field">
                    <label for="why">{move || why(desk.lang())} <small class="must">{move || must(desk.lang())}</small></label>
                    <input
                        id="why"
                        prop:value=form.why()
                        aria-describedby="field-why-note"
                        aria-invalid=move || form.why_problem().is_some().then_some("true")
                        on:input=move |event| form.set_why(event_target_value(&event))
                    />
                    <p class="field-note" id="field-why-note">
                        {move || form.why_problem().map(|p| view! { <span class="problem" role="alert">{p.message.get(desk.lang()).to_owned()}</span> })}
                        <span class="hint">{move || why_hint(desk.lang())}</span>
                    </p>
                </div>
            })}
            <FormView form rest />
            <Alike form />
            <General form />
            <div class="form-bar">
                <button class="button main" type="submit" disabled=move || busy.get()>
                    {move || if busy.get() { saving(desk.lang()) } else { save(desk.lang()) }}
                </button>
            </div>
        </form>
    }
}

/// Puts the cursor where something is to be mended.
pub fn focus(field: &str) {
    let page = gloo::utils::document();
    let Some(place) = page.get_element_by_id(&format!("field-{field}-note")) else { return };
    let group = place.parent_element();
    // It may be folded away.
    if let Some(folded) = group.as_ref().and_then(|g| g.closest("details").ok().flatten()) {
        let _ = folded.set_attribute("open", "");
    }
    let inside = group.and_then(|g| g.query_selector("input, select, textarea, button").ok().flatten());
    if let Some(input) = inside {
        input.scroll_into_view();
        let _ = input.unchecked_ref::<web_sys::HtmlElement>().focus();
    }
}
