// The floor: what bare IndexedDB does with the same records, without any of our code between.
import { createServer } from 'node:http';
import { once } from 'node:events';

/** An empty page on an origin of its own. */
export async function emptyPage() {
  const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<!doctype html><title>floor</title>'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** Runs in the page: one put a record, all in one transaction; then all read back. Milliseconds. */
export async function bulk(page, records) {
  return page.evaluate(async (texts) => {
    const done = (request) => new Promise((yes, no) => ((request.onsuccess = () => yes(request.result)), (request.onerror = no)));
    const open = indexedDB.open(`floor-${Math.random()}`, 1);
    open.onupgradeneeded = () => open.result.createObjectStore('records', { keyPath: 'id' });
    const db = await done(open);
    const records = texts.map((text) => JSON.parse(text));
    let start = performance.now();
    const write = db.transaction('records', 'readwrite', { durability: 'relaxed' });
    for (const record of records) write.objectStore('records').put(record);
    await new Promise((yes, no) => ((write.oncomplete = yes), (write.onabort = no)));
    const insert = performance.now() - start;
    start = performance.now();
    const all = await done(db.transaction('records').objectStore('records').getAll());
    const read = performance.now() - start;
    if (all.length !== records.length) throw new Error('the floor lost records');
    db.close();
    return { insert, read };
  }, records);
}

/** Runs in the page: `times` puts of a small object, each its own strict transaction. Milliseconds each. */
export async function strictPuts(page, times) {
  return page.evaluate(async (times) => {
    const open = indexedDB.open(`floor-${Math.random()}`, 1);
    open.onupgradeneeded = () => open.result.createObjectStore('log');
    const db = await new Promise((yes, no) => ((open.onsuccess = () => yes(open.result)), (open.onerror = no)));
    const took = [];
    for (let n = 0; n < times; n += 1) {
      const start = performance.now();
      const write = db.transaction('log', 'readwrite', { durability: 'strict' });
      write.objectStore('log').put({ note: `第${n}次走访，老人血压稳定`, date: '2026-11-23', at: Date.now() }, n);
      write.commit();
      await new Promise((yes, no) => ((write.oncomplete = yes), (write.onabort = no)));
      took.push(performance.now() - start);
    }
    db.close();
    return took;
  }, times);
}
