//! Reading QR codes with the camera: by the browser's own detector where it has one, else by a decoder that is part of the
//! app. Nothing of what the camera sees is kept.

use gloo::utils::{document, window};
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, MediaStream, MediaStreamConstraints};

/// The longer side of what is looked at, in pixels: a code at arm's length is some hundred wide then.
const LONGEST: u32 = 800;

/// An open camera; closed when it is dropped.
pub struct Camera {
    stream: MediaStream,
    video: HtmlVideoElement,
    detector: Option<JsValue>,
    canvas: HtmlCanvasElement,
}

impl Camera {
    /// Opens the camera at the back and shows it in `video`; `None` where there is none or the person does not allow it.
    pub async fn open(video: HtmlVideoElement) -> Option<Self> {
        let devices = window().navigator().media_devices().ok()?;
        let wanted = MediaStreamConstraints::new();
        let back = js_sys::Object::new();
        Reflect::set(&back, &"facingMode".into(), &"environment".into()).ok()?;
        wanted.set_video(&back);
        let stream = JsFuture::from(devices.get_user_media_with_constraints(&wanted).ok()?).await.ok()?;
        let stream: MediaStream = stream.dyn_into().ok()?;
        let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
        let camera = Self { stream, video, detector: detector().await, canvas };
        camera.video.set_src_object(Some(&camera.stream));
        JsFuture::from(camera.video.play().ok()?).await.ok()?;
        Some(camera)
    }

    /// The text of a code in sight, if there is one.
    pub async fn look(&self) -> Option<String> {
        if self.video.video_width() == 0 {
            return None;
        }
        match &self.detector {
            Some(detector) => detected(detector, &self.video).await,
            None => self.decoded(),
        }
    }

    fn decoded(&self) -> Option<String> {
        let (width, height) = (self.video.video_width(), self.video.video_height());
        let scale = f64::from(LONGEST) / f64::from(width.max(height));
        let side = |side: u32| ((f64::from(side) * scale.min(1.0)) as u32).max(1);
        let (width, height) = (side(width), side(height));
        self.canvas.set_width(width);
        self.canvas.set_height(height);
        let context: CanvasRenderingContext2d = self.canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let video = &self.video;
        context.draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, width.into(), height.into()).ok()?;
        let pixels = context.get_image_data(0.0, 0.0, width.into(), height.into()).ok()?.data();
        read(width as usize, height as usize, &pixels.0)
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        for track in self.stream.get_tracks().iter() {
            track.unchecked_into::<web_sys::MediaStreamTrack>().stop();
        }
        self.video.set_src_object(None);
    }
}

/// The text of a QR code among pixels, four bytes each.
fn read(width: usize, height: usize, pixels: &[u8]) -> Option<String> {
    let grey = |x: usize, y: usize| {
        let at = 4 * (y * width + x);
        let part = |n: usize| pixels.get(at + n).copied().map_or(0, u32::from);
        // Luma as ITU-R BT.601 weighs it.
        u8::try_from((299 * part(0) + 587 * part(1) + 114 * part(2)) / 1000).unwrap_or(255)
    };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    image.detect_grids().iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
}

/// The browser's own detector, if it reads QR codes.
async fn detector() -> Option<JsValue> {
    let class: Function = Reflect::get(&window(), &"BarcodeDetector".into()).ok()?.dyn_into().ok()?;
    let formats: Function = Reflect::get(&class, &"getSupportedFormats".into()).ok()?.dyn_into().ok()?;
    let formats = JsFuture::from(formats.call0(&class).ok()?.dyn_into::<Promise>().ok()?).await.ok()?;
    if !formats.dyn_into::<Array>().ok()?.includes(&"qr_code".into(), 0) {
        return None;
    }
    let wanted = js_sys::Object::new();
    Reflect::set(&wanted, &"formats".into(), &Array::of1(&"qr_code".into())).ok()?;
    Reflect::construct(&class, &Array::of1(&wanted)).ok()
}

async fn detected(detector: &JsValue, video: &HtmlVideoElement) -> Option<String> {
    let detect: Function = Reflect::get(detector, &"detect".into()).ok()?.dyn_into().ok()?;
    let found = JsFuture::from(detect.call1(detector, video).ok()?.dyn_into::<Promise>().ok()?).await.ok()?;
    let first = found.dyn_into::<Array>().ok()?.get(0);
    Reflect::get(&first, &"rawValue".into()).ok()?.as_string()
}
