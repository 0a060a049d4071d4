// A tablet taken out of use by the director, and one that has not met the office for too long.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { allAtOffice, office, officeHas, openFlat, recordVisit, signIn, syncNow } from '../support/walk.mjs';

const DAY = 24 * 3600 * 1000;

journey('a lost tablet hands in what waits, then destroys everything, and the director sees it', async (parts) => {
  const { server, line, people, tablets: [officer] } = await office(parts, ['minzheng'], { line: true });
  const { page } = officer;
  await line.cut();
  await openFlat(officer, '2幢', '301');
  await recordVisit(officer, '停用之前没交的');
  await officer.goto('/new/service');
  await page.getByLabel('情况').fill('写了一半的');
  // Beside the officer, before the line is whole again, the director hears of the loss.
  const desk = await parts.tablet({ url: server.url, name: 'zhuren' });
  await desk.goto('/');
  await signIn(desk, 'zhuren', people.zhuren.password);
  await desk.goto('/board');
  await desk.page.getByRole('link', { name: '设备' }).click();
  const name = await officerName(desk, 'minzheng', server);
  const card = desk.page.locator('.card').filter({ hasText: name }).filter({ hasText: '居民资料' });
  await card.getByRole('button', { name: '停用这台设备' }).click();
  await card.getByRole('button', { name: '确定停用' }).click();
  await card.getByText('▲ 已停用，等它联系').waitFor();
  await line.restore();
  officer.key = undefined;
  await page.bringToFront();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.getByText('办公室停用了这台设备').waitFor({ timeout: 60_000 });
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, '停用之前没交的'), 1, 'what waited is at the office');
  const left = await page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map((one) => one.name),
    beside: Object.keys(localStorage).filter((key) => /device|people|figures/.test(key) && localStorage[key] !== '[]'),
  }));
  // The app has opened a new, empty one for whoever signs in next.
  const rows = await page.evaluate(() => new Promise((resolve) => {
    const opening = indexedDB.open('linli');
    opening.onsuccess = () => {
      const database = opening.result;
      const names = [...database.objectStoreNames];
      const reads = database.transaction(names);
      Promise.all(names.map((name) => new Promise((done) => {
        const count = reads.objectStore(name).count();
        count.onsuccess = () => done([name, count.result]);
      }))).then((counts) => { database.close(); resolve(Object.fromEntries(counts)); });
    };
  }));
  assert.deepEqual([left.beside.filter((key) => !key.startsWith('linli.device')), rows.log, rows.blocks, rows.drafts, rows.settled], [[], 0, 0, 0, 0]);
  await desk.goto('/devices');
  await desk.page.locator('.card').filter({ hasText: name }).getByText('○ 已停用，已清空').waitFor();
  await desk.goto('/trail');
  await desk.page.getByText('停用设备').first().waitFor();
  await desk.page.getByText('设备已清空').first().waitFor();
});

journey('after thirty days without the office residents’ records are put away, and come back with it', async (parts) => {
  const { server, line, people, tablets: [officer] } = await office(parts, ['minzheng'], { line: true });
  const { page } = officer;
  await line.cut();
  await openFlat(officer, '2幢', '301');
  await recordVisit(officer, '断网以后写的');
  const rows = () => page.locator('.ledger-row').count();
  const notice = page.locator('#clock');
  await page.clock.setSystemTime(Date.now() + 31 * DAY);
  await officer.goto('/records/person');
  assert.ok(await rows() > 3, 'one reading of a clock takes nothing away');
  await notice.getByText('本机时间是').waitFor();
  await page.clock.setSystemTime(Date.now() + 29 * DAY);
  await officer.goto('/records/person');
  assert.ok(await rows() > 3, 'a month is not over');
  assert.equal(await page.getByText('居民资料先收起来了').count(), 0);
  await page.clock.setSystemTime(Date.now() + 31 * DAY);
  await officer.goto('/records/person');
  await page.getByText('居民资料先收起来了').waitFor();
  assert.ok(await rows() <= 1, 'no resident shows');
  await page.clock.setSystemTime(Date.now());
  await officer.reload();
  assert.ok(await rows() <= 1, 'they are gone, not hidden: a clock put back brings nothing');
  await line.restore();
  await syncNow(officer);
  await allAtOffice(officer);
  await officer.goto('/records/person');
  await page.waitForFunction(() => document.querySelectorAll('.ledger-row').length > 3);
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, '断网以后写的'), 1, 'nothing written was lost');
});

/** The person behind an account, as the office says it. */
async function officerName(tablet, account, server) {
  const cookie = (await tablet.context.cookies()).map((one) => `${one.name}=${one.value}`).join('; ');
  const me = await (await fetch(`${server.url}/api/v1/session`, { headers: { cookie } })).json();
  return me.colleagues.find((one) => one.account === account).name;
}
