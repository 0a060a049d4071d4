// One peer measured as a tablet's store: filled, started cold, asked, saved to; at full speed and slowed four times.
import { servePeer } from './pages.mjs';
import { Seat } from './seat.mjs';

export const PEERS = ['raw', 'dexie', 'pouch', 'rxdb', 'rxdb_sealed', 'sqlite'];
export const SLOW = 4;
const SAVES = 100;

/**
 * @param {string} peer one of PEERS
 * @param {object} data what `recordsOf` gave
 * @param {{fills: number, starts: number, shelf?: string, patience: number}} plan how often; patience: seconds after which
 *   nothing is repeated
 */
export async function measure(peer, data, { fills, starts, shelf = 'leveldb', patience }) {
  const site = await servePeer(peer, data.file);
  const result = { peer, insert: [], insertSlow: [], first: [], all: [], firstSlow: [], allSlow: [] };
  try {
    const seat = await filled(site, shelf, result, fills, patience);
    await started(seat, site, data, result, starts, patience);
    await slowed(seat, site, data, result);
    result.disk = seat.disk();
  } finally {
    site.close();
  }
  return result;
}

/** Fills fresh profiles; the last one is kept. */
async function filled(site, shelf, result, fills, patience) {
  const began = Date.now();
  let seat;
  for (let run = 0; run < fills; run += 1) {
    if (run > 0 && (Date.now() - began) / 1000 > patience) break;
    seat = new Seat(site.url, shelf);
    await seat.open();
    result.insert.push(await fill(seat, site));
    result.isRelaxed = await seat.page.evaluate(() => bench.isRelaxed);
    result.name = await seat.page.evaluate(() => bench.name);
    await seat.close();
  }
  if (Math.max(...result.insert) * SLOW < patience * 1000) {
    const slow = new Seat(site.url, shelf);
    await slow.open(SLOW);
    result.insertSlow.push(await fill(slow, site));
    await slow.close();
  }
  return seat;
}

async function fill({ page }, site) {
  await page.goto(site.url);
  await page.waitForFunction(() => globalThis.bench);
  await page.evaluate(() => bench.load('/records.jsonl'));
  return page.evaluate(() => bench.insert());
}

async function start({ page }, site, asked) {
  await page.goto(`${site.url}/?building=${asked.building}`);
  await page.waitForFunction(() => globalThis.bench?.started);
  return page.evaluate(() => bench.started);
}

async function started(seat, site, { asked, records }, result, starts, patience) {
  const began = Date.now();
  for (let run = 0; run < starts; run += 1) {
    if (run > 0 && (Date.now() - began) / 1000 > patience) break;
    if (run > 0) await seat.close();
    await seat.open();
    const { first, all, records: read, households } = await start(seat, site, asked);
    if (read !== records || households === 0) throw new Error(`${result.name} read ${read} of ${records} records, ${households} flats`);
    result.first.push(first);
    result.all.push(all);
  }
  result.memory = await seat.memory();
  Object.assign(result, await ask(seat, asked));
  result.save = await seat.page.evaluate(([visit, times]) => bench.save(visit, times), [asked.visit, SAVES]);
  await seat.close();
}

async function slowed(seat, site, { asked }, result) {
  await seat.open(SLOW);
  const { first, all } = await start(seat, site, asked);
  result.firstSlow.push(first);
  result.allSlow.push(all);
  const slow = await ask(seat, asked);
  for (const [what, times] of Object.entries(slow)) result[`${what}Slow`] = times;
  result.saveSlow = await seat.page.evaluate(([visit, times]) => bench.save(visit, times), [asked.visit, SAVES]);
  await seat.close();
}

/** Single questions, the first of each kind before the clock runs. */
async function ask({ page }, asked) {
  await page.evaluate(() => bench.forget());
  const run = (what, list) => page.evaluate(async ([what, list]) => (await bench[what](list.slice(0, 5)), bench[what](list)), [what, list]);
  return {
    get: await run('get', asked.records),
    household: await run('household', asked.households),
    search: await run('search', asked.search),
    report: [await page.evaluate((period) => bench.report(period), asked.report), await page.evaluate((period) => bench.report(period), asked.report)],
  };
}
