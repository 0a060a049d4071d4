//! The trail held against itself and against the changes it speaks of.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::{Office, What, fingerprint, link};
use crate::{
    db::{AuditRow, ChangeBody, Fault, ReadTransaction},
    office::hex,
};

/// Rows, and changes, read at a time.
const SOME: u32 = 1000;

/// A trail without a flaw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// How many rows.
    pub rows: u64,
    /// The last one's hash, hexadecimal; to be noted elsewhere.
    pub last: String,
    /// Whether the hash that was asked for is in the trail.
    pub holds: bool,
}

/// The first row that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its number.
    pub n: u64,
    /// What does not fit.
    pub why: &'static str,
}

/// A row of changes while its changes are read.
struct Changes {
    row: AuditRow,
    count: u64,
    hash: Sha256,
}

impl Office {
    /// Reads the whole trail, and all changes, and says whether they fit; and whether the row with the hash `noted`
    /// (hexadecimal) is among them.
    pub async fn verify_audit(&self, noted: Option<&str>) -> Result<Result<Sound, Broken>, Fault> {
        let mut tx = self.store.begin_read(self.community).await?;
        let (mut n, mut before, mut holds, mut changes) = (0, Vec::new(), noted.is_none(), Vec::new());
        let mut erased = 0;
        loop {
            let rows = tx.audit_after(n, SOME).await?;
            let is_end = rows.is_empty();
            for row in rows {
                if row.n != n + 1 {
                    return Ok(Err(Broken { n: n + 1, why: "it is missing" }));
                }
                if row.hash != link(&before, &row) {
                    return Ok(Err(Broken { n: row.n, why: "its hash does not fit what it says and the row before" }));
                }
                holds |= noted.is_some_and(|noted| hex(&row.hash).eq_ignore_ascii_case(noted));
                (n, before) = (row.n, row.hash.clone());
                if row.what == What::Erased.name() {
                    erased += row.count;
                }
                if row.what == What::Change.name() {
                    changes.push(Changes { row, count: 0, hash: Sha256::new() });
                }
            }
            if is_end {
                break;
            }
        }
        let broken = held_against(&mut tx, changes, erased).await?;
        Ok(broken.map_or(Ok(Sound { rows: n, last: hex(&before), holds }), Err))
    }
}

/// The first row whose changes are not those that there are; of `erased` changes the words may be gone.
async fn held_against(
    tx: &mut ReadTransaction,
    mut rows: Vec<Changes>,
    mut erased: u64,
) -> Result<Option<Broken>, Fault> {
    let Some(begin) = rows.first().map(|changes| changes.row.seqs.0) else { return Ok(None) };
    let mut of_kind: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, changes) in rows.iter().enumerate() {
        let kind = changes.row.about.split_once('/').map_or("", |(_, kind)| kind);
        of_kind.entry(kind.to_owned()).or_default().push(place);
    }
    // Changes from before there was a trail are nobody's.
    let (mut seq, mut stray) = (begin.saturating_sub(1), None);
    loop {
        let changes = tx.changes_after(seq, SOME).await?;
        let Some((last, ..)) = changes.last() else { break };
        let end = *last;
        for (seq, kind, body) in changes {
            let places = of_kind.get(&kind).map(Vec::as_slice).unwrap_or_default();
            let at = places.partition_point(|place| rows[*place].row.seqs.1 < seq);
            match places.get(at).map(|place| &mut rows[*place]).filter(|changes| changes.row.seqs.0 <= seq) {
                Some(changes) => {
                    changes.count += 1;
                    match body {
                        ChangeBody::Here(body) => changes.hash.update(fingerprint(&body)),
                        ChangeBody::Erased(print) if erased > 0 => {
                            erased -= 1;
                            changes.hash.update(print);
                        }
                        // More are gone than the trail says were erased.
                        ChangeBody::Erased(_) => {}
                    }
                }
                None => stray = stray.or(Some(seq)),
            }
        }
        seq = end;
    }
    let whole = |changes: &&Changes| {
        let digest: Vec<u8> = changes.hash.clone().finalize().to_vec();
        changes.count != changes.row.count || digest != changes.row.digest
    };
    let wrong = rows.iter().find(whole).map(|changes| changes.row.n);
    // A change that no row knows belongs where the row after it should be.
    let after = stray.map(|seq| rows.iter().find(|r| r.row.seqs.0 > seq).or(rows.last()).map_or(0, |r| r.row.n));
    Ok(match (wrong, after) {
        (Some(n), after) if after.is_none_or(|after| n <= after) => {
            Some(Broken { n, why: "the changes it speaks of are not as they were" })
        }
        (_, Some(n)) => Some(Broken { n, why: "by it there are changes that the trail does not know" }),
        (_, None) => None,
    })
}
