//! Patterns of `regex()`: the part of the regular expressions that forms use, in a page instead of a library.
//!
//! Literals, `.`, `[a-z^…]`, `\d \w \s` and their capitals, `( | )`, `(?: )`, `* + ? {m} {m,} {m,n}` (lazy forms match the
//! same whole texts), `^` at the start and `$` at the end, which change nothing: the pattern must match the whole text, as in
//! JavaRosa. Anything else is refused. It becomes a program of steps (`program.rs`), every repetition written out, and is refused
//! when that is too long: so none takes longer than a text and a program of a known length do.

mod program;

use program::Program;

/// Most repetitions that may be asked for, and the deepest nesting.
const MOST: usize = 1000;
const DEPTH: usize = 20;

/// A parsed pattern; without a program it is too costly to run and matches nothing.
#[derive(Debug)]
pub(super) struct Pattern(Option<Program>);

#[derive(Debug)]
enum Part {
    /// One character out of a class.
    One(Class),
    /// One after the other.
    Row(Vec<Part>),
    /// Any one of them.
    Either(Vec<Part>),
    /// So many times, the last without end if `None`.
    Times(Box<Part>, usize, Option<usize>),
}

/// Ranges of characters, or all but these.
#[derive(Debug, Default)]
struct Class {
    ranges: Vec<(char, char)>,
    is_not: bool,
}

/// A pattern that is not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It does not read.
    Unread(String),
    /// It reads, but repetitions within repetitions make it so long: parts when written out.
    Costly(u64),
}

impl Pattern {
    /// Parses and makes ready.
    pub(super) fn parse(pattern: &str) -> Result<Self, Refused> {
        let part = read(pattern).map_err(Refused::Unread)?;
        match part.size() {
            size if size > Program::LONGEST => Err(Refused::Costly(size)),
            _ => Ok(Self(Some(Program::of(part)))),
        }
    }

    /// The same of a pattern in force since before it was looked at what it costs: it matches nothing, instead of taking the
    /// whole pack with it.
    pub(super) fn parse_kept(pattern: &str) -> Result<Self, Refused> {
        match Self::parse(pattern) {
            Err(Refused::Costly(_)) => Ok(Self(None)),
            parsed => parsed,
        }
    }

    /// Whether it matches the whole text.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|program| program.matches(text))
    }
}

fn read(pattern: &str) -> Result<Part, String> {
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    let escaped = inner.strip_suffix('$').map(|rest| rest.len() - rest.trim_end_matches('\\').len());
    let inner = if escaped.is_some_and(|slashes| slashes % 2 == 0) { &inner[..inner.len() - 1] } else { inner };
    let mut reader = Reader { rest: inner.chars().peekable(), depth: 0 };
    let part = reader.either()?;
    match reader.rest.next() {
        None => Ok(part),
        Some(c) => Err(format!("`{c}` has nothing to close")),
    }
}

impl Part {
    /// Steps of the program it becomes, with every repetition written out.
    fn size(&self) -> u64 {
        match self {
            Self::One(_) => 1,
            Self::Row(parts) => parts.iter().map(Self::size).fold(0, u64::saturating_add),
            Self::Either(parts) => parts.iter().map(|part| part.size().saturating_add(2)).fold(0, u64::saturating_add),
            Self::Times(part, least, most) => {
                let each = part.size().saturating_add(1);
                each.saturating_mul(most.unwrap_or((*least).max(1)) as u64).saturating_add(1)
            }
        }
    }
}

impl Class {
    fn has(&self, c: char) -> bool {
        self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != self.is_not
    }
}

struct Reader<'p> {
    rest: std::iter::Peekable<std::str::Chars<'p>>,
    depth: usize,
}

impl Reader<'_> {
    fn take(&mut self, wanted: char) -> bool {
        self.rest.next_if_eq(&wanted).is_some()
    }

    fn next(&mut self) -> Result<char, String> {
        self.rest.next().ok_or_else(|| "it ends too soon".into())
    }

    fn either(&mut self) -> Result<Part, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err("nested too deep".into());
        }
        let mut parts = vec![self.row()?];
        while self.take('|') {
            parts.push(self.row()?);
        }
        self.depth -= 1;
        Ok(if parts.len() == 1 { parts.remove(0) } else { Part::Either(parts) })
    }

    fn row(&mut self) -> Result<Part, String> {
        let mut parts = Vec::new();
        while let Some(c) = self.rest.next_if(|c| !matches!(c, '|' | ')')) {
            let one = match c {
                '(' => {
                    if self.take('?') && !self.take(':') {
                        return Err("of the groups that begin with ?, only (?: ) is known".into());
                    }
                    let inner = self.either()?;
                    if !self.take(')') {
                        return Err("`(` is not closed".into());
                    }
                    inner
                }
                '[' => Part::One(self.class()?),
                '.' => Part::One(Class { ranges: vec![('\n', '\n')], is_not: true }),
                '\\' => Part::One(self.escape()?),
                '*' | '+' | '?' | '{' => return Err(format!("`{c}` has nothing before it to repeat")),
                '^' | '$' => {
                    return Err(format!("`{c}` stands only at the {}", if c == '^' { "start" } else { "end" }));
                }
                ']' | '}' => return Err(format!("`{c}` has nothing to close; write \\{c} for itself")),
                c => Part::One(Class { ranges: vec![(c, c)], is_not: false }),
            };
            parts.push(self.times(one)?);
        }
        Ok(Part::Row(parts))
    }

    fn times(&mut self, part: Part) -> Result<Part, String> {
        let (least, most) = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => return self.counted(part),
            _ => return Ok(part),
        };
        self.rest.next();
        self.take('?');
        Ok(Part::Times(Box::new(part), least, most))
    }

    fn counted(&mut self, part: Part) -> Result<Part, String> {
        self.rest.next();
        let least = self.number().ok_or("a number is missing after `{`")?;
        let most = if self.take(',') { self.number() } else { Some(least) };
        if !self.take('}') || most.is_some_and(|most| most < least) || least.max(most.unwrap_or(0)) > MOST {
            return Err(format!("repetitions are written {{2}}, {{2,}} or {{2,5}}, up to {MOST}"));
        }
        self.take('?');
        Ok(Part::Times(Box::new(part), least, most))
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = None;
        while let Some(digit) = self.rest.peek().and_then(|c| c.to_digit(10)) {
            self.rest.next();
            number = Some(number.unwrap_or(0usize).saturating_mul(10).saturating_add(digit as usize));
        }
        number
    }

    /// After `[`.
    fn class(&mut self) -> Result<Class, String> {
        let mut class = Class { is_not: self.take('^'), ranges: Vec::new() };
        let mut is_first = true;
        loop {
            let from = match self.next().map_err(|_| "`[` is not closed")? {
                ']' if !is_first => return Ok(class),
                '\\' => {
                    let escape = self.escape()?;
                    match escape.ranges[..] {
                        [(one, same)] if one == same && !escape.is_not => one,
                        _ if escape.is_not => return Err("\\D, \\W and \\S do not stand within [ ]".into()),
                        _ => {
                            class.ranges.extend(escape.ranges);
                            is_first = false;
                            continue;
                        }
                    }
                }
                c => c,
            };
            is_first = false;
            let mut to = from;
            let mut ahead = self.rest.clone();
            if ahead.next() == Some('-') && ahead.next().is_some_and(|c| c != ']') {
                self.rest.next();
                to = match self.next()? {
                    '\\' => self.next()?,
                    c => c,
                };
            }
            if to < from {
                return Err(format!("the range {from}-{to} is the wrong way round"));
            }
            class.ranges.push((from, to));
        }
    }

    /// After `\`.
    fn escape(&mut self) -> Result<Class, String> {
        let c = self.next()?;
        let ranges = match c.to_ascii_lowercase() {
            'd' => vec![('0', '9')],
            'w' => vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
            's' => vec![('\t', '\r'), (' ', ' ')],
            'n' if c == 'n' => vec![('\n', '\n')],
            't' if c == 't' => vec![('\t', '\t')],
            _ if c.is_ascii_alphanumeric() => return Err(format!("\\{c} is not known")),
            _ => vec![(c, c)],
        };
        Ok(Class { ranges, is_not: c.is_ascii_uppercase() })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Pattern, Refused};

    #[test]
    fn whole_texts_match_and_parts_do_not() {
        for (pattern, yes, no) in [
            ("[0-9]{4}-(0[1-9]|1[0-2])", "2009-03", "2009-13"),
            ("^([01][0-9]|2[0-3]):[0-5][0-9]$", "22:30", "24:00"),
            (r"\d{17}[\dXx]", "99999919491231002X", "99999919491231002Y"),
            ("[一-龥·]{2,20}", "阿依古丽·买买提", "Li Ming"),
            ("(?:ab|a)(?:bc|c)*", "abcbc", "abcb"),
            (r"[^\s,]+\.?", "3幢。", "3 幢"),
            ("a{0}b?", "", "a"),
            ("(a*)*b", "aaab", "aaa"),
            (r"\$\^\[\]", "$^[]", "$"),
            (r"cost\$", "cost$", "cost"),
            ("[]a-]+", "a-]", "b"),
            (".+", "一行", "一行\n二行"),
        ] {
            let parsed = Pattern::parse(pattern).unwrap();
            assert!(parsed.matches(yes), "{pattern} {yes}");
            assert!(!parsed.matches(no), "{pattern} {no}");
        }
    }

    #[test]
    fn what_it_does_not_know_it_refuses() {
        for pattern in [
            "(a", "a)", "[a", "*a", "a{2", "a{3,2}", "a{1001}", r"\bword", "(?<n>a)", "(?=a)", "a^b", r"a\", "[b-a]",
            "}",
        ] {
            assert!(Pattern::parse(pattern).is_err(), "{pattern}");
        }
        assert!(Pattern::parse(&"(".repeat(100_000)).is_err());
    }

    /// Repetitions within repetitions, so many deep.
    fn nested(deep: usize, times: &str) -> String {
        (0..deep).fold("a".to_owned(), |inner, _| format!("(a({inner})?){times}"))
    }

    #[test]
    fn a_pattern_made_to_explode_does_not() {
        for pattern in ["(a|a)*(a|aa)*(a*)*b".to_owned(), nested(9, "*"), nested(9, "+"), nested(8, "{0,2}")] {
            let parsed = Pattern::parse(&pattern).unwrap();
            assert!(!parsed.matches(&format!("{}b!", "a".repeat(2000))), "{pattern}");
        }
        for pattern in [nested(4, "{1000}"), nested(5, "{1000}"), nested(9, "{1000}"), "(.{1000}){1000}".into()] {
            assert!(matches!(Pattern::parse(&pattern), Err(Refused::Costly(_))), "{pattern}");
            assert!(!Pattern::parse_kept(&pattern).unwrap().matches("a"), "one in force matches nothing, at once");
        }
    }

    #[test]
    fn a_long_text_takes_as_long_as_it_is() {
        let long = "一".repeat(200_000);
        for pattern in [".+", "[^,]*", "(.|一)*", "(.*)*"] {
            assert!(Pattern::parse(pattern).unwrap().matches(&long), "{pattern}");
        }
        // Ended, where a long program meets a long text.
        assert!(!Pattern::parse("(.{0,60}一?){0,60}b").unwrap().matches(&long));
        assert!(Pattern::parse(".{0,1000}").unwrap().matches(&"一".repeat(1000)));
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 3000,
            rng_seed: proptest::test_runner::RngSeed::Fixed(2009),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn it_matches_what_the_regex_library_matches(
            pattern in r"((\(|\(\?:)?([abc.]|\[[abc]{1,2}\]|\[\^a\]|\\[dws])(\*|\+|\?|\{1,2\}|\{2\})?\)?\|?){1,5}",
            text in "[abc1 ]{0,6}",
        ) {
            if let (Ok(ours), Ok(theirs)) = (Pattern::parse(&pattern), regex_lite::Regex::new(&format!("^(?:{pattern})$"))) {
                prop_assert_eq!(ours.matches(&text), theirs.is_match(&text), "{} {}", pattern, text);
            }
        }

        #[test]
        fn no_pattern_makes_it_panic(pattern in r"\PC{0,20}", text in r"\PC{0,20}") {
            if let Ok(pattern) = Pattern::parse(&pattern) {
                pattern.matches(&text);
            }
        }
    }
}
