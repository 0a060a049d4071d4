//! The byte border of the store: everything it keeps goes through [`seal`] and comes back through [`open`].
//!
//! Today a form byte and the bytes as they are. Encryption takes this place without any other module noticing.

use super::StoreError;

/// Bytes as they are.
const PLAIN: u8 = 1;

/// Bytes ready to be kept; only [`seal`] makes them.
#[derive(Clone, Debug)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// The bytes that rest in the database.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Makes bytes ready to be kept.
pub fn seal(bytes: &[u8]) -> Sealed {
    let mut sealed = Vec::with_capacity(bytes.len() + 1);
    sealed.push(PLAIN);
    sealed.extend_from_slice(bytes);
    Sealed(sealed)
}

/// The bytes that were sealed.
///
/// # Errors
/// [`StoreError::Newer`] for a form this program does not know, [`StoreError::Damaged`] for no form at all.
pub fn open(mut sealed: Vec<u8>) -> Result<Vec<u8>, StoreError> {
    match sealed.first() {
        Some(&PLAIN) => {
            sealed.remove(0);
            Ok(sealed)
        }
        Some(_) => Err(StoreError::Newer),
        None => Err(StoreError::Damaged("an empty value".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_to_the_same_bytes() {
        for bytes in [&b""[..], b"x", &[0, 1, 2, 255]] {
            assert_eq!(open(seal(bytes).bytes().to_vec()).unwrap(), bytes);
        }
    }

    #[test]
    fn a_form_of_a_newer_program_is_told_apart_from_damage() {
        assert!(matches!(open(vec![9, 1, 2]), Err(StoreError::Newer)));
        assert!(matches!(open(vec![]), Err(StoreError::Damaged(_))));
    }
}
