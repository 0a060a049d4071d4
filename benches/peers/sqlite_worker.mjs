// The worker's side of SQLite: one table, indexes for what is asked, FTS5 with prefixes for names.
import sqlite3InitModule from '@sqlite.org/sqlite-wasm';

const TABLES = `
  CREATE TABLE IF NOT EXISTS record (id TEXT PRIMARY KEY, kind TEXT, household TEXT, building TEXT, name TEXT, date TEXT, body TEXT) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS of_household ON record (household) WHERE household IS NOT NULL;
  CREATE INDEX IF NOT EXISTS of_building ON record (building) WHERE building IS NOT NULL;
  CREATE INDEX IF NOT EXISTS of_date ON record (date) WHERE date IS NOT NULL;
  CREATE VIRTUAL TABLE IF NOT EXISTS names USING fts5(name, id UNINDEXED, prefix = '1 2');`;
let db;
let records;

const rows = (sql, bind) => db.selectValues(sql, bind).map((body) => JSON.parse(body));

function put(record, insert, insertName) {
  const { id, kind, household = null, building = null, name = null, date = null } = record;
  insert.bind([id, kind, household, building, name, date, JSON.stringify(record)]).stepReset();
  if (name) insertName.bind([name, id]).stepReset();
}

function putAll(some) {
  const insert = db.prepare('INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?)');
  const insertName = db.prepare('INSERT INTO names VALUES (?, ?)');
  db.transaction(() => some.forEach((record) => put(record, insert, insertName)));
  insert.finalize();
  insertName.finalize();
}

const does = {
  async open() {
    const sqlite = await sqlite3InitModule({ locateFile: () => '/sqlite3.wasm' });
    const pool = await sqlite.installOpfsSAHPoolVfs({});
    db = new pool.OpfsSAHPoolDb('/records.db');
    db.exec(`PRAGMA synchronous = FULL; ${TABLES}`);
  },
  async load(url) {
    records = (await (await fetch(url)).text()).trim().split('\n').map((line) => JSON.parse(line));
  },
  insert() {
    putAll(records);
    records = undefined;
  },
  by: (field, id) => rows(`SELECT body FROM record WHERE ${field} = ?`, [id]),
  get: (id) => rows('SELECT body FROM record WHERE id = ?', [id])[0],
  everything: () => rows('SELECT body FROM record'),
  search: (text) => rows('SELECT body FROM names JOIN record USING (id) WHERE names MATCH ? LIMIT 20', [`"${text}"*`]),
  save: (record) => putAll([record]),
  report(from, to) {
    const sums = `SELECT kind, body ->> 'post' AS post, body ->> 'channel' AS channel, body ->> 'fund' AS fund, count(*) AS n,
      sum(body ->> 'amount') AS fen FROM record WHERE date BETWEEN ? AND ? GROUP BY 1, 2, 3, 4`;
    return db.selectObjects(sums, [from, to]).length;
  },
};

onmessage = async ({ data: { n, what, words } }) => {
  try {
    postMessage({ n, answer: await does[what](...words) });
  } catch (error) {
    postMessage({ n, error: `${error}` });
  }
};
