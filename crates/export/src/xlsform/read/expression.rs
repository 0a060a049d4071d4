//! What is wrong with an expression that does not read, in words for those who wrote the form.

use records::{Text, expression::FUNCTIONS};

use super::super::{
    dialect::{Token, tokens},
    finding::{EXPRESSION, FUNCTION, Findings, LAST_SAVED, PATH},
    table::Written,
};

/// Says why an expression cannot be run.
pub(super) fn wrong(at: &Written, source: &str, error: &str, findings: &mut Findings) {
    let tokens = tokens(source);
    if tokens.iter().any(|token| matches!(token, Token::Field(name) if name.starts_with("last-saved#"))) {
        return findings.say(at, &LAST_SAVED);
    }
    if let Some(name) = function(&tokens) {
        return findings.of(at, &FUNCTION, &format!("{name}()"));
    }
    if tokens.iter().any(|token| matches!(token, Token::Other("/" | ".."))) {
        return findings.say(at, &PATH);
    }
    // `source` at character 7: why
    let why = error.rsplit_once("` at character ").map_or(error, |(_, rest)| rest);
    let (place, why) = why.split_once(": ").unwrap_or(("", why));
    let zh = if place.is_empty() { why.to_owned() } else { format!("第 {place} 个字符处（{why}）") };
    let en = if place.is_empty() { why.to_owned() } else { format!("at character {place}, {why}") };
    findings.about(at, &EXPRESSION, Text::new(zh, en));
}

/// The first function that we have not.
fn function<'s>(tokens: &[Token<'s>]) -> Option<&'s str> {
    let is_blank = |token: &&Token<'_>| matches!(token, Token::Other(text) if text.trim().is_empty());
    let called = |at: usize| tokens[at + 1..].iter().find(|token| !is_blank(token)) == Some(&Token::Other("("));
    tokens.iter().enumerate().find_map(|(at, token)| match token {
        Token::Word(name) if called(at) => {
            let is_operator = matches!(*name, "and" | "or" | "div" | "mod");
            (!is_operator && FUNCTIONS.iter().all(|function| function.name != *name)).then_some(*name)
        }
        _ => None,
    })
}
