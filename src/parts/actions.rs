//! Buttons for what can be done with a record: one that asks nothing saves at once, the others open their few questions.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{RecordId, pack::Action};
use sync::Draft;

use super::{icon::Icon, one_tap, stamp::Stamps};
use crate::{
    desk::{Desk, use_desk},
    platform, texts,
    view::act,
};

texts! {
    what_to_do: "办理", "What can be done";
}

/// The buttons; nothing where nothing can be done.
#[component]
pub fn Actions(
    /// The record.
    id: RecordId,
    /// Where the pages behind them come back to.
    #[prop(into)]
    back: String,
    /// Leaves out what makes another record: on a card only the steps of the record itself are wanted.
    #[prop(optional)]
    steps_only: bool,
) -> impl IntoView {
    let desk = use_desk();
    let stamps = expect_context::<Stamps>();
    let busy = RwSignal::new(false);
    let back = StoredValue::new(back);
    let offered = Memo::new(move |_| {
        let actions = offered(desk, id);
        actions.into_iter().filter(|action| !steps_only || action.makes.is_none()).collect::<Vec<_>>()
    });
    let button = move |(place, action): (usize, Action)| {
        let (icon, label) = (action.icon.clone().unwrap_or_default(), action.label.clone());
        let said = move || label.get(desk.lang()).to_owned();
        let class = if place == 0 && action.makes.is_none() { "button solid" } else { "button" };
        let href = match &action.makes {
            Some(kind) => Some(format!("/new/{kind}?from={id}&action={}&back={}", action.name, back.get_value())),
            None if !action.ask.is_empty() => Some(format!("/act/{id}/{}?back={}", action.name, back.get_value())),
            None => None,
        };
        match href {
            Some(href) => view! { <A href=href attr:class=class><Icon name=icon /><span>{said}</span></A> }.into_any(),
            None => {
                let tap = move |_| {
                    let Some(draft) = untrack(|| draft(desk, id, &action)).filter(|_| !busy.get_untracked()) else {
                        return;
                    };
                    busy.set(true);
                    one_tap::save(desk, stamps, vec![draft], move |_| _ = busy.try_set(false));
                };
                view! {
                    <button type="button" class=class disabled=move || busy.get() on:click=tap>
                        <Icon name=icon /><span>{said}</span>
                    </button>
                }
                .into_any()
            }
        }
    };
    view! {
        <Show when=move || offered.with(|all| !all.is_empty())>
            <div class="actions" role="group" aria-label=move || what_to_do(desk.lang())>
                {move || offered.get().into_iter().enumerate().map(button).collect_view()}
            </div>
        </Show>
    }
}

/// The actions offered on a record to who is signed in.
pub fn offered(desk: Desk, id: RecordId) -> Vec<Action> {
    let pack = desk.pack();
    let Some((kind, fields)) =
        desk.read(|book| book.get(id).filter(|r| !r.is_void()).map(|r| (r.kind.to_string(), r.values())))
    else {
        return Vec::new();
    };
    let Some(kind) = pack.kind(&kind) else { return Vec::new() };
    desk.context(|context| act::offered(&pack, kind, &fields, context).into_iter().cloned().collect())
}

/// The record as an action leaves it, before anything more is asked.
pub fn draft(desk: Desk, id: RecordId, action: &Action) -> Option<Draft> {
    let pack = desk.pack();
    let mut draft = desk.edit_draft(id)?;
    let kind = pack.kind(&draft.kind)?;
    let at = platform::moment(platform::now());
    draft.now = desk.context(|context| act::changed(&pack, kind, action, &draft.was, &at, context));
    draft.why = Some(action.label.get(desk.lang()).to_owned());
    Some(draft)
}
