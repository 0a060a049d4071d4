//! Which of the pack's kinds and fields are the building, the door and the person.
//!
//! The pack's `[screens.doors]` names the kinds and the fields of the door; the rest follows from what fields are: the
//! first required text of a kind names its records, the field of type `resident_id` is the ID number, what is calculated
//! with `born-of` is the date of birth.

use records::{
    Field, FieldType, Kind, Pack,
    pack::{Choice, Doors},
};

/// The parts that a roster needs, as the pack calls them.
#[derive(Clone, Copy, Debug)]
pub struct Roles<'p> {
    /// The pack.
    pub pack: &'p Pack,
    /// Its doors.
    pub doors: &'p Doors,
    /// Kind of buildings.
    pub building: &'p Kind,
    /// Kind of households.
    pub household: &'p Kind,
    /// Kind of people.
    pub person: &'p Kind,
    /// Building's field with its name.
    pub building_name: &'p Field,
    /// Person's field with the name.
    pub name: &'p Field,
    /// Person's field with the resident ID number.
    pub id_number: Option<&'p Field>,
    /// Person's field that says which papers, on which the ID number depends.
    pub paper: Option<&'p Field>,
    /// Person's field with the number of other papers.
    pub paper_number: Option<&'p Field>,
    /// Person's field with the date of birth.
    pub born: Option<&'p Field>,
    /// Person's field with the year or month of birth, for those of whom no day is known: asked for only without the day.
    pub born_about: Option<&'p Field>,
    /// Person's field with telephone numbers besides the first.
    pub other_phones: Option<&'p Field>,
    /// Person's field with the place in the household, and its choice for the head.
    pub head: Option<(&'p Field, &'p Choice)>,
}

impl<'p> Roles<'p> {
    /// The roles in a pack; `None` when it has no doors or a kind of theirs has no name.
    pub fn of(pack: &'p Pack) -> Option<Self> {
        let doors = pack.screens.doors.as_ref()?;
        let (building, household) = (pack.kind(&doors.building)?, pack.kind(&doors.household)?);
        let person = pack.kind(&doors.person)?;
        let id_number = person.fields.iter().find(|f| f.r#type == FieldType::ResidentId);
        let depends = |field: &Field, on: &Field| {
            field.relevant.as_ref().is_some_and(|relevant| relevant.fields().contains(&on.name))
        };
        let one = |field: &&Field| matches!(field.r#type, FieldType::SelectOne(_));
        let paper = id_number.and_then(|id| person.fields.iter().filter(one).find(|field| depends(id, field)));
        let number =
            |field: &&Field| field.r#type == FieldType::Text && paper.is_some_and(|paper| depends(field, paper));
        let of_birth = |field: &&Field| {
            field.r#type == FieldType::Date
                && (field.calculation.as_ref().is_some_and(|c| c.source().contains("born-of(")))
        };
        let born = person.fields.iter().find(of_birth);
        let about = |field: &&Field| field.r#type == FieldType::Text && born.is_some_and(|born| depends(field, born));
        Some(Self {
            pack,
            doors,
            building,
            household,
            person,
            building_name: naming(building)?,
            name: naming(person)?,
            id_number,
            paper,
            paper_number: person.fields.iter().find(number),
            other_phones: person.field("other_phones").filter(|field| field.r#type == FieldType::Text),
            born,
            born_about: person.fields.iter().find(about),
            head: person.fields.iter().filter(one).find_map(|field| Some((field, head(pack, field)?))),
        })
    }

    /// The three kinds, from the house to the person.
    pub fn kinds(&self) -> [&'p Kind; 3] {
        [self.building, self.household, self.person]
    }

    /// The kind called `name`, if it is one of the three.
    pub fn kind(&self, name: &str) -> Option<&'p Kind> {
        self.kinds().into_iter().find(|kind| kind.name == name)
    }

    /// A field's choices; none for other types.
    pub fn choices(&self, field: &Field) -> &'p [Choice] {
        let (FieldType::SelectOne(list) | FieldType::SelectMultiple(list)) = &field.r#type else { return &[] };
        self.pack.choices.get(list).map_or(&[], Vec::as_slice)
    }
}

/// The field that names a kind's records: its first required line of text.
fn naming(kind: &Kind) -> Option<&Field> {
    kind.fields.iter().find(|field| field.r#type == FieldType::Text && field.required.is_some())
}

/// The choice for the head of the household (户主) in a field's list.
fn head<'p>(pack: &'p Pack, field: &Field) -> Option<&'p Choice> {
    let FieldType::SelectOne(list) = &field.r#type else { return None };
    pack.choices.get(list)?.iter().find(|choice| choice.name == "head" || choice.label.zh == "户主")
}
