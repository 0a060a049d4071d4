// A tablet taken out of use by the director, and one that has not met the office for too long.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { journey } from '../support/journey.mjs';
import { renew } from '../support/server.mjs';
import { allAtOffice, office, officeHas, openFlat, recordVisit, save, sessionOf, signIn, syncNow } from '../support/walk.mjs';

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
  await page.getByText('未上传的记录已经上传').waitFor({ timeout: 60_000 });
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

journey('a tablet whose password was changed first hands in and destroys everything all the same', async (parts) => {
  const { data, server, line, people, tablets: [officer] } = await office(parts, ['minzheng'], { line: true });
  const { page } = officer;
  await line.cut();
  await openFlat(officer, '2幢', '301');
  await recordVisit(officer, '改密码之前没交的');
  await renew(data, 'minzheng', '换过的密码-2009');
  await line.restore();
  officer.key = undefined;
  // It hears first that its session is over, and only then that it is out of use.
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.getByText(/请登录/).first().waitFor({ timeout: 60_000 });
  await takeOutOfUse(server.url, people, ['minzheng']);
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.getByText('办公室停用了这台设备').first().waitFor({ timeout: 60_000 });
  await page.getByText('未上传的记录已经上传').waitFor({ timeout: 60_000 });
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, '改密码之前没交的'), 1);
}, { timeout: 180_000 });

journey('a tablet whose browser lost its cookies goes on under a new number, and nothing that waits is lost', async (parts) => {
  const { server, line, people, tablets: [officer] } = await office(parts, ['minzheng'], { line: true });
  const { page } = officer;
  await line.cut();
  await openFlat(officer, '2幢', '301');
  await recordVisit(officer, '丢了凭证之前没交的');
  const before = await page.evaluate(() => localStorage['linli.device']);
  await officer.context.clearCookies();
  await line.restore();
  officer.key = undefined;
  await officer.goto('/');
  await page.getByLabel('账号').fill('minzheng');
  await page.getByLabel('密码', { exact: true }).fill(people.minzheng.password);
  await page.getByRole('button', { name: /^(登录|打开)$/ }).click();
  const deadline = Date.now() + 60_000;
  while ((await officeHas(server.url, 'zhuren', people.zhuren.password, '丢了凭证之前没交的')) !== 1) {
    assert.ok(Date.now() < deadline, 'it reaches the office');
    await page.waitForTimeout(500);
  }
  await page.getByRole('navigation', { name: '导航' }).waitFor({ timeout: 60_000 });
  assert.notEqual(await page.evaluate(() => localStorage['linli.device']), before, 'under a new number');
}, { timeout: 180_000 });

/** A picture of noise, so that it takes its time on a line. */
async function photo(page, seed) {
  const drawn = await page.evaluate(async (start) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [900, 700];
    const context = canvas.getContext('2d');
    const noise = context.createImageData(900, 700);
    let dice = start;
    for (let at = 0; at < noise.data.length; at += 1) {
      dice = (dice * 1103515245 + 12345) % 2147483648;
      noise.data[at] = at % 4 === 3 ? 255 : (dice >> 8) % 256;
    }
    context.putImageData(noise, 0, 0);
    return canvas.toDataURL('image/jpeg', 0.9).split(',')[1];
  }, seed);
  return { name: `IMG_${seed}.jpeg`, mimeType: 'image/jpeg', buffer: Buffer.from(drawn, 'base64') };
}

/** Files that the office has whole. */
function filesAt(data) {
  try {
    const entries = readdirSync(join(data, 'files', '1', 'files'), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).length;
  } catch {
    return 0;
  }
}

/** The director takes every device of these accounts out of use, over the wire. */
async function takeOutOfUse(url, people, accounts) {
  const cookie = await sessionOf(url, 'zhuren', people.zhuren.password);
  const devices = await (await fetch(`${url}/api/v1/devices`, { headers: { cookie } })).json();
  for (const device of devices.filter((one) => accounts.includes(one.account))) {
    await fetch(`${url}/api/v1/devices/${device.id}/revoke`, { method: 'POST', headers: { cookie } });
  }
  return cookie;
}

journey('photos and half-filled forms are handed in over a line that breaks before anything is destroyed', async (parts) => {
  const { data, people, server, line, tablets: [officer] } = await office(parts, ['minzheng'], { line: true });
  const { page } = officer;
  await line.cut();
  for (const [index, flat] of ['301', '302', '401'].entries()) {
    await openFlat(officer, '2幢', flat);
    await page.getByRole('link', { name: /走访/ }).first().click();
    await page.waitForURL(/\/new\//);
    await page.getByLabel('情况').fill(`停用前的走访${index}`);
    await page.getByLabel('选照片').setInputFiles(await photo(page, index + 3));
    await page.locator('.photo img').first().waitFor();
    await save(officer);
  }
  await officer.goto('/new/service');
  await page.getByLabel('情况').fill('停用时还没写完');
  await page.getByLabel('选照片').setInputFiles(await photo(page, 9));
  await page.locator('.photo img').first().waitFor();
  await page.waitForTimeout(500);
  const cookie = await takeOutOfUse(server.url, people, ['minzheng']);
  const lost = line.loseAnswer(/^PATCH \/api\/v1\/records\//);
  await line.restore();
  officer.key = undefined;
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await lost;
  // The page is started anew in the middle of it, and goes on.
  await page.getByText('办公室停用了这台设备').first().waitFor({ timeout: 60_000 });
  await page.getByText('未上传的记录已经上传').waitFor({ timeout: 90_000 });
  await page.getByText('没写完的 1 份也交给了办公室').waitFor();
  assert.equal(filesAt(data), 4, 'every photo, once, that of the half-filled form too');
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, '停用前的走访'), 3);
  const refused = await (await fetch(`${server.url}/api/v1/quarantine`, { headers: { cookie } })).text();
  assert.ok(refused.includes('停用时还没写完'), 'what was half written is kept at the office');
}, { timeout: 240_000 });

journey('on a shared tablet what a colleague has not handed in is said, and handed in when they sign in', async (parts) => {
  const { people, server, line, tablets: [tablet] } = await office(parts, ['minzheng'], { line: true });
  const { page } = tablet;
  const change = async (account) => {
    tablet.key = undefined;
    // Started anew, the app is locked.
    await tablet.goto('/');
    await page.getByLabel('账号').fill(account);
    await page.getByLabel('密码', { exact: true }).fill(people[account].password);
    await page.getByRole('button', { name: /^(登录|打开)$/ }).click();
    tablet.key = { account, password: people[account].password };
  };
  await change('baozhang');
  await page.getByRole('navigation', { name: '导航' }).waitFor({ timeout: 60_000 });
  await change('minzheng');
  await page.getByRole('navigation', { name: '导航' }).waitFor({ timeout: 60_000 });
  // The tablet opens before the office has answered: from here on the session is theirs.
  await allAtOffice(tablet);
  await line.cut();
  await openFlat(tablet, '2幢', '301');
  await recordVisit(tablet, '同事没交的走访');
  await change('baozhang');
  await page.getByRole('navigation', { name: '导航' }).waitFor({ timeout: 60_000 });
  await takeOutOfUse(server.url, people, ['minzheng', 'baozhang']);
  await line.restore();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  // The browser proves which tablet it is, so nobody has to sign in for it to be heard.
  await page.getByText(/minzheng 的资料还锁在这台设备上/).waitFor({ timeout: 90_000 });
  const has = () => officeHas(server.url, 'zhuren', people.zhuren.password, '同事没交的走访');
  assert.equal(await has(), 0, 'and it is true');
  await change('minzheng');
  await page.getByText('设备上的资料都销毁了').waitFor({ timeout: 90_000 });
  assert.equal(await has(), 1, 'handed in when its author came');
}, { timeout: 240_000 });

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
