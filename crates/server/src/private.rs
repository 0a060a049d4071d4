//! Files and folders that hold what the office knows: for the account of the server alone.

use std::{fs, io, path::Path};

/// New files and folders of this process are for its own account alone, whatever made it.
pub fn by_default() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// A folder of one's own; made if need be.
///
/// # Errors
/// The file system's.
pub fn folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    closed(folder, 0o700)
}

/// The same of a folder that somebody chose for us: one that is there and holds others' things but nothing of ours is left as
/// it is, and so is one that many share by its nature, such as `/tmp`.
///
/// # Errors
/// The file system's.
pub fn chosen_folder(chosen: &Path, ours: &str) -> io::Result<()> {
    match fs::metadata(chosen) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => folder(chosen),
        Err(error) => Err(error),
        Ok(found) if is_shared(&found) => Ok(()),
        Ok(_) if !chosen.join(ours).exists() && fs::read_dir(chosen)?.next().is_some() => Ok(()),
        // Another account's folder, in which we may write, is not ours to close.
        Ok(_) => closed(chosen, 0o700).or_else(|error| match error.kind() {
            io::ErrorKind::PermissionDenied => Ok(()),
            _ => Err(error),
        }),
    }
}

/// A file that is there already.
///
/// # Errors
/// The file system's; none when there is no such file.
pub fn file(file: &Path) -> io::Result<()> {
    match closed(file, 0o600) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// A file that is there, made empty where there is none. One that is there is not opened: a database that is in use by this
/// process would lose its locks when it is closed again.
///
/// # Errors
/// The file system's.
pub fn reserve(path: &Path) -> io::Result<()> {
    match options().create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => file(path),
        made => made.map(drop),
    }
}

/// A new file to be written, in place of what is there.
///
/// # Errors
/// The file system's.
pub fn new_file(path: &Path) -> io::Result<fs::File> {
    let made = options().create(true).truncate(true).open(path)?;
    file(path)?;
    Ok(made)
}

fn options() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Takes from others what they may do; what the owner may not do stays so.
fn closed(path: &Path, most: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path)?.permissions().mode() & 0o7777;
        if mode & !most & 0o777 != 0 {
            fs::set_permissions(path, PermissionsExt::from_mode(mode & (most | 0o7000)))?;
        }
    }
    let _ = (path, most);
    Ok(())
}

fn is_shared(found: &fs::Metadata) -> bool {
    #[cfg(unix)]
    return std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o1000 != 0;
    #[cfg(not(unix))]
    {
        let _ = found;
        true
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_chosen_folder_is_closed_only_where_it_is_ours() {
        let above = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        let case = |name: &str, was: u32, holds: &[&str]| {
            let place = above.path().join(name);
            fs::create_dir(&place).unwrap();
            holds.iter().for_each(|file| fs::write(place.join(file), "").unwrap());
            fs::set_permissions(&place, fs::Permissions::from_mode(was)).unwrap();
            chosen_folder(&place, "ours").unwrap();
            mode(&place)
        };
        assert_eq!(case("empty", 0o755, &[]), 0o700);
        assert_eq!(case("ours", 0o775, &["ours", "another"]), 0o700);
        assert_eq!(case("others", 0o755, &["another"]), 0o755);
        assert_eq!(case("shared", 0o1777, &["ours"]), 0o1777);
        assert_eq!(case("closed", 0o500, &["ours"]), 0o500);
        let new = above.path().join("new");
        chosen_folder(&new, "ours").unwrap();
        assert_eq!(mode(&new), 0o700);
    }
}
