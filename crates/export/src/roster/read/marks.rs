//! What people mean by how a row looks: struck through, or hidden. The library that reads cells does not tell.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader, Cursor},
};

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use zip::ZipArchive;

use super::{MAX_SHEETS, Stop, Unreadable};
use crate::roster::sheet::Mark;

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// The marked rows of each sheet, in the workbook's order; nothing where that cannot be made out.
pub(super) fn marks(bytes: &[u8], stop: &Stop) -> Result<Vec<BTreeMap<usize, Mark>>, Unreadable> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return Ok(Vec::new()) };
    let struck = part(&mut archive, "xl/styles.xml").map(|xml| struck(xml, stop)).transpose()?.unwrap_or_default();
    let mut paths = BTreeMap::new();
    if let Some(xml) = part(&mut archive, "xl/_rels/workbook.xml.rels") {
        each(xml, stop, |name, tag, _| {
            if name == "Relationship" {
                paths.extend(value(tag, "Id").zip(value(tag, "Target")));
            }
        })?;
    }
    let mut sheets = Vec::new();
    if let Some(xml) = part(&mut archive, "xl/workbook.xml") {
        each(xml, stop, |name, tag, _| {
            if name == "sheet" && sheets.len() < MAX_SHEETS {
                sheets.push(value(tag, "r:id").and_then(|id| paths.get(&id).cloned()));
            }
        })?;
    }
    let mut of = |path: Option<String>| {
        let Some(path) = path else { return Ok(BTreeMap::new()) };
        let path = path.strip_prefix('/').map_or_else(|| format!("xl/{path}"), str::to_owned);
        part(&mut archive, &path).map_or_else(|| Ok(BTreeMap::new()), |xml| rows(xml, &struck, stop))
    };
    sheets.into_iter().map(&mut of).collect()
}

fn part(archive: &mut Archive<'_>, name: &str) -> Option<impl BufRead> {
    archive.by_name(name).ok().map(BufReader::new)
}

/// Cell formats whose font is struck through.
fn struck(styles: impl BufRead, stop: &Stop) -> Result<BTreeSet<usize>, Unreadable> {
    let (mut within, mut fonts, mut formats) = (String::new(), 0_usize, 0_usize);
    let (mut struck_fonts, mut struck) = (BTreeSet::new(), BTreeSet::new());
    each(styles, stop, |name, tag, _| match name {
        "fonts" | "cellXfs" | "cellStyleXfs" | "dxfs" | "fills" => name.clone_into(&mut within),
        "font" if within == "fonts" => fonts += 1,
        "strike" if within == "fonts" && is_true(value(tag, "val"), true) => drop(struck_fonts.insert(fonts)),
        "xf" if within == "cellXfs" => {
            let font = value(tag, "fontId").and_then(|id| id.parse::<usize>().ok());
            if font.is_some_and(|font| struck_fonts.contains(&(font + 1))) {
                struck.insert(formats);
            }
            formats += 1;
        }
        _ => {}
    })?;
    Ok(struck)
}

/// The rows of a sheet that are hidden, or in which something is struck through.
fn rows(sheet: impl BufRead, struck: &BTreeSet<usize>, stop: &Stop) -> Result<BTreeMap<usize, Mark>, Unreadable> {
    let (mut marks, mut row) = (BTreeMap::<usize, Mark>::new(), 0_usize);
    each(sheet, stop, |name, tag, is_empty| match name {
        "row" => {
            row = value(tag, "r").and_then(|row| row.parse().ok()).unwrap_or(row.saturating_add(1));
            if is_true(value(tag, "hidden"), false) {
                marks.entry(row.saturating_sub(1)).or_default().is_hidden = true;
            }
        }
        "c" if !is_empty && !struck.is_empty() => {
            let format = value(tag, "s").and_then(|format| format.parse().ok());
            if format.is_some_and(|format| struck.contains(&format)) {
                marks.entry(row.saturating_sub(1)).or_default().is_struck = true;
            }
        }
        _ => {}
    })?;
    Ok(marks)
}

/// Every tag that opens, by its name without a prefix, and whether it is empty.
fn each(xml: impl BufRead, stop: &Stop, mut see: impl FnMut(&str, &BytesStart<'_>, bool)) -> Result<(), Unreadable> {
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        stop.look()?;
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => see(tag.local_name().as_ref(), &tag, false),
            Ok(Event::Empty(tag)) => see(tag.local_name().as_ref(), &tag, true),
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
}

fn value(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let attribute = attributes.with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name)?;
    Some(attribute.value.into_owned())
}

fn is_true(value: Option<String>, without: bool) -> bool {
    value.map_or(without, |value| value != "0" && value != "false")
}
