// SQLite in WASM, in a worker over the origin's private files (OPFS, the pool of handles that its documentation calls the
// fastest): the page asks by message, as an app would have to.
export const name = 'SQLite (WASM, OPFS)';
/** Records are fetched and read where they are needed. */
export const loadsItself = true;
let worker;
let last = 0;
const waiting = new Map();

const ask = (what, ...words) =>
  new Promise((yes, no) => {
    waiting.set((last += 1), { yes, no });
    worker.postMessage({ n: last, what, words });
  });

export async function open() {
  worker = new Worker('/sqlite_worker.js', { type: 'module' });
  worker.onmessage = ({ data }) => {
    const { yes, no } = waiting.get(data.n);
    waiting.delete(data.n);
    data.error ? no(new Error(data.error)) : yes(data.answer);
  };
  await ask('open');
}

export const load = (url) => ask('load', url);
export const insert = () => ask('insert');
export const building = (id) => ask('by', 'building', id);
export const household = (id) => ask('by', 'household', id);
export const get = (id) => ask('get', id);
export const everything = () => ask('everything');
export const search = (text) => ask('search', text);
export const report = (from, to) => ask('report', from, to);
export const save = (record) => ask('save', record);
