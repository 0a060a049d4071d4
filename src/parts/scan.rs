//! The camera, looking for a point's code.

use leptos::{html, prelude::*};
use wasm_bindgen_futures::spawn_local;

use crate::{camera::Camera, desk::use_desk, platform, texts};

texts! {
    title: "对准巡逻点的二维码", "Hold it to the point's code";
    no_camera: "相机打不开。请关闭这里，在名单里点一下这个点位。", "The camera does not open. Close this and tap the point in the list instead.";
    strange: "这不是巡逻点的码。", "This is not a point's code.";
    close: "关闭", "Close";
}

/// How often it is looked, in milliseconds.
const PAUSE: u32 = 150;

/// The dialog; `open` shows it. `found` says whether a code's text was one of a point, and then it closes.
#[component]
pub fn Scan(
    /// Whether it shows.
    open: RwSignal<bool>,
    /// Takes a code.
    found: impl Fn(&str) -> bool + Copy + 'static,
) -> impl IntoView {
    let desk = use_desk();
    let (dialog, video) = (NodeRef::<html::Dialog>::new(), NodeRef::<html::Video>::new());
    let said = RwSignal::new(None::<fn(records::Lang) -> &'static str>);
    Effect::new(move || {
        let Some(element) = dialog.get() else { return };
        if !open.get() {
            element.close();
            return;
        }
        said.set(None);
        let _ = element.show_modal();
        let Some(video) = video.get_untracked() else { return };
        spawn_local(async move {
            let Some(camera) = Camera::open(video).await else {
                said.try_set(Some(no_camera));
                return;
            };
            // Ends with the dialog, and with the page.
            while open.try_get_untracked() == Some(true) {
                if let Some(code) = camera.look().await {
                    match found(&code) {
                        true => drop(open.try_set(false)),
                        false => drop(said.try_set(Some(strange))),
                    }
                }
                platform::sleep(PAUSE).await;
            }
        });
    });
    view! {
        <dialog node_ref=dialog class="scan" aria-labelledby="scan-title" on:close=move |_| open.set(false)>
            <h2 id="scan-title">{move || title(desk.lang())}</h2>
            <video node_ref=video muted playsinline></video>
            <p role="status">{move || said.get().map(|said| said(desk.lang()))}</p>
            <p class="row-acts">
                <button type="button" class="button" on:click=move |_| open.set(false)>{move || close(desk.lang())}</button>
            </p>
        </dialog>
    }
}
