// The battery dies while someone saves and while the tablet syncs, again and again: every save that the screen called saved
// is there, once. LINLI_ROUNDS=200 for a long night; LINLI_SEED begins elsewhere.
import assert from 'node:assert/strict';
import { SHELVES } from '../support/browser.mjs';
import { journey } from '../support/journey.mjs';
import { allAtOffice, office, officeTexts, openFlat, syncNow } from '../support/walk.mjs';

const ROUNDS = Number(process.env.LINLI_ROUNDS ?? 8);
const SEED = Number(process.env.LINLI_SEED ?? 2009);
/** Latest moment of the end, after the first form is open, in milliseconds. */
const LATEST = 1500;

for (const [name, shelf] of Object.entries(SHELVES)) journey(`no acknowledged save is lost, whenever the battery dies, ${ROUNDS} times, on ${name}`, async (parts) => {
  const { server, people, tablets: [tablet] } = await office(parts, ['minzheng'], { shelf });
  assert.ok(tablet.shelfFiles().length > 0, `no file of ${name} in ${tablet.profile}`);
  const dice = numbers(SEED);
  const flat = await openFlat(tablet, '2幢', '301');
  const acknowledged = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    // Every other one without an office; in the rest a sync is under way beside the saves.
    if (round % 2 === 0) await server.kill();
    else if (round > 0) await server.start();
    if (round > 0) await tablet.open();
    await tablet.goto(flat);
    const dies = new Promise((resolve) => setTimeout(resolve, dice() * LATEST)).then(() => tablet.kill());
    const work = saves(tablet, round, acknowledged).catch(() => {});
    await dies;
    await work;
  }
  if (ROUNDS % 2 === 1) await server.start();
  await tablet.open();
  await tablet.goto(flat);
  await syncNow(tablet);
  await allAtOffice(tablet, 60_000);
  const told = await officeTexts(server.url, 'zhuren', people.zhuren.password);
  const all = told.flatMap(([, text]) => text.match(/停电第\d+轮第\d+条/g) ?? []);
  const lost = acknowledged.filter((note) => !all.includes(note));
  assert.deepEqual(lost, [], `seed ${SEED}: of ${acknowledged.length} acknowledged saves some are gone`);
  assert.equal(new Set(all).size, all.length, `seed ${SEED}: some saves are at the office twice`);
  assert.ok(acknowledged.length >= ROUNDS / 3, `only ${acknowledged.length} saves were acknowledged`);
  console.log(`${name}: ${ROUNDS} ends, ${acknowledged.length} saves acknowledged, ${all.length} at the office`);
}, { timeout: 60_000 + ROUNDS * 15_000 });

/** Saves visits until the browser is gone; what the screen has called saved is added to the list. */
async function saves(tablet, round, acknowledged) {
  const { page } = tablet;
  for (let count = 0; ; count += 1) {
    const note = `停电第${round}轮第${count}条`;
    await page.getByRole('link', { name: /走访/ }).first().click();
    await page.getByLabel('情况').fill(note);
    await page.getByRole('button', { name: /^保存/ }).click();
    // The form is left only when the store has said that it has the record.
    await page.waitForURL(/\/household\//);
    acknowledged.push(note);
  }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}
