// A tablet with kinto.js over its IndexedDB adapter.
import Kinto from 'kinto';

let records;
const timed = async (work) => {
  const start = performance.now();
  const done = await work();
  if (done.errors?.length > 0) throw new Error(JSON.stringify(done.errors[0]));
  return performance.now() - start;
};
const sync = (url) => {
  const remote = `${url}/v1`;
  records ??= new Kinto({ bucket: 'linli' }).collection('records', { idSchema: { generate: () => crypto.randomUUID(), validate: () => true } });
  return records.sync({ remote, headers: { Authorization: `Basic ${btoa('bench:bench')}` }, strategy: 'client_wins' });
};

globalThis.wire = {
  first: (url) => timed(() => sync(url)),
  count: async () => (await records.list()).data.length,
  write: async ({ id: _, ...record }, count) => {
    for (let n = 0; n < count; n += 1) await records.create({ ...record });
  },
  push: (url) => timed(() => sync(url)),
  quiet: (url) => timed(() => sync(url)),
};
