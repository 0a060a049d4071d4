//! How account names are compared, and which passwords are too easy.

use unicode_normalization::UnicodeNormalization;

/// A name as it is compared, and kept for new accounts: what looks the same is the same. Compatibility forms (full-width letters)
/// become plain ones, capitals small, and what nobody sees goes.
pub(super) fn folded(name: &str) -> String {
    let plain = name.nfkc().filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase).collect::<String>();
    // Small letters may come apart anew.
    plain.nfkc().collect::<String>().trim().to_owned()
}

/// Marks of direction and of nothing: Unicode's default ignorable characters, and controls.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}' | '\u{e0000}'..='\u{e0fff}')
        || (c.is_control() && !c.is_whitespace())
}

/// The beginnings of every list of passwords that leaked, here and abroad, without what the rules below find.
const FIRST_GUESSES: [&str; 48] = [
    "password",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "password1",
    "password123",
    "qwerty",
    "qwertyui",
    "qwertyuiop",
    "qwerty123",
    "1q2w3e",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1qaz2wsx",
    "1qaz2wsx3edc",
    "q1w2e3r4",
    "qazwsx",
    "qazwsxedc",
    "asdfgh",
    "asdfghjk",
    "asdfghjkl",
    "zxcvbn",
    "zxcvbnm",
    "abc123",
    "abcd1234",
    "abc12345",
    "a123456",
    "123456a",
    "a1234567",
    "a12345678",
    "a123456789",
    "aa123456",
    "qq123456",
    "woaini",
    "woaini520",
    "woaini1314",
    "woaini521",
    "5201314",
    "1314520",
    "520520",
    "7758521",
    "iloveyou",
    "letmein",
    "welcome",
    "admin",
    "admin123",
    "linli",
    "shequ",
];

/// Whether a password is among the first that anyone tries: a list, one character or a short piece over and over, a row of the
/// keyboard's digits or of the alphabet, or the person's own name, with figures around it or none.
pub(super) fn is_first_guess(password: &str, account: &str, person: &str) -> bool {
    let said = folded(password);
    let bare = said.trim_matches(|c: char| !c.is_alphabetic());
    let own = |name: &str| !name.is_empty() && (bare == folded(name) || said == folded(name));
    let listed = |text: &str| FIRST_GUESSES.contains(&text);
    // `linli2026`, `password!!`: the word is what counts.
    let is_word =
        listed(&said) || (!bare.is_empty() && said.chars().count() <= bare.chars().count() + 4 && listed(bare));
    is_word || repeats(&said) || runs(&said) || own(account) || own(person)
}

/// A piece of up to three characters over and over.
fn repeats(text: &str) -> bool {
    let all: Vec<char> = text.chars().collect();
    (1..=3).any(|length| all.len() > length && all.iter().zip(all.iter().skip(length)).all(|(one, next)| one == next))
}

/// Characters that each follow the one before, upwards or downwards.
fn runs(text: &str) -> bool {
    let all: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    // After nine comes nought.
    let step = |one: i64, next: i64| {
        if (one, next) == (57, 48) {
            1
        } else if (one, next) == (48, 57) {
            -1
        } else {
            next - one
        }
    };
    [1, -1].iter().any(|way| all.len() > 1 && all.windows(2).all(|two| step(two[0], two[1]) == *way))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_the_same_are_the_same() {
        for name in [
            "xunluo1",
            "Xunluo1",
            "XUNLUO1",
            "xunluo1\u{200b}",
            "\u{202e}xunluo1",
            "ｘｕｎｌｕｏ１",
            " xun\u{ad}luo1\u{feff}",
        ] {
            assert_eq!(folded(name), "xunluo1", "{name:?}");
        }
        assert_eq!(folded("王芳"), "王芳");
        assert_ne!(folded("wang"), folded("wang1"));
        assert_eq!(folded("\u{200b}\u{2060}"), "");
    }

    #[test]
    fn the_first_guesses_are_known() {
        for weak in [
            "123456",
            "1234567890",
            "654321",
            "111111",
            "88888888",
            "121212",
            "123123",
            "abcdefgh",
            "Password",
            "password1!",
            "ＷＯＡＩＮＩ1314",
            "linli2026",
            "wang",
            "wang2009",
            "Wang@123",
            "王芳123456",
            "1q2w3e4r",
        ] {
            assert!(is_first_guess(weak, "wang", "王芳"), "{weak}");
        }
        for fine in
            ["correct horse battery", "小河流水-28", "739204", "wangfeng-hua-28", "wang's cat sleeps", "10086111"]
        {
            assert!(!is_first_guess(fine, "wang", "王芳"), "{fine}");
        }
    }
}
