//! Whose device it is: each proves itself by a secret of its browser, which the server makes at the first sign-in and keeps
//! hashed. Device numbers stand in every record, so that a number alone proves nothing.
//!
//! The browser keeps the secret in a cookie that no script reads; all databases of one browser (each person on a shared tablet
//! has one, under a number of its own) share it. A browser that lost it goes on under a new number, with all that waits.

use std::net::IpAddr;

use sync::DeviceId;

use super::{
    Author, Office,
    accounts::{Session, Token, fingerprint, token},
};
use crate::db::{AccountRow, Fault, ProofRow};

/// What a browser shows beside what it asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Browser<'a> {
    /// Its network address.
    pub address: Option<IpAddr>,
    /// The token of the session it has, or had.
    pub session: Option<&'a str>,
    /// Its secret.
    pub secret: Option<&'a str>,
}

/// What becomes of a browser without a live session.
#[derive(Debug)]
pub enum Leaving {
    /// None of its devices is to be emptied.
    None,
    /// This one is: all it may do is to hand in what waits on it.
    On(Box<Session>),
    /// Several are, and it does not say which one asks.
    Several,
}

/// How a device stands to the browser that says to be it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Nobody was ever there, or it is a tablet of before: it may have its secret now.
    First,
    /// It is.
    Proven,
    /// It is not, as far as anyone can tell.
    Unproven,
}

impl Office {
    /// Makes a device of the office's own known: nobody ever signs in on it.
    pub(super) async fn make_device(&self, device: DeviceId, name: &str) -> Result<(), Fault> {
        self.see_device(device, name).await?;
        self.store.claim(self.community, device, &[]).await
    }

    /// How a device stands to a browser in which `account` signs in; and the account that last did so on it.
    pub(super) async fn proof(
        &self,
        device: DeviceId,
        account: &str,
        browser: Browser<'_>,
    ) -> Result<(Proof, Option<String>), Fault> {
        let Some(row) = self.store.proof(self.community, device).await? else { return Ok((Proof::First, None)) };
        let ProofRow { account: owner, secret } = row;
        let shown = browser.secret.map(fingerprint);
        let proof = match (secret, &owner) {
            (Some(hash), _) if shown.is_some_and(|shown| shown[..] == hash[..]) => Proof::Proven,
            (Some(_), _) => Proof::Unproven,
            (None, None) => Proof::First,
            (None, Some(owner)) if owner == account => Proof::First,
            // A tablet of before that several people share: the browser still has the session of one of them.
            (None, Some(_)) => match browser.session {
                Some(token) if self.session(token).await?.is_some_and(|session| session.device == device) => {
                    Proof::First
                }
                _ => Proof::Unproven,
            },
        };
        Ok((proof, owner))
    }

    /// Gives a device that has none the secret of its browser, which is made where it has none; the secret, or `None` when
    /// another browser was quicker.
    pub async fn claim(&self, device: DeviceId, browser: Browser<'_>) -> Result<Option<Token>, Fault> {
        let is_secret = |said: &&str| said.len() == 64 && said.bytes().all(|digit| digit.is_ascii_hexdigit());
        let secret = browser.secret.filter(is_secret).map_or_else(token, str::to_owned);
        let hash = fingerprint(&secret);
        self.store.claim(self.community, device, &hash).await?;
        let kept = self.store.proof(self.community, device).await?.and_then(|row| row.secret);
        Ok(kept.is_some_and(|kept| kept == hash).then_some(secret))
    }

    /// Which of a browser's devices is to hand in what waits on it and to empty itself, although its session has ended: with a
    /// new password, by time, or because someone else signed in. `device` is the one that asks, where it says so.
    pub async fn leaving(&self, secret: &str, device: Option<DeviceId>) -> Result<Leaving, Fault> {
        let mut all = self.store.leaving(self.community, &fingerprint(secret)).await?;
        if let Some(device) = device {
            all.retain(|(id, _)| *id == device);
        }
        let (Some((device, account)), is_one) = (all.pop(), all.is_empty()) else { return Ok(Leaving::None) };
        if !is_one {
            return Ok(Leaving::Several);
        }
        let AccountRow { name, person, post, .. } = account;
        let author = Author { account: name, post };
        Ok(Leaving::On(Box::new(Session { author, person, device, is_revoked: true, has_secret: true })))
    }
}
