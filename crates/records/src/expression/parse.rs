//! From text to tree, by XPath 1.0's precedence; what cannot be run is refused here, with its place and what to write.

use super::{
    atom, dates,
    functions::{self, Function},
    pattern::{Pattern, Refused},
    tree::{Compare, Node, Sum},
};

/// Deeper nesting than this is refused, so that no text can exhaust the stack.
const DEPTH: usize = 40;
/// More operators than this are refused: a chain of them is a tree as deep as it is long.
const LINKS: usize = 400;

pub(super) fn parse(source: &str) -> Result<Node, String> {
    read(source, false)
}

/// The same of what is in force: a pattern that would not be taken any more, because it costs too much, matches nothing.
pub(super) fn parse_kept(source: &str) -> Result<Node, String> {
    read(source, true)
}

fn read(source: &str, is_kept: bool) -> Result<Node, String> {
    let mut parser = Parser { source, at: 0, depth: 0, links: 0, is_kept };
    parser.space();
    if parser.rest().is_empty() {
        return Err("is empty; write an expression such as ${age} >= 60, or leave the column out".into());
    }
    let node = parser.or()?;
    if !parser.rest().is_empty() {
        return Err(parser.unexpected("an operator or the end"));
    }
    Ok(node)
}

struct Parser<'s> {
    source: &'s str,
    at: usize,
    depth: usize,
    links: usize,
    is_kept: bool,
}

impl<'s> Parser<'s> {
    fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    fn space(&mut self) {
        self.at = self.source.len() - self.rest().trim_start().len();
    }

    /// Takes `token` and the space after it.
    fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
            self.space();
        }
        found
    }

    /// Takes an operator that is a word.
    fn take_word(&mut self, word: &str) -> bool {
        let ends = self.rest().strip_prefix(word).is_some_and(|after| !after.starts_with(is_name));
        ends && self.take(word)
    }

    fn error(&self, at: usize, what: impl std::fmt::Display) -> String {
        format!("at character {}: {what}", self.source[..at].chars().count() + 1)
    }

    fn unexpected(&self, wanted: &str) -> String {
        let rest = self.rest();
        const HINTS: [(&str, &str); 14] = [
            ("==", "; write = for equal"),
            ("&&", "; write and"),
            ("&", "; write and"),
            ("||", "; write or"),
            ("|", "; node sets are not joined here, use or"),
            ("!", "; write not(…), or != for unequal"),
            ("（", "; use ASCII brackets ( )"),
            ("）", "; use ASCII brackets ( )"),
            ("，", "; use an ASCII comma"),
            ("“", "; use straight quotes ' or \""),
            ("”", "; use straight quotes ' or \""),
            ("‘", "; use straight quotes ' or \""),
            ("/", "; paths are not used here: write ${name}, or div to divide"),
            ("$", "; a field is written ${name}"),
        ];
        let hint = HINTS.iter().find(|(token, _)| rest.starts_with(token)).map_or("", |(_, hint)| hint);
        let found = rest.chars().next().map_or("the end".into(), |c| format!("`{c}`"));
        self.error(self.at, format!("expected {wanted}, found {found}{hint}"))
    }

    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(
                self.error(self.at, format!("nested more than {DEPTH} deep; split it over several calculations"))
            );
        }
        let done = inner(self);
        self.depth -= 1;
        done
    }

    fn link(&mut self) -> Result<(), String> {
        self.links += 1;
        if self.links <= LINKS {
            return Ok(());
        }
        Err(self.error(self.at, format!("more than {LINKS} operators; split it over several calculations")))
    }

    fn or(&mut self) -> Result<Node, String> {
        self.deeper(|p| {
            let mut left = p.and()?;
            while p.take_word("or") {
                p.link()?;
                left = Node::Or(Box::new((left, p.and()?)));
            }
            Ok(left)
        })
    }

    fn and(&mut self) -> Result<Node, String> {
        let mut left = self.equality()?;
        while self.take_word("and") {
            self.link()?;
            left = Node::And(Box::new((left, self.equality()?)));
        }
        Ok(left)
    }

    fn equality(&mut self) -> Result<Node, String> {
        let mut left = self.relation()?;
        loop {
            let compare = if self.rest().starts_with("==") {
                return Err(self.unexpected("an operator"));
            } else if self.take("!=") {
                Compare::Unequal
            } else if self.take("=") {
                Compare::Equal
            } else {
                return Ok(left);
            };
            self.link()?;
            left = Node::Compare(compare, Box::new((left, self.relation()?)));
        }
    }

    fn relation(&mut self) -> Result<Node, String> {
        let mut left = self.sum()?;
        loop {
            let compare = if self.take("<=") {
                Compare::LessOrEqual
            } else if self.take("<") {
                Compare::Less
            } else if self.take(">=") {
                Compare::MoreOrEqual
            } else if self.take(">") {
                Compare::More
            } else {
                return Ok(left);
            };
            self.link()?;
            left = Node::Compare(compare, Box::new((left, self.sum()?)));
        }
    }

    fn sum(&mut self) -> Result<Node, String> {
        let mut left = self.product()?;
        loop {
            let sum = if self.take("+") {
                Sum::Plus
            } else if self.take("-") {
                Sum::Minus
            } else {
                return Ok(left);
            };
            self.link()?;
            left = Node::Sum(sum, Box::new((left, self.product()?)));
        }
    }

    fn product(&mut self) -> Result<Node, String> {
        let mut left = self.unary()?;
        loop {
            let sum = if self.take("*") {
                Sum::Times
            } else if self.take_word("div") {
                Sum::Div
            } else if self.take_word("mod") {
                Sum::Mod
            } else {
                return Ok(left);
            };
            self.link()?;
            left = Node::Sum(sum, Box::new((left, self.unary()?)));
        }
    }

    fn unary(&mut self) -> Result<Node, String> {
        if self.take("-") {
            return self.deeper(|p| Ok(Node::Minus(Box::new(p.unary()?))));
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<Node, String> {
        let start = self.at;
        let rest = self.rest();
        match rest.chars().next() {
            Some('(') => {
                self.take("(");
                let inner = self.or()?;
                if self.take(")") { Ok(inner) } else { Err(self.unexpected("`)`")) }
            }
            Some('$') if rest.starts_with("${") => {
                let Some(end) = rest.find('}') else {
                    return Err(self.error(start, "`${` is not closed by `}`"));
                };
                let name = rest[2..end].trim();
                if name.is_empty() || !name.chars().all(is_name) {
                    return Err(self.error(start, format!("`{name}` is not a field's name")));
                }
                self.take(&rest[..=end]);
                Ok(Node::Field(name.into()))
            }
            Some(quote @ ('\'' | '"')) => {
                let Some(end) = rest[1..].find(quote) else {
                    return Err(self.error(start, format!("the text begun with {quote} is not closed")));
                };
                self.take(&rest[..end + 2]);
                Ok(Node::Text(rest[1..=end].into()))
            }
            Some('.') if rest.starts_with("..") => {
                Err(self.error(start, "`..` stands only in position(..); a field is written ${name}"))
            }
            Some('.') if !rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                self.take(".");
                Ok(Node::This)
            }
            Some(c) if c.is_ascii_digit() || c == '.' => {
                let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
                self.take(&rest[..end]);
                let number = atom::plain_number(&rest[..end]).map(Node::Number);
                number.ok_or_else(|| self.error(start, format!("`{}` is not a number", &rest[..end])))
            }
            Some(c) if c.is_alphabetic() || c == '_' => {
                let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
                let name = &rest[..end];
                self.take(name);
                match name {
                    _ if self.take("(") => self.call(name, start),
                    // No element is called so, which JavaRosa reads as empty.
                    "null" => Ok(Node::Text("".into())),
                    _ => Ok(Node::Column(name.into())),
                }
            }
            _ => Err(self.unexpected("a value")),
        }
    }

    fn call(&mut self, name: &str, start: usize) -> Result<Node, String> {
        if name == "position" && self.take("..") {
            return if self.take(")") {
                self.checked("position", Vec::new(), start)
            } else {
                Err(self.unexpected("`)`"))
            };
        }
        let mut args = Vec::new();
        if !self.take(")") {
            loop {
                args.push(self.or()?);
                if self.take(")") {
                    break;
                }
                if !self.take(",") {
                    return Err(self.unexpected("`,` or `)`"));
                }
            }
        }
        self.checked(name, args, start)
    }

    fn checked(&self, name: &str, args: Vec<Node>, start: usize) -> Result<Node, String> {
        let Some(function) = Function::named(name) else {
            return Err(self.error(start, functions::unknown(name)));
        };
        if !function.takes(args.len()) {
            let count = args.len();
            return Err(
                self.error(start, format!("{name}() is written {}, not with {count} arguments", function.usage))
            );
        }
        let refuse = |why: &str| Err(self.error(start, format!("{name}() is written {}: {why}", function.usage)));
        match (name, &args[..]) {
            ("user", [Node::Text(what)]) if matches!(&**what, "name" | "post") => {}
            ("user", _) => return refuse("only 'name' and 'post' are known"),
            ("lookup", [_, Node::Text(_)]) => {}
            ("lookup", _) => return refuse("the second is a field's name in quotes"),
            ("choice-label", [Node::Field(_)]) => {}
            ("jr:choice-name", [Node::Field(field), Node::Text(quoted)]) if **quoted == *format!("${{{field}}}") => {}
            ("choice-label" | "jr:choice-name", _) => return refuse("name the field itself"),
            ("format-date" | "format-date-time", [_, Node::Text(format)]) => {
                let mut codes = format.split('%').skip(1).filter(|part| !part.is_empty());
                if let Some(code) = codes.find_map(|part| part.chars().next().filter(|c| !dates::CODES.contains(*c))) {
                    return refuse(&format!(
                        "%{code} is not one of %{}",
                        dates::CODES.replace("", " %").trim_matches([' ', '%'])
                    ));
                }
            }
            ("format-date" | "format-date-time", _) => return refuse("the format is a text in quotes"),
            ("regex", [_, Node::Text(pattern)]) => {
                let parsed = if self.is_kept { Pattern::parse_kept(pattern) } else { Pattern::parse(pattern) };
                let compiled = match parsed {
                    Ok(compiled) => compiled,
                    Err(Refused::Unread(error)) => return refuse(&format!("the pattern does not read: {error}")),
                    Err(Refused::Costly(parts)) => {
                        return refuse(&format!(
                            "the pattern is too costly: with its repetitions within repetitions written out it has {parts} parts; \
                             write it with * or +, or with smaller numbers"
                        ));
                    }
                };
                let subject = args.into_iter().next().unwrap_or(Node::This);
                return Ok(Node::Regex(Box::new((subject, compiled))));
            }
            ("regex", _) => return refuse("the pattern is a text in quotes"),
            _ => {}
        }
        Ok(Node::Call(function, args.into()))
    }
}

/// XPath's name characters; the colon for `jr:choice-name`.
fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | ':')
}
