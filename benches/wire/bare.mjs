// The sync protocol from the outside: a client of a few lines, to count bytes and time what the server does.
import { randomBytes, randomUUID } from 'node:crypto';

/** Signs in as a new device. */
export async function signIn(url, account, password) {
  const device = randomBytes(8).toString('hex');
  const answer = await post(`${url}/api/v1/session`, { account, password, device, device_name: 'bench' });
  if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
  return { url, device, account, cookie: answer.headers.get('set-cookie').split(';')[0] };
}

/** A whole first sync; returns its cursor, what came over the wire, and the records of the tail. */
export async function firstSync(client) {
  const start = performance.now();
  let bytes = 0;
  let records = 0;
  let cursor = null;
  for (;;) {
    const answer = await sync(client, cursor, []);
    bytes += answer.bytes;
    for (let from = 0; from < (answer.body.blocks?.blocks.length ?? 0); from += 32) {
      const some = answer.body.blocks.blocks.slice(from, from + 32);
      const response = await post(`${client.url}/api/v1/blocks`, { ids: some.map((block) => block.id) }, client.cookie);
      if (!response.ok) throw new Error(`blocks: ${response.status}`);
      bytes += (await response.arrayBuffer()).byteLength;
      records += some.reduce((sum, block) => sum + block.records, 0);
    }
    records += answer.body.records.length;
    cursor = answer.body.next;
    if (!answer.body.more) break;
  }
  return { cursor, bytes, records, milliseconds: performance.now() - start };
}

/** Pushes `count` new records of visits, as a morning of a hundred officers would make; batches of 500. */
export async function push(client, cursor, count, person) {
  const now = Date.now();
  const changes = Array.from({ length: count }, (_, n) => visit(client, n + 1, now + n, person));
  const start = performance.now();
  let bytes = 0;
  for (let from = 0; from < count; from += 500) {
    const batch = changes.slice(from, from + 500);
    const answer = await sync(client, cursor, batch);
    const refused = answer.body.receipts.filter((receipt) => receipt.verdict !== 'accepted');
    if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused[0])}`);
    bytes += JSON.stringify(batch).length;
    cursor = answer.body.more ? cursor : answer.body.next;
  }
  return { milliseconds: performance.now() - start, bytes };
}

function visit(client, number, millis, person) {
  const note = `上门看望，血压${100 + (number % 60)}/${60 + (number % 30)}，换了${number % 3}个灯泡，嘱咐按时吃药`;
  return {
    device: client.device,
    number,
    clock: millis.toString(16).padStart(12, '0') + '0000' + client.device,
    author: client.account,
    record: randomUUID(),
    kind: 'service',
    set: {
      channel: 'visit', person: person.id, household: person.household, topic: 'routine', outcome: 'done', note,
      follow_up: 'none', date: new Date(millis + 8 * 3600e3).toISOString().slice(0, 10), post: 'civil_affairs',
    },
    schema: 1,
  };
}

/** One request; bytes as they came over the wire cannot be seen through fetch, so the body is asked for uncompressed. */
export async function sync(client, cursor, changes) {
  const response = await post(`${client.url}/api/v1/sync`, { device: client.device, schema: 1, cursor, changes }, client.cookie);
  const text = await response.text();
  if (!response.ok) throw new Error(`sync: ${response.status} ${text}`);
  return { body: JSON.parse(text), bytes: Buffer.byteLength(text) };
}

function post(url, body, cookie) {
  const headers = { 'content-type': 'application/json', 'accept-encoding': 'identity' };
  return fetch(url, { method: 'POST', headers: cookie ? { ...headers, cookie } : headers, body: JSON.stringify(body) });
}
