// Dexie, the usual choice over IndexedDB: `bulkAdd` and indexes, as its documentation advises.
import Dexie from 'dexie';

export const name = 'Dexie';
const STORES = { records: 'id, household, building, name, date' };
let db;
let strict;

const over = (options) => {
  const made = new Dexie('dexie', options);
  made.version(1).stores(STORES);
  return made;
};

export async function open() {
  db = over();
  strict = over({ chromeTransactionDurability: 'strict' });
  await db.open();
}

export const insert = (records) => db.records.bulkAdd(records);
export const building = (id) => db.records.where('building').equals(id).toArray();
export const household = (id) => db.records.where('household').equals(id).toArray();
export const get = (id) => db.records.get(id);
export const everything = () => db.records.toArray();
export const search = (text) => db.records.where('name').startsWith(text).limit(20).toArray();
export const year = (from, to) => db.records.where('date').between(from, to, true, true).toArray();
export const save = (record) => strict.records.put(record);
