//! Values and records in words, for the officer to look at.

use records::{Context, Field, Lang, Lookup, RecordId, Text, Value, words};

use super::{
    Difference, Planner,
    row::{Row, Told},
};

impl Planner<'_, '_> {
    /// A value in words.
    pub(super) fn in_words(&self, field: &Field, value: &Value) -> Text {
        let read = |lang| words::read(self.roles.pack, field, value, lang, &|id| self.name_of(id, lang));
        Text::new(read(Lang::Zh), read(Lang::En))
    }

    /// A difference in words.
    pub(super) fn spelled(&self, row: usize, told: Told) -> Difference {
        let Told { record, kind, field, column, register, file, is_imported, takes_file } = told;
        let of = self.roles.kind(&kind).and_then(|kind| kind.field(&field));
        let read = |value: &Value| of.map(|field| self.in_words(field, value)).unwrap_or_default();
        let (register, file) = (read(&register), read(&file));
        Difference { row, column, record, kind, field, register, file, is_imported, takes_file }
    }

    /// Whom or what a row is about: the record, with its door; of a held row what stands there.
    pub(super) fn title(&self, row: &Row) -> Text {
        let title = |lang| {
            let said = || {
                let place = row.place.as_ref().map(|(_, column)| self.sheet.cell(row.at, *column).shown());
                row.name.clone().or(place).unwrap_or_default()
            };
            let Some(id) = row.record else { return said() };
            let own = self.name_of(id, lang).unwrap_or_default();
            let home = self
                .register
                .get(id)
                .and_then(|fields| fields.get(&self.roles.doors.person_household)?.as_str()?.parse().ok());
            match home.and_then(|home| self.name_of(home, lang)) {
                Some(home) => format!("{own} · {home}"),
                None => own,
            }
        };
        Text::new(title(Lang::Zh), title(Lang::En))
    }

    fn name_of(&self, id: RecordId, lang: Lang) -> Option<String> {
        let context = Context { today: self.today, user: self.user, lookup: &self.register };
        let (kind, fields) = self.register.record(id)?;
        Some(words::title(self.roles.pack, &kind, &fields, lang, &context))
    }
}
