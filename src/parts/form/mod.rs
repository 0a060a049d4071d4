//! A record's form, drawn from its kind: the pack says what is asked, this says how each type of answer is given.

mod alike;
mod ask;
mod asked;
mod choice;
mod field;
mod files;
mod list;
mod location;
mod long;
mod many;
mod moment;
pub mod money;
mod phrases;
mod picker;
mod repeat;
mod signature;
pub use alike::Alike;
pub use location::position;
pub use repeat::RowView;
pub use signature::SignatureView;
mod state;

use leptos::prelude::*;
use records::{Field, FieldType, Lang};

pub use asked::{Asked, Choices, Question};
use field::FieldView;
pub use state::FormState;

use crate::texts;

texts! {
    others: "其他可以填的", "More to fill in";
    record: "选一条记录", "a record";
    resident_id: "身份证号码", "an ID number";
    location_name: "位置", "a place";
    trace: "路线", "a route";
    signature_name: "签名", "a signature";
    group: "一组题", "a group of questions";
    moment_name: "日期和时间", "a date and a time";
    files_name: "文件", "files";
    worked_out: "自动", "worked out";
}

/// What people call a way of answering that the workshop does not offer.
pub fn other_name(r#type: &FieldType, lang: Lang) -> &'static str {
    match r#type {
        FieldType::Record(_) | FieldType::Records(_) => record(lang),
        FieldType::ResidentId => resident_id(lang),
        FieldType::Location => location_name(lang),
        FieldType::Trace(_) => trace(lang),
        FieldType::Signature => signature_name(lang),
        FieldType::Repeat(_) => group(lang),
        FieldType::DateTime => moment_name(lang),
        FieldType::Files => files_name(lang),
        _ => worked_out(lang),
    }
}

/// The questions of a form, in the pack's order: all, or those put first with the others folded away or left out.
#[component]
pub fn FormView(
    /// The form.
    form: FormState,
    /// Whether the others are there when some are put first.
    #[prop(optional)]
    rest: bool,
) -> impl IntoView {
    let desk = form.desk();
    // Tracked: forms that change while this one is open show their new questions in it, and what is half-written stays.
    let fields = Memo::new(move |_| {
        let fields = form.kind().map(|kind| kind.fields).unwrap_or_default();
        fields.into_iter().filter(|f| !matches!(f.r#type, FieldType::Calculate)).collect::<Vec<_>>()
    });
    let first = form.first();
    let part = move |is_put: bool| {
        let is_first = |field: &Field| first.is_empty() || first.contains(&field.name);
        fields.get().into_iter().filter(|field| is_first(field) == is_put).collect::<Vec<_>>()
    };
    let part = StoredValue::new(part);
    let has_others = Memo::new(move |_| part.with_value(|part| !part(false).is_empty()));
    // A question is drawn anew only when the pack says something else of it.
    let questions = move |is_put: bool| {
        let each = move || part.with_value(|part| part(is_put));
        view! {
            <For each key=|field| serde_json::to_string(field).unwrap_or_default() let:field>
                <FieldView form field />
            </For>
        }
    };
    view! {
        {questions(true)}
        <Show when=move || rest && has_others.get()>
            <details class="folded others">
                <summary>{move || self::others(desk.lang())}</summary>
                <div class="form">{questions(false)}</div>
            </details>
        </Show>
    }
}
