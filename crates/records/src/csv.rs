//! Tables as CSV, RFC 4180, in UTF-8 with the mark that lets Excel know it: for programs. Every value stands as it is, with its
//! leading zeros and all its digits; a spreadsheet that opens the file by a double click may take a flat 0102 for the number
//! 102, and is given a workbook instead.

/// A table with its heads in the first line.
pub fn table<C: AsRef<str>>(lines: impl IntoIterator<Item = impl IntoIterator<Item = C>>) -> String {
    let mut out = String::from('\u{feff}');
    for line in lines {
        for (at, cell) in line.into_iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            push(&mut out, cell.as_ref());
        }
        out.push_str("\r\n");
    }
    out
}

/// A cell. Text that a spreadsheet would run as a formula is led by an apostrophe.
fn push(out: &mut String, cell: &str) {
    let guard = if runs(cell) { "'" } else { "" };
    match cell.contains([',', '"', '\n', '\r']) {
        true => *out += &format!("\"{guard}{}\"", cell.replace('"', "\"\"")),
        false => *out += &format!("{guard}{cell}"),
    }
}

/// Whether a spreadsheet would take a cell for a formula that does something: amounts below nought and telephone numbers begin
/// as formulas do, and hold nothing but digits and what is written between them.
fn runs(cell: &str) -> bool {
    let mut signs = cell.chars();
    let is_led = signs.next().is_some_and(|c| "=+-@\t\r＝＋－＠".contains(c));
    let is_number = cell.starts_with(['+', '-']) && signs.all(|c| c.is_ascii_digit() || " -.()".contains(c));
    is_led && !is_number
}

#[cfg(test)]
mod tests {
    use super::table;

    fn cell(text: &str) -> String {
        table([[text]]).trim_start_matches('\u{feff}').trim_end_matches("\r\n").to_owned()
    }

    #[test]
    fn a_cell_neither_breaks_its_row_nor_runs_and_keeps_every_digit() {
        for (text, written) in [
            ("3幢, 501", "\"3幢, 501\""),
            ("说\"好\"", "\"说\"\"好\"\"\""),
            ("两\n行", "\"两\n行\""),
            ("=1+1", "'=1+1"),
            ("=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""),
            ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1+1", "'＝1+1"),
            ("-300.00", "-300.00"),
            ("+86 512-6666 6666", "+86 512-6666 6666"),
            ("320503199001011234", "320503199001011234"),
            ("0102", "0102"),
            ("051266666666", "051266666666"),
            ("", ""),
        ] {
            assert_eq!(cell(text), written);
        }
    }
}
