//! Files that records mention: photos and papers, kept beside the database, in a folder or in a bucket that speaks S3.
//!
//! A file belongs to the record that mentions it: whoever wrote the mention may bring the bytes, whoever may read the record
//! may read them, and they go when the record is erased. Bytes come in parts, by the tus protocol; each part is an object of
//! its own under its offset, so a file under way survives any server, and two who bring the same part are told apart by
//! the store. A file counts as here when it was put together and has the hash the record says.

mod copy;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use futures_util::{StreamExt, TryStreamExt};
use object_store::{
    Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, aws::AmazonS3Builder, local::LocalFileSystem,
    path::Path as Name, prefix::PrefixStore,
};
use records::{
    RecordId,
    file::{MAX_FILE, Mention, is_bare_jpeg, mentions},
};
use sha2::{Digest, Sha256};
use sync::{Bucket, Record};

use super::{Author, Office, audit::By, hex};
use crate::{
    db::{Beyond, Community, Fault},
    private,
};

/// Bytes kept at once: what a cut line can cost a sender.
pub const PART: usize = 256 * 1024;
/// What every JPEG picture begins with.
const JPEG: &[u8] = &[0xff, 0xd8];

/// Where files are.
#[derive(Clone, Debug)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// The folder they are in, when they are in one.
    place: Option<PathBuf>,
}

/// One file: of which record, and its SHA-256 in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileId {
    /// The record that mentions it.
    pub record: RecordId,
    /// Its hash.
    pub hash: String,
}

/// How far a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that are here, from the beginning.
    pub offset: u64,
    /// Bytes in all.
    pub length: u64,
}

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// No change of this account mentions it, or no more; or it was not begun.
    #[error("no such file")]
    Unknown,
    /// More bytes than a file may have, or than was said.
    #[error("too large")]
    TooLarge,
    /// The bytes do not begin where the last ones ended.
    #[error("another offset")]
    Offset,
    /// Put together it is not what the record mentions; all of it was thrown away.
    #[error("its hash is another")]
    Damaged,
    /// It is a picture that says more than the picture, or none at all; all of it was thrown away.
    #[error("not a bare picture")]
    Telling,
    /// The store or the database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Error> for NotTaken {
    fn from(error: Error) -> Self {
        Self::Fault(error.into())
    }
}

impl Files {
    /// Files in a folder, which is made for the server's own account alone.
    ///
    /// # Errors
    /// The file system's.
    pub fn folder(folder: &Path) -> Result<Self, Fault> {
        private::folder(folder)?;
        let store = Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true));
        Ok(Self { store, place: Some(folder.to_owned()) })
    }

    /// Files in a bucket, `s3://bucket/prefix`. Where it is and who may use it comes from the environment, in the names
    /// Amazon's own tools use: `AWS_ENDPOINT`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ALLOW_HTTP`.
    ///
    /// # Errors
    /// An address that is none.
    pub fn bucket(url: &str) -> Result<Self, Fault> {
        // Fails when somebody chose already, with which TLS goes on as they chose.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let prefix = url.strip_prefix("s3://").and_then(|rest| rest.split_once('/')).map_or("", |(_, prefix)| prefix);
        let bucket = AmazonS3Builder::from_env().with_url(url).build()?;
        let store = Arc::new(PrefixStore::new(bucket, Name::parse(prefix).map_err(Error::from)?));
        Ok(Self { store, place: None })
    }

    /// The folder they are in, when they are in one.
    pub(super) fn place(&self) -> Option<&Path> {
        self.place.as_deref()
    }

    /// Writes something into the folder and takes it out again. Of a bucket it is not asked: records go on without photos.
    pub(super) async fn try_write(&self) -> Result<(), Fault> {
        if self.place.is_some() {
            let name = Name::from("trial");
            self.store.put(&name, PutPayload::from(vec![0; PART])).await?;
            self.store.delete(&name).await?;
        }
        Ok(())
    }

    async fn length(&self, name: &Name) -> Result<Option<u64>, Error> {
        match self.store.head(name).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn bytes(&self, name: &Name) -> Result<Option<Vec<u8>>, Error> {
        match self.store.get(name).await {
            Ok(found) => Ok(Some(found.bytes().await?.to_vec())),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps bytes under a name that has none; `false` when it has.
    async fn create(&self, name: &Name, bytes: Vec<u8>) -> Result<bool, Error> {
        let options = PutOptions { mode: PutMode::Create, ..Default::default() };
        match self.store.put_opts(name, PutPayload::from(bytes), options).await {
            Ok(_) => Ok(true),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Parts of a file under way by their offsets, as far as they follow each other.
    async fn parts(&self, of: &Name) -> Result<Vec<(u64, Name)>, Error> {
        let all: Vec<_> = self.store.list(Some(of)).try_collect().await?;
        let offset = |name: &Name| name.filename()?.parse::<u64>().ok();
        let mut parts: Vec<(u64, u64, Name)> =
            all.into_iter().filter_map(|meta| Some((offset(&meta.location)?, meta.size, meta.location))).collect();
        parts.sort();
        let mut end = 0;
        let mut follows = |(offset, size, name): (u64, u64, Name)| {
            let does = offset == end;
            end += if does { size } else { 0 };
            does.then_some((end, name))
        };
        Ok(parts.into_iter().map_while(&mut follows).collect())
    }

    async fn delete_under(&self, name: &Name) -> Result<(), Error> {
        let names = self.store.list(Some(name)).map_ok(|meta| meta.location).boxed();
        self.store.delete_stream(names).try_collect::<Vec<_>>().await.map(drop)
    }

    /// Forgets all files of a record, also those under way.
    pub(super) async fn forget(&self, community: Community, record: RecordId) -> Result<(), Fault> {
        for of in ["files", "parts"] {
            self.delete_under(&Name::from_iter([community.to_string(), of.into(), record.to_string()])).await?;
        }
        Ok(())
    }
}

/// The SHA-256 of bytes, as a record mentions it.
fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::of_files(&error)
    }
}

impl Office {
    /// The same office with its files.
    pub fn with_files(self, files: Files) -> Self {
        Self { files: Some(files), ..self }
    }

    /// Begins a file of `length` bytes, or goes on with it: how far it has come.
    ///
    /// # Errors
    /// See [`NotTaken`].
    pub async fn begin_file(&self, who: &Author, id: &FileId, length: u64) -> Result<Progress, NotTaken> {
        let files = self.files_of(who, id).await?;
        if let Some(progress) = self.progress(files, id).await? {
            if progress.length == length || progress.offset == progress.length {
                return Ok(progress);
            }
            // Begun by someone who was wrong about it: nobody could ever end it.
            files.delete_under(&self.parts(id)).await?;
        }
        if length == 0 || length > MAX_FILE {
            return Err(NotTaken::TooLarge);
        }
        if !self.has_room(who, length).await? {
            return Err(Fault::Beyond(Beyond::Files).into());
        }
        self.store.begin_file(self.community, id.record, &id.hash, &who.account, length).await?;
        files.create(&self.part(id, "length"), length.to_string().into_bytes()).await?;
        self.progress(files, id).await?.ok_or(NotTaken::Unknown)
    }

    /// How far a file has come that was begun.
    ///
    /// # Errors
    /// See [`NotTaken`].
    pub async fn file_progress(&self, who: &Author, id: &FileId) -> Result<Progress, NotTaken> {
        let files = self.files_of(who, id).await?;
        self.progress(files, id).await?.ok_or(NotTaken::Unknown)
    }

    /// Keeps the bytes of a file that begin at `offset`; with the last of them, puts it together.
    ///
    /// # Errors
    /// See [`NotTaken`].
    pub async fn add_to_file(
        &self,
        who: &Author,
        id: &FileId,
        offset: u64,
        bytes: Vec<u8>,
    ) -> Result<Progress, NotTaken> {
        let files = self.files_of(who, id).await?;
        let before = self.progress(files, id).await?.ok_or(NotTaken::Unknown)?;
        let now = Progress { offset: offset.saturating_add(bytes.len() as u64), ..before };
        if before.offset != offset {
            return Err(NotTaken::Offset);
        }
        if now.offset > now.length {
            return Err(NotTaken::TooLarge);
        }
        if !bytes.is_empty() && !files.create(&self.part(id, &format!("{offset:012}")), bytes).await? {
            return Err(NotTaken::Offset);
        }
        if now.offset == now.length && before.offset < before.length {
            self.finish(files, id).await?;
        }
        Ok(now)
    }

    /// A file and its name, for one who may read the record that mentions it; `None` when there is none to be read. Of a
    /// restricted record it is noted.
    ///
    /// # Errors
    /// The store's or the database's.
    pub async fn read_file(&self, by: By<'_>, who: &Author, id: &FileId) -> Result<Option<(String, Vec<u8>)>, Fault> {
        let Some(files) = &self.files else { return Ok(None) };
        let placed = self.store.begin_read(self.community).await?.placed(id.record).await?;
        let scope = Bucket::scope(&self.pack(), &who.post, &who.account);
        let Some((bucket, record)) = placed.filter(|(bucket, _)| scope.contains(bucket)) else { return Ok(None) };
        let Some(name) = named(&record, &id.hash) else { return Ok(None) };
        let Some(bytes) = files.bytes(&self.whole(id)).await? else { return Ok(None) };
        self.note_read(by, [(bucket, 1)]).await?;
        Ok(Some((name, bytes)))
    }

    /// Forgets the files of a record.
    pub(super) async fn forget_files(&self, record: RecordId) -> Result<(), Fault> {
        match &self.files {
            Some(files) => files.forget(self.community, record).await,
            None => Ok(()),
        }
    }

    /// The files, for one who wrote that a record has this one.
    async fn files_of(&self, who: &Author, id: &FileId) -> Result<&Files, NotTaken> {
        let files = self.files.as_ref().ok_or(NotTaken::Unknown)?;
        let wrote = self.store.wrote(self.community, &who.account, id.record, &id.hash).await?;
        if wrote { Ok(files) } else { Err(NotTaken::Unknown) }
    }

    async fn progress(&self, files: &Files, id: &FileId) -> Result<Option<Progress>, Error> {
        if let Some(length) = files.length(&self.whole(id)).await? {
            return Ok(Some(Progress { offset: length, length }));
        }
        let said = files.bytes(&self.part(id, "length")).await?;
        let length = said.and_then(|said| String::from_utf8(said).ok()?.parse().ok());
        let Some(length) = length else { return Ok(None) };
        let parts = files.parts(&self.parts(id)).await?;
        let offset = parts.last().map_or(0, |(end, _)| *end);
        if offset == length {
            // Someone was ended between the last part and putting it together.
            return match self.finish(files, id).await {
                Ok(()) => Ok(Some(Progress { offset, length })),
                Err(_) => Ok(None),
            };
        }
        Ok(Some(Progress { offset, length }))
    }

    /// Puts a file together whose parts are all here.
    async fn finish(&self, files: &Files, id: &FileId) -> Result<(), NotTaken> {
        let mut bytes = Vec::new();
        for (_, name) in files.parts(&self.parts(id)).await? {
            bytes.extend(files.bytes(&name).await?.unwrap_or_default());
        }
        let record = self.store.begin_read(self.community).await?.record(id.record).await?;
        let name = record.and_then(|record| named(&record, &id.hash));
        let is_called_photo = name.is_some_and(|name| Mention { hash: &id.hash, name: &name }.is_photo());
        let is_photo = is_called_photo || bytes.starts_with(JPEG);
        let wrong = match digest(&bytes) == id.hash {
            false => Some(NotTaken::Damaged),
            true if is_photo && !is_bare_jpeg(&bytes) => Some(NotTaken::Telling),
            true => None,
        };
        if wrong.is_none() {
            files.store.put(&self.whole(id), PutPayload::from(bytes)).await?;
        }
        self.store.end_file(self.community, id.record, &id.hash, wrong.is_none()).await?;
        files.delete_under(&self.parts(id)).await?;
        wrong.map_or(Ok(()), Err)
    }

    fn whole(&self, id: &FileId) -> Name {
        Name::from_iter([self.community.to_string(), "files".into(), id.record.to_string(), id.hash.clone()])
    }

    fn parts(&self, id: &FileId) -> Name {
        Name::from_iter([self.community.to_string(), "parts".into(), id.record.to_string(), id.hash.clone()])
    }

    fn part(&self, id: &FileId, part: &str) -> Name {
        self.parts(id).join(part.to_owned())
    }
}

/// What a record calls the file with this hash.
fn named(record: &Record, hash: &str) -> Option<String> {
    record
        .values()
        .values()
        .flat_map(mentions)
        .find(|mention| mention.hash == hash)
        .map(|mention| mention.name.to_owned())
}
