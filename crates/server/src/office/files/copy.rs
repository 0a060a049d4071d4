//! Files out into a backup's folder, and back. One that is damaged or gone is named, and the others go on: each is known by
//! its own hash, so none is taken for good that is not.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use futures_util::TryStreamExt;
use object_store::{ObjectStoreExt, path::Path as Name};

use super::{Files, digest};
use crate::{
    db::Fault,
    office::backup::{Bad, Copied, Failed, Why, on_the_disk, write_through},
    private,
};

impl Files {
    /// Copies every whole file into a folder, and holds each against its hash.
    pub(in crate::office) async fn copy_out(&self, folder: &Path) -> Result<Copied, Failed> {
        private::folder(folder)?;
        let mut all = self.store.list(None).map_err(Fault::from);
        let mut copied = Copied::default();
        while let Some(meta) = all.try_next().await? {
            let parts: Vec<_> = meta.location.parts().map(|part| part.as_ref().to_owned()).collect();
            let [community, of, record, hash] = parts.as_slice() else { continue };
            if of != "files" {
                continue;
            }
            let bad = |why| Bad { record: record.clone(), hash: hash.clone(), why };
            copied.seen.insert((record.clone(), hash.clone()));
            match self.bytes(&meta.location).await.map_err(Fault::from) {
                Ok(Some(bytes)) if digest(&bytes) == *hash => {
                    let place = folder.join(community).join(record);
                    private::folder(&place)?;
                    write_through(&place.join(hash), &bytes)?;
                    copied.files += 1;
                }
                Ok(Some(_)) => copied.bad.push(bad(Why::Damaged)),
                // Erased with its record since it was listed, or taken away by someone else.
                Ok(None) => copied.bad.push(bad(Why::Gone)),
                // The disk where it is does not give it; others it may.
                Err(fault) => copied.bad.push(bad(Why::Unread(fault.to_string()))),
            }
        }
        for community in entries(folder)? {
            for record in entries(&community)? {
                on_the_disk(&record)?;
            }
            on_the_disk(&community)?;
        }
        on_the_disk(folder)?;
        Ok(copied)
    }

    /// Puts every file of such a folder back that is not here or is damaged here, and leaves out those that are not what
    /// their names say.
    pub(in crate::office) async fn copy_in(&self, folder: &Path) -> Result<Copied, Failed> {
        let mut copied = Copied::default();
        for community in entries(folder)? {
            for record in entries(&community)? {
                for file in entries(&record)? {
                    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    let bad = |why| Bad { record: name(&record), hash: name(&file), why };
                    let bytes = match fs::read(&file) {
                        Ok(bytes) if digest(&bytes) == name(&file) => bytes,
                        Ok(_) => {
                            copied.bad.push(bad(Why::Damaged));
                            continue;
                        }
                        Err(error) => {
                            copied.bad.push(bad(Why::Unread(error.to_string())));
                            continue;
                        }
                    };
                    let place = Name::from_iter([name(&community), "files".to_owned(), name(&record), name(&file)]);
                    let here = self.bytes(&place).await.map_err(Fault::from)?;
                    if here.is_none_or(|here| digest(&here) != name(&file)) {
                        self.store.put(&place, bytes.into()).await.map_err(Fault::from)?;
                    }
                    copied.files += 1;
                }
            }
        }
        Ok(copied)
    }
}

/// What a folder holds; nothing where there is none.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
