// RxDB over its free Dexie storage. Indexed fields must be there in every document; the rest is one object.
import { createRxDatabase } from 'rxdb/plugins/core';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';

export const name = 'RxDB';
/** It writes as the browser does by default; its free storage cannot be told otherwise. */
export const isRelaxed = true;
const LOT = 2000;
const text = { type: 'string', maxLength: 100 };
let records;

/** The database with this storage; `secrets` are the fields to be encrypted. */
export async function openWith(storage, options = {}, secrets = []) {
  const db = await createRxDatabase({ name: 'rxdb', storage, multiInstance: false, eventReduce: true, ...options });
  const schema = {
    version: 0,
    primaryKey: 'id',
    type: 'object',
    properties: { id: text, kind: text, household: text, building: text, name: text, date: text, body: { type: 'object' } },
    required: ['id', 'kind', 'household', 'building', 'name', 'date'],
    indexes: ['household', 'building', 'name', 'date'],
    encrypted: secrets,
  };
  ({ records } = await db.addCollections({ records: { schema } }));
}

export const open = () => openWith(getRxStorageDexie());

const made = ({ id, kind, household = '', building = '', name = '', date = '', ...body }) => ({ id, kind, household, building, name, date, body });
const found = async (query) => (await query.exec()).map((document) => document.toJSON());

export async function insert(all) {
  for (let from = 0; from < all.length; from += LOT) {
    const { error } = await records.bulkInsert(all.slice(from, from + LOT).map(made));
    if (error.length > 0) throw new Error(JSON.stringify(error[0]));
  }
}

export const building = (id) => found(records.find({ selector: { building: id } }));
export const household = (id) => found(records.find({ selector: { household: id } }));
export const get = async (id) => (await records.findOne(id).exec())?.toJSON();
export const everything = () => found(records.find());
export const search = (start) => found(records.find({ selector: { name: { $gte: start, $lte: `${start}\uffff` } }, sort: [{ name: 'asc' }], limit: 20 }));
export const year = (from, to) => found(records.find({ selector: { date: { $gte: from, $lte: to } } }));
export const save = (record) => records.insert(made(record));
