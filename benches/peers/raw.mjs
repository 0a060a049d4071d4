// Bare IndexedDB (through `idb`, which only turns events into promises): what every other peer but SQLite stands on.
import { openDB } from 'idb';

export const name = 'bare IndexedDB';
let db;

export async function open() {
  db = await openDB('raw', 1, {
    upgrade(fresh) {
      const records = fresh.createObjectStore('records', { keyPath: 'id' });
      for (const field of ['household', 'building', 'name', 'date']) records.createIndex(field, field);
    },
  });
}

export async function insert(records) {
  const tx = db.transaction('records', 'readwrite', { durability: 'relaxed' });
  for (const record of records) tx.store.put(record);
  await tx.done;
}

const by = (field, range) => db.getAllFromIndex('records', field, range);

export const building = (id) => by('building', id);
export const household = (id) => by('household', id);
export const get = (id) => db.get('records', id);
export const everything = () => db.getAll('records');
export const search = (text) => db.getAllFromIndex('records', 'name', IDBKeyRange.bound(text, `${text}\uffff`), 20);
export const year = (from, to) => by('date', IDBKeyRange.bound(from, to));

export async function save(record) {
  const tx = db.transaction('records', 'readwrite', { durability: 'strict' });
  tx.store.put(record);
  tx.commit();
  await tx.done;
}
