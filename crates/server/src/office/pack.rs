//! Another pack in force: from the command line, from a newer program, or from the director's workshop; by this server or by
//! another over the same database.

use std::sync::{Arc, PoisonError};

use records::{Pack, pack::Wrong};
use sync::Bucket;
use xxhash_rust::xxh3::xxh3_128;

use super::{
    Author, Office,
    audit::{self, By, What},
    desk,
};
use crate::db::{Fault, PushTransaction};

/// Why a pack was not published.
#[derive(Debug)]
pub enum Unpublished {
    /// Another one than the one that was changed is in force, of this version.
    Overtaken(u32),
    /// What is wrong with it.
    Wrong(Vec<Wrong>),
}

/// What exactly this pack is called: XXH3-128 of its JSON.
pub(super) fn print(pack: &Pack) -> Result<String, Fault> {
    let json = serde_json::to_vec(pack).map_err(|e| Fault::damaged("pack", e))?;
    Ok(format!("{:032x}", xxh3_128(&json)))
}

impl Office {
    /// The pack in force, as far as this server has heard: at each request it hears again ([`Office::session`]).
    pub fn pack(&self) -> Arc<Pack> {
        self.in_force().0
    }

    /// The same, with what it is called.
    pub fn in_force(&self) -> (Arc<Pack>, Arc<str>) {
        self.pack.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Hears what a query brought along of the pack in force, and takes another one over.
    pub(super) async fn hear(&self, print: &str) -> Result<(), Fault> {
        if *self.in_force().1 == *print {
            return Ok(());
        }
        if let Some((row, pack)) = self.store.community(self.community).await? {
            self.take_over(pack, row.print);
        }
        Ok(())
    }

    /// The pack in force for a push, which nobody else changes before its commit.
    pub(super) async fn pack_in(&self, tx: &mut PushTransaction) -> Result<Arc<Pack>, Fault> {
        if *self.in_force().1 != *tx.print() {
            let (pack, print) = tx.pack().await?;
            self.take_over(pack, print);
        }
        Ok(self.pack())
    }

    fn take_over(&self, pack: Pack, print: String) {
        *self.pack.write().unwrap_or_else(PoisonError::into_inner) = (Arc::new(pack), print.into());
        // A tablet that listens asks at once, and takes it over.
        self.head.send_modify(|_| ());
    }

    /// Looks whether another server, or a command beside this one, has written to the database or put another pack in
    /// force, and tells those who listen here.
    pub async fn look_around(&self) -> Result<(), Fault> {
        self.hold_to_timeline().await?;
        let (head, print) = self.store.standing(self.community).await?;
        self.announce(head);
        self.hear(&print).await
    }

    /// Puts another pack in force, for pushes and pulls from now on. Records of kinds whose sensitivity or
    /// assignment it changes move to their new buckets.
    pub async fn set_pack(&self, pack: Pack) -> Result<(), Fault> {
        let tx = self.store.begin_push(self.community).await?;
        self.put_in_force(tx, By::CONSOLE, pack).await
    }

    /// The same for one that must be newer than what is in force, whose version is told otherwise.
    pub async fn set_newer_pack(&self, pack: Pack) -> Result<Result<(), u32>, Fault> {
        let mut tx = self.store.begin_push(self.community).await?;
        let in_force = self.pack_in(&mut tx).await?.version;
        if pack.version <= in_force {
            return Ok(Err(in_force));
        }
        self.put_in_force(tx, By::CONSOLE, pack).await.map(Ok)
    }

    /// Puts the pack that a director made of `version` in its place, as the next one; its version. One that says which pack
    /// exactly it was made of is held to that too.
    pub async fn publish(&self, by: By<'_>, version: u32, pack: Pack) -> Result<Result<u32, Unpublished>, Fault> {
        let mut tx = self.store.begin_push(self.community).await?;
        let was = self.pack_in(&mut tx).await?;
        let is_of_another = !pack.print.is_empty() && pack.print != tx.print();
        if was.version != version || is_of_another {
            return Ok(Err(Unpublished::Overtaken(was.version)));
        }
        let pack = match pack.succeed(&was) {
            Ok(pack) => pack,
            Err(wrong) => return Ok(Err(Unpublished::Wrong(wrong))),
        };
        let version = pack.version;
        self.put_in_force(tx, by, pack).await?;
        Ok(Ok(version))
    }

    /// Puts the program's own pack in force when it is a newer version of the stored one. Of a pack that its community has
    /// changed nothing is taken back: what is new in the program's is added to it.
    pub async fn renew_pack(&self) -> Result<(), Fault> {
        let mut tx = self.store.begin_push(self.community).await?;
        let (stored, own) = (self.pack_in(&mut tx).await?, Pack::community());
        if stored.name != own.name || stored.origin.unwrap_or(stored.version) >= own.version {
            return Ok(());
        }
        if stored.origin.is_none() {
            return self.put_in_force(tx, By::CONSOLE, own.marked(&stored)).await;
        }
        match stored.renewed(&own) {
            Some(renewed) => self.put_in_force(tx, By::CONSOLE, renewed).await,
            None => {
                tracing::warn!(own = own.version, "the program's newer forms do not go with the community's own");
                Ok(())
            }
        }
    }

    async fn put_in_force(&self, mut tx: PushTransaction, by: By<'_>, pack: Pack) -> Result<(), Fault> {
        let was = self.pack_in(&mut tx).await?;
        let pack = Pack { print: String::new(), ..pack };
        let print = print(&pack)?;
        let is_assigned = |kind: &&String| was.assignment(kind).or(pack.assignment(kind)).is_some();
        let (assigned, shared): (Vec<&String>, Vec<&String>) = was.kinds.keys().partition(is_assigned);
        let name = |kind: &&String| (Bucket::of(&was, kind).0, Bucket::of(&pack, kind).0);
        let renamed: Vec<(String, String)> = shared.iter().map(name).filter(|(from, to)| from != to).collect();
        let version = format!("{} {}", pack.name, pack.version);
        let note = audit::Note { what: What::Pack, about: version, count: 1 };
        audit::note_in(&mut tx, by, self.now(), vec![note]).await?;
        tx.set_pack(&pack, &print, &renamed).await?;
        let head = tx.head();
        let nobody = Author { account: String::new(), post: String::new() };
        let mut desk = desk::Desk::new(&pack, &nobody, self.today());
        for kind in assigned {
            desk.rehouse(&mut tx, kind, head).await?;
        }
        desk.write(&mut tx, head).await?;
        tx.commit().await?;
        self.take_over(pack, print);
        Ok(())
    }
}
