// A tablet with PouchDB: replication as its documentation has it, in batches larger than its default of 100.
import PouchDB from 'pouchdb';

const BATCH = { batch_size: 1000, batches_limit: 5 };
const db = new PouchDB('tablet', { adapter: 'idb' });

const timed = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

globalThis.wire = {
  first: (url) => timed(() => db.replicate.from(`${url}/records`, BATCH)),
  count: async () => (await db.info()).doc_count,
  write: async (record, count) => void (await db.bulkDocs(Array.from({ length: count }, () => ({ record, _id: crypto.randomUUID() })))),
  push: (url) => timed(() => db.replicate.to(`${url}/records`, BATCH)),
  quiet: (url) => timed(() => db.sync(`${url}/records`, BATCH)),
};
