//! The parts of a workbook of today, a zip, looked through before anyone believes them: what its headers say of their size may
//! be a lie, and XML is read piece by piece only where its pieces are short.

use std::io::{Cursor, Read as _};

use super::{Stop, Unreadable};

/// Most bytes of all parts, unpacked: twice what a sheet of sixty thousand rows and thirty columns takes.
const MAX_UNPACKED: u64 = 256 << 20;
/// Most bytes of the texts that cells share: they are all read before the first cell is.
const MAX_SHARED: u64 = 64 << 20;
/// Most bytes from one tag to the next: a cell holds 32,767 characters at most.
const LONGEST_PIECE: u64 = 4 << 20;

/// Unpacks all of it, keeping nothing.
pub(super) fn look_through(bytes: &[u8], stop: &Stop) -> Result<(), Unreadable> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged)?;
    let (mut all, mut buffer) = (0, vec![0; 64 * 1024]);
    for at in 0..archive.len() {
        // What cannot be unpacked is found by who reads it.
        let Ok(mut part) = archive.by_index(at) else { continue };
        let name = part.name().to_ascii_lowercase();
        let most = if name.ends_with("sharedstrings.xml") { MAX_SHARED } else { MAX_UNPACKED };
        let is_xml = name.ends_with(".xml") || name.ends_with(".rels");
        let (mut here, mut piece) = (0, 0);
        while let Ok(length @ 1..) = part.read(&mut buffer) {
            stop.look()?;
            let came = &buffer[..length];
            (all, here) = (all + length as u64, here + length as u64);
            if all > MAX_UNPACKED || here > most {
                return Err(Unreadable::TooMuch);
            }
            piece = match came.iter().rposition(|byte| *byte == b'<') {
                Some(last) => (length - last) as u64,
                None => piece + length as u64,
            };
            if is_xml && piece > LONGEST_PIECE {
                return Err(Unreadable::TooMuch);
            }
        }
    }
    Ok(())
}
