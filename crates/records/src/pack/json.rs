//! A pack out of JSON, as a tablet receives it.
//!
//! Read by hand from a JSON value: what serde derives for these structs is a tenth of the whole app's size. Names that a
//! newer server adds are passed over, and what may be left out may be missing, so that old tablets meet new packs.

use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Map, Value};

use super::{
    Choice, Class, Doors, Field, FieldType, Frame, Kind, Nature, Pack, Post, Screens, Versions, workshop::Edit,
};
use crate::{Text, expression::Expression};

impl<'de> Deserialize<'de> for Pack {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = |value| Object::of(value)?.pack();
        read(Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

mod tables;

/// What is read, or which name is missing or of another shape.
type Read<T> = Result<T, String>;

struct Object(Map<String, Value>);

impl Object {
    fn of(value: Value) -> Read<Self> {
        match value {
            Value::Object(map) => Ok(Self(map)),
            other => Err(format!("not an object: {other}")),
        }
    }

    /// The value of a name; `null` counts as missing.
    fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    fn text(&mut self, name: &str) -> Read<String> {
        self.text_or_none(name)?.ok_or_else(|| format!("`{name}` is missing"))
    }

    fn text_or_none(&mut self, name: &str) -> Read<Option<String>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(format!("`{name}` is not a text: {other}")),
        }
    }

    fn both(&mut self, name: &str) -> Read<Option<Text>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let mut both = Self::of(value)?;
        Ok(Some(Text { zh: both.text("zh")?, en: both.text("en")? }))
    }

    fn label(&mut self) -> Read<Text> {
        Ok(self.both("label")?.unwrap_or_default())
    }

    fn expression(&mut self, name: &str) -> Read<Option<Expression>> {
        self.text_or_none(name)?.map(|source| Expression::kept(&source)).transpose()
    }

    fn flag(&mut self, name: &str) -> bool {
        self.take(name).is_some_and(|value| value == Value::Bool(true))
    }

    fn array(&mut self, name: &str) -> Vec<Value> {
        match self.take(name) {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        }
    }

    fn texts(&mut self, name: &str) -> Vec<String> {
        self.array(name).iter().filter_map(|item| item.as_str().map(Into::into)).collect()
    }

    fn all<T>(&mut self, name: &str, read: fn(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        self.take(name).map_or(Ok(Vec::new()), |list| Self::each(list, read))
    }

    fn each<T>(list: Value, read: fn(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let Value::Array(items) = list else { return Err(format!("not a list: {list}")) };
        items.into_iter().map(|item| read(&mut Self::of(item)?)).collect()
    }

    /// Members of an object by name.
    fn members(&mut self, name: &str) -> Read<Map<String, Value>> {
        self.take(name).map_or(Ok(Map::new()), |value| Ok(Self::of(value)?.0))
    }

    fn pack(&mut self) -> Read<Pack> {
        let mut pack = Pack {
            name: self.text("name")?,
            version: self.take("version").and_then(|v| v.as_u64()).and_then(|v| v.try_into().ok()).unwrap_or_default(),
            label: self.label()?,
            posts: self.all("posts", Self::post)?,
            indicators: self.all("indicators", Self::indicator)?,
            dimensions: self.all("dimensions", Self::dimension)?,
            reports: self.all("reports", Self::template)?,
            due: self.all("due", Self::due)?,
            origin: Some(self.whole("origin")).filter(|version| *version > 0),
            print: self.text_or_none("print")?.unwrap_or_default(),
            ..Pack::default()
        };
        for (name, value) in self.members("kinds")? {
            let kind = Self::of(value)?.kind().map_err(|error| format!("kind `{name}`: {error}"))?;
            pack.kinds.insert(name, kind);
        }
        for (name, value) in self.members("choices")? {
            pack.choices.insert(name, Self::each(value, Self::choice)?);
        }
        if let Some(screens) = self.take("screens") {
            pack.screens = Self::of(screens)?.screens()?;
        }
        Ok(pack)
    }

    fn post(&mut self) -> Read<Post> {
        Ok(Post {
            name: self.text("name")?,
            label: self.label()?,
            read: self.texts("read"),
            write: self.texts("write"),
            report: self.flag("report"),
            frame: match self.text_or_none("frame")?.as_deref() {
                Some("volunteer") => Frame::Volunteer,
                _ => Frame::Officer,
            },
        })
    }

    fn choice(&mut self) -> Read<Choice> {
        let (name, label) = (self.text("name")?, self.label()?);
        let mut columns = std::collections::BTreeMap::new();
        for (column, value) in std::mem::take(&mut self.0) {
            if let Value::String(text) = value {
                columns.insert(column, text);
            }
        }
        Ok(Choice { name, label, columns })
    }

    fn kind(&mut self) -> Read<Kind> {
        Ok(Kind {
            name: self.text("name")?,
            label: self.label()?,
            nature: match &*self.text("nature")? {
                "fact" => Nature::Fact,
                _ => Nature::Register,
            },
            class: class(&self.text("class")?),
            date: self.text_or_none("date")?,
            icon: self.text_or_none("icon")?,
            title: self.expression("title")?,
            summary: self.expression("summary")?,
            fields: self.all("fields", Self::field)?,
            by: self.paths("by")?,
            assigned: self.text_or_none("assigned")?,
            keep_years: Some(self.whole("keep_years")).filter(|years| *years > 0),
            actions: self.all("actions", Self::action)?,
            once: self.texts("once"),
            walk: self.take("walk").map(|walk| Self::of(walk)?.walk()).transpose()?,
            follows: self.all("follows", Self::follow)?,
            again: self.take("again").map(|again| Self::of(again)?.again()).transpose()?,
            gone: self.take("gone").map(|gone| Self::of(gone)?.gone()).transpose()?,
            tells_apart: self.expression("tells_apart")?,
        })
    }

    fn field(&mut self) -> Read<Field> {
        let name = self.text("name")?;
        let at = |error: String| format!("field `{name}`: {error}");
        Ok(Field {
            r#type: self.field_type().map_err(at)?,
            label: self.label().map_err(at)?,
            hint: self.both("hint").map_err(at)?,
            required: self.expression("required").map_err(at)?,
            relevant: self.expression("relevant").map_err(at)?,
            constraint: self.expression("constraint").map_err(at)?,
            constraint_message: self.both("constraint_message").map_err(at)?,
            calculation: self.expression("calculation").map_err(at)?,
            default: self.expression("default").map_err(at)?,
            choice_filter: self.expression("choice_filter").map_err(at)?,
            read_only: self.flag("read_only"),
            appearance: self.text_or_none("appearance").map_err(at)?.unwrap_or_default(),
            class: self.text_or_none("class").map_err(at)?.map(|word| class(&word)),
            search: self.flag("search"),
            column: self.flag("column"),
            review: self.flag("review"),
            disused: self.flag("disused"),
            since: self.whole("since"),
            name,
        })
    }

    /// `"text"`, `{"select_one": "topic"}`, `{"repeat": [fields]}`.
    fn field_type(&mut self) -> Read<FieldType> {
        let (word, of) = match self.take("type") {
            Some(Value::String(word)) => (word, Value::Null),
            Some(Value::Object(map)) => map.into_iter().next().unwrap_or_default(),
            _ => (String::new(), Value::Null),
        };
        if word == "repeat" {
            return Ok(FieldType::Repeat(Self::each(of, Self::field)?));
        }
        let of = of.as_str().unwrap_or_default();
        FieldType::named(&word, of).ok_or_else(|| format!("unknown type `{word}`"))
    }

    fn screens(&mut self) -> Read<Screens> {
        let doors = self.take("doors").map(|doors| Self::of(doors)?.doors()).transpose()?;
        let versions = self.take("versions").map(|versions| Self::of(versions)?.versions()).transpose()?;
        Ok(Screens { doors, versions, first: self.texts("first") })
    }

    fn versions(&mut self) -> Read<Versions> {
        Ok(Versions {
            kind: self.text("kind")?,
            title: self.text("title")?,
            from: self.text("from")?,
            to: self.text("to")?,
            within: self.text("within")?,
            body: self.text("body")?,
            figures: self.text("figures")?,
            frozen_on: self.text("frozen_on")?,
        })
    }

    fn doors(&mut self) -> Read<Doors> {
        Ok(Doors {
            building: self.text("building")?,
            household: self.text("household")?,
            household_building: self.text("household_building")?,
            stairwell: self.text("stairwell")?,
            floor: self.text("floor")?,
            flat: self.text("flat")?,
            person: self.text("person")?,
            person_household: self.text("person_household")?,
            visit: self.text("visit")?,
            visit_filter: self.expression("visit_filter")?,
            visit_nobody: self.expression("visit_nobody")?,
            nobody: match self.take("nobody") {
                Some(Value::Object(map)) => {
                    map.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect()
                }
                _ => Default::default(),
            },
        })
    }
}

/// An edit of the workshop, as [`super::workshop::Edit::to_value`] writes it.
pub(super) fn edit(value: Value) -> Read<Edit> {
    let mut edit = Object::of(value)?;
    let part = |edit: &mut Object, name: &str| Object::of(edit.take(name).unwrap_or_default());
    Ok(match &*edit.text("put")? {
        "field" => Edit::Field {
            kind: edit.text("kind")?,
            after: edit.text_or_none("after")?,
            field: Box::new(part(&mut edit, "field")?.field()?),
        },
        "choice" => Edit::Choice {
            list: edit.text("list")?,
            after: edit.text_or_none("after")?,
            choice: part(&mut edit, "choice")?.choice()?,
        },
        "due" => Edit::Due(Box::new(part(&mut edit, "due")?.due()?)),
        "indicator" => Edit::Indicator(Box::new(part(&mut edit, "indicator")?.indicator()?)),
        "head" => Edit::Head(Box::new(part(&mut edit, "kind")?.kind()?)),
        "kind" => Edit::Kind { kind: Box::new(part(&mut edit, "kind")?.kind()?), posts: edit.texts("posts") },
        other => return Err(format!("unknown edit `{other}`")),
    })
}

/// A class this program does not know is held as the strictest, so that nothing leaks through an old tablet.
fn class(word: &str) -> Class {
    match word {
        "open" => Class::Open,
        "resident" => Class::Resident,
        _ => Class::Restricted,
    }
}
