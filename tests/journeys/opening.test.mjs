// An old community's tablet shows its first screen before all records are read; what the office says meanwhile holds.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { journey } from '../support/journey.mjs';
import { linli } from '../support/places.mjs';
import { allAtOffice, office, openFlat, signIn, syncNow } from '../support/walk.mjs';

/** So slow a tablet that the office answers long before the last record is read. */
const SLOW = 6;

journey('what the office took away while older records are still being read does not come back with them', async (parts) => {
  const { data, server, people, tablets } = await office(parts, ['minzheng', 'tuiguan'], { demo: { years: 2 } });
  const [officer, colleague] = tablets;
  await openFlat(officer, '2幢', '301');
  const person = await officer.page.locator('a[href^="/person/"]').first().getAttribute('href');
  await officer.goto(person);
  const name = await officer.page.getByRole('heading', { level: 1 }).innerText();
  const before = await Promise.all(tablets.map(counts));
  for (const tablet of tablets) await tablet.close();

  // While both are switched off: one resident's data is erased, and one colleague gets another post.
  const desk = await parts.tablet({ url: server.url, name: 'zhuren' });
  await desk.goto('/');
  await signIn(desk, 'zhuren', people.zhuren.password);
  await desk.goto(person);
  await desk.page.getByRole('link', { name: '依本人申请删除个人信息' }).click();
  await desk.page.getByLabel('依据').fill('第 4 号申请');
  await desk.page.getByRole('button', { name: '删除个人信息' }).click();
  await desk.page.getByRole('button', { name: '确定删除' }).click();
  await desk.page.getByText('已删除。').waitFor();
  await desk.close();
  execFileSync(linli, ['admin', '--data', data, 'account', 'post', 'tuiguan', 'volunteer']);

  const asked = await openSlowly(officer);
  await officer.page.waitForFunction(() => performance.getEntriesByName('linli:all').length > 0, undefined, { timeout: 90_000 });
  const [unlocked, heard, all] = await officer.page.evaluate(() => {
    const at = (mark) => performance.getEntriesByName(mark)[0].startTime;
    const heard = performance.getEntriesByType('resource').find((entry) => entry.name.endsWith('/api/v1/sync'));
    return [at('linli:unlocked'), heard?.responseEnd, at('linli:all')];
  });
  assert.ok(unlocked < heard && heard < all, `unlocked ${unlocked}, the office heard ${heard}, all read ${all}`);
  await allAtOffice(officer, 60_000);
  await officer.page.evaluate((path) => {
    history.pushState({}, '', path);
    dispatchEvent(new PopStateEvent('popstate'));
  }, person);
  await officer.page.getByRole('heading', { name: '已删除' }).waitFor();
  assert.equal(await officer.page.getByText(name, { exact: true }).count(), 0);
  assert.deepEqual(asked.filter((request) => request.refetch?.length > 0), [], 'no bucket had to be fetched again');

  await openSlowly(colleague);
  await colleague.page.waitForFunction(() => performance.getEntriesByName('linli:all').length > 0, undefined, { timeout: 90_000 });
  await allAtOffice(colleague, 60_000);
  await syncNow(colleague);
  await allAtOffice(colleague, 60_000);
  const after = await counts(colleague);
  assert.ok(after < before[1] / 2, `of ${before[1]} blocks ${after} are left`);
  for (const tablet of tablets) {
    await tablet.reload();
    await allAtOffice(tablet, 60_000);
  }
  await officer.goto(person);
  await officer.page.getByRole('heading', { name: '已删除' }).waitFor();
}, { timeout: 300_000 });

/** Blocks in the tablet's database. */
function counts({ page }) {
  return page.evaluate(async () => {
    let blocks = 0;
    for (const { name } of await indexedDB.databases()) {
      blocks += await new Promise((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onerror = reject;
        opening.onsuccess = () => {
          const database = opening.result;
          if (!database.objectStoreNames.contains('blocks')) return resolve(0);
          const count = database.transaction('blocks').objectStore('blocks').count();
          count.onsuccess = () => (database.close(), resolve(count.result));
        };
      });
    }
    return blocks;
  });
}

/** Starts a tablet that was closed, its processor slowed, and opens it. What it asks the office from then on. */
async function openSlowly(tablet) {
  await tablet.open();
  const asked = [];
  tablet.page.on('request', (request) => {
    if (request.url().endsWith('/api/v1/sync')) asked.push(request.postDataJSON() ?? {});
  });
  const session = await tablet.context.newCDPSession(tablet.page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOW });
  await tablet.goto('/');
  return asked;
}
