//! A form tried as it will be: the real one, over the changed pack. Nothing is kept.

use leptos::prelude::*;
use records::Fields;

use super::{Bar, Head, bench::use_bench};
use crate::{
    desk::use_desk,
    pages::new::{General, focus},
    parts::form::{FormState, FormView},
    texts,
};

texts! {
    title: "试填", "Trying";
    lead: "和真的表单一样，随便填；不会存下来。", "This is the form as it will be. Fill in what you like; nothing is saved.";
    try_save: "试试保存", "Try to save";
    could: "可以保存。这是试填，没有存下来。", "It could be saved. You are trying it: nothing was.";
    again: "重新试", "Start again";
}

/// The page `/workshop/form/:kind/try`.
#[component]
pub fn Trial(
    /// The form, by its kind.
    kind: String,
) -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let kind = StoredValue::new(kind);
    let turn = RwSignal::new(0_u32);
    let said = Signal::derive(move || {
        let pack = bench.pack();
        let label = kind.with_value(|kind| pack.kind(kind).map(|kind| kind.label.get(desk.lang()).to_owned()));
        format!("{} · {}", title(desk.lang()), label.unwrap_or_default())
    });
    let form = move || {
        turn.track();
        let pack = bench.pack();
        let form = FormState::trial(pack, desk.new_draft(&kind.get_value(), Fields::new()));
        let is_good = RwSignal::new(false);
        let check = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            let tried = form.try_saving();
            is_good.set(tried.is_ok());
            if let Err(Some(field)) = tried {
                focus(&field);
            }
        };
        view! {
            <form class="form trial" on:submit=check on:input=move |_| is_good.set(false) novalidate autocomplete="off">
                <FormView form rest=true />
                <General form />
                <Show when=move || is_good.get()>
                    <p class="card is-jade" role="status">"● " {move || could(desk.lang())}</p>
                </Show>
                <p class="row-acts start">
                    <button class="button solid" type="submit">{move || try_save(desk.lang())}</button>
                    <button class="button quiet" type="button" on:click=move |_| turn.update(|n| *n += 1)>{move || again(desk.lang())}</button>
                </p>
            </form>
        }
    };
    view! {
        <div class="page form-page">
            <Head said back=format!("/workshop/form/{}", kind.get_value()) />
            <p class="note">{move || lead(desk.lang())}</p>
            {form}
            <Bar />
        </div>
    }
    .into_any()
}
