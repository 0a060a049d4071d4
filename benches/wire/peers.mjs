// The peers that sync: each with its own server, a browser that replicates through a counting line, and the floor.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, constants } from 'node:zlib';
import { root, temporaryFolder } from '../../tests/support/places.mjs';
import { startProxy } from '../../tests/support/proxy.mjs';
import { servePage } from '../tablet/pages.mjs';
import { Seat } from '../tablet/seat.mjs';

export const PUSHED = 5000;
/** Kinto takes a minute for a thousand. */
const PUSHED_TO = { pouch: PUSHED, kinto: 1000 };

const servers = {
  async pouch(file) {
    const child = spawn('node', [join(root, 'benches/wire/pouch_server.mjs'), temporaryFolder('pouch'), file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    return { url: line.trim(), child };
  },

  async kinto(file) {
    const port = await freePort();
    const ini = join(temporaryFolder('kinto'), 'kinto.ini');
    writeFileSync(ini, readFileSync(join(root, 'benches/wire/kinto.ini'), 'utf8').replace('%(http_port)s', String(port)));
    const child = spawn(join(root, 'target/bench/kinto/bin/kinto'), ['start', '--ini', ini, '--port', String(port)], { stdio: ['ignore', 'ignore', 'inherit'] });
    const url = `http://127.0.0.1:${port}`;
    for (let tries = 0; !(await fetch(`${url}/v1/`).then(() => true, () => false)); tries += 1) {
      if (tries === 150) throw new Error('Kinto does not start');
      await sleep(200);
    }
    await fillKinto(`${url}/v1`, file);
    return { url, child };
  },
};

async function fillKinto(url, file) {
  const headers = { 'content-type': 'application/json', authorization: `Basic ${Buffer.from('bench:bench').toString('base64')}` };
  const ask = async (method, path, body) => {
    const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`Kinto: ${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  await ask('PUT', '/buckets/linli', {});
  await ask('PUT', '/buckets/linli/collections/records', {});
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  for (let from = 0; from < lines.length; from += 500) {
    const requests = lines.slice(from, from + 500).map((line) => {
      const record = JSON.parse(line);
      return { path: `/v1/buckets/linli/collections/records/records/${record.id}`, body: { data: record } };
    });
    const { responses } = await ask('POST', '/batch', { defaults: { method: 'PUT' }, requests });
    const bad = responses.find(({ status }) => status >= 300);
    if (bad) throw new Error(`Kinto: ${JSON.stringify(bad)}`);
  }
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** First syncs of new tablets, then 5,000 offline changes, then a round with nothing. */
export async function measureSync(peer, data, { runs, patience }) {
  const { url, child } = await servers[peer](data.file);
  const line = await startProxy(Number(new URL(url).port));
  const page = await servePage(`wire-${peer}`, `import './wire/${peer}_page.mjs';`, data.file);
  const result = { first: [], push: [], quiet: [] };
  const began = Date.now();
  try {
    for (let run = 0; run < runs; run += 1) {
      if (run > 0 && (Date.now() - began) / 1000 > patience) break;
      const seat = await tablet(page);
      const call = counted(seat, line, result);
      await call('first', line.url);
      const count = await seat.page.evaluate(() => wire.count());
      if (count < data.records) throw new Error(`${peer} synced ${count} of ${data.records} records`);
      await seat.page.evaluate(([visit, times]) => wire.write(visit, times), [data.asked.visit, PUSHED_TO[peer]]);
      await call('push', line.url);
      await call('quiet', line.url);
      await seat.close();
    }
  } finally {
    page.close();
    await line.stop();
    child.kill('SIGKILL');
  }
  return result;
}

async function tablet(page) {
  const seat = new Seat(page.url);
  await seat.open();
  await seat.page.goto(page.url);
  await seat.page.waitForFunction(() => globalThis.wire);
  return seat;
}

/** Times a step in the page and counts what crosses the line meanwhile. */
export function counted(seat, line, result) {
  return async (what, ...words) => {
    const before = [line.received, line.sent];
    result[what].push(await seat.page.evaluate(([what, words]) => (globalThis.wire ?? globalThis.ours)[what](...words), [what, words]));
    result[`${what}Bytes`] = line.received + line.sent - before[0] - before[1];
  };
}

/** The same records as one file in brotli, fetched and read; nothing is kept. */
export async function floor(data, runs) {
  const packed = `${data.file}.br`;
  if (!existsSync(packed)) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 };
    writeFileSync(packed, brotliCompressSync(readFileSync(data.file), { params }));
  }
  const page = await servePage('wire-floor', 'globalThis.wire = {};', data.file);
  const first = [];
  for (let run = 0; run < runs; run += 1) {
    const seat = await tablet(page);
    first.push(await seat.page.evaluate(async () => {
      const start = performance.now();
      const records = (await (await fetch('/records.jsonl.br')).text()).trim().split('\n').map((line) => JSON.parse(line));
      return records.length > 0 ? performance.now() - start : NaN;
    }));
    await seat.close();
  }
  page.close();
  return { first, firstBytes: readFileSync(packed).length };
}
