//! Photos and papers of a record being written: taken or chosen, kept at once, taken off with a tap.

use leptos::{ev, html, prelude::*};
use records::{
    FieldType, Problem, Value,
    file::{ENDINGS, mentions},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

use super::ask::Ask;
use crate::{
    parts::{file::FileView, icon::Icon},
    texts,
};

texts! {
    shoot: "拍照", "Take a photo";
    choose_photo: "选照片", "Choose photos";
    choose_file: "选文件", "Choose files";
    taking: "正在存…", "Keeping…";
    take_off: "去掉", "Take off";
    trial: "试填时不留照片和文件。", "While a form is tried, no photo or file is kept.";
}

/// The control.
#[component]
pub fn FilesBox(
    /// Where the answer goes.
    ask: Ask,
) -> impl IntoView {
    let desk = ask.form.desk();
    let is_photo = ask.field.with_value(|field| field.r#type == FieldType::Photos);
    let (is_busy, problem) = (RwSignal::new(false), RwSignal::new(None::<Problem>));
    let record = ask.form.record();
    // Tried only: nothing is kept, so nothing is taken.
    let is_trial = ask.form.is_trial();
    let take = move |files: Vec<web_sys::File>, is_photo: bool| {
        let Some(kind) = ask.form.kind().filter(|_| !files.is_empty() && !is_trial) else { return };
        is_busy.set(true);
        problem.set(None);
        spawn_local(async move {
            for file in files {
                let kept = desk.add_file((record, kind.name.clone()), file, is_photo).await;
                // The page may have been left meanwhile; what was kept goes with it.
                if is_busy.try_get_untracked().is_none() {
                    return;
                }
                match kept {
                    Ok(mention) => {
                        let mut all = all(&untrack(|| ask.value()));
                        if !all.contains(&mention) {
                            all.push(mention);
                        }
                        ask.set(Value::from(all));
                    }
                    Err(wrong) => problem.set(Some(wrong)),
                }
            }
            is_busy.try_set(false);
        });
    };
    let drop_it = move |mention: &str| {
        let left: Vec<String> = all(&untrack(|| ask.value())).into_iter().filter(|other| other != mention).collect();
        // The file itself stays until nothing can bring it back.
        ask.take_off(if left.is_empty() { Value::Null } else { Value::from(left) });
    };
    let each = move |mention: String| {
        let label = {
            let mention = mention.clone();
            move || format!("{} {}", take_off(desk.lang()), mention.split_once('/').map_or("", |(_, name)| name))
        };
        let shown = mention.clone();
        view! {
            <li>
                <FileView record mention=shown />
                <button type="button" class="button quiet" aria-label=label on:click=move |_| drop_it(&mention)>
                    {move || take_off(desk.lang())}
                </button>
            </li>
        }
    };
    let mentions = Memo::new(move |_| all(&ask.value()));
    let accept = if is_photo { "image/*".to_owned() } else { format!("image/*,.{}", ENDINGS.join(",.")) };
    view! {
        <ul class="files" hidden=move || mentions.get().is_empty()>
            <For each=move || mentions.get() key=Clone::clone children=each />
        </ul>
        <p class="row-acts start">
            <Chooser id=ask.id() camera=true accept="image/*".to_owned() label=shoot take=move |files| take(files, true) ask />
            <Chooser
                id=format!("{}-chosen", ask.id())
                camera=false
                accept
                label=if is_photo { choose_photo } else { choose_file }
                take=move |files| take(files, is_photo)
                ask
            />
            <span role="status">{move || is_busy.get().then(|| taking(desk.lang()))}</span>
            {is_trial.then(|| view! { <span class="hint">{move || trial(desk.lang())}</span> })}
        </p>
        <p class="problem" role="alert" hidden=move || problem.with(Option::is_none)>{move || problem.get().map(|p| p.message.get(desk.lang()).to_owned())}</p>
    }
}

/// A button that opens the camera or the device's files.
#[component]
fn Chooser(
    id: String,
    camera: bool,
    accept: String,
    label: fn(records::Lang) -> &'static str,
    take: impl Fn(Vec<web_sys::File>) + Send + Sync + 'static,
    ask: Ask,
) -> impl IntoView {
    let desk = ask.form.desk();
    let input = NodeRef::<html::Input>::new();
    let changed = move |_: ev::Event| {
        let Some(input) = input.get_untracked() else { return };
        let chosen = input.files().map(|list| (0..list.length()).filter_map(|n| list.get(n)).collect::<Vec<_>>());
        take(chosen.unwrap_or_default());
        // So that the same one can be chosen again after it was taken off.
        input.unchecked_ref::<web_sys::HtmlInputElement>().set_value("");
    };
    view! {
        <label class="button" class:quiet=!camera>
            <input
                node_ref=input
                id=id
                class="visually-hidden"
                type="file"
                accept=accept
                capture=camera.then_some("environment")
                multiple=!camera
                aria-describedby=format!("{}-note", ask.id())
                on:change=changed
            />
            {camera.then(|| view! { <Icon name="camera" /> })}
            <span>{move || label(desk.lang())}</span>
        </label>
    }
}

/// The mentions in an answer, as they are written.
fn all(value: &Value) -> Vec<String> {
    mentions(value).into_iter().map(|mention| mention.written()).collect()
}
