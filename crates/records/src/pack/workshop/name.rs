//! Machine names out of what people call things: by pinyin, without what is not a letter or a digit.

use crate::spelling::readings;

/// Most letters of a name; figures, ledgers and exports show it to programs only.
const LONGEST: usize = 40;

/// A name for something called `text`, that nothing else has.
pub(super) fn name_for(text: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut words = vec![String::new()];
    for c in text.chars() {
        match readings(c).next() {
            Some(syllable) => words.extend([syllable.to_owned(), String::new()]),
            None if c.is_ascii_alphanumeric() => {
                if let Some(word) = words.last_mut() {
                    word.push(c.to_ascii_lowercase());
                }
            }
            None => words.push(String::new()),
        }
    }
    let mut name = String::new();
    for word in words.iter().filter(|word| !word.is_empty()) {
        let between = usize::from(!name.is_empty());
        if name.len() + between + word.len() > LONGEST {
            break;
        }
        if between > 0 {
            name.push('_');
        }
        name.push_str(word);
    }
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        name.insert_str(0, if name.is_empty() { "q" } else { "q_" });
    }
    let mut numbered = (2..).map(|number| format!("{name}_{number}"));
    match is_taken(&name) {
        false => name,
        true => numbered.find(|name| !is_taken(name)).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::name_for;

    #[test]
    fn names_are_pinyin_short_and_unique() {
        assert_eq!(name_for("养宠物吗？", |_| false), "yang_chong_wu_ma");
        assert_eq!(name_for("WiFi 密码 2", |_| false), "wifi_mi_ma_2");
        assert_eq!(name_for("2号楼", |_| false), "q_2_hao_lou");
        assert_eq!(name_for("！？", |_| false), "q");
        assert_eq!(name_for("Pets?", |name| name == "pets" || name == "pets_2"), "pets_3");
        assert!(name_for(&"很长".repeat(50), |_| false).len() <= 40);
    }
}
