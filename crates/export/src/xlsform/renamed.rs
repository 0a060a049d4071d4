//! An expression or a text of an imported form, with the names that the kind has.

use std::collections::{BTreeMap, BTreeSet};

use super::dialect::{Token, is_blank, reference, significant, tokens};

/// What stands for something in an imported form.
#[derive(Clone, Debug, Default)]
pub(super) struct Renamed {
    /// Questions: what their names have become, and the groups each stands in.
    pub fields: BTreeMap<String, Vec<(Vec<usize>, String)>>,
    /// Choices likewise.
    pub choices: BTreeMap<String, String>,
    /// Questions that answered `OK` and now answer yes.
    pub acknowledged: Vec<String>,
    /// Numbers that are kept as texts, by their names in the kind.
    pub decimals: BTreeSet<String>,
}

impl Renamed {
    /// What a question is called that is named from within these groups: of several of one name the nearest. `Err` where two
    /// are as near.
    fn field(&self, name: &str, within: &[usize]) -> Result<Option<&str>, String> {
        let far = |groups: &[usize]| {
            let shared = groups.iter().zip(within).take_while(|(one, other)| one == other).count();
            (within.len() - shared, groups.len() - shared)
        };
        let Some(all) = self.fields.get(name) else { return Ok(None) };
        let nearest = all.iter().map(|(groups, _)| far(groups)).min();
        match &all.iter().filter(|(groups, _)| Some(far(groups)) == nearest).collect::<Vec<_>>()[..] {
            [(_, one)] => Ok(Some(one)),
            _ => Err(reference(name)),
        }
    }

    /// A text with the names that the kind has; one that could be either stays as it is written.
    pub(super) fn text(&self, text: &str, within: &[usize]) -> String {
        let (mut said, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, behind)) = after.split_once('}') else { break };
            said += before;
            let named = self.field(name.trim(), within).ok().flatten();
            said += &reference(named.unwrap_or(name));
            rest = behind;
        }
        said + rest
    }
}

/// Where an expression stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stand<'s> {
    /// The groups around it.
    pub within: &'s [usize],
    /// Whether `.` is a number that is kept as a text.
    pub is_decimal: bool,
}

/// An expression of a form with the names that the kind has, and straight quotes.
///
/// # Errors
/// A question it names that could be one of several.
pub(super) fn from_odk(source: &str, renamed: &Renamed, stand: Stand<'_>) -> Result<String, String> {
    let straight: String = source
        .chars()
        .map(|c| match c {
            '\u{2018}' | '\u{2019}' => '\'',
            '\u{201c}' | '\u{201d}' => '"',
            '\u{a0}' => ' ',
            c => c,
        })
        .collect();
    let tokens = tokens(&straight);
    let mut ours = String::new();
    let mut acknowledged = false;
    for (at, token) in tokens.iter().copied().enumerate() {
        match token {
            Token::Field(name) => {
                acknowledged = renamed.acknowledged.iter().any(|one| one == name);
                let name = renamed.field(name, stand.within)?.unwrap_or(name);
                let is_number = renamed.decimals.contains(name) && is_equated(&tokens, at);
                ours += &if is_number { format!("number({})", reference(name)) } else { reference(name) };
            }
            Token::This if stand.is_decimal && is_equated(&tokens, at) => ours += "number(.)",
            Token::Text("'OK'" | "\"OK\"") if acknowledged => ours += "true()",
            Token::Text(text) => {
                // A name in quotes, as jr:choice-name() takes it, or a choice.
                let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
                let field = inner.strip_prefix("${").and_then(|name| name.strip_suffix('}'));
                let field = match field {
                    Some(name) => renamed.field(name.trim(), stand.within)?,
                    None => None,
                };
                match (field, renamed.choices.get(inner)) {
                    (Some(new), _) => ours += &format!("'{}'", reference(new)),
                    (None, Some(new)) => ours += &format!("'{new}'"),
                    (None, None) => ours += text,
                }
            }
            other => other.push(&mut ours),
        }
    }
    Ok(ours)
}

/// Whether a piece is held against another value by `=` or `!=`, which is not the empty text.
fn is_equated(tokens: &[Token<'_>], at: usize) -> bool {
    let is_empty = |token: Option<&Token<'_>>| matches!(token, Some(Token::Text(text)) if text.len() == 2);
    let is_equals = |token: &&Token<'_>| matches!(token, Token::Other("=" | "!"));
    let after = significant(&tokens[at + 1..]);
    let behind = after.iter().take_while(|token| is_equals(token)).count();
    let before: Vec<_> = tokens[..at].iter().rev().filter(|token| !is_blank(token)).take(3).collect();
    let ahead = before.iter().take_while(|token| is_equals(token)).count();
    behind > 0 && !is_empty(after.get(behind)) || ahead > 0 && !is_empty(before.get(ahead).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_with_the_names_it_gets() {
        let called = |groups: &[usize], name: &str| (groups.to_vec(), name.to_owned());
        let renamed = Renamed {
            fields: [
                ("Age".to_owned(), vec![called(&[1], "age"), called(&[2, 3], "age_2")]),
                ("W".to_owned(), vec![called(&[], "w")]),
            ]
            .into(),
            choices: [("a b".to_owned(), "a_b".to_owned())].into(),
            acknowledged: vec!["ok".into()],
            decimals: ["w".to_owned()].into(),
        };
        let at = |source, within| from_odk(source, &renamed, Stand { within, is_decimal: true });
        let read = |source| at(source, &[1]).unwrap();
        assert_eq!(at("${Age}", &[2]).unwrap(), "${age_2}");
        assert_eq!(at("${Age}", &[2, 4]).unwrap(), "${age_2}");
        assert_eq!(at("${Age}", &[1, 5]).unwrap(), "${age}");
        assert_eq!(at("${Age} > 1", &[7]), Ok("${age} > 1".to_owned()), "the one less deep");
        assert_eq!(renamed.text("${Age} ${ W } ${gone} ${", &[2]), "${age_2} ${w} ${gone} ${");
        assert_eq!(read(". = ${W} and ${W}!=60"), "number(.) = number(${w}) and number(${w})!=60");
        assert_eq!(read("60 = ${W} or ${W} = '' or '' != ."), "60 = number(${w}) or ${w} = '' or '' != .");
        assert_eq!(read(". > ${W} and sum(${W}) > 1"), ". > ${w} and sum(${w}) > 1");
        assert_eq!(read("${Age} > 3 and selected(${x}, 'a b')"), "${age} > 3 and selected(${x}, 'a_b')");
        assert_eq!(read("${ok} = 'OK' or ${Age} = 'OK'"), "${ok} = true() or ${age} = 'OK'");
        assert_eq!(read("jr:choice-name(${Age}, '${Age}')"), "jr:choice-name(${age}, '${age}')");
        assert_eq!(read("${Age} = ‘x’"), "${age} = 'x'");
    }
}
