//! Who may sign in, and on what device.
//!
//! Passwords are kept as Argon2id; the session token is random, is only ever in the browser's cookie, and is stored as
//! its SHA-256. An unknown account costs as much time as a wrong password.

use std::{fmt, sync::LazyLock};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use hmac::{Hmac, KeyInit, Mac};
use records::{Class, pack::Frame};
use sha2::{Digest, Sha256};
use sync::{
    DeviceId,
    wire::{Colleague, Me, SignIn, Welcome, ZONE},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{
    Author, Office,
    audit::{By, What},
    names::{folded, is_first_guess},
    proof::{Browser, Proof},
    throttle::Attempt,
};
use crate::db::{AccountRow, Fault};

/// A session ends after so many milliseconds without use: thirty days, for a tablet that is used on some days only.
pub(super) const IDLE: u64 = 30 * 24 * 3600 * 1000;
/// And after so many however much it is used, half a year: a cookie that was copied does not open the office for ever.
const LONGEST_LIFE: u64 = 183 * 24 * 3600 * 1000;
/// How often use is noted, in milliseconds.
const NOTED: u64 = 3600 * 1000;
/// Longest account name and password, in bytes: what is longer is not hashed at all.
const LONGEST: usize = 256;

/// Shortest password of an account whose post sees nothing more sensitive than this, in characters. Six digits are enough
/// for who holds nothing of residents: the server slows guesses, and a stolen tablet has nothing to tell.
pub fn shortest_password(class: Class) -> usize {
    match class {
        Class::Open => 6,
        Class::Resident => 8,
        Class::Restricted => 10,
    }
}

/// A hash that no password has: verified against for accounts that are not there.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash(&token()).unwrap_or_default());

/// Makes the hash that no password has, so that the first guess at an unknown account takes no longer than the second.
pub fn prepare() {
    LazyLock::force(&NOBODY);
}

/// How many passwords are hashed at once: each takes 19 MiB.
#[derive(Debug)]
pub(super) struct Hashing(Semaphore);

impl Default for Hashing {
    fn default() -> Self {
        Self(Semaphore::new(2))
    }
}

/// The secret of a session, as the cookie holds it: 64 hexadecimal digits.
pub type Token = String;

/// A live session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who is signed in.
    pub author: Author,
    /// The person.
    pub person: String,
    /// The device the session was begun on, the only one it may push from.
    pub device: DeviceId,
    /// The device was revoked: all it may do is to hand in what waits on it.
    pub is_revoked: bool,
    /// The device has the secret of its browser.
    pub has_secret: bool,
}

/// Someone who has just signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The session's token.
    pub token: Token,
    /// What the browser proves the device with from now on.
    pub secret: Token,
    /// What is said to them.
    pub welcome: Welcome,
}

/// Why signing in did not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such account, or another password: nobody is told which.
    Wrong,
    /// Too many attempts: seconds to wait.
    Wait(u64),
    /// The password is right, but the browser is not the device that it says to be. With the key that opens what the account
    /// sealed under that number, so that it can go on under another.
    Unproven(String),
}

/// Why an account could not be made or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadAccount {
    /// The name is empty, too long, or has spaces or control characters in it.
    Name,
    /// The name is taken, or not there to be changed.
    Exists(bool),
    /// The pack has no such post; these are its posts.
    Post(Vec<String>),
    /// The password is too short or too long: characters it needs at least.
    Password(usize),
    /// The password is among the first that anyone would try.
    Guessed,
}

impl fmt::Display for BadAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("an account name is 1 to 64 characters without spaces"),
            Self::Guessed => f.write_str(
                "this password is among the first that anyone tries (a row of figures, a common word, the person's own name): \
                 please choose another",
            ),
            Self::Exists(true) => f.write_str("there is such an account already"),
            Self::Exists(false) => f.write_str("there is no such account"),
            Self::Post(posts) => write!(f, "the pack has no such post; it has {}", posts.join(", ")),
            Self::Password(shortest) => {
                write!(f, "a password of this post has at least {shortest} characters and at most {LONGEST} bytes")
            }
        }
    }
}

impl std::error::Error for BadAccount {}

impl Office {
    /// Adds an account. The inner error is for the person who asked.
    pub async fn add_account(
        &self,
        name: &str,
        person: &str,
        post: &str,
        password: &str,
    ) -> Result<Result<(), BadAccount>, Fault> {
        let name = &*folded(name);
        let odd = |c: char| c.is_whitespace() || c.is_control();
        if name.is_empty() || name.chars().count() > 64 || name.contains(odd) {
            return Ok(Err(BadAccount::Name));
        }
        if let Err(bad) = self.is_post(post) {
            return Ok(Err(bad));
        }
        let password = match self.hash_new(name, person, post, password).await {
            Ok(password) => password,
            Err(bad) => return Ok(Err(bad)),
        };
        if self.store.accounts(self.community).await?.iter().any(|row| folded(&row.name) == name) {
            return Ok(Err(BadAccount::Exists(true)));
        }
        let row = AccountRow { name: name.into(), person: person.into(), post: post.into(), password };
        self.note_one(By::CONSOLE, What::Account, &format!("{name} {post}"), 1).await?;
        let added = self.store.add_account(self.community, &row, self.now()).await?;
        Ok(if added { Ok(()) } else { Err(BadAccount::Exists(true)) })
    }

    /// Gives an account a new password and ends its sessions.
    pub async fn set_password(&self, name: &str, password: &str) -> Result<Result<(), BadAccount>, Fault> {
        let Some(account) = self.account_called(name).await? else {
            return Ok(Err(BadAccount::Exists(false)));
        };
        let name = &*account.name;
        let password = match self.hash_new(name, &account.person, &account.post, password).await {
            Ok(password) => password,
            Err(bad) => return Ok(Err(bad)),
        };
        self.note_one(By::CONSOLE, What::Password, name, 1).await?;
        let found = self.store.set_password(self.community, name, &password).await?;
        Ok(if found { Ok(()) } else { Err(BadAccount::Exists(false)) })
    }

    /// Gives an account another post: from its next request on, its rights are those of the new one, and its tablets
    /// receive and give up what that means.
    pub async fn set_post(&self, name: &str, post: &str) -> Result<Result<(), BadAccount>, Fault> {
        if let Err(bad) = self.is_post(post) {
            return Ok(Err(bad));
        }
        let Some(AccountRow { name, .. }) = &self.account_called(name).await? else {
            return Ok(Err(BadAccount::Exists(false)));
        };
        self.note_one(By::CONSOLE, What::Post, &format!("{name} {post}"), 1).await?;
        let found = self.store.set_post(self.community, name, post, self.now()).await?;
        Ok(if found { Ok(()) } else { Err(BadAccount::Exists(false)) })
    }

    /// The account of a name, however it is written: exactly so, or the only one that looks the same.
    pub(crate) async fn account_called(&self, name: &str) -> Result<Option<AccountRow>, Fault> {
        if let Some(row) = self.store.account(self.community, name).await? {
            return Ok(Some(row));
        }
        let wanted = folded(name);
        let rows = self.store.accounts(self.community).await?;
        let mut alike = rows.into_iter().filter(|row| folded(&row.name) == wanted);
        Ok(alike.next().filter(|_| alike.next().is_none()))
    }

    fn is_post(&self, post: &str) -> Result<(), BadAccount> {
        let pack = self.pack();
        match pack.post(post) {
            Some(_) => Ok(()),
            None => Err(BadAccount::Post(pack.posts.iter().map(|p| p.name.clone()).collect())),
        }
    }

    /// All accounts: name, person, post; by name.
    pub async fn accounts(&self) -> Result<Vec<(String, String, String)>, Fault> {
        let rows = self.store.accounts(self.community).await?;
        Ok(rows.into_iter().map(|row| (row.name, row.person, row.post)).collect())
    }

    /// Makes a device known, so that changes can be pushed from it.
    pub async fn see_device(&self, device: DeviceId, name: &str) -> Result<(), Fault> {
        self.store.see_device(self.community, device, name, self.now()).await
    }

    /// Signs in: a new session on the device. The session that the browser had before ends, and so does what the account
    /// had on this device.
    pub async fn sign_in(&self, asked: &SignIn, browser: Browser<'_>) -> Result<Result<SignedIn, Refusal>, Fault> {
        if asked.account.len() > LONGEST || asked.password.len() > LONGEST {
            return Ok(Err(Refusal::Wrong));
        }
        let row = self.account_called(&asked.account).await?;
        // However it is written, it is guessed at as one.
        let account = row.as_ref().map_or_else(|| folded(&asked.account), |row| row.name.clone());
        let (proof, owner) = self.proof(asked.device, &account, browser).await?;
        let is_own = proof == Proof::Proven && owner.is_some_and(|owner| owner == account);
        let known = is_own.then_some(asked.device);
        let attempt = Attempt { account: &account, known, address: browser.address };
        if let Err(seconds) = self.throttle.attempt(&attempt, self.now()) {
            return Ok(Err(Refusal::Wait(seconds)));
        }
        let (known, name) = row.as_ref().map(|row| (row.password.clone(), row.name.clone())).unzip();
        let password = asked.password.clone();
        let is_right = self.hashing.run(move || verify(&password, known.as_ref().unwrap_or(&NOBODY))).await;
        let Some(row) = row.filter(|_| is_right) else {
            // Unknown accounts cost a note as well, or the time would tell.
            let by = By::named(name.as_deref().unwrap_or_default(), asked.device);
            self.note_one(by, What::SignInFailed, "", 1).await?;
            return Ok(Err(Refusal::Wrong));
        };
        self.throttle.forgive(&attempt);
        if proof == Proof::Unproven {
            self.note_one(By::named(&row.name, asked.device), What::SignInFailed, "", 1).await?;
            return Ok(Err(Refusal::Unproven(self.recovery(&row.name, asked.device).await?)));
        }
        let device_name: String = asked.device_name.chars().filter(|c| !c.is_control()).take(64).collect();
        self.see_device(asked.device, &device_name).await?;
        let Some(secret) = self.claim(asked.device, browser).await? else {
            return Ok(Err(Refusal::Unproven(self.recovery(&row.name, asked.device).await?)));
        };
        let token = token();
        if let Some(before) = browser.session {
            self.end(before).await?;
        }
        self.note_one(By::named(&row.name, asked.device), What::SignIn, "", 1).await?;
        self.store.add_session(self.community, &fingerprint(&token), &row.name, asked.device, self.now()).await?;
        let Some(session) = self.session(&token).await? else { return Ok(Err(Refusal::Wrong)) };
        let me = self.me(&session).await?;
        let recovery = self.recovery(&me.account, asked.device).await?;
        Ok(Ok(SignedIn { token, secret, welcome: Welcome { me, recovery } }))
    }

    /// The key an account's tablet can be opened with when its password is forgotten, as hexadecimal digits: an HMAC of
    /// both under the community's secret, so that the office keeps no key of any tablet.
    async fn recovery(&self, account: &str, device: DeviceId) -> Result<String, Fault> {
        Ok(super::hex(&recovery_key(&self.recovery_secret().await?, account, device)?))
    }

    /// What all recovery keys are worked out from.
    pub(super) async fn recovery_secret(&self) -> Result<Vec<u8>, Fault> {
        self.store.recovery(self.community, &fingerprint(&token())).await
    }

    /// The live session of a token.
    pub async fn session(&self, token: &str) -> Result<Option<Session>, Fault> {
        let now = self.now();
        let print = fingerprint(token);
        let (seen, made) = (now.saturating_sub(IDLE), now.saturating_sub(LONGEST_LIFE));
        let Some(row) = self.store.session(self.community, &print, seen, made).await? else {
            return Ok(None);
        };
        // Rights that were changed elsewhere hold from this request on.
        self.hear(&row.print).await?;
        if now.saturating_sub(row.seen_at) > NOTED {
            unhindered(self.store.see_session(self.community, &print, now).await)?;
        }
        let author = Author { account: row.account.name, post: row.account.post };
        let (device, is_revoked, has_secret) = (row.device, row.is_revoked, row.has_secret);
        Ok(Some(Session { author, person: row.account.person, device, is_revoked, has_secret }))
    }

    /// Ends a session; its token opens nothing any more.
    pub async fn sign_out(&self, token: &str) -> Result<(), Fault> {
        if let Some(session) = self.session(token).await? {
            self.note_one(By::of(&session.author, session.device), What::SignOut, "", 1).await?;
        }
        self.end(token).await
    }

    async fn end(&self, token: &str) -> Result<(), Fault> {
        let (seen, made) = (self.now().saturating_sub(IDLE), self.now().saturating_sub(LONGEST_LIFE));
        self.store.end_session(self.community, &fingerprint(token), seen, made).await
    }

    /// Who a session is, in the words of the wire.
    pub async fn me(&self, session: &Session) -> Result<Me, Fault> {
        let Author { account, post } = session.author.clone();
        // Volunteers are told of nobody, and so is whoever holds a revoked device.
        let is_officer = self.pack().post(&post).is_some_and(|post| post.frame == Frame::Officer);
        let colleagues = match is_officer && !session.is_revoked {
            true => self.accounts().await?,
            false => Vec::new(),
        };
        let colleague = |(account, name, post)| Colleague { account, name, post };
        Ok(Me {
            community: self.name.clone(),
            account,
            name: session.person.clone(),
            post,
            zone: ZONE,
            colleagues: colleagues.into_iter().map(colleague).collect(),
        })
    }

    /// A new password's hash; `None` when it is too short or too long.
    async fn hash_new(&self, name: &str, person: &str, post: &str, password: &str) -> Result<String, BadAccount> {
        let shortest = shortest_password(self.pack().sees(post));
        if password.chars().count() < shortest || password.len() > LONGEST {
            return Err(BadAccount::Password(shortest));
        }
        if is_first_guess(password, name, person) {
            return Err(BadAccount::Guessed);
        }
        let password = password.to_owned();
        self.hashing.run(move || hash(&password)).await.ok_or(BadAccount::Password(shortest))
    }
}

/// What is only noted in passing: that it cannot be written now stops nobody from reading.
pub(super) fn unhindered(done: Result<(), Fault>) -> Result<(), Fault> {
    match done {
        Err(fault) if fault.passing().is_some() => {
            tracing::warn!(%fault, "not noted");
            Ok(())
        }
        done => done,
    }
}

impl Hashing {
    /// Runs `work` beside the server's own, a few at a time.
    async fn run<T: Default + Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let _turn = self.0.acquire().await;
        spawn_blocking(work).await.unwrap_or_default()
    }
}

/// The recovery key of an account on a device.
pub(super) fn recovery_key(secret: &[u8], account: &str, device: DeviceId) -> Result<[u8; 32], Fault> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(|e| Fault::damaged("recovery", e))?;
    mac.update(&device.0.to_be_bytes());
    mac.update(account.as_bytes());
    Ok(mac.finalize().into_bytes().into())
}

fn hash(password: &str) -> Option<String> {
    Argon2::default().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
}

fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

pub(super) fn fingerprint(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// 244 random bits: two version-4 UUIDs, from the operating system's generator.
pub(super) fn token() -> Token {
    format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple())
}
