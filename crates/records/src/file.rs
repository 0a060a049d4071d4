//! Files that records mention: a record keeps what a file is called and the hash of its bytes, never the bytes. They take
//! their own way to the office, so a record never waits for its photo.

use crate::Value;

/// Most bytes of a file: 20 MiB.
pub const MAX_FILE: u64 = 20 * 1024 * 1024;
/// Most files of one answer.
pub const MAX_FILES: usize = 12;
/// Most characters of a file's name.
const MAX_NAME: usize = 100;
/// Endings a file may have. Pictures are always JPEG: they are drawn anew where they are taken, and lose with that where,
/// when and by what they were taken.
pub const ENDINGS: [&str; 9] = [PHOTO, "pdf", "doc", "docx", "xls", "xlsx", "txt", "csv", "ofd"];
/// The ending of pictures.
pub const PHOTO: &str = "jpg";

/// What a record says of a file, written `<SHA-256 in hexadecimal>/<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention<'a> {
    /// The SHA-256 of its bytes: 64 lower-case hexadecimal digits.
    pub hash: &'a str,
    /// Its name, with one of [`ENDINGS`].
    pub name: &'a str,
}

impl<'a> Mention<'a> {
    /// Read from what a record keeps.
    pub fn read(text: &'a str) -> Option<Self> {
        let (hash, name) = text.split_once('/')?;
        let is_name = !name.contains(['/', '\\']) && !name.chars().any(char::is_control) && !name.starts_with('.');
        let fits = is_hash(hash) && is_name && name.chars().count() <= MAX_NAME;
        let mention = Self { hash, name };
        (fits && ENDINGS.contains(&mention.ending().as_str())).then_some(mention)
    }

    /// As a record keeps it.
    pub fn written(self) -> String {
        format!("{}/{}", self.hash, self.name)
    }

    /// The end of its name, in lower case.
    pub fn ending(self) -> String {
        self.name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default()
    }

    /// Whether it is a picture.
    pub fn is_photo(self) -> bool {
        self.ending() == PHOTO
    }
}

/// Whether these are 64 lower-case hexadecimal digits.
pub fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Every file that an answer mentions, also in the rows of a repeat.
pub fn mentions(value: &Value) -> Vec<Mention<'_>> {
    match value {
        Value::String(text) => Mention::read(text).into_iter().collect(),
        Value::Array(values) => values.iter().flat_map(mentions).collect(),
        Value::Object(row) => row.values().flat_map(mentions).collect(),
        _ => Vec::new(),
    }
}

/// Whether bytes are a JPEG picture that says nothing but the picture: no Exif or XMP (APP1), no IPTC (APP13), no
/// comment; ITU-T T.81, annex B.
pub fn is_bare_jpeg(bytes: &[u8]) -> bool {
    let Some(mut rest) = bytes.strip_prefix(&[0xff, 0xd8]) else { return false };
    loop {
        let [0xff, marker, after @ ..] = rest else { return false };
        match marker {
            // Fill bytes before a marker.
            0xff => rest = &rest[1..],
            // The picture itself begins: segments of text come before it.
            0xda => return true,
            0xe1 | 0xed | 0xfe => return false,
            _ => {
                let Some((length, _)) = after.split_first_chunk::<2>() else { return false };
                let Some(next) = after.get(usize::from(u16::from_be_bytes(*length)).max(2)..) else { return false };
                rest = next;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_mention_is_a_hash_and_a_plain_name() {
        let hash = "0f".repeat(32);
        let written = format!("{hash}/楼道.jpg");
        let mention = Mention::read(&written).unwrap();
        assert_eq!((mention.name, mention.is_photo(), mention.written()), ("楼道.jpg", true, written.clone()));
        assert!(!Mention::read(&format!("{hash}/证明.PDF")).unwrap().is_photo());
        for name in ["", "a", "a.exe", "a.html", "a.svg", "../a.jpg", "a/b.jpg", "a\\b.jpg", ".jpg", "a\n.jpg"] {
            assert_eq!(Mention::read(&format!("{hash}/{name}")), None, "{name:?}");
        }
        assert_eq!(Mention::read(&format!("{}/a.jpg", hash.to_uppercase())), None);
        assert_eq!(Mention::read(&format!("{}/a.jpg", &hash[1..])), None);
        let long = format!("{hash}/{}.jpg", "长".repeat(97));
        assert_eq!(Mention::read(&long), None);
    }

    #[test]
    fn files_are_found_wherever_an_answer_mentions_them() {
        let [a, b] = ["a", "b"].map(|c| format!("{}/{c}.jpg", c.repeat(64)));
        let answer = json!([{ "what": "light", "photos": [a, b] }, { "what": a }, 3, "a.jpg"]);
        let found: Vec<String> = mentions(&answer).into_iter().map(Mention::written).collect();
        // The rows' keys come in the order of the alphabet.
        assert_eq!(found, [a.clone(), b, a]);
    }

    #[test]
    fn a_picture_that_says_more_than_the_picture_is_told() {
        let segment =
            |marker: u8, body: &[u8]| [&[0xff, marker][..], &(body.len() as u16 + 2).to_be_bytes(), body].concat();
        let picture = |segments: &[Vec<u8>]| [&[0xff, 0xd8][..], &segments.concat(), &[0xff, 0xda, 0, 2, 7]].concat();
        let jfif = segment(0xe0, b"JFIF\0");
        assert!(is_bare_jpeg(&picture(&[jfif.clone(), segment(0xe2, b"ICC_PROFILE\0"), segment(0xdb, &[1; 65])])));
        for telling in [segment(0xe1, b"Exif\0\0"), segment(0xed, b"Photoshop"), segment(0xfe, b"by")] {
            assert!(!is_bare_jpeg(&picture(&[jfif.clone(), telling])));
        }
        for not in
            [&b""[..], b"\x89PNG", &[0xff, 0xd8], &[0xff, 0xd8, 0xff, 0xe0, 0xff], &[0xff, 0xd8, 0xff, 0xe0, 0, 0]]
        {
            assert!(!is_bare_jpeg(not), "{not:?}");
        }
    }
}
