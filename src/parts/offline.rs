//! Whether the app opens on this device without a network, said before anyone goes out. True only: the worker is there, and all
//! of the app's files.

use leptos::prelude::*;
use records::Lang;

use crate::{
    desk::{Offline, use_desk},
    platform, texts,
};

texts! {
    ready: "断网也打得开", "Opens without a network";
    coming: "程序还在往这台设备上存，存好之前断网打不开", "The app is being kept on this device; until then it does not open without a network";
    failed: "断网打不开：程序没能存到这台设备上。请看看存储空间够不够、浏览器是不是最新；有网络时会再试。", "Does not open without a network: the app could not be kept on this device. Please see whether there is room and the browser is up to date; it is tried again when there is a network.";
    never: "断网打不开：这个浏览器存不住程序。请用设备自带的浏览器，从 https 开头的地址打开。", "Does not open without a network: this browser cannot keep the app. Please use the device's own browser and an address that begins with https.";
    never_in_chat: "断网打不开：您是在微信里打开的。请点右上角“…”，选“在浏览器打开”。", "Does not open without a network: you opened it in WeChat. Tap “…” at the top right and choose to open it in the browser.";
    home_first: "在 iPad 和 iPhone 上，请先点“分享”，选“添加到主屏幕”，再从主屏幕打开邻里登录。浏览器里和主屏幕上的记录是分开的，浏览器里的过几天不用会被清掉。", "On iPad and iPhone tap Share and Add to Home Screen first, then open Linli from there and sign in. Records in the browser and on the home screen are apart, and those in the browser go when it is not used for some days.";
}

/// The words for it.
pub fn words(offline: Offline, lang: Lang) -> &'static str {
    match offline {
        Offline::Ready => ready(lang),
        Offline::Coming => coming(lang),
        Offline::Failed => failed(lang),
        Offline::Never if platform::is_in_chat() => never_in_chat(lang),
        Offline::Never => never(lang),
    }
}

/// A note where it will not open; nothing where it does.
#[component]
pub fn OfflineNote() -> impl IntoView {
    let desk = use_desk();
    let is_bad = move || matches!(desk.offline(), Offline::Failed | Offline::Never);
    view! {
        <Show when=is_bad><p class="card note" role="status">{move || words(desk.offline(), desk.lang())}</p></Show>
    }
}

/// On devices where the home screen has a storage of its own: to go there before anything is kept here.
#[component]
pub fn HomeFirst() -> impl IntoView {
    let desk = use_desk();
    let is_due = platform::is_apple_touch() && !platform::is_standalone();
    view! {
        <Show when=move || is_due><p class="card note" role="status">{move || home_first(desk.lang())}</p></Show>
    }
}
