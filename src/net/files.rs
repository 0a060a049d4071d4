//! Bringing photos and papers to the office, by the tus protocol (creation extension): begun once, then in parts, going on
//! where the last try ended.

use records::{Lang, RecordId};

use super::{LONGEST, Method, RequestBuilder, Response, Trouble, answered, spoken, told};

/// Bytes of a part: what a cut line can cost.
const PART: usize = 256 * 1024;

/// Where a file of a record is at the office.
pub fn address(record: RecordId, hash: &str) -> String {
    format!("/api/v1/records/{record}/files/{hash}")
}

/// Brings a file. Done when the office has said that it has all of it, and that its hash is this one.
pub async fn bring(record: RecordId, hash: &str, bytes: &[u8], lang: Lang) -> Result<(), Trouble> {
    let mut offset = match reached(record, hash, lang).await? {
        Some(offset) => offset,
        None => {
            begin(record, hash, bytes.len(), lang).await?;
            reached(record, hash, lang).await?.unwrap_or(0)
        }
    };
    while offset < bytes.len() {
        let part = bytes.get(offset..bytes.len().min(offset + PART)).ok_or(Trouble::Strange)?;
        let request = tus(RequestBuilder::new(&address(record, hash)).method(Method::PATCH), lang)
            .header("content-type", "application/offset+octet-stream")
            .header("upload-offset", &offset.to_string());
        let response = answered(request, |request| request.body(js_sys::Uint8Array::from(part)), LONGEST).await?;
        let now = number(&fine(response).await?, "upload-offset")?;
        if now <= offset {
            return Err(Trouble::Strange);
        }
        offset = now;
    }
    if offset == bytes.len() { Ok(()) } else { Err(Trouble::Strange) }
}

/// How many of its bytes are there; `None` when it was not begun.
async fn reached(record: RecordId, hash: &str, lang: Lang) -> Result<Option<usize>, Trouble> {
    let request = tus(RequestBuilder::new(&address(record, hash)).method(Method::HEAD), lang);
    let response = answered(request, |request| request.build(), LONGEST).await?;
    match response.status() {
        404 => Ok(None),
        200 => number(&response, "upload-offset").map(Some),
        // A refusal without a body says only its status.
        _ => Err(Trouble::Strange),
    }
}

async fn begin(record: RecordId, hash: &str, length: usize, lang: Lang) -> Result<(), Trouble> {
    let encoded = |text: &str| gloo::utils::window().btoa(text).unwrap_or_default();
    let said = format!("record {},sha256 {}", encoded(&record.to_string()), encoded(hash));
    let request = tus(RequestBuilder::new("/api/v1/files").method(Method::POST), lang)
        .header("upload-length", &length.to_string())
        .header("upload-metadata", &said);
    fine(answered(request, |request| request.build(), LONGEST).await?).await.map(drop)
}

fn tus(request: RequestBuilder, lang: Lang) -> RequestBuilder {
    spoken(request, lang).header("tus-resumable", "1.0.0")
}

async fn fine(response: Response) -> Result<Response, Trouble> {
    if response.ok() {
        return Ok(response);
    }
    let bytes = response.binary().await.map_err(|_| Trouble::Offline)?;
    Err(told(&response, &bytes))
}

fn number(response: &Response, name: &str) -> Result<usize, Trouble> {
    response.headers().get(name).and_then(|said| said.parse().ok()).ok_or(Trouble::Strange)
}
