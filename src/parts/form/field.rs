//! One question: label, the control for its type, hint, problem.

use leptos::{ev, html, prelude::*};
use records::{Field, FieldType, Value, words};
use wasm_bindgen::JsCast;

use super::{
    ask::Ask, choice, files::FilesBox, location::Location, many::Many, moment::MomentBox, money, phrases::Phrases,
    picker::Picker, repeat::RepeatView, signature::SignaturePad, state::FormState,
};
use crate::{
    parts::trace::TraceView,
    platform, texts,
    view::{act::holds_account, plain::plain},
};

texts! {
    required: "必填", "required";
    today: "今天", "Today";
    yesterday: "昨天", "Yesterday";
    yes: "是", "Yes";
    no: "否", "No";
    yuan: "元", "yuan";
    disused: "这一题已经不问了，填过的会留着。", "No longer asked; what is filled in stays.";
}

/// A question of the record.
#[component]
pub fn FieldView(
    /// The form.
    form: FormState,
    /// The pack's field.
    field: Field,
) -> impl IntoView {
    view! { <AskView ask=Ask::new(form, None, field) /> }
}

/// A question anywhere.
#[component]
pub fn AskView(
    /// Which.
    ask: Ask,
) -> AnyView {
    let desk = ask.form.desk();
    let asked = Memo::new(move |_| ask.question().map(|q| (q.relevant, q.required, q.read_only)).unwrap_or_default());
    let field = ask.field.get_value();
    let (label, hint) = (field.label.clone(), field.hint.clone());
    let (id, note_id) = (ask.id(), format!("{}-note", ask.id()));
    let is_group = matches!(
        field.r#type,
        FieldType::SelectOne(_)
            | FieldType::SelectMultiple(_)
            | FieldType::YesNo
            | FieldType::Signature
            | FieldType::Trace(_)
            | FieldType::Photos
            | FieldType::Files
            | FieldType::Repeat(_)
    ) && !field.appearance.contains("minimal");
    let head = {
        let label = label.clone();
        move || {
            view! {
                {label.get(desk.lang()).to_owned()}
                {asked.get().1.then(|| view! { " " <small class="must">{required(desk.lang())}</small> })}
            }
        }
    };
    let (name, field_type) = (field.name.clone(), field.r#type.clone());
    let is_disused = field.disused;
    let problem = Memo::new(move |_| ask.problem());
    let note = move || {
        let problem = problem.get().map(|p| p.message.get(desk.lang()).to_owned());
        let hint = hint.as_ref().map(|h| h.get(desk.lang()).to_owned());
        view! {
            <p class="field-note" id=note_id.clone()>
                {problem.map(|text| view! { <span class="problem" role="alert">{text}</span> })}
                {hint.map(|text| view! { <span class="hint">{text}</span> })}
                {is_disused.then(|| view! { <span class="hint">{disused(desk.lang())}</span> })}
            </p>
        }
    };
    // Of its own, so that the box is not made anew when only the mark "required" comes or goes.
    // A question that is put by name may be answered, though the whole form only shows it.
    let is_put = ask.row.is_none() && ask.form.puts(&field.name);
    let settled = Memo::new(move |_| asked.get().2 && !is_put);
    let body = move || {
        if settled.get() {
            let shown = move || {
                let name_of = |id| Some(desk.title_of(id)).filter(|t| !t.is_empty());
                let pack = ask.form.pack();
                let said = ask.field.with_value(|f| words::read(&pack, f, &ask.value(), desk.lang(), &name_of));
                if ask.field.with_value(holds_account) { desk.name_of(&said) } else { said }
            };
            return view! { <output class="shown" id=ask.id()>{shown}</output> }.into_any();
        }
        control(ask)
    };
    let leave = move |event: ev::FocusEvent| {
        // From one part of the question to another, such as the list it opens, is not leaving it.
        let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Node>().ok());
        let here = event.current_target().and_then(|here| here.dyn_into::<web_sys::Node>().ok());
        let stays = here.is_some_and(|here| to.is_some_and(|to| here.contains(Some(&to))));
        if ask.row.is_none() && !stays {
            ask.form.leave(&name);
        }
    };
    let inner = StoredValue::new((head, body, note, leave, label, id));
    // What one can't answer and nothing has answered is not asked.
    let is_bare = !matches!(field_type, FieldType::Note);
    let is_taken = ask.field.with_value(|field| matches!(field.r#type, FieldType::Trace(_)));
    let show = Memo::new(move |_| asked.get().0 && !(is_bare && (settled.get() || is_taken) && ask.value().is_null()));
    view! {
        <Show when=move || show.get()>
            {move || {
                let (head, body, note, leave, _label, id) = inner.get_value();
                if is_group {
                    view! {
                        <fieldset class="field" on:focusout=leave aria-describedby=format!("{id}-note")>
                            <legend>{head}</legend>
                            {body}
                            {note}
                        </fieldset>
                    }
                    .into_any()
                } else {
                    view! {
                        <div class="field" on:focusout=leave>
                            <label for=id>{head}</label>
                            {body}
                            {note}
                        </div>
                    }
                    .into_any()
                }
            }}
        </Show>
    }
    .into_any()
}

/// The control for a field's type.
fn control(ask: Ask) -> AnyView {
    let field = ask.field.get_value();
    let multiline = field.appears("multiline") || field.appears("long");
    match &field.r#type {
        FieldType::Text if holds_account(&field) && has_colleagues(ask) => choice::colleague(ask),
        FieldType::Text if multiline => view! { <Area ask /> }.into_any(),
        FieldType::Text => line(ask, "text", "text", text_in, text_out),
        FieldType::Phone => line(ask, "tel", "tel", |t| text_in(plain(&t)), text_out),
        FieldType::ResidentId => line(ask, "text", "text", |t| upper(&t), text_out),
        FieldType::Integer => line(ask, "text", "numeric", integer_in, text_out),
        FieldType::Money => {
            let desk = ask.form.desk();
            let out =
                |v: &Value| v.as_i64().map(money::typed).or_else(|| v.as_str().map(Into::into)).unwrap_or_default();
            let amount = |t: String| money::fen(&t).map_or_else(|| text_in(t), Value::from);
            view! { <span class="money">{line(ask, "text", "decimal", amount, out)} <span>{move || yuan(desk.lang())}</span></span> }
                .into_any()
        }
        FieldType::Date => view! { <Day ask /> }.into_any(),
        FieldType::SelectOne(_) if field.appearance.contains("minimal") => choice::drop_down(ask),
        FieldType::SelectOne(_) => choice::chips(ask, false),
        FieldType::SelectMultiple(_) => choice::chips(ask, true),
        FieldType::YesNo => choice::yes_no(ask),
        FieldType::Record(kind) => view! { <Picker ask kind=kind.clone() /> }.into_any(),
        FieldType::Signature => view! { <SignaturePad ask /> }.into_any(),
        FieldType::Photos | FieldType::Files => view! { <FilesBox ask /> }.into_any(),
        FieldType::Repeat(_) => view! { <RepeatView form=ask.form repeat=field.name.clone() /> }.into_any(),
        FieldType::Records(kind) => view! { <Many ask kind=kind.clone() /> }.into_any(),
        FieldType::Location => view! { <Location ask /> }.into_any(),
        FieldType::DateTime => view! { <MomentBox ask /> }.into_any(),
        FieldType::Trace(list) => {
            let list = list.clone();
            let shown = move || view! { <TraceView value=ask.value() list=list.clone() /> };
            view! { <div id=ask.id()>{shown}</div> }.into_any()
        }
        FieldType::Calculate | FieldType::Note => ().into_any(),
    }
}

/// Whether the tablet knows who has accounts; a volunteer's does not.
fn has_colleagues(ask: Ask) -> bool {
    untrack(|| ask.form.desk().me()).is_some_and(|me| !me.colleagues.is_empty())
}

fn text_in(text: String) -> Value {
    if text.is_empty() { Value::Null } else { Value::from(text) }
}

fn upper(text: &str) -> Value {
    text_in(plain(text).replace(' ', "").to_uppercase())
}

fn integer_in(text: String) -> Value {
    plain(&text).parse::<i64>().map_or_else(|_| text_in(text.clone()), Value::from)
}

fn text_out(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A one-line input. The value is written into it only while nobody types there: an input method is never disturbed.
fn line(
    ask: Ask,
    kind: &'static str,
    mode: &'static str,
    read: impl Fn(String) -> Value + Send + Sync + 'static,
    show: impl Fn(&Value) -> String + Send + Sync + 'static,
) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    Effect::new(move || {
        let text = show(&ask.value());
        if let Some(input) = input.get().filter(|i| !is_focused(i) && i.value() != text) {
            input.set_value(&text);
        }
    });
    let control = view! {
        <input
            node_ref=input
            id=ask.id()
            type=kind
            inputmode=mode
            autocomplete="off"
            aria-describedby=format!("{}-note", ask.id())
            aria-invalid=move || ask.is_wrong()
            on:input=move |event| ask.set(read(event_target_value(&event)))
        />
    };
    match cover(ask) {
        Some(covered) => {
            // Uncovered by touching it, and from then on: whoever mends a number must see it whole.
            let touched = RwSignal::new(false);
            view! {
                <span class="cover" class:open=move || touched.get() on:focusin=move |_| touched.set(true)>
                    {control}
                    <span class="cover-shown" aria-hidden="true">{covered}</span>
                </span>
            }
            .into_any()
        }
        None => control.into_any(),
    }
}

/// How a private value of a record that stands already is drawn over its box; none where there is nothing to cover.
fn cover(ask: Ask) -> Option<String> {
    let desk = ask.form.desk();
    let field = ask.field.get_value();
    let value = untrack(|| ask.value());
    let is_kept = words::is_masked(&field) && ask.form.began_with(&field.name) == value && !value.is_null();
    is_kept
        .then(|| words::read_masked(&untrack(|| ask.form.pack()), &field, &value, untrack(|| desk.lang()), &|_| None))
}

/// Several lines.
#[component]
fn Area(ask: Ask) -> impl IntoView {
    let area = NodeRef::<html::Textarea>::new();
    Effect::new(move || {
        let text = text_out(&ask.value());
        if let Some(area) = area.get().filter(|a| !is_focused(a) && a.value() != text) {
            area.set_value(&text);
        }
    });
    view! {
        <textarea
            node_ref=area
            id=ask.id()
            rows="4"
            aria-describedby=format!("{}-note", ask.id())
            aria-invalid=move || ask.is_wrong()
            on:input=move |event| ask.set(text_in(event_target_value(&event)))
        ></textarea>
        <Phrases ask />
    }
}

/// A date, with the two days that are nearly always meant.
#[component]
fn Day(ask: Ask) -> impl IntoView {
    let desk = ask.form.desk();
    let input = NodeRef::<html::Input>::new();
    Effect::new(move || {
        let text = text_out(&ask.value());
        if let Some(input) = input.get().filter(|i| i.value() != text) {
            input.set_value(&text);
        }
    });
    let pick = move |days: i64| {
        let day = platform::today().saturating_sub(jiff::Span::new().days(days));
        ask.set(Value::from(day.to_string()));
    };
    view! {
        <span class="day">
            <input
                node_ref=input
                id=ask.id()
                type="date"
                aria-describedby=format!("{}-note", ask.id())
                aria-invalid=move || ask.is_wrong()
                on:change=move |event| ask.set(text_in(event_target_value(&event)))
            />
            <button type="button" class="button quiet" on:click=move |_| pick(0)>{move || today(desk.lang())}</button>
            <button type="button" class="button quiet" on:click=move |_| pick(1)>{move || yesterday(desk.lang())}</button>
        </span>
    }
}

fn is_focused(element: &web_sys::Element) -> bool {
    gloo::utils::document().active_element().is_some_and(|active| active.unchecked_ref::<web_sys::Element>() == element)
}
