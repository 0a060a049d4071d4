//! Takes an app apart that was compiled with split points (`wasm_split_helpers`): what the first screen needs stays in the
//! module that wasm-bindgen goes on with; every other part becomes a module of its own that is fetched when it is needed.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use wasm_split_cli_support::{Options, transform};

/// Written by the linker (`--emit-relocs`); without it nothing can be moved.
const RELOCATIONS: &[u8] = b"reloc.CODE";
/// Written by `wasm_split_helpers`.
const SPLIT_POINTS: &[u8] = b"__wasm_split_unstable";
/// What the split app imports its parts through, beside the script of the main module.
const LINK: &str = "./__wasm_split.js";

/// The arguments for wasm-bindgen: as they came, but for an app with split points, which is taken apart first. Its parts
/// lie under `split/` in the output folder then; `xtask/precache.mjs` brings them to the app's other files.
pub fn arguments(given: Vec<OsString>) -> Result<Vec<OsString>, String> {
    let is_input = |word: &&OsString| Path::new(word).extension().is_some_and(|ending| ending == "wasm");
    let (Some(input), Some(folder)) = (given.iter().find(is_input).cloned(), option(&given, "--out-dir")) else {
        return Ok(given);
    };
    let bytes = fs::read(&input).map_err(|error| format!("{}: {error}", input.display()))?;
    let has = |mark: &[u8]| bytes.windows(mark.len()).any(|part| part == mark);
    let parts = PathBuf::from(folder).join("split");
    // Parts of an earlier build must not be taken for this one's.
    let _ = fs::remove_dir_all(&parts);
    if !has(RELOCATIONS) || !has(SPLIT_POINTS) {
        return Ok(given);
    }
    let main = split(&bytes, &parts, Path::new(&input))?;
    let given = given.into_iter().map(|word| if word == input { main.clone().into() } else { word });
    // The parts use the main module's memory and table of functions.
    Ok(given.chain(["--keep-lld-exports".into()]).collect())
}

/// Splits a module into `folder`; returns where its main part is.
fn split(bytes: &[u8], folder: &Path, input: &Path) -> Result<PathBuf, String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    // The same name: wasm-bindgen names what it makes after its input.
    let main = folder.join(input.file_name().unwrap_or_default());
    let mut options = Options::new(bytes);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.link_name = LINK;
    // The script's name carries a hash that is not known yet.
    options.main_module = "./main.js";
    transform(options).map_err(|error| format!("{}: {error:?}", input.display()))?;
    Ok(main)
}

/// The value of an option, written `--name value` or `--name=value`.
fn option(words: &[OsString], name: &str) -> Option<OsString> {
    let joined = format!("{name}=");
    let beside = words.windows(2).find(|pair| pair[0] == name).map(|pair| pair[1].clone());
    beside.or_else(|| words.iter().find_map(|word| word.to_str()?.strip_prefix(&joined).map(OsString::from)))
}
