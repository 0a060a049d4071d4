//! Another pack in force: from the command line, from a newer program, or from the director's workshop.

use std::sync::{Arc, PoisonError};

use records::{Pack, pack::Wrong};
use sync::Bucket;

use super::{
    Author, Office,
    audit::{self, By, What},
    desk,
};
use crate::db::Fault;

/// Why a pack was not published.
#[derive(Debug)]
pub enum Unpublished {
    /// Another version than the one that was changed is in force.
    Overtaken,
    /// What is wrong with it.
    Wrong(Vec<Wrong>),
}

impl Office {
    /// Puts another pack in force, for pushes and pulls from now on. Records of kinds whose sensitivity or
    /// assignment it changes move to their new buckets.
    pub async fn set_pack(&self, pack: Pack) -> Result<(), Fault> {
        let _turn = self.publishing.lock().await;
        self.put_in_force(By::CONSOLE, pack).await
    }

    /// Puts the pack that a director made of `version` in its place, as the next one; its version.
    pub async fn publish(&self, by: By<'_>, version: u32, pack: Pack) -> Result<Result<u32, Unpublished>, Fault> {
        let _turn = self.publishing.lock().await;
        let was = self.pack();
        if was.version != version {
            return Ok(Err(Unpublished::Overtaken));
        }
        let pack = match pack.succeed(&was) {
            Ok(pack) => pack,
            Err(wrong) => return Ok(Err(Unpublished::Wrong(wrong))),
        };
        let version = pack.version;
        self.put_in_force(by, pack).await?;
        Ok(Ok(version))
    }

    /// Puts the program's own pack in force when it is a newer version of the stored one. Of a pack that its community has
    /// changed nothing is taken back: what is new in the program's is added to it.
    pub async fn renew_pack(&self) -> Result<(), Fault> {
        let (stored, own) = (self.pack(), Pack::community());
        if stored.name != own.name || stored.origin.unwrap_or(stored.version) >= own.version {
            return Ok(());
        }
        if stored.origin.is_none() {
            return self.set_pack(own.marked(&stored)).await;
        }
        match stored.renewed(&own) {
            Some(renewed) => self.set_pack(renewed).await,
            None => {
                tracing::warn!(own = own.version, "the program's newer forms do not go with the community's own");
                Ok(())
            }
        }
    }

    async fn put_in_force(&self, by: By<'_>, pack: Pack) -> Result<(), Fault> {
        let was = self.pack();
        let is_assigned = |kind: &&String| was.assignment(kind).or(pack.assignment(kind)).is_some();
        let (assigned, shared): (Vec<&String>, Vec<&String>) = was.kinds.keys().partition(is_assigned);
        let name = |kind: &&String| (Bucket::of(&was, kind).0, Bucket::of(&pack, kind).0);
        let renamed: Vec<(String, String)> = shared.iter().map(name).filter(|(from, to)| from != to).collect();
        let version = format!("{} {}", pack.name, pack.version);
        let mut tx = self.store.begin_push(self.community).await?;
        let note = audit::Note { what: What::Pack, about: version, count: 1 };
        audit::note_in(&mut tx, by, self.now(), vec![note]).await?;
        tx.set_pack(&pack, &renamed).await?;
        let head = tx.head();
        let nobody = Author { account: String::new(), post: String::new() };
        let mut desk = desk::Desk::new(&pack, &nobody, self.today());
        for kind in assigned {
            desk.rehouse(&mut tx, kind, head).await?;
        }
        desk.write(&mut tx, head).await?;
        tx.commit().await?;
        *self.pack.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pack);
        // A tablet that listens asks at once, and takes it over.
        self.head.send_modify(|_| ());
        Ok(())
    }
}
