//! Lists `packs/community/**/*.toml` for embedding, so that adding a kind is adding a file; and packs the readings of
//! Chinese characters into two tables of two bytes a reading, so that the app does without the library that knows them.

use std::{collections::BTreeSet, env, fmt::Write as _, fs, io, ops::RangeInclusive, path::Path};

use pinyin::ToPinyinMulti as _;

/// The characters that have readings here: CJK Unified Ideographs, without the extensions for rare ones.
const HAN: RangeInclusive<char> = '\u{4e00}'..='\u{9fff}';

fn main() -> io::Result<()> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("../../packs/community");
    let mut files = Vec::new();
    gather(&root, &mut files)?;
    files.sort();
    let mut code = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&root).map_err(io::Error::other)?.to_string_lossy().replace('\\', "/");
        writeln!(code, "    ({name:?}, include_str!({:?})),", fs::canonicalize(file)?).map_err(io::Error::other)?;
    }
    code.push(']');
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("community.rs"), code)?;
    spell(Path::new(&out))
}

/// `syllables.rs`, the syllables there are; `spelled.bin`, for each character of [`HAN`] two bytes with the number of its
/// usual syllable, from 1; `spelled_too.bin`, for each further reading two bytes of the character and two of the syllable.
fn spell(out: &Path) -> io::Result<()> {
    let readings = |c: char| {
        let all = c.to_pinyin_multi().into_iter().flatten().map(|reading| reading.plain().replace('ü', "v"));
        // Toned readings of one syllable are one; the order says which is usual.
        all.fold(Vec::new(), |mut known: Vec<String>, reading| {
            if !known.contains(&reading) {
                known.push(reading);
            }
            known
        })
    };
    let syllables: BTreeSet<String> = HAN.flat_map(readings).collect();
    let number = |syllable: &String| syllables.iter().position(|known| known == syllable).map_or(0, |at| at as u16 + 1);
    let (mut usual, mut too) = (Vec::new(), Vec::new());
    for (at, c) in (0_u16..).zip(HAN) {
        let all: Vec<u16> = readings(c).iter().map(number).collect();
        usual.extend(all.first().copied().unwrap_or(0).to_le_bytes());
        for further in all.iter().skip(1) {
            too.extend(at.to_le_bytes());
            too.extend(further.to_le_bytes());
        }
    }
    fs::write(out.join("syllables.rs"), format!("&{syllables:?}").replace('{', "[").replace('}', "]"))?;
    fs::write(out.join("spelled.bin"), usual)?;
    fs::write(out.join("spelled_too.bin"), too)
}

fn gather(folder: &Path, files: &mut Vec<std::path::PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
    Ok(())
}
