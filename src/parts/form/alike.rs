//! A hint while a record is written that is likely there already: who that is, and a way there. It stands in nobody's way.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{Fields, Lang, RecordId, words};

use super::FormState;
use crate::{pages::new::page_of, parts::icon::Icon, texts, view::review};

texts! {
    title: "已有相同的登记，请核对是不是同一个", "There is one alike already: is it the same?";
}

/// Most that show.
const MOST: usize = 5;

/// The hint.
#[component]
pub fn Alike(form: FormState) -> impl IntoView {
    let desk = form.desk();
    // What tells records apart, and nothing else, is a reason to look again.
    let own = Memo::new(move |_| {
        let pack = form.pack();
        let kind = pack.kind(&form.kind_name())?;
        let name = |name: &String| form.with_answers(|answers| Some((name.clone(), answers.get(name)?.clone())));
        let mut own: Fields = kind.ways_alike().flatten().chain(&kind.date).filter_map(name).collect();
        own.retain(|_, value| !value.is_null());
        (!own.is_empty()).then_some(own)
    });
    let found = Memo::new(move |_| {
        let Some((kind, own)) = form.kind().zip(own.get()).filter(|_| !form.is_trial()) else { return Vec::new() };
        let mut found = untrack(|| desk.read(|book| review::alike(&kind, book, form.record(), &own)));
        found.truncate(MOST);
        found
    });
    let line = move |id: RecordId| {
        let (pack, lang) = (desk.pack(), desk.lang());
        let (kind, fields) = desk.read(|book| book.record(id)).unwrap_or_default();
        let name_of = |id| Some(desk.title_of(id)).filter(|title| !title.is_empty());
        let title = desk.title_of(id);
        let kind = pack.kind(&kind);
        let mut told: Vec<String> = Vec::new();
        for field in kind.into_iter().flat_map(|kind| kind.ways_alike().flatten().filter_map(|name| kind.field(name))) {
            let said = fields.get(&field.name).map(|value| words::read_masked(&pack, field, value, lang, &name_of));
            told.extend(said.filter(|said| !title.contains(said.as_str()) && !told.contains(said)));
        }
        let address = untrack(|| page_of(desk, id)).unwrap_or_else(|| format!("/record/{id}"));
        let told = told.join(if lang == Lang::Zh { "，" } else { ", " });
        view! { <li><A href=address>{title}</A> " " <small>{told}</small></li> }
    };
    view! {
        <Show when=move || found.with(|found| !found.is_empty())>
            <div class="card note" role="status">
                <p><Icon name="warn" /> {move || title(desk.lang())}</p>
                <ul>{move || found.get().into_iter().map(line).collect_view()}</ul>
            </div>
        </Show>
    }
}
