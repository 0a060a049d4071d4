//! Editing the report's text: figures stand in it by their names, and are put in by a tap.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use records::report::{labelled, unknown};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

use super::{super::board::looked_after, use_sheet, versions};
use crate::{
    desk::use_desk,
    parts::{icon::Icon, stamp::Stamps},
    texts,
};

texts! {
    title: "修改汇报的文字", "Edit the report's text";
    back: "返回", "Back";
    text: "正文", "Text";
    help: "花括号里是数字的名字，会自动填上。一行一段；行首 # 是标题，## 和 ### 是小标题。", "Names in braces are filled in with figures. A line is a paragraph; # begins the title, ## and ### headings.";
    put_in: "点一下，把数字放进光标处", "Tap to put a figure where the cursor is";
    save: "保存", "Save";
    saved: "已存", "Saved";
    strange: "这些名字不认识，会照原样印出来：", "These names are not known and are printed as they are:";
}

/// The page `/report/edit`.
#[component]
pub fn ReportEdit() -> impl IntoView {
    looked_after(|| view! { <Editor /> }.into_any())
}

#[component]
fn Editor() -> impl IntoView {
    let desk = use_desk();
    let sheet = use_sheet(desk);
    let stamps = expect_context::<Stamps>();
    let navigate = StoredValue::new_local(use_navigate());
    let start = untrack(|| {
        let pack = desk.pack();
        labelled(&pack, &versions::body(desk, &pack, &sheet.asked.get()), desk.lang())
    });
    let text_now = RwSignal::new(start);
    let area: NodeRef<leptos::html::Textarea> = NodeRef::new();
    let back_to = move || format!("/report?{}", sheet.asked.with(|asked| asked.query()));
    let problem = RwSignal::new(String::new());
    let keep = move |_| {
        let body = text_now.get_untracked();
        let Some((kind, fields)) = untrack(|| versions::fields(desk, sheet, &body, false)) else { return };
        // The text of one period and place is one record, however often it is edited.
        let old =
            untrack(|| versions::draft(desk, &desk.pack(), &sheet.asked.get())).and_then(|id| desk.edit_draft(id));
        let draft = match old {
            Some(mut draft) => {
                draft.now.extend(fields);
                draft
            }
            None => desk.new_draft(&kind, fields),
        };
        let target = untrack(back_to);
        spawn_local(async move {
            match desk.save(vec![draft]).await {
                Ok(()) => {
                    stamps.press(saved(untrack(|| desk.lang())));
                    let options = NavigateOptions { replace: true, ..Default::default() };
                    navigate.try_with_value(|navigate| navigate(&target, options));
                }
                Err(problems) => {
                    let lang = untrack(|| desk.lang());
                    let words: Vec<&str> = problems.iter().map(|p| p.message.get(lang)).collect();
                    problem.try_set(words.join(" "));
                }
            }
        });
    };
    let put = move |name: String| {
        let Some(area) = area.get_untracked() else { return };
        let at = area.selection_start().ok().flatten().unwrap_or_default();
        let end = area.selection_end().ok().flatten().unwrap_or(at);
        let place = format!("{{{name}}}");
        // Counted as the browser counts, in UTF-16 units.
        if area.set_range_text_with_start_and_end(&place, at, end).is_ok() {
            text_now.set(area.value());
        }
        let _ = area.unchecked_ref::<web_sys::HtmlElement>().focus();
    };
    let names = move || {
        let (pack, lang) = (desk.pack(), desk.lang());
        let button = |name: String| {
            let label = name.clone();
            view! { <button type="button" class="button" on:click=move |_| put(name.clone())>{label}</button> }
        };
        pack.offered().map(|i| button(i.label.get(lang).to_owned())).collect_view()
    };
    let strangers = move || {
        let unknown = unknown(&desk.pack(), &text_now.get());
        (!unknown.is_empty()).then(|| format!("{} {}", strange(desk.lang()), unknown.join("、")))
    };
    view! {
        <div class="page editor">
            <div class="page-head">
                <h1>{move || title(desk.lang())}</h1>
                <a class="button quiet" href=back_to><Icon name="back" /><span>{move || back(desk.lang())}</span></a>
            </div>
            <p class="note">{move || sheet.asked.with(|asked| asked.period.name(desk.lang()))} " " {move || help(desk.lang())}</p>
            <textarea
                node_ref=area
                aria-label=move || text(desk.lang())
                prop:value=move || text_now.get()
                on:input=move |event| text_now.set(event_target_value(&event))
            ></textarea>
            <p class="problem" role="alert">{strangers} {move || problem.get()}</p>
            <details class="folded">
                <summary>{move || put_in(desk.lang())}</summary>
                <div class="editor-figures">{names}</div>
            </details>
            <div class="form-bar"><button class="button main" on:click=keep>{move || save(desk.lang())}</button></div>
        </div>
    }
    .into_any()
}
