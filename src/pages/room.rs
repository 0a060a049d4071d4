//! What is taken up at the office of what may be: all together, and accounts that nearly have all they may. Only the office
//! knows; without a network nothing is said.

use leptos::prelude::*;
use sync::wire::{Measure, Usage};
use wasm_bindgen_futures::spawn_local;

use crate::{desk::use_desk, texts};

texts! {
    title: "办公室的空间", "Room at the office";
    what: "账号", "Account";
    all: "全社区", "The whole community";
    refused: "上传未通过的记录", "Refused work kept";
    files: "照片和文件", "Photos and papers";
    changes: "今日上传", "Uploaded today";
    near: "快用满了：超出的会留在平板上，请管理员放宽上限或查看这个账号。", "Nearly used up: what is beyond stays on the tablets. Have the bound raised, or look at the account.";
}

/// The board's table of it.
#[component]
pub fn Room() -> impl IntoView {
    let desk = use_desk();
    let usage = RwSignal::new(None::<Usage>);
    spawn_local(async move {
        if let Ok(said) = desk.usage().await {
            drop(usage.try_set(Some(said)));
        }
    });
    let rows = move || {
        let Usage { account_most, community_most, community, accounts } = usage.get()?;
        let lang = desk.lang();
        let mut rows = vec![row(all(lang).to_owned(), community, community_most)];
        let mut is_near = community.is_near(&community_most);
        for (account, used) in accounts.into_iter().filter(|(_, used)| used.is_near(&account_most)) {
            is_near = true;
            rows.push(row(desk.name_of(&account), used, account_most));
        }
        Some((rows, is_near))
    };
    view! {
        {move || {
            rows().map(|(rows, is_near)| view! {
                <h3>{title(desk.lang())}</h3>
                {is_near.then(|| view! { <p class="card note" role="status">{near(desk.lang())}</p> })}
                <table class="board-table">
                    <thead><tr>
                        <th scope="col">{what(desk.lang())}</th>
                        {[refused, files, changes].into_iter().map(|head| view! { <th scope="col">{head(desk.lang())}</th> }).collect_view()}
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            })
        }}
    }
}

fn row(who: String, used: Measure, most: Measure) -> AnyView {
    let number = |used: u64, most: u64| view! { <td>{used} " / " {most}</td> };
    view! {
        <tr>
            <th scope="row">{who}</th>
            <td>{size(used.refused)} " / " {size(most.refused)}</td>
            <td>{size(used.files)} " / " {size(most.files)}</td>
            {number(used.changes, most.changes)}
        </tr>
    }
    .into_any()
}

/// Bytes for people, in whole megabytes or gigabytes.
fn size(bytes: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    match bytes.div_ceil(MIB) {
        small @ 0..1024 => format!("{small} MB"),
        large => format!("{} GB", large.div_ceil(1024)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_in_words_of_people() {
        assert_eq!(size(0), "0 MB");
        assert_eq!(size(1), "1 MB");
        assert_eq!(size(64 << 20), "64 MB");
        assert_eq!(size(20 << 30), "20 GB");
    }
}
