//! Who and what is in the register already, findable by what a roster says of them.

use std::{collections::HashMap, fmt};

use records::{Fields, Lookup, RecordId, Value};

use super::{
    place::{building_key, flat_key},
    roles::Roles,
    sheet::fold,
    value::canonical,
};

/// Buildings, households and people, by id and by all that a roster may know them by. A plan works on it: what a row would
/// write is found by the rows after it.
#[derive(Clone, Debug)]
pub struct Register<'p> {
    roles: Roles<'p>,
    imports: Option<Imports<'p>>,
    records: HashMap<RecordId, (&'p str, Fields)>,
    buildings: HashMap<String, Vec<RecordId>>,
    doors: HashMap<(RecordId, String), Vec<RecordId>>,
    numbers: HashMap<String, Vec<RecordId>>,
    homes: HashMap<(RecordId, String), Vec<RecordId>>,
    births: HashMap<(String, String), Vec<RecordId>>,
}

/// Says of a record and a field whether an earlier import wrote the value and nobody has since.
#[derive(Clone, Copy)]
struct Imports<'p>(&'p dyn Fn(RecordId, &str) -> bool);

impl fmt::Debug for Imports<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Imports")
    }
}

/// The ways to find one record.
#[derive(Default)]
struct Keys {
    building: Option<String>,
    door: Option<(RecordId, String)>,
    numbers: Vec<String>,
    home: Option<(RecordId, String)>,
    birth: Option<(String, String)>,
}

impl<'p> Register<'p> {
    /// An empty register.
    pub fn new(roles: Roles<'p>) -> Self {
        let (records, buildings, doors, numbers, homes, births) = Default::default();
        Self { roles, imports: None, records, buildings, doors, numbers, homes, births }
    }

    /// The register, knowing of which values an earlier import is the last author: a newer file may put these right.
    pub fn with_imports(self, is_imported: &'p dyn Fn(RecordId, &str) -> bool) -> Self {
        Self { imports: Some(Imports(is_imported)), ..self }
    }

    /// Whether an earlier import wrote the value and nobody has since.
    pub fn is_imported(&self, id: RecordId, field: &str) -> bool {
        self.imports.is_some_and(|Imports(is_imported)| is_imported(id, field))
    }

    /// Its pack's roles.
    pub fn roles(&self) -> Roles<'p> {
        self.roles
    }

    /// Puts a record in, or its new values in place of the old. Records of other kinds and those taken back are not to be
    /// put in: nobody is a double of what is void.
    pub fn put(&mut self, id: RecordId, kind: &str, fields: Fields) {
        let Some(kind) = self.roles.kind(kind) else { return };
        if let Some((_, old)) = self.records.get(&id) {
            let keys = self.keys(&kind.name, old);
            self.index(id, keys, false);
        }
        let keys = self.keys(&kind.name, &fields);
        self.index(id, keys, true);
        self.records.insert(id, (&kind.name, fields));
    }

    /// A record's values.
    pub fn get(&self, id: RecordId) -> Option<&Fields> {
        self.records.get(&id).map(|(_, fields)| fields)
    }

    /// Buildings of that name: `3幢` finds `3号楼`.
    pub fn buildings(&self, name: &str) -> &[RecordId] {
        self.buildings.get(&building_key(name)).map_or(&[], Vec::as_slice)
    }

    /// Households behind that door of a building, in any stairwell.
    pub fn doors(&self, building: RecordId, flat: &str) -> &[RecordId] {
        self.doors.get(&(building, flat_key(flat))).map_or(&[], Vec::as_slice)
    }

    /// People with that number of an ID card, old or new form, or of other papers.
    pub fn numbered(&self, number: &str) -> &[RecordId] {
        self.numbers.get(&canonical(number)).map_or(&[], Vec::as_slice)
    }

    /// People of that name in a household.
    pub fn at_home(&self, household: RecordId, name: &str) -> &[RecordId] {
        self.homes.get(&(household, fold(name))).map_or(&[], Vec::as_slice)
    }

    /// People of that name born on that day, wherever they live.
    pub fn born(&self, name: &str, day: &str) -> &[RecordId] {
        self.births.get(&(fold(name), day.to_owned())).map_or(&[], Vec::as_slice)
    }

    fn keys(&self, kind: &str, fields: &Fields) -> Keys {
        let Roles { doors, building_name, name, .. } = self.roles;
        let text = |field: &str| fields.get(field).and_then(Value::as_str);
        let id = |field: &str| text(field).and_then(|id| id.parse().ok());
        let mut keys = Keys::default();
        if kind == doors.building {
            keys.building = text(&building_name.name).map(building_key);
        } else if kind == doors.household {
            keys.door = id(&doors.household_building).zip(text(&doors.flat).map(flat_key));
        } else {
            let numbers = [self.roles.id_number, self.roles.paper_number].into_iter().flatten();
            keys.numbers = numbers.filter_map(|field| text(&field.name)).map(canonical).collect();
            let name = text(&name.name).map(fold);
            keys.home = id(&doors.person_household).zip(name.clone());
            keys.birth = name.zip(self.roles.born.and_then(|field| text(&field.name)).map(Into::into));
        }
        keys
    }

    fn index(&mut self, id: RecordId, keys: Keys, add: bool) {
        let Keys { building, door, numbers, home, birth } = keys;
        building.into_iter().for_each(|key| list(&mut self.buildings, key, id, add));
        door.into_iter().for_each(|key| list(&mut self.doors, key, id, add));
        numbers.into_iter().for_each(|key| list(&mut self.numbers, key, id, add));
        home.into_iter().for_each(|key| list(&mut self.homes, key, id, add));
        birth.into_iter().for_each(|key| list(&mut self.births, key, id, add));
    }
}

impl Lookup for Register<'_> {
    fn record(&self, id: RecordId) -> Option<(String, Fields)> {
        self.records.get(&id).map(|(kind, fields)| ((*kind).to_owned(), fields.clone()))
    }

    fn kind(&self, id: RecordId) -> Option<String> {
        self.records.get(&id).map(|(kind, _)| (*kind).to_owned())
    }

    fn value(&self, id: RecordId, field: &str) -> Option<Value> {
        self.get(id)?.get(field).cloned()
    }
}

fn list<K: Eq + std::hash::Hash>(index: &mut HashMap<K, Vec<RecordId>>, key: K, id: RecordId, add: bool) {
    let ids = index.entry(key).or_default();
    if add {
        ids.push(id);
    } else {
        ids.retain(|known| *known != id);
    }
}
