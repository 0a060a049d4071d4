//! Expressions in ODK's words and in ours: the same language, but for functions, money in fen and answers of yes and no.

use std::collections::BTreeMap;

use records::{Field, FieldType, expression::Expression};

/// A piece of an expression; together the pieces are its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'s> {
    /// A text with its quotes.
    Text(&'s str),
    /// The name in `${name}`.
    Field(&'s str),
    /// A name: a function, an operator that is a word, a column of choices.
    Word(&'s str),
    /// `.`, the answer itself.
    This,
    /// Blanks, numbers, signs.
    Other(&'s str),
}

impl Token<'_> {
    pub(super) fn push(self, to: &mut String) {
        match self {
            Self::Text(part) | Self::Word(part) | Self::Other(part) => to.push_str(part),
            Self::Field(name) => to.push_str(&reference(name)),
            Self::This => to.push('.'),
        }
    }
}

/// A field, as expressions name it.
pub(super) fn reference(name: &str) -> String {
    format!("${{{name}}}")
}

/// The pieces of any text; what is no expression falls into signs.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ':');
    let (mut tokens, mut rest) = (Vec::new(), source);
    while let Some(first) = rest.chars().next() {
        let until = |end: fn(char) -> bool| rest.find(|c| !end(c)).unwrap_or(rest.len());
        let next = rest[first.len_utf8()..].chars().next();
        let (token, length) = match first {
            '\'' | '"' => {
                let length = rest[1..].find(first).map_or(rest.len(), |end| end + 2);
                (Token::Text(&rest[..length]), length)
            }
            '$' if rest.starts_with("${") && rest.contains('}') => {
                let end = rest.find('}').unwrap_or(2);
                (Token::Field(rest[2..end].trim()), end + 1)
            }
            '.' if next == Some('.') => (Token::Other(&rest[..2]), 2),
            '.' if !next.is_some_and(|c| c.is_ascii_digit()) => (Token::This, 1),
            c if c.is_ascii_digit() || c == '.' => {
                let length = until(|c| c.is_ascii_digit() || c == '.');
                (Token::Other(&rest[..length]), length)
            }
            c if c.is_alphabetic() || c == '_' => {
                let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
                (Token::Word(&rest[..length]), length)
            }
            c => (Token::Other(&rest[..c.len_utf8()]), c.len_utf8()),
        };
        tokens.push(token);
        rest = &rest[length..];
    }
    tokens
}

/// Functions of ours that ODK has not, and those that ODK Collect has not.
const OURS_ALONE: [&str; 12] = [
    "lookup",
    "gone",
    "title-of",
    "user",
    "age",
    "born-of",
    "sex-of",
    "valid-id",
    "format-money",
    "substring",
    "floor",
    "ceiling",
];

/// The types of a kind's fields, also of those inside repeats.
pub(super) type Types<'k> = BTreeMap<&'k str, &'k FieldType>;

/// The types of these fields by name.
pub(super) fn types(fields: &[Field]) -> Types<'_> {
    let mut types = Types::new();
    for field in fields {
        types.insert(&field.name, &field.r#type);
        if let FieldType::Repeat(inner) = &field.r#type {
            types.extend(inner.iter().map(|field| (field.name.as_str(), &field.r#type)));
        }
    }
    types
}

/// An expression in ODK's words; `None` for what ODK cannot say. `of` is the field it stands at, for `.`.
pub(super) fn to_odk(expression: &Expression, types: &Types<'_>, of: Option<&Field>) -> Option<String> {
    let tokens = tokens(expression.source());
    let mut odk = String::new();
    for (at, token) in tokens.iter().enumerate() {
        let after = significant(&tokens[at + 1..]);
        match token {
            Token::Word(name) if after.first() == Some(&Token::Other("(")) && OURS_ALONE.contains(name) => return None,
            // Both languages at once, which a form in one language has no use for.
            Token::Word("tr") if after.first() == Some(&Token::Other("(")) => return None,
            Token::Word("choice-label") => odk += "jr:choice-name",
            Token::Field(name) => {
                let r#type = types.get(name);
                let named = reference(name);
                if odk.trim_end().ends_with("jr:choice-name(") && after.first() == Some(&Token::Other(")")) {
                    odk += &format!("{named}, '{named}'");
                } else {
                    odk += &valued(&named, *r#type?, &tokens[..at], &after)?;
                }
            }
            Token::This => {
                odk += &of.map_or(Some(".".to_owned()), |f| valued(".", &f.r#type, &tokens[..at], &after))?
            }
            other => other.push(&mut odk),
        }
    }
    Some(odk)
}

/// An answer as the value we keep: ODK keeps money as yuan, and yes as a choice.
fn valued(named: &str, r#type: &FieldType, before: &[Token<'_>], after: &[Token<'_>]) -> Option<String> {
    if !matches!(r#type, FieldType::Money | FieldType::YesNo) {
        return Some(named.to_owned());
    }
    let is_text = |token: &Token<'_>| matches!(token, Token::Text(text) if text.len() == 2);
    let asks_whether_empty = match after {
        [Token::Other("="), text, ..] => is_text(text),
        [Token::Other("!"), Token::Other("="), text, ..] => is_text(text),
        _ => false,
    };
    if asks_whether_empty {
        return Some(named.to_owned());
    }
    // A function may want the question itself, such as sum() over the rows of a repeat.
    let last = before.iter().rev().find(|token| !is_blank(token));
    let bare = |token: Option<&Token<'_>>| matches!(token, Some(Token::Other("(" | "," | ")")));
    match r#type {
        _ if bare(last) && bare(after.first()) => None,
        FieldType::Money => Some(format!("({named} * 100)")),
        _ => Some(format!("({named} = 'yes')")),
    }
}

pub(super) fn is_blank(token: &Token<'_>) -> bool {
    matches!(token, Token::Other(text) if text.trim().is_empty())
}

pub(super) fn significant<'s>(tokens: &[Token<'s>]) -> Vec<Token<'s>> {
    tokens.iter().filter(|token| !is_blank(token)).take(4).copied().collect()
}

/// A column of expressions: ODK's, ours beside it, and the field's.
pub(super) struct Slot {
    pub odk: &'static str,
    pub ours: &'static str,
    pub of: fn(&Field) -> &Option<Expression>,
    pub at: fn(&mut Field) -> &mut Option<Expression>,
}

/// The columns of expressions.
pub(super) const SLOTS: [Slot; 6] = [
    Slot { odk: "required", ours: "linli_required", of: |f| &f.required, at: |f| &mut f.required },
    Slot { odk: "relevant", ours: "linli_relevant", of: |f| &f.relevant, at: |f| &mut f.relevant },
    Slot { odk: "constraint", ours: "linli_constraint", of: |f| &f.constraint, at: |f| &mut f.constraint },
    Slot { odk: "calculation", ours: "linli_calculation", of: |f| &f.calculation, at: |f| &mut f.calculation },
    Slot { odk: "default", ours: "linli_default", of: |f| &f.default, at: |f| &mut f.default },
    Slot { odk: "choice_filter", ours: "linli_choice_filter", of: |f| &f.choice_filter, at: |f| &mut f.choice_filter },
];

/// What ODK's column says of a field's expression; empty for nothing, and for what ODK cannot say.
pub(super) fn cell(slot: &Slot, field: &Field, types: &Types<'_>) -> String {
    let said = (slot.of)(field).as_ref().and_then(|expression| {
        let plain = expression.source();
        let odk = to_odk(expression, types, Some(field))?;
        match (slot.odk, &field.r#type) {
            ("required", _) if plain == "true()" => Some("yes".to_owned()),
            ("default", FieldType::YesNo) => match plain {
                "true()" => Some("yes".to_owned()),
                "false()" => Some("no".to_owned()),
                _ => None,
            },
            ("default" | "calculation", FieldType::Money) => Some(format!("({odk}) div 100")),
            ("default", _) => Some(unquoted(&odk).map_or(odk.clone(), Into::into)),
            // In ODK a calculation that looks at its own answer goes round in a circle, and a yes is no truth.
            ("calculation", FieldType::YesNo) => None,
            ("calculation", _) if refers_to_itself(expression, field) => None,
            _ => Some(odk),
        }
    });
    match (slot.odk, &field.r#type) {
        // ODK refuses a calculation without one.
        ("calculation", FieldType::Calculate) => said.unwrap_or_else(|| "''".to_owned()),
        _ => said.unwrap_or_default(),
    }
}

fn refers_to_itself(expression: &Expression, field: &Field) -> bool {
    let references = expression.references();
    references.this || references.fields.contains(&field.name) || references.all_rows.contains(&field.name)
}

/// A text that is one literal, as it stands in a column of defaults; `None` where it would read as an expression there.
fn unquoted(source: &str) -> Option<&str> {
    let [Token::Text(text)] = tokens(source)[..] else { return None };
    let inner = text.get(1..text.len().checked_sub(1)?)?;
    (!inner.is_empty() && !is_dynamic(inner) && inner == inner.trim()).then_some(inner)
}

/// Whether a default is an expression and no plain value, as in a pack's files.
fn is_dynamic(default: &str) -> bool {
    default.contains('(') || default.contains("${") || default.starts_with(['\'', '"'])
}

/// A default's cell as an expression: a plain value is a literal of the field's type.
pub(super) fn default(cell: &str, r#type: &FieldType) -> String {
    let is_number = cell.parse::<f64>().is_ok() && cell.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.'));
    match r#type {
        FieldType::YesNo if matches!(cell, "yes" | "no" | "OK" | "TRUE" | "FALSE") => {
            if matches!(cell, "no" | "FALSE") { "false()" } else { "true()" }.to_owned()
        }
        FieldType::Integer if is_number => cell.to_owned(),
        _ if is_dynamic(cell) => cell.to_owned(),
        _ if cell.contains('\'') => format!("\"{}\"", cell.replace('"', "")),
        _ => format!("'{cell}'"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xlsform::read::blank;

    fn field(name: &str, r#type: FieldType) -> Field {
        blank(name.to_owned(), r#type)
    }

    #[test]
    fn pieces_are_the_whole() {
        for source in ["${a} = 'x ${b}' and . >= 1.5", "a-b(..) + .5 \" ' \"", "', ${", "选(${ 甲 })", "'"] {
            let mut whole = String::new();
            tokens(source).into_iter().for_each(|token| token.push(&mut whole));
            assert_eq!(whole, source.replace("${ 甲 }", "${甲}"));
        }
    }

    #[test]
    fn odk_is_told_what_it_can_say() {
        let fields = [
            field("sort", FieldType::SelectOne("s".into())),
            field("amount", FieldType::Money),
            field("done", FieldType::YesNo),
            field("n", FieldType::Integer),
        ];
        let types = types(&fields);
        let odk = |source: &str| to_odk(&Expression::parse(source).unwrap(), &types, Some(&fields[1]));
        let same = |source: &str| assert_eq!(odk(source).as_deref(), Some(source));
        same("${n} > 3 and selected(${sort}, 'a')");
        same("${done} = '' or ${amount} != ''");
        let is = |source: &str, wanted: &str| assert_eq!(odk(source).as_deref(), Some(wanted));
        is("${done} = true()", "(${done} = 'yes') = true()");
        is(". > 0 and ${amount} < 5", "(. * 100) > 0 and (${amount} * 100) < 5");
        is("concat(choice-label(${sort}), 'x')", "concat(jr:choice-name(${sort}, '${sort}'), 'x')");
        for source in ["lookup(${sort}, 'x')", "tr('a', 'b')", "sum(${amount})", "user('name')", "floor(1)"] {
            assert_eq!(odk(source), None, "{source}");
        }
    }

    #[test]
    fn defaults_are_values_or_expressions() {
        assert_eq!(default("today()", &FieldType::Date), "today()");
        assert_eq!(default("40", &FieldType::Integer), "40");
        assert_eq!(default("40", &FieldType::Text), "'40'");
        assert_eq!(default("it's", &FieldType::Text), "\"it's\"");
        assert_eq!(default("yes", &FieldType::YesNo), "true()");
        assert_eq!(unquoted("'visit'"), Some("visit"));
        assert_eq!(unquoted("'a' "), None);
        assert_eq!(unquoted("'${a}'"), None);
    }
}
