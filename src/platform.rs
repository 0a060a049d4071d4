//! The platform's edge: clock, chance, local date, storage facts, wake-up calls, and handing the user a file.

use std::{cell::Cell, rc::Rc};

use gloo::{
    events::EventListener,
    timers::callback::Timeout,
    utils::{document, window},
};
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::Offset,
};
use js_sys::{Array, Promise, Reflect, Uint8Array};
use records::RecordId;
use sync::{contact::Contact, wire};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

thread_local! {
    /// Both clocks when the office last answered.
    static CONTACT: Cell<Option<Contact>> = const { Cell::new(None) };
    /// The community's zone, minutes east of UTC.
    static ZONE: Cell<i16> = const { Cell::new(wire::ZONE) };
}

/// Milliseconds since 1970 UTC by the device's clock, which may be wrong.
pub fn reading() -> u64 {
    js_sys::Date::now().max(0.0) as u64
}

/// What time it is, in milliseconds since 1970 UTC: by the device's clock and what it differed from the office's.
pub fn now() -> u64 {
    let reading = reading();
    CONTACT.get().map_or(reading, |contact| contact.now(reading))
}

/// Goes by these two clocks from now on.
pub fn set_contact(contact: Option<Contact>) {
    CONTACT.set(contact);
}

/// Goes by the community's zone from now on, minutes east of UTC, whatever the device's is.
pub fn set_zone(minutes: i16) {
    ZONE.set(minutes);
}

/// Whether the device's own zone is another one than the community's.
pub fn is_elsewhere() -> bool {
    -js_sys::Date::new_0().get_timezone_offset() as i16 != ZONE.get()
}

/// A random number nobody can guess.
pub fn noise() -> u64 {
    let mut bytes = [0; 8];
    random(&mut bytes);
    u64::from_be_bytes(bytes)
}

/// Fills bytes with what nobody can guess.
///
/// # Panics
/// Where there is no such source: every browser that runs WebAssembly has one, and keys without it would be none.
pub fn random(bytes: &mut [u8]) {
    #[cfg(target_arch = "wasm32")]
    window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(bytes))
        .expect("the browser gives random numbers");
    #[cfg(not(target_arch = "wasm32"))]
    getrandom::fill(bytes).expect("the system gives random numbers");
}

/// The date on the wall where the community is.
pub fn today() -> Date {
    date_of(now())
}

/// The date on the wall there at a moment, in milliseconds since 1970 UTC.
pub fn date_of(millis: u64) -> Date {
    on_the_wall(millis).date()
}

/// Day and time on the wall where the community is. A zone is a number of minutes: no tables of zones come along.
fn on_the_wall(millis: u64) -> DateTime {
    let at = i64::try_from(millis).ok().and_then(|millis| Timestamp::from_millisecond(millis).ok());
    offset().to_datetime(at.unwrap_or_default())
}

fn offset() -> Offset {
    Offset::from_seconds(i32::from(ZONE.get()) * 60).unwrap_or(Offset::UTC)
}

/// The identity of a new record: sorts by when it was made.
pub fn new_id() -> RecordId {
    let mut bytes = RecordId::now_v7().into_bytes();
    bytes[..6].copy_from_slice(&now().to_be_bytes()[2..]);
    RecordId::from_bytes(bytes)
}

/// Notes for the browser's own timeline, and for benches, that something was reached.
pub fn mark(name: &str) {
    if let Some(clock) = gloo::utils::window().performance() {
        let _ = clock.mark(name);
    }
}

/// Does something, and notes in the same place how long it took.
pub fn timed<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let begin = format!("{name}:begin");
    mark(&begin);
    let done = work();
    if let Some(clock) = gloo::utils::window().performance() {
        let _ = clock.measure_with_start_mark(name, &begin);
        // At every key press: only the measure is kept.
        clock.clear_marks_with_mark_name(&begin);
    }
    done
}

/// Waits.
pub async fn sleep(millis: u32) {
    let promise = Promise::new(&mut |resolve, _| {
        Timeout::new(millis, move || drop(resolve.call0(&JsValue::NULL))).forget();
    });
    // A promise that is only ever resolved.
    let _ = JsFuture::from(promise).await;
}

/// Lets the browser paint and take input before long work goes on.
pub async fn breathe() {
    sleep(0).await;
}

/// The local time of day of a moment (milliseconds since 1970 UTC), with the date when it is not today: `14:02`,
/// `11-22 14:02`.
pub fn clock_time(millis: u64) -> String {
    let at = on_the_wall(millis);
    let time = format!("{:02}:{:02}", at.hour(), at.minute());
    let day = at.date();
    match today() {
        today if today == day => time,
        today if today.year() == day.year() => format!("{:02}-{:02} {time}", day.month(), day.day()),
        _ => format!("{day} {time}"),
    }
}

/// [`clock_time`] of a moment as RFC 3339; the text itself where it is none.
pub fn clock_time_of(moment: &str) -> String {
    let millis = js_sys::Date::new(&moment.into()).get_time();
    if millis.is_nan() { moment.to_owned() } else { clock_time(millis as u64) }
}

/// A moment (milliseconds since 1970 UTC) as RFC 3339 with the community's offset.
pub fn moment(millis: u64) -> String {
    written(on_the_wall(millis))
}

/// A day and time on the community's wall, `2009-03-01T14:02`, in milliseconds since 1970 UTC.
pub fn millis_of(wall: &str) -> Option<u64> {
    let at = offset().to_timestamp(wall.parse::<DateTime>().ok()?).ok()?;
    u64::try_from(at.as_millisecond()).ok()
}

/// The same as a moment with the community's offset.
pub fn moment_of(wall: &str) -> Option<String> {
    wall.parse().ok().map(written)
}

fn written(at: DateTime) -> String {
    let ahead = ZONE.get();
    let (sign, ahead) = if ahead < 0 { ('-', -ahead) } else { ('+', ahead) };
    let (day, hours, minutes, seconds) = (at.date(), at.hour(), at.minute(), at.second());
    format!("{day}T{hours:02}:{minutes:02}:{seconds:02}{sign}{:02}:{:02}", ahead / 60, ahead % 60)
}

/// Whether the browser believes there is a network. A hint: only a request tells.
pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// What the browser calls itself.
fn agent() -> String {
    window().navigator().user_agent().unwrap_or_default()
}

/// Whether the app was opened inside WeChat.
pub fn is_in_chat() -> bool {
    agent().contains("MicroMessenger")
}

/// An iPad or iPhone. iPads call themselves Macs, which have no screens to touch.
pub fn is_apple_touch() -> bool {
    let agent = agent();
    let is_mac = || agent.contains("Macintosh") && window().navigator().max_touch_points() > 1;
    ["iPad", "iPhone"].iter().any(|name| agent.contains(name)) || is_mac()
}

/// Whether the app stands alone, opened from the home screen, without a browser around it.
pub fn is_standalone() -> bool {
    let is_shown =
        window().match_media("(display-mode: standalone)").ok().flatten().is_some_and(|query| query.matches());
    let of_apple = || Reflect::get(&window().navigator(), &"standalone".into()).is_ok_and(|it| it.is_truthy());
    is_shown || of_apple()
}

/// What this device is called in lists of devices: browser and system, as far as the browser tells.
pub fn device_name() -> String {
    let agent = agent();
    let system = ["HarmonyOS", "OpenHarmony", "Android", "iPad", "iPhone", "Windows", "Mac OS", "Linux"];
    let system = system.into_iter().find(|name| agent.contains(name)).unwrap_or("Web");
    let system = if system == "Mac OS" && is_apple_touch() { "iPad" } else { system };
    format!("{system} · {}", browser(&agent))
}

/// A browser's own name and version, in the order in which they hide each other.
fn browser(agent: &str) -> String {
    const NAMES: [&str; 10] = [
        "MicroMessenger",
        "HuaweiBrowser",
        "UCBrowser",
        "MQQBrowser",
        "QQBrowser",
        "MiuiBrowser",
        "Edg",
        "Firefox",
        "Chrome",
        "Version",
    ];
    let found = NAMES.iter().find_map(|name| {
        let version = agent.split_once(name)?.1.trim_start_matches(|c: char| c.is_alphabetic()).strip_prefix('/')?;
        let major: String = version.chars().take_while(char::is_ascii_digit).collect();
        let name = if *name == "Version" { "Safari" } else { name };
        Some(format!("{name} {major}"))
    });
    found.unwrap_or_else(|| "Browser".into())
}

/// Bytes used and bytes at most, when the browser says.
pub async fn room() -> Option<(u64, u64)> {
    let estimate = JsFuture::from(window().navigator().storage().estimate().ok()?).await.ok()?;
    let number = |name: &str| Reflect::get(&estimate, &name.into()).ok()?.as_f64();
    Some((number("usage")? as u64, number("quota")? as u64))
}

/// Whether the browser promised not to empty the storage on its own.
pub async fn is_persisted() -> bool {
    ask(window().navigator().storage().persisted()).await
}

/// Asks it to promise. Chromium decides without asking the user.
pub async fn persist() -> bool {
    ask(window().navigator().storage().persist()).await
}

async fn ask(promise: Result<Promise, JsValue>) -> bool {
    match promise {
        Ok(promise) => JsFuture::from(promise).await.is_ok_and(|answer| answer.is_truthy()),
        Err(_) => false,
    }
}

/// Calls back whenever now may be a good time to sync: the network came back, or the app came to the front. Lasts as
/// long as the page.
pub fn on_wake(wake: impl Fn() + 'static) {
    let wake = Rc::new(wake);
    let online = wake.clone();
    EventListener::new(&window(), "online", move |_| online()).forget();
    on_visibility(web_sys::VisibilityState::Visible, move || wake());
}

/// Calls back when the page may be gone in a moment: it is hidden, reloaded or closed. Lasts as long as the page.
pub fn on_leave(leave: impl Fn() + 'static) {
    let leave = Rc::new(leave);
    let hidden = leave.clone();
    EventListener::new(&window(), "pagehide", move |_| leave()).forget();
    on_visibility(web_sys::VisibilityState::Hidden, move || hidden());
}

fn on_visibility(wanted: web_sys::VisibilityState, then: impl Fn() + 'static) {
    EventListener::new(&document(), "visibilitychange", move |_| {
        if document().visibility_state() == wanted {
            then();
        }
    })
    .forget();
}

/// Hands the user a file.
pub fn download(name: &str, mime: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let url = url_of(mime, bytes)?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // Some take a while before they read it.
    Timeout::new(60_000, move || forget_url(&url)).forget();
    Ok(())
}

/// Offers the page to the printer.
pub fn print() {
    // Fails where there is none to offer it to.
    let _ = window().print();
}

/// Opens an address in a window of its own; `false` where there are none.
pub fn open(address: &str) -> bool {
    window().open_with_url_and_target(address, "_blank").is_ok_and(|opened| opened.is_some())
}

/// Hands the user a file that was fetched: shared from an app that stands alone, where a download has nowhere to go, else
/// downloaded. `false` when the browser wants another tap first.
///
/// # Errors
/// The browser can do neither.
pub async fn hand_over(name: &str, mime: &str, bytes: &[u8]) -> Result<bool, JsValue> {
    if !is_standalone() {
        return download(name, mime, bytes).map(|()| true);
    }
    match share(name, mime, bytes).await {
        Some(Ok(())) => Ok(true),
        Some(Err(error)) => match web_sys::DomException::from(error).name().as_str() {
            // Closed without choosing.
            "AbortError" => Ok(true),
            "NotAllowedError" => Ok(false),
            _ => download(name, mime, bytes).map(|()| true),
        },
        None => download(name, mime, bytes).map(|()| true),
    }
}

/// Offers a file to other apps; `None` where the browser cannot.
async fn share(name: &str, mime: &str, bytes: &[u8]) -> Option<Result<(), JsValue>> {
    let navigator = window().navigator();
    if !Reflect::has(&navigator, &"canShare".into()).unwrap_or(false) {
        return None;
    }
    let options = web_sys::FilePropertyBag::new();
    options.set_type(mime);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let file = web_sys::File::new_with_u8_array_sequence_and_options(&parts, name, &options).ok()?;
    let data = web_sys::ShareData::new();
    data.set_files(&Array::of1(&file));
    if !navigator.can_share_with_data(&data) {
        return None;
    }
    Some(JsFuture::from(navigator.share_with_data(&data)).await.map(drop))
}

/// An address of these bytes for this page, until it is forgotten.
pub fn object_url(mime: &str, bytes: &[u8]) -> Option<String> {
    url_of(mime, bytes).ok()
}

/// Lets go of the bytes behind an address of [`object_url`]; any other is left alone.
pub fn forget_url(url: &str) {
    let _ = web_sys::Url::revoke_object_url(url);
}

fn url_of(mime: &str, bytes: &[u8]) -> Result<String, JsValue> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(mime);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options)?;
    web_sys::Url::create_object_url_with_blob(&blob)
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn a_browser_is_called_by_its_own_name_and_version() {
        let chromium =
            "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0.4844.88 Safari/537.36";
        assert_eq!(browser(chromium), "Chrome 99");
        assert_eq!(browser(&format!("{chromium} HuaweiBrowser/12.1.2.326")), "HuaweiBrowser 12");
        assert_eq!(browser(&format!("{chromium} MicroMessenger/8.0.2")), "MicroMessenger 8");
        assert_eq!(browser(&format!("{chromium} EdgA/120.0")), "Edg 120");
        assert_eq!(
            browser("Mozilla/5.0 (Macintosh) AppleWebKit/605.1 (KHTML, like Gecko) Version/16.1 Safari/605.1"),
            "Safari 16"
        );
        assert_eq!(browser("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0"), "Firefox 115");
        assert_eq!(browser("curl/8"), "Browser");
    }
}
