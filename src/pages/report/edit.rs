//! Editing the report's text: figures stand in it by their names, and are put in by a tap.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use records::{
    Lang,
    report::{Strange, labelled, strange},
};
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
    mend: "有几处对不上，改好才能存：", "These have no meaning; mend them to save:";
    go_to: "去看", "Show";
    use_name: "换成", "Use";
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
    // Marks in the text what has no meaning, so that it is typed over or looked at.
    let select = move |one: &Found| {
        let Some(area) = area.get_untracked() else { return };
        let _ = area.unchecked_ref::<web_sys::HtmlElement>().focus();
        let _ = area.set_selection_range(one.from, one.to);
    };
    let replace = move |one: &Found, name: &str| {
        let Some(area) = area.get_untracked() else { return };
        if area.set_range_text_with_start_and_end(&format!("{{{name}}}"), one.from, one.to).is_ok() {
            text_now.set(area.value());
        }
    };
    let found = Memo::new(move |_| {
        let (pack, lang) = (desk.pack(), desk.lang());
        text_now.with(|text| strange(&pack, text).iter().map(|one| Found::of(one, text, lang)).collect::<Vec<_>>())
    });
    let keep = move |_| {
        if let Some(first) = found.with_untracked(|all| all.first().cloned()) {
            return select(&first);
        }
        let body = text_now.get_untracked();
        let Some((kind, fields)) = untrack(|| versions::fields(desk, sheet, &body, false)) else { return };
        // The text of one period and place is one record, however often it is edited.
        let old = untrack(|| versions::draft(desk, &sheet.asked.get())).and_then(|id| desk.edit_draft(id));
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
        let row = |one: Found| {
            let (shown, offered) = (one.clone(), one.clone());
            let offers = one.near.iter().cloned().map(|name| {
                let (one, label) = (offered.clone(), name.clone());
                view! {
                    <button type="button" class="button" on:click=move |_| replace(&one, &name)>
                        {move || use_name(desk.lang())} " {" {label} "}"
                    </button>
                }
            });
            let offers = offers.collect_view();
            view! {
                <li>
                    <span class="problem">{one.said}</span> " "
                    <span class="row-acts start">
                        <button type="button" class="button quiet" on:click=move |_| select(&shown)>{move || go_to(desk.lang())}</button>
                        {offers}
                    </span>
                </li>
            }
        };
        let all = found.get();
        (!all.is_empty()).then(|| {
            view! {
                <div class="editor-strange" role="alert">
                    <p class="problem">{mend(desk.lang())}</p>
                    <ul>{all.into_iter().take(SHOWN).map(row).collect_view()}</ul>
                </div>
            }
        })
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
            {strangers}
            <p class="problem" role="alert">{move || problem.get()}</p>
            <details class="folded">
                <summary>{move || put_in(desk.lang())}</summary>
                <div class="editor-figures">{names}</div>
            </details>
            <div class="form-bar"><button class="button main" on:click=keep>{move || save(desk.lang())}</button></div>
        </div>
    }
    .into_any()
}

/// Strange places that are listed at a time.
const SHOWN: usize = 8;

/// Something in the text that has no meaning, and where: from and to in UTF-16 units, as browsers count.
#[derive(Clone, Debug, PartialEq)]
struct Found {
    said: String,
    near: Vec<String>,
    from: u32,
    to: u32,
}

impl Found {
    fn of(one: &Strange<'_>, text: &str, lang: Lang) -> Self {
        let before: usize = text.split_inclusive('\n').take(one.line - 1).map(str::len).sum();
        let line = &text[before..];
        // Braces are told in one width, and may stand in the other.
        let inner = one.written.trim_matches(['{', '}']);
        let whole = line.find(&one.written).map(|at| (at, one.written.len()));
        let place = whole.or_else(|| {
            let at = line.find(inner)?;
            let brace = line[..at].chars().next_back().map_or(0, char::len_utf8);
            let close = line[at + inner.len()..].chars().next().map_or(0, char::len_utf8);
            Some((at - brace, brace + inner.len() + close))
        });
        let (at, length) = place.unwrap_or_default();
        let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
        let from = units(&text[..before + at]);
        let near = one.near.iter().map(|indicator| indicator.label.get(lang).to_owned()).collect();
        Self { said: one.said(lang), near, from, to: from + units(&line[at..at + length]) }
    }
}

#[cfg(test)]
mod tests {
    use records::Pack;

    use super::*;

    #[test]
    fn what_is_strange_is_found_where_it_stands_in_the_browsers_units() {
        let pack = Pack::community();
        let text = "# 𠮷汇报\n走访{nix.da}次\n又{走访｝和｛没有｝";
        let marked = strange(&pack, text).into_iter().map(|one| {
            let found = Found::of(&one, text, Lang::Zh);
            let units: Vec<u16> = text.encode_utf16().collect();
            String::from_utf16(&units[found.from as usize..found.to as usize]).expect("whole characters")
        });
        assert_eq!(marked.collect::<Vec<_>>(), ["{nix.da}", "{走访｝", "｛没有｝"]);
    }
}
