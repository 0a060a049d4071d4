// PouchDB over IndexedDB. Its documentation advises to make the identity answer the usual question, since secondary
// indexes are slow to build: so a record's starts with its household, and a name is a small document of its own.
import PouchDB from 'pouchdb';

export const name = 'PouchDB';
/** It writes as the browser does by default; it cannot be told otherwise. */
export const isRelaxed = true;
const LOT = 2000;
let db;

const key = (record) => `r~${record.household ?? record.building ?? ''}~${record.id}`;
// Names that begin with an underscore are its own, and some of ours do.
const whole = (record) => ({ _id: key(record), record });
const docs = (answer) => answer.rows.map((row) => row.doc.record);
const under = (start, more) => db.allDocs({ startkey: start, endkey: `${start}\uffff`, ...more });

export async function open() {
  db = new PouchDB('pouch', { adapter: 'idb', auto_compaction: false });
  await db.info();
}

export async function insert(records) {
  for (let from = 0; from < records.length; from += LOT) {
    const some = records.slice(from, from + LOT);
    const names = some.filter((record) => record.name).map((record) => ({ _id: `n~${record.name}~${record.id}`, of: key(record) }));
    await db.bulkDocs([...some.map(whole), ...names]);
  }
}

export const building = async (id) => docs(await under(`r~${id}~`, { include_docs: true }));
export const household = building;
export const get = async (id, record) => (await db.get(key(record))).record;
export const everything = async () => docs(await under('r~', { include_docs: true }));
export const save = (record) => db.put(whole(record));
/** There is no index by date that would not cost minutes to build: it reads all and chooses. */
export const year = async (from, to) => (await everything()).filter((doc) => doc.date >= from && doc.date <= to);

export async function search(text) {
  const names = await under(`n~${text}`, { include_docs: true, limit: 20 });
  return docs(await db.allDocs({ keys: names.rows.map((row) => row.doc.of), include_docs: true }));
}
