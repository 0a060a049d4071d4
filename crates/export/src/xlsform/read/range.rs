//! ODK's `range`: the ends and the step that `parameters` names.

use records::Text;

/// A range, with ODK's own ends and step where it names none. Each number is as it was written.
#[derive(Debug, PartialEq)]
pub(super) struct Range {
    start: String,
    end: String,
    step: String,
    /// Whether only whole numbers are in it.
    pub is_whole: bool,
    /// What else the cell says.
    pub others: Vec<String>,
}

impl Range {
    /// A cell such as `start = 18, end=65; step=1`, with or without blanks around the signs.
    pub(super) fn read(parameters: &str) -> Self {
        let straight = parameters.replace('=', " = ").replace([',', ';', '，', '；'], " ");
        let words: Vec<&str> = straight.split_whitespace().collect();
        let mut range =
            Self { start: "0".into(), end: "10".into(), step: "1".into(), is_whole: true, others: Vec::new() };
        let mut rest = &words[..];
        while let [first, behind @ ..] = rest {
            rest = behind;
            let [_, value, after @ ..] = rest else {
                range.others.push((*first).to_owned());
                continue;
            };
            if rest[0] != "=" {
                range.others.push((*first).to_owned());
                continue;
            }
            rest = after;
            let to = match &*first.to_lowercase() {
                "start" => &mut range.start,
                "end" => &mut range.end,
                "step" => &mut range.step,
                _ => {
                    range.others.push(format!("{first}={value}"));
                    continue;
                }
            };
            match number(value) {
                Some(number) => *to = number,
                None => range.others.push(format!("{first}={value}")),
            }
        }
        // Downwards is the same numbers; a step of nothing is none.
        if value(&range.start) > value(&range.end) {
            std::mem::swap(&mut range.start, &mut range.end);
        }
        range.step = range.step.trim_start_matches('-').to_owned();
        if value(&range.step) == 0.0 {
            range.others.push("step=0".into());
            range.step = "1".into();
        }
        range.is_whole = [&range.start, &range.end, &range.step].into_iter().all(|number| value(number).fract() == 0.0);
        range
    }

    /// What an answer must hold.
    pub(super) fn holds(&self) -> String {
        let Self { start, end, step, .. } = self;
        let ends = format!(". >= {start} and . <= {end}");
        match value(step) {
            step if step == 1.0 && self.is_whole => ends,
            // Counted in steps from the start, within what tenths lose as floats.
            _ => {
                let steps = format!("(. - {start}) div {step}");
                format!("{ends} and abs({steps} - round({steps})) < 0.000001")
            }
        }
    }

    /// What to say of an answer that does not.
    pub(super) fn words(&self) -> Text {
        let Self { start, end, step, .. } = self;
        if self.is_whole && value(step) == 1.0 {
            return Text::new(
                format!("请填 {start} 到 {end} 之间的整数。"),
                format!("Please write a whole number from {start} to {end}."),
            );
        }
        Text::new(
            format!("请填 {start} 到 {end} 之间的数，从 {start} 起每 {step} 一档。"),
            format!("Please write a number from {start} to {end} in steps of {step} from {start}."),
        )
    }
}

/// A number as the expressions write it.
fn number(text: &str) -> Option<String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && digits.parse::<f64>().is_ok();
    let sign = if digits.len() < text.len() { "-" } else { "" };
    is_number.then(|| format!("{sign}{}{digits}", if digits.starts_with('.') { "0" } else { "" }))
}

fn value(number: &str) -> f64 {
    number.parse().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use records::expression::Expression;

    use super::*;

    #[test]
    fn ends_and_steps_are_read_however_they_are_spaced() {
        for (written, holds) in [
            ("", ". >= 0 and . <= 10"),
            ("start=1 end=5 step=1", ". >= 1 and . <= 5"),
            ("start = 18, end = 65", ". >= 18 and . <= 65"),
            ("start= 18 ;end =65", ". >= 18 and . <= 65"),
            ("End=5，START=-5", ". >= -5 and . <= 5"),
            ("start=10 end=1 step=-1", ". >= 1 and . <= 10"),
            ("start=1.0 end=3.0 step=1.0", ". >= 1.0 and . <= 3.0"),
            ("end=20 step=5", ". >= 0 and . <= 20 and abs((. - 0) div 5 - round((. - 0) div 5)) < 0.000001"),
        ] {
            let range = Range::read(written);
            assert_eq!((range.holds().as_str(), range.is_whole), (holds, true), "{written}");
            assert!(range.others.is_empty(), "{written}");
        }
        let tenths = Range::read("start=0 end=1 step=.1");
        assert!(!tenths.is_whole);
        assert!(Expression::parse(&tenths.holds()).is_ok());
        assert!(tenths.words().zh.contains("每 0.1 一档"));
        assert_eq!(Range::read("start=a tick = 5 end step=0").others, ["start=a", "tick=5", "end", "step=0"]);
    }
}
