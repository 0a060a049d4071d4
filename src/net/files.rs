//! Bringing photos and papers to the office, by the tus protocol (creation extension): begun once, then in parts, going on
//! where the last try ended.

use std::cell::Cell;

use records::{Lang, RecordId};
use sync::engine::Portion;

use super::{Answer, Request, SILENCE, Trouble, fine, foreign, spoken};

/// Most bytes of a part: what a cut line can cost.
const MAX_PART: usize = 256 * 1024;
/// With fewer the rest of a request weighs more than the part.
const MIN_PART: usize = 4 * 1024;

/// The size of the parts, found over all files of a seat.
pub struct Part(Cell<Portion>);

impl Default for Part {
    fn default() -> Self {
        Self(Cell::new(Portion::of_at_most(MAX_PART)))
    }
}

impl Part {
    fn size(&self) -> usize {
        self.0.get().size().max(MIN_PART)
    }

    fn change(&self, change: impl FnOnce(&mut Portion)) {
        let mut portion = self.0.get();
        change(&mut portion);
        self.0.set(portion);
    }
}

/// Where a file of a record is at the office.
pub fn address(record: RecordId, hash: &str) -> String {
    format!("/api/v1/records/{record}/files/{hash}")
}

/// Brings a file. Done when the office has said that it has all of it, and that its hash is this one.
pub async fn bring(record: RecordId, hash: &str, bytes: &[u8], size: &Part, lang: Lang) -> Result<(), Trouble> {
    let mut offset = match reached(record, hash, lang).await? {
        Some(offset) => offset,
        None => {
            begin(record, hash, bytes.len(), lang).await?;
            reached(record, hash, lang).await?.unwrap_or(0)
        }
    };
    while offset < bytes.len() {
        let part = bytes.get(offset..bytes.len().min(offset + size.size())).ok_or(Trouble::Strange)?;
        let now = match add(record, hash, offset, part, lang).await {
            Ok(now) => {
                size.change(Portion::grow);
                now
            }
            Err(trouble) if trouble.may_be_of_size() => {
                let was = size.size();
                size.change(|portion| portion.shrink(part.len()));
                // What came of it the office has kept.
                match reached(record, hash, lang).await? {
                    Some(now) if now > offset => now,
                    Some(now) if now == offset && size.size() < was && is_too_large(&trouble) => continue,
                    _ => return Err(trouble),
                }
            }
            // The answer was lost, and the browser sent the part once more by itself: the office has gone on.
            Err(trouble) if is_elsewhere(&trouble) => match reached(record, hash, lang).await? {
                Some(now) if now > offset => now,
                _ => return Err(trouble),
            },
            Err(trouble) => return Err(trouble),
        };
        if now <= offset {
            return Err(Trouble::Strange);
        }
        offset = now;
    }
    if offset == bytes.len() { Ok(()) } else { Err(Trouble::Strange) }
}

/// Whether it is certainly the size.
fn is_too_large(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::TooLarge)
}

/// Whether the office stands at another offset.
fn is_elsewhere(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Told { details, .. } if details.status == 409)
}

/// Brings the bytes from `offset`; how many are there then.
async fn add(record: RecordId, hash: &str, offset: usize, part: &[u8], lang: Lang) -> Result<usize, Trouble> {
    let request = tus(Request::new("PATCH", &address(record, hash)), lang)
        .header("content-type", "application/offset+octet-stream")
        .header("upload-offset", offset.to_string());
    number(&fine(request.send(Some(part), SILENCE).await?)?, "upload-offset")
}

/// How many of its bytes are there; `None` when it was not begun.
async fn reached(record: RecordId, hash: &str, lang: Lang) -> Result<Option<usize>, Trouble> {
    let answer = tus(Request::new("HEAD", &address(record, hash)), lang).send(None, SILENCE).await?;
    match answer.status {
        404 => Ok(None),
        200 => number(&answer, "upload-offset").map(Some),
        // A refusal without a body says only its status.
        status => Err(foreign(status)),
    }
}

async fn begin(record: RecordId, hash: &str, length: usize, lang: Lang) -> Result<(), Trouble> {
    let encoded = |text: &str| gloo::utils::window().btoa(text).unwrap_or_default();
    let said = format!("record {},sha256 {}", encoded(&record.to_string()), encoded(hash));
    let request = tus(Request::post("/api/v1/files"), lang)
        .header("upload-length", length.to_string())
        .header("upload-metadata", said);
    fine(request.send(None, SILENCE).await?).map(drop)
}

fn tus(request: Request, lang: Lang) -> Request {
    spoken(request, lang).header("tus-resumable", "1.0.0")
}

fn number(answer: &Answer, name: &str) -> Result<usize, Trouble> {
    answer.header(name).and_then(|said| said.parse().ok()).ok_or(Trouble::Strange)
}
