// First figures: what a user waits for, beside the floor of bare IndexedDB in the same browser on the same machine.
// One command, one run, fresh profiles, median of five with the range. Results go to docs/benchmarks.md.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { Tablet } from '../tests/support/browser.mjs';
import { dist, root } from '../tests/support/places.mjs';
import { demoData, startServer } from '../tests/support/server.mjs';
import { accounts, openFlat, signIn } from '../tests/support/walk.mjs';
import { bulk, emptyPage, strictPuts } from './floor.mjs';
import { firstSync, push, signIn as wireSignIn, sync } from './wire.mjs';

const RUNS = 5;
const SAVES = 40;
const rows = [];
let records;

/** Notes when the first screen that can be used stands there, and how long each save takes from press to stamp. */
const WATCH = () => {
  const seen = (window.linliBench = { shown: undefined, saves: [] });
  let pressed;
  let stamped = true;
  addEventListener('submit', () => ([pressed, stamped] = [performance.now(), false]), true);
  const look = () => {
    seen.shown ??= document.querySelector('.frame h1') ? performance.now() : undefined;
    if (!stamped && document.querySelector('.stamp')) {
      stamped = true;
      seen.saves.push(performance.now() - pressed);
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
};

const data = await demoData();
const people = await accounts(data);
let server = await startServer({ data });
const floorPage = await emptyPage();

await wire();
await browser();
floorPage.close();
await server.stop();
report();
process.exit(0);

/** What crosses the network, and what the server does, without a browser. */
async function wire() {
  const files = Object.entries(await shell()).map(([name, bytes]) => `${name.replace(/-[0-9a-f]{8,}/, '')} ${kb(bytes)}`);
  const total = Object.values(await shell()).reduce((sum, bytes) => sum + bytes, 0);
  row('app, first load, over the wire (brotli)', `${kb(total)}`, '', files.join(', '));

  const times = [];
  let last;
  for (let run = 0; run < RUNS; run += 1) {
    const client = await wireSignIn(server.url, 'minzheng', people.minzheng.password);
    last = await firstSync(client);
    times.push(last.milliseconds);
  }
  row(`first sync, ${last.records} records, fetched by a bare client`, ms(times), '', `${kb(last.bytes)} in blocks as they are stored`);

  const pushes = [];
  let bytes;
  for (let run = 0; run < RUNS; run += 1) {
    const client = await wireSignIn(server.url, 'minzheng', people.minzheng.password);
    const { cursor } = await firstSync(client);
    const result = await push(client, cursor, 5000, await somebody());
    pushes.push(result.milliseconds);
    bytes = result.bytes;
  }
  row('push of 5,000 changes in batches of 500, judged, merged, durable', ms(pushes), '', `${kb(bytes)} of JSON; answers with the merged records`);
  // The pushed records stay out of the browser's figures.
  await server.stop();
  server = await startServer({ data: await demoData() });
}

/** What a person at a tablet waits for. */
async function browser() {
  const filled = [];
  const cold = [];
  const saves = [];
  const puts = [];
  const bulks = { insert: [], read: [] };
  const records = (await allRecords()).slice(0, 20_000).map((record) => JSON.stringify(record));
  for (let run = 0; run < RUNS; run += 1) {
    const tablet = new Tablet({ url: server.url, name: `bench${run}` });
    await tablet.open();
    await tablet.context.tracing.stop();
    await tablet.context.addInitScript(WATCH);
    await tablet.goto('/');
    await tablet.readyForOffline();
    const start = Date.now();
    await signIn(tablet, 'minzheng', people.minzheng.password);
    filled.push(Date.now() - start);
    await tablet.page.goto(`${floorPage.url}/`);
    puts.push(...(await strictPuts(tablet.page, SAVES)));
    const floor = await bulk(tablet.page, records);
    bulks.insert.push(floor.insert);
    bulks.read.push(floor.read);

    await server.kill();
    await tablet.close();
    await tablet.open();
    await tablet.context.tracing.stop();
    await tablet.context.addInitScript(WATCH);
    await tablet.goto('/');
    await tablet.page.waitForFunction(() => window.linliBench.shown);
    cold.push(await tablet.page.evaluate(() => window.linliBench.shown));
    const flat = await openFlat(tablet, '3幢', '301');
    for (let n = 0; n < SAVES / RUNS; n += 1) {
      await tablet.goto(`/new/service?household=${flat.split('/').pop()}`);
      await tablet.page.getByLabel('情况').fill(`第${n}次，血压稳定`);
      await tablet.page.getByRole('button', { name: /^保存/ }).click();
      await tablet.page.waitForFunction(() => window.linliBench.saves.length > 0);
      saves.push(...(await tablet.page.evaluate(() => window.linliBench.saves.splice(0))));
    }
    await tablet.kill();
    await server.start();
  }
  row('first sync in the browser: from "sign in" to the first screen, stored', ms(filled), `insert 20,000 bare: ${ms(bulks.insert)}`, 'includes the password check (argon2id)');
  row('cold start without a network to the first usable screen, all records open', ms(cold), `getAll of 20,000 bare: ${ms(bulks.read)}`, '');
  row('save: from the press to the stamp, strict', percentiles(saves), `one bare strict put: ${percentiles(puts)}`, 'judged, written, shown, page changed');
}

/** The files of the first load with their size in brotli. */
async function shell() {
  const listed = readFileSync(join(dist, 'sw.js'), 'utf8').match(/"(\/[^"]+)":/g).map((quoted) => quoted.slice(1, -2));
  const sizes = {};
  for (const path of listed) {
    if (path === '/' || path.startsWith('/icons/')) continue;
    const file = join(dist, path);
    sizes[path.slice(1)] = tryStat(`${file}.br`) ?? tryStat(file) ?? 0;
  }
  sizes['index.html'] ??= tryStat(join(dist, 'index.html.br')) ?? 0;
  return sizes;
}

function tryStat(file) {
  try {
    return statSync(file).size;
  } catch {
    return undefined;
  }
}

/** All records a civil-affairs officer may read, as the wire writes them: read page by page from the beginning. */
async function allRecords() {
  if (records) return records;
  records = [];
  const client = await wireSignIn(server.url, 'minzheng', people.minzheng.password);
  const { cursor } = await firstSync(client);
  // From just within reach of pages; further back the server answers with blocks.
  for (let from = { ...cursor, seq: Math.max(0, cursor.seq - 4500) }; ; ) {
    const { body } = await sync(client, from, []);
    if (body.blocks) throw new Error('the server answered with blocks');
    records.push(...body.records);
    if (!body.more) break;
    from = body.next;
  }
  // Enough variety to be compressed as the whole would be; repeated with other ids to the full number.
  const model = records.slice();
  for (let n = 0; records.length < 20_000; n += 1) {
    records.push({ ...model[n % model.length], id: crypto.randomUUID() });
  }
  return records;
}

async function somebody() {
  const person = (await allRecords()).find((record) => record.kind === 'service' && record.set?.person && record.set?.household);
  return { id: person.set.person, household: person.set.household };
}

function row(what, ours, floor, note) {
  rows.push([what, ours, floor, note]);
  console.log(`${what}: ${ours}${floor && ` | ${floor}`}${note && ` | ${note}`}`);
}

function ms(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const text = (value) => (value < 10 ? value.toFixed(1) : String(Math.round(value)));
  return `${text(sorted[Math.floor(sorted.length / 2)])} ms (${text(sorted[0])}–${text(sorted.at(-1))})`;
}

function percentiles(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms (${sorted.length})`;
}

function kb(bytes) {
  return bytes > 1e6 ? `${(bytes / 1e6).toFixed(2)} MB` : `${Math.round(bytes / 1000)} kB`;
}

function report() {
  const machine = `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const lines = [
    '# Benchmarks',
    '',
    `Made by \`cargo xtask bench\` on ${new Date().toISOString().slice(0, 10)}: ${machine}, headless Chromium, release build,`,
    `the demo community (3,000 households, the year 2009). Median of ${RUNS} runs with the range, fresh profiles. The ratios mean more`,
    'than the figures: the floor is bare IndexedDB in the same browser in the same run.',
    '',
    '| what | ours | floor | |',
    '|---|---|---|---|',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    'Not encrypted yet; peers, slowed processors and ten years of records come with a later table.',
    '',
  ];
  mkdirSync(join(root, 'docs'), { recursive: true });
  writeFileSync(join(root, 'docs/benchmarks.md'), lines.join('\n'));
}
