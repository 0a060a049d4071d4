//! Photos and papers: kept at once with what is being written, brought to the office when their record is there. The record
//! never waits for them.

use std::rc::Rc;

use leptos::prelude::*;
use records::{Fields, Problem, RecordId, file::ENDINGS, file::MAX_FILE, file::mentions};
use sha2::{Digest, Sha256};
use sync::{book::Book, engine};
use wasm_bindgen_futures::spawn_local;

use super::{Desk, read, seat::Seat, state::State};
use crate::{
    net, picture, platform,
    store::{Filed, StoreError},
};

/// The first and the longest pause after a file could not be brought, in milliseconds.
const PAUSES: (u32, u32) = (3_000, 60_000);
/// How long a file is kept that nothing mentions: what was taken and thrown away again.
const UNUSED: u64 = 24 * 3600 * 1000;

impl Desk {
    /// Keeps a file for a record that is being written: pictures drawn anew, all else as it is. Answers with what the record
    /// mentions of it.
    ///
    /// # Errors
    /// In words for the person: not a picture, too large, no room …
    pub async fn add_file(
        &self,
        (record, kind): (RecordId, String),
        file: web_sys::File,
        is_photo: bool,
    ) -> Result<String, Problem> {
        let (name, bytes) = read(&file, is_photo).await?;
        let state = self.state();
        let closed = || StoreError::Closed.problem();
        let (seat, me) = state.seat().zip(state.account()).ok_or_else(closed)?;
        let hash = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let (length, at) = (bytes.len() as u64, platform::reading());
        let filed = Filed { record, kind, hash, name, bytes: length, by: me.account, at, sent: None };
        let mention = filed.mention().written();
        seat.store.keep_file(filed, bytes).await.map_err(|error| error.problem())?;
        show(&state, &seat);
        Ok(mention)
    }

    /// The bytes of a file, if this device has it.
    pub async fn file(&self, record: RecordId, hash: &str) -> Option<Vec<u8>> {
        let seat = self.state().seat()?;
        seat.store.file(record, hash).await.ok().flatten()
    }

    /// The account's files that the office does not have yet, of records that are saved. A record that was put away or may
    /// be held no longer still has its photo to bring.
    pub fn unsent_files(&self) -> Vec<Filed> {
        let state = self.state();
        let (unsent, drafts) = (State::get(&state.unsent), self.drafts());
        // What was taken off again waits for its end, not for the office.
        let drafted = |hash: &str| drafts.iter().any(|head| names(&head.draft.now, hash));
        let is_away = |filed: &Filed| State::get(&state.lapsed) || !may_hold(&state, &filed.kind);
        let waits = |book: &Book, filed: &Filed| match book.get(filed.record) {
            Some(record) => drafted(&filed.hash) || names(&record.values(), &filed.hash),
            None => is_away(filed) && !has_draft(&state, filed.record),
        };
        self.read(|book| unsent.into_iter().filter(|filed| waits(book, filed)).collect())
    }

    /// How many of the account's files the office does not have yet.
    pub fn files_left(&self) -> usize {
        State::get(&self.state().unsent).len()
    }
}

/// Name and bytes as they are kept.
async fn read(file: &web_sys::File, is_photo: bool) -> Result<(String, Vec<u8>), Problem> {
    let name = file.name();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
    let ending = ending.to_lowercase();
    let stem: String = stem.chars().filter(|c| !c.is_control() && !"/\\".contains(*c)).take(60).collect();
    let stem = stem.trim_start_matches('.').trim();
    let stem = if stem.is_empty() { "1" } else { stem };
    if file.size() == 0.0 {
        let (zh, en) = (
            "这个文件是空的，一个字节也没有，请重新拍或重新选。",
            "This file is empty: it has not a single byte. Please take or choose it again.",
        );
        return Err(Problem::new("file_empty", zh, en));
    }
    if is_photo || file.type_().starts_with("image/") {
        let Some(bytes) = picture::redrawn(file).await else {
            let head = picture::head(file).await.unwrap_or_default();
            return Err(unshown(&head));
        };
        return Ok((format!("{stem}.jpg"), bytes));
    }
    if !ENDINGS.contains(&ending.as_str()) {
        let (zh, en) =
            ("可以放照片、PDF、Word、Excel、OFD 和文字文件。", "Pictures, PDF, Word, Excel, OFD and text files.");
        return Err(Problem::new("file_form", zh, en));
    }
    if file.size() > MAX_FILE as f64 {
        let (zh, en) = ("文件超过 20 MB，放不下。", "The file is larger than 20 MB.");
        return Err(Problem::new("file_size", zh, en));
    }
    let unread = || StoreError::Failing("the file could not be read".into()).problem();
    let bytes = picture::bytes(file).await.ok_or_else(unread)?;
    Ok((format!("{stem}.{ending}"), bytes))
}

/// Why a file that should be a picture cannot be shown, by how it begins.
fn unshown(head: &[u8]) -> Problem {
    let is = |magic: &[u8]| head.starts_with(magic);
    // Boxes of the ISO's media files: the brands of HEIC and AVIF.
    let brands = head.get(4..).and_then(|rest| rest.strip_prefix(b"ftyp")).unwrap_or_default();
    let has_brand = |names: &[&[u8; 4]]| brands.chunks(4).any(|brand| names.iter().any(|name| brand == *name));
    let is_tiff = || is(b"II*\0") || is(b"MM\0*");
    let is_avif = has_brand(&[b"avif", b"avis"]);
    let is_heic = !is_avif && has_brand(&[b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"]);
    let (code, zh, en) = if is_heic {
        let zh = "这张照片是 HEIC 格式，这个浏览器打不开。请在相机设置里把格式改成 JPEG（iPhone：设置 → 相机 → 格式 → 兼容性最佳）再拍，或者先转成 JPEG。";
        let en = "This photo is in the HEIC format, which this browser cannot open. Please set the camera to JPEG (iPhone: \
                  Settings, Camera, Formats, Most Compatible) and take it again, or convert it to JPEG first.";
        ("picture_heic", zh, en)
    } else if is_avif || is(b"\0\0\0\x0cJXL ") || is(b"\xff\x0a") || is_tiff() {
        let zh = "这种格式的照片这个浏览器打不开，请先转成 JPEG。";
        ("picture_form", zh, "This browser cannot open pictures of this format. Please convert it to JPEG first.")
    } else if is(b"\xff\xd8") || is(b"\x89PNG") || is(b"GIF8") || is(b"BM") || is(b"RIFF") {
        let zh = "这张照片不完整或者坏了，可能是传过来的时候断了，请重新传或重新拍。";
        let en =
            "This picture is cut short or damaged, perhaps on its way here. Please copy it again or take it again.";
        ("picture_damaged", zh, en)
    } else {
        ("not_a_picture", "这个打不开，不像是照片。", "This cannot be opened: it seems to be no picture.")
    };
    Problem::new(code, zh, en)
}

/// Shows what waits.
pub fn show(state: &State, seat: &Seat) {
    let account = state.account().map(|me| me.account);
    let own = |filed: &Filed| filed.sent.is_none() && Some(&filed.by) == account.as_ref();
    State::set(&state.unsent, seat.store.files().into_iter().filter(own).collect());
}

/// Brings what waits, in the background; asked for whenever a round of sync has come to its end.
pub fn tend(state: &Rc<State>, seat: &Rc<Seat>) {
    seat.files_asked.set(true);
    if seat.tending.replace(true) {
        return;
    }
    let (state, seat) = (state.clone(), seat.clone());
    spawn_local(async move {
        let mut pause = PAUSES.0;
        while seat.is_open() && !seat.alarmed.get() && seat.files_asked.replace(false) {
            if bring(&state, &seat).await.is_all() {
                continue;
            }
            platform::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
            // Without the office there is no use; the next round's end asks again.
            let is_resting = seat.engine.borrow().status().phase == engine::Phase::Resting;
            seat.files_asked.set(is_resting || seat.files_asked.get());
        }
        seat.tending.set(false);
    });
}

/// What is to become of a file now.
#[derive(Debug, PartialEq)]
enum Lot {
    Stays,
    Goes,
    Sends,
}

/// What came of bringing files.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Brought {
    /// The office could not be reached, or the store not be read: another try may bring them.
    pub is_cut: bool,
    /// The session is over: someone must sign in first.
    pub is_over: bool,
    /// Files that the office did not take as they are.
    pub refused: usize,
}

impl Brought {
    /// Whether the office has all that is to be brought now.
    pub fn is_all(self) -> bool {
        self == Self::default()
    }
}

/// Brings every file whose record is at the office, and forgets those that need not be kept.
pub async fn bring(state: &Rc<State>, seat: &Rc<Seat>) -> Brought {
    let mut brought = Brought::default();
    // A file that only a record still to be read mentions would be taken for one that nobody uses.
    if !read::whole(state).await {
        return Brought { is_cut: true, ..brought };
    }
    for filed in seat.store.files() {
        match lot(state, seat, &filed) {
            Lot::Stays => continue,
            Lot::Goes => drop(seat.store.drop_file(&filed).await),
            Lot::Sends => {
                let Ok(Some(bytes)) = seat.store.file(filed.record, &filed.hash).await else {
                    // Damaged, or gone: the row alone is nothing to bring.
                    brought.refused += 1;
                    continue;
                };
                let lang = state.lang.get_untracked();
                match net::files::bring(filed.record, &filed.hash, &bytes, &seat.part, lang).await {
                    Ok(()) => drop(seat.store.file_sent(&filed, platform::reading()).await),
                    Err(net::Trouble::Told { details, .. }) if details.status == 404 => {
                        if !unknown(state, seat, &filed).await {
                            brought.refused += 1;
                        }
                    }
                    // This one's own trouble: the others may still go.
                    Err(net::Trouble::Told { details, .. }) if matches!(details.status, 409 | 413 | 422) => {
                        brought.refused += 1;
                    }
                    Err(trouble) => {
                        brought.is_over = matches!(trouble.failure(), engine::Failure::SignIn);
                        brought.is_cut = true;
                        return brought;
                    }
                }
            }
        }
        show(state, seat);
    }
    brought
}

/// The office knows no change that mentions a file: whether that is as it should be. What was taken and thrown away again
/// goes; of a refused change the office may have kept no words.
async fn unknown(state: &State, seat: &Seat, filed: &Filed) -> bool {
    if seat.store.refused().iter().any(|(change, _)| change.record == filed.record) {
        return !seat.revoked.get();
    }
    if state.book.borrow().get(filed.record).is_some() {
        return false;
    }
    if seat.revoked.get() || is_unused(filed) {
        let _ = seat.store.drop_file(filed).await;
    }
    true
}

/// Old enough to be thrown away where nothing mentions it.
fn is_unused(filed: &Filed) -> bool {
    platform::reading().saturating_sub(filed.at) >= UNUSED
}

fn may_hold(state: &State, kind: &str) -> bool {
    state.scope().iter().any(|bucket| bucket.kind() == kind)
}

fn has_draft(state: &State, record: RecordId) -> bool {
    state.drafts.with_untracked(|all| all.values().any(|head| head.draft.record == record))
}

/// Whether a record's fields mention a file.
fn names(fields: &Fields, hash: &str) -> bool {
    fields.values().flat_map(mentions).any(|mention| mention.hash == hash)
}

fn lot(state: &State, seat: &Seat, filed: &Filed) -> Lot {
    let book = state.book.borrow();
    let record = book.get(filed.record);
    if record.is_some_and(|record| record.is_erased()) {
        return Lot::Goes;
    }
    let may_hold = !seat.revoked.get() && may_hold(state, &filed.kind);
    if filed.sent.is_some() {
        return if filed.is_old(platform::reading()) || !may_hold { Lot::Goes } else { Lot::Stays };
    }
    // Its record goes first.
    let is_own = state.account().is_some_and(|me| me.account == filed.by);
    if !is_own || state.waiting.borrow().contains(&filed.record) {
        return Lot::Stays;
    }
    match record.is_some_and(|record| names(&record.values(), &filed.hash)) {
        // Of a refused change too: the office keeps it, and may take it in.
        true => Lot::Sends,
        false if has_draft(state, filed.record) => Lot::Stays,
        // A right that was lost took the record along, and not what was taken for it.
        false if !may_hold => Lot::Sends,
        false if is_unused(filed) => Lot::Goes,
        false => Lot::Stays,
    }
}

#[cfg(test)]
mod tests {
    use super::unshown;

    #[test]
    fn what_cannot_be_shown_says_what_it_is() {
        let code = |head: &[u8]| unshown(head).code.to_string();
        assert_eq!(code(b"\0\0\0\x24ftypheic\0\0\0\0mif1heic"), "picture_heic", "an iPhone's");
        assert_eq!(code(b"\0\0\0\x18ftypmsf1\0\0\0\0hevc"), "picture_heic", "a Huawei's");
        assert_eq!(code(b"\0\0\0\x1cftypavif\0\0\0\0mif1avif"), "picture_form");
        assert_eq!(code(b"\0\0\0\x1cftypavif\0\0\0\0avifmiaf"), "picture_form");
        assert_eq!(code(b"\xff\xd8\xff\xe1\x12\x34Exif"), "picture_damaged", "begun as a photo, and cut");
        assert_eq!(code(b"\x89PNG\r\n"), "picture_damaged");
        assert_eq!(code(b"II*\0\x08"), "picture_form");
        for other in [&b"%PDF-1.7"[..], b"PK\x03\x04", b"", b"\0\0\0\x20ftypisom", b"hello"] {
            assert_eq!(code(other), "not_a_picture");
        }
    }
}
