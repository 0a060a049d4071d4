//! A signature: strokes of whole points, drawn with finger, pen or mouse. Small, sharp at any size, no picture.

use leptos::{ev::PointerEvent, html, prelude::*};
use records::Value;
use serde_json::json;

use super::ask::Ask;
use crate::texts;

texts! {
    here: "在框里签名", "Sign in the box";
    undo: "撤销一笔", "Undo a stroke";
    wipe: "重签", "Start again";
    signed: "签名", "Signature";
}

/// The pad's own units; the screen's size does not matter to what is kept.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 240.0;
/// Points nearer than this to the last one say nothing new.
const STEP: i64 = 3;

type Stroke = Vec<(i64, i64)>;

/// The pad.
#[component]
pub fn SignaturePad(
    /// Where the answer goes.
    ask: Ask,
) -> impl IntoView {
    let desk = ask.form.desk();
    let pad = NodeRef::<html::Div>::new();
    let drawing = RwSignal::new(None::<Stroke>);
    let strokes = Memo::new(move |_| strokes_of(&ask.value()));
    let point = move |event: &PointerEvent| {
        let area = pad.get_untracked()?.get_bounding_client_rect();
        let x = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0) * WIDTH;
        let y = (f64::from(event.client_y()) - area.top()) / area.height().max(1.0) * HEIGHT;
        Some((x.clamp(0.0, WIDTH) as i64, y.clamp(0.0, HEIGHT) as i64))
    };
    let down = move |event: PointerEvent| {
        event.prevent_default();
        if let (Some(pad), Some(at)) = (pad.get_untracked(), point(&event)) {
            let _ = pad.set_pointer_capture(event.pointer_id());
            drawing.set(Some(vec![at]));
        }
    };
    let go = move |event: PointerEvent| {
        let Some(at) = point(&event) else { return };
        let far = |stroke: &Stroke| stroke.last().is_none_or(|l| (l.0 - at.0).abs() + (l.1 - at.1).abs() >= STEP);
        if drawing.with_untracked(|d| d.as_ref().is_some_and(far)) {
            drawing.update(|d| d.iter_mut().for_each(|stroke| stroke.push(at)));
        }
    };
    let up = move |_: PointerEvent| {
        let Some(stroke) = drawing.get_untracked() else { return };
        drawing.set(None);
        let mut all = strokes.get_untracked();
        all.push(stroke);
        ask.set(value_of(&all));
    };
    let back = move |_| {
        let mut all = strokes.get_untracked();
        all.pop();
        ask.set(if all.is_empty() { Value::Null } else { value_of(&all) });
    };
    let d = move || {
        let mut all = strokes.get();
        all.extend(drawing.get());
        path(&all)
    };
    let is_empty = move || strokes.with(Vec::is_empty) && drawing.with(Option::is_none);
    view! {
        <div
            class="pad"
            id=ask.id()
            node_ref=pad
            role="img"
            aria-label=move || here(desk.lang())
            on:pointerdown=down
            on:pointermove=go
            on:pointerup=up
            on:pointercancel=up
        >
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") aria-hidden="true"><path d=d /></svg>
            <Show when=is_empty><span class="pad-hint">{move || here(desk.lang())}</span></Show>
        </div>
        <p class="row-acts">
            <button type="button" class="button quiet" disabled=is_empty on:click=back>{move || undo(desk.lang())}</button>
            <button type="button" class="button quiet" disabled=is_empty on:click=move |_| ask.take_off(Value::Null)>{move || wipe(desk.lang())}</button>
        </p>
    }
}

/// A signature that was given, as a picture.
#[component]
pub fn SignatureView(
    /// The field's value.
    value: Value,
) -> impl IntoView {
    let desk = crate::desk::use_desk();
    let side = |name: &str, usual: f64| value.get(name).and_then(Value::as_f64).unwrap_or(usual);
    let (w, h) = (side("w", WIDTH), side("h", HEIGHT));
    let d = path(&strokes_of(&value));
    view! {
        <svg class="signed" role="img" aria-label=move || signed(desk.lang()) viewBox=format!("0 0 {w} {h}")><path d=d /></svg>
    }
}

fn value_of(strokes: &[Stroke]) -> Value {
    json!({ "w": WIDTH as i64, "h": HEIGHT as i64, "strokes": strokes })
}

fn strokes_of(value: &Value) -> Vec<Stroke> {
    value.get("strokes").and_then(|s| serde_json::from_value(s.clone()).ok()).unwrap_or_default()
}

fn path(strokes: &[Stroke]) -> String {
    let line = |stroke: &Stroke| {
        let mut points = stroke.iter().map(|(x, y)| format!("{x} {y}"));
        let first = points.next().unwrap_or_default();
        // A dot is a stroke of no length; round caps make it visible.
        let rest: Vec<String> = points.collect();
        if rest.is_empty() { format!("M{first}h.1") } else { format!("M{first}L{}", rest.join(" ")) }
    };
    strokes.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_come_back_as_they_were_drawn() {
        let strokes = vec![vec![(1, 2), (30, 40)], vec![(5, 5)]];
        assert_eq!(strokes_of(&value_of(&strokes)), strokes);
        assert_eq!(path(&strokes), "M1 2L30 40M5 5h.1");
        assert_eq!(strokes_of(&Value::Null), Vec::<Stroke>::new());
    }
}
