//! Pictures drawn anew: smaller, upright, and without what a camera writes beside the picture (where, when, by what).

use gloo::utils::{document, window};
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

/// The longer side at most, in pixels: small print of a paper held at arm's length can still be read.
const LONGEST: u32 = 1600;
/// JPEG's quality, 0 to 1.
const QUALITY: f64 = 0.8;

/// A picture as a bare JPEG; `None` for what the browser cannot show.
pub async fn redrawn(picture: &Blob) -> Option<Vec<u8>> {
    let bitmap = JsFuture::from(window().create_image_bitmap_with_blob(picture).ok()?).await.ok()?;
    let bitmap: ImageBitmap = bitmap.dyn_into().ok()?;
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    let (width, height) = fitting(bitmap.width(), bitmap.height());
    canvas.set_width(width);
    canvas.set_height(height);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    // JPEG knows no transparency: what was clear would come out black.
    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, width.into(), height.into());
    context.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, width.into(), height.into()).ok()?;
    bitmap.close();
    let promise = Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move |blob: JsValue| drop(resolve.call1(&JsValue::NULL, &blob)));
        let quality = JsValue::from_f64(QUALITY);
        // Fails for a tainted canvas only; this one holds the person's own picture.
        let _ = canvas.to_blob_with_type_and_encoder_options(done.unchecked_ref(), "image/jpeg", &quality);
    });
    let blob: Blob = JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
    bytes(&blob).await
}

/// How a file begins.
pub async fn head(blob: &Blob) -> Option<Vec<u8>> {
    bytes(&blob.slice_with_f64_and_f64(0.0, 64.0).ok()?).await
}

/// All of a file.
pub async fn bytes(blob: &Blob) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// The size that keeps the sides' ratio, neither side over [`LONGEST`] nor under one.
fn fitting(width: u32, height: u32) -> (u32, u32) {
    let longer = width.max(height).max(1);
    if longer <= LONGEST {
        return (width.max(1), height.max(1));
    }
    let scaled =
        |side: u32| u32::try_from(u64::from(side) * u64::from(LONGEST) / u64::from(longer)).unwrap_or(1).max(1);
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn a_picture_keeps_its_shape() {
        assert_eq!(fitting(4000, 3000), (1600, 1200));
        assert_eq!(fitting(3000, 4000), (1200, 1600));
        assert_eq!(fitting(800, 600), (800, 600));
        assert_eq!(fitting(100_000, 3), (1600, 1));
        assert_eq!(fitting(0, 0), (1, 1));
    }
}
