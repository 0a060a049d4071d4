//! Who may see and write what: decided by post, and for what is assigned by officer.

use super::{Class, FieldType, Pack, Path};

/// What a post may do with a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// See and receive.
    Read,
    /// Write.
    Write,
}

impl Pack {
    /// The way from a record of `kind` to the account it is assigned to; `None` for kinds that a whole post shares.
    pub fn assignment(&self, kind: &str) -> Option<Path> {
        let (mut kind, mut steps) = (self.kind(kind)?, Vec::new());
        loop {
            let name = kind.assigned.as_deref()?;
            steps.push(name);
            match &kind.field(name)?.r#type {
                // A loaded pack has no circle; one that was not checked ends here too.
                FieldType::Record(next) if steps.len() <= self.kinds.len() => kind = self.kind(next)?,
                FieldType::Text => return Some(Path(steps.join("."))),
                _ => return None,
            }
        }
    }

    /// The most sensitive class of what `post` may see.
    pub fn sees(&self, post: &str) -> Class {
        let kinds = self.post(post).into_iter().flat_map(|post| &post.read);
        kinds.filter_map(|kind| self.kind(kind)).map(|kind| kind.class).max().unwrap_or(Class::Open)
    }

    /// Whether `post` has `right` over `kind`; unknown posts and kinds have none.
    pub fn allows(&self, post: &str, kind: &str, right: Right) -> bool {
        let Some(post) = self.post(post) else { return false };
        let kinds = match right {
            Right::Read => &post.read,
            Right::Write => &post.write,
        };
        self.kinds.contains_key(kind) && kinds.iter().any(|k| k == kind)
    }
}
