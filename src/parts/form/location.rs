//! Where it happened: taken only when asked for by a tap, never in the background.

use gloo::utils::window;
use js_sys::Reflect;
use leptos::prelude::*;
use records::{Value, words};
use serde_json::json;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use super::ask::Ask;
use crate::{parts::icon::Icon, platform, texts};

texts! {
    take: "记下现在的位置", "Take down where I am";
    again: "重新定位", "Take it again";
    taking: "正在定位…", "Finding the place…";
    clear: "去掉", "Take off";
    failed: "没有定到位置。请看看平板的定位开了没有，也可以不记。", "No position. See whether location is switched on; it can also be left out.";
}

/// Longest wait for a position, in milliseconds: a stairwell has poor reception.
const PATIENCE: u32 = 20_000;

/// The control.
#[component]
pub fn Location(
    /// Where the answer goes.
    ask: Ask,
) -> impl IntoView {
    let desk = ask.form.desk();
    let (is_taking, is_lost) = (RwSignal::new(false), RwSignal::new(false));
    let shown = move || {
        let pack = desk.pack();
        ask.field.with_value(|field| words::read(&pack, field, &ask.value(), desk.lang(), &|_| None))
    };
    let take_it = move |_| {
        is_taking.set(true);
        is_lost.set(false);
        let done = move |place: Option<Value>| {
            is_taking.try_set(false);
            match place {
                Some(place) if is_lost.try_get_untracked().is_some() => ask.set(place),
                _ => _ = is_lost.try_set(true),
            }
        };
        position(done);
    };
    let is_set = move || !ask.value().is_null();
    let label = move || match (is_taking.get(), is_set()) {
        (true, _) => taking(desk.lang()),
        (false, true) => again(desk.lang()),
        (false, false) => take(desk.lang()),
    };
    view! {
        <p class="picker">
            <output class="shown figures" hidden=move || !is_set()>{shown}</output>
            <button id=ask.id() type="button" class="button" disabled=move || is_taking.get() on:click=take_it>
                <Icon name="pin" /><span>{label}</span>
            </button>
            <Show when=is_set>
                <button type="button" class="button quiet" on:click=move |_| ask.take_off(Value::Null)>{move || clear(desk.lang())}</button>
            </Show>
        </p>
        <p class="problem" role="status" hidden=move || !is_lost.get()>{move || failed(desk.lang())}</p>
    }
}

/// Asks the browser once; `None` when it cannot or may not say.
pub fn position(done: impl Fn(Option<Value>) + Clone + 'static) {
    let Ok(source) = window().navigator().geolocation() else { return done(None) };
    let lost = done.clone();
    let found = Closure::once_into_js(move |position: JsValue| done(place(&position)));
    let missed = {
        let lost = lost.clone();
        Closure::once_into_js(move |_: JsValue| lost(None))
    };
    let options = web_sys::PositionOptions::new();
    options.set_enable_high_accuracy(true);
    options.set_timeout(PATIENCE);
    let asked = source.get_current_position_with_error_callback_and_options(
        found.unchecked_ref(),
        Some(missed.unchecked_ref()),
        &options,
    );
    if asked.is_err() {
        lost(None);
    }
}

/// A position as it is kept: where, how exactly in metres, and when it was taken.
fn place(position: &JsValue) -> Option<Value> {
    let part = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
    let coordinates = part(position, "coords")?;
    let number = |name: &str| part(&coordinates, name)?.as_f64();
    let at = part(position, "timestamp")?.as_f64().map(|at| platform::moment(at as u64));
    Some(json!({
        "lat": number("latitude")?, "lon": number("longitude")?, "accuracy": number("accuracy").map(f64::round), "at": at,
    }))
}
