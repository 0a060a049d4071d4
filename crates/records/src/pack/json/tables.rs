//! The tables of a pack beside kinds and posts, out of JSON.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    super::{
        Action, Again, By, Chart, Dimension, Due, DueRule, Follow, Gone, Indicator, Measure, Path, Template, Walk,
    },
    Object, Read,
};
use crate::expression::Expression;

impl Object {
    pub(super) fn paths(&mut self, name: &str) -> Read<By> {
        let text = |value: Value| value.as_str().map(|path| Path(path.into()));
        Ok(self.members(name)?.into_iter().filter_map(|(name, value)| Some((name, text(value)?))).collect())
    }

    fn expressions(&mut self, name: &str) -> Read<BTreeMap<String, Expression>> {
        let members = self.members(name)?.into_iter();
        let parse = |(name, source): (String, Value)| Some((name, source.as_str()?.to_owned()));
        members.filter_map(parse).map(|(name, source)| Ok((name, Expression::kept(&source)?))).collect()
    }

    pub(super) fn whole(&mut self, name: &str) -> u32 {
        self.take(name).and_then(|value| value.as_u64()).and_then(|n| n.try_into().ok()).unwrap_or_default()
    }

    pub(super) fn indicator(&mut self) -> Read<Indicator> {
        Ok(Indicator {
            name: self.text("name")?,
            label: self.label()?,
            measure: self.measure()?,
            kind: self.text_or_none("kind")?.unwrap_or_default(),
            date: self.text_or_none("date")?,
            standing: self.flag("standing"),
            filter: self.expression("filter")?,
            unit: self.both("unit")?,
            stopped: self.flag("stopped"),
        })
    }

    /// `"count"`, `{"sum": "heads"}`, `{"rate": ["part", "whole"]}`.
    fn measure(&mut self) -> Read<Measure> {
        let (word, of) = match self.take("measure") {
            Some(Value::Object(map)) => map.into_iter().next().unwrap_or_default(),
            _ => (String::from("count"), Value::Null),
        };
        let text = || of.as_str().unwrap_or_default().to_owned();
        Ok(match &*word {
            "count" => Measure::Count,
            "sum" => Measure::Sum(text()),
            "distinct" => Measure::Distinct(Path(text())),
            "min" => Measure::Min(text()),
            "max" => Measure::Max(text()),
            "rate" => {
                let name = |at: usize| of.get(at).and_then(Value::as_str).unwrap_or_default().to_owned();
                Measure::Rate(name(0), name(1))
            }
            // A figure that cannot be worked out must not show as another.
            _ => return Err(format!("unknown measure `{word}`")),
        })
    }

    pub(super) fn dimension(&mut self) -> Read<Dimension> {
        Ok(Dimension { name: self.text("name")?, label: self.label()? })
    }

    pub(super) fn template(&mut self) -> Read<Template> {
        Ok(Template {
            name: self.text("name")?,
            label: self.label()?,
            body: self.both("body")?.unwrap_or_default(),
            charts: self.all("charts", Self::chart)?,
        })
    }

    fn chart(&mut self) -> Read<Chart> {
        Ok(Chart {
            name: self.text("name")?,
            label: self.label()?,
            figures: self.texts("figures"),
            by: self.text_or_none("by")?,
        })
    }

    pub(super) fn due(&mut self) -> Read<Due> {
        Ok(Due {
            name: self.text("name")?,
            label: self.label()?,
            kind: self.text("kind")?,
            filter: self.expression("filter")?,
            rule: self.rule()?,
            posts: self.texts("posts"),
            stopped: self.flag("stopped"),
        })
    }

    fn rule(&mut self) -> Read<DueRule> {
        let (word, of) = match self.take("rule") {
            Some(Value::Object(map)) => map.into_iter().next().unwrap_or_default(),
            _ => return Err("`rule` is missing".into()),
        };
        let mut of = Self::of(of)?;
        Ok(match &*word {
            "promise" => DueRule::Promise { date: of.text("date")?, about: of.texts("about") },
            "every" => DueRule::Every {
                days: of.whole("days"),
                by: of.text("by")?,
                about: of.texts("about"),
                kept: of.expression("kept")?,
            },
            "until" => DueRule::Until { date: of.text("date")?, ahead: of.whole("ahead") },
            _ => return Err(format!("unknown due rule `{word}`")),
        })
    }

    pub(super) fn action(&mut self) -> Read<Action> {
        Ok(Action {
            name: self.text("name")?,
            label: self.label()?,
            icon: self.text_or_none("icon")?,
            when: self.expression("when")?,
            posts: self.texts("posts"),
            set: self.expressions("set")?,
            stamp: self.text_or_none("stamp")?,
            ask: self.texts("ask"),
            makes: self.text_or_none("makes")?,
            link: self.text_or_none("link")?,
        })
    }

    pub(super) fn follow(&mut self) -> Read<Follow> {
        Ok(Follow { at: self.text("at")?, when: self.expression("when")?, set: self.expressions("set")? })
    }

    pub(super) fn walk(&mut self) -> Read<Walk> {
        Ok(Walk {
            ask: self.texts("ask"),
            start: self.text("start")?,
            minutes: self.text("minutes")?,
            points: self.text("points")?,
            found: self.text_or_none("found")?,
            trace: self.text_or_none("trace")?,
        })
    }

    pub(super) fn again(&mut self) -> Read<Again> {
        Ok(Again {
            per: self.text("per")?,
            ask: self.texts("ask"),
            keep: self.texts("keep"),
            keeper: self.text_or_none("keeper")?,
        })
    }

    pub(super) fn gone(&mut self) -> Read<Gone> {
        Ok(Gone {
            when: self.expression("when")?,
            with: self.text_or_none("with")?,
            said: self.expression("said")?,
            here: self.both("here")?.unwrap_or_default(),
            label: self.label()?,
        })
    }
}
