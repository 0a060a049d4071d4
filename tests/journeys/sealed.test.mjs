// What lies on a tablet's disk, and who can open it.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { renew } from '../support/server.mjs';
import { journey } from '../support/journey.mjs';
import { allAtOffice, office, officeHas, openFlat, recordVisit, syncNow } from '../support/walk.mjs';

const NOTE = '欧阳霁月的话独一无二';
const HALF = '司徒望舒还没写完';

journey('nothing a person wrote or read is on the disk of a tablet that was switched off', async (parts) => {
  const { server, people, tablets: [tablet] } = await office(parts, ['minzheng']);
  await openFlat(tablet, '2幢', '301');
  await tablet.page.locator('a[href^="/person/"]').first().click();
  await tablet.page.waitForURL(/\/person\//);
  const person = (await tablet.page.getByRole('heading', { level: 1 }).innerText()).split(/\s/)[0];
  assert.ok(person.length >= 2, person);
  await recordVisit(tablet, NOTE);
  await syncNow(tablet);
  await allAtOffice(tablet);
  await server.kill();
  await tablet.goto('/new/service');
  await tablet.page.getByLabel('情况').pressSequentially(HALF);
  await tablet.page.waitForTimeout(1500);
  await tablet.kill();
  // What only the app itself holds is found, so the search is one.
  assert.ok(onDisk(tablet.profile, '记录都在这台设备上').length > 0 || onDisk(tablet.profile, 'linli.people').length > 0);
  for (const secret of [NOTE, HALF, person, people.minzheng.password]) {
    assert.deepEqual(onDisk(tablet.profile, secret), [], `${secret} lies open`);
  }
  await tablet.open();
  await tablet.goto('/');
  await tablet.page.getByRole('link', { name: '继续' }).click();
  assert.equal(await tablet.page.getByLabel('情况').inputValue(), HALF, 'and all of it is there for its owner');
});

journey('a wrong password opens nothing and costs nothing, the right one opens without a network', async (parts) => {
  const { server, people, tablets: [tablet] } = await office(parts, ['minzheng']);
  const { page } = tablet;
  await server.kill();
  await openFlat(tablet, '2幢', '301');
  await recordVisit(tablet, '锁之前写的');
  await tablet.goto('/sync');
  const { key } = tablet;
  tablet.key = undefined;
  await page.getByRole('button', { name: '锁上' }).click();
  const password = page.getByLabel('密码', { exact: true });
  await page.getByText('输入密码就打开').waitFor();
  assert.equal(await page.getByLabel('账号').inputValue(), 'minzheng');
  const open = page.getByRole('button', { name: '打开' });
  for (let wrong = 1; wrong <= 6; wrong += 1) {
    await password.fill(`错的密码${wrong}`);
    await open.click();
    await page.getByText('密码不对').waitFor();
    await page.waitForTimeout(50);
  }
  await password.fill(people.minzheng.password);
  await open.click();
  await page.getByText(/请过 \d+ 秒再试/).waitFor();
  await tablet.reload();
  await password.fill(people.minzheng.password);
  await open.click();
  await page.getByText(/请过 \d+ 秒再试/).waitFor();
  await page.waitForTimeout(2500);
  await open.click();
  await page.getByRole('navigation', { name: '导航' }).waitFor();
  tablet.key = key;
  await server.start();
  await syncNow(tablet);
  await allAtOffice(tablet);
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, '锁之前写的'), 1);
});

journey('a forgotten password loses no unsynced visit: a new one from the office opens the tablet', async (parts) => {
  const { data, server, people, tablets: [tablet] } = await office(parts, ['minzheng']);
  const { page } = tablet;
  await server.kill();
  await openFlat(tablet, '2幢', '301');
  await recordVisit(tablet, '忘了密码之前');
  const renewed = 'yueliang-henyuan-44';
  await renew(data, 'minzheng', renewed);
  await server.start();
  tablet.key = undefined;
  await tablet.goto('/');
  await page.getByLabel('密码', { exact: true }).fill(renewed);
  await page.getByRole('button', { name: '打开' }).click();
  await page.getByRole('navigation', { name: '导航' }).waitFor();
  tablet.key = { account: 'minzheng', password: renewed };
  await syncNow(tablet);
  await allAtOffice(tablet);
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, '忘了密码之前'), 1);
  tablet.key = undefined;
  // From now on the new one opens it, also without a network, and the old one no longer.
  await server.kill();
  await tablet.goto('/');
  await page.getByLabel('密码', { exact: true }).fill(people.minzheng.password);
  await page.getByRole('button', { name: '打开' }).click();
  await page.getByText('密码不对').waitFor();
  await page.getByLabel('密码', { exact: true }).fill(renewed);
  await page.getByRole('button', { name: '打开' }).click();
  await page.getByRole('navigation', { name: '导航' }).waitFor();
});

journey('two officers share a tablet, each with their own records and their own unsynced work', async (parts) => {
  const { server, people, tablets: [tablet] } = await office(parts, ['minzheng']);
  const { page } = tablet;
  await server.kill();
  await openFlat(tablet, '2幢', '301');
  await recordVisit(tablet, '民政员写的');
  await server.start();
  tablet.key = undefined;
  await tablet.goto('/');
  // A stranger without an account gets nowhere, and what was typed stays.
  await page.getByLabel('账号').fill('jisheng');
  await page.getByLabel('密码', { exact: true }).fill('不是这个密码');
  await page.getByRole('button', { name: '打开' }).click();
  await page.getByText(/密码不对|账号或密码/).waitFor();
  assert.equal(await page.getByLabel('账号').inputValue(), 'jisheng');
  await page.getByLabel('密码', { exact: true }).fill(people.jisheng.password);
  await page.getByRole('button', { name: '打开' }).click();
  await page.getByRole('navigation', { name: /导航/ }).waitFor({ timeout: 30_000 });
  tablet.key = { account: 'jisheng', password: people.jisheng.password };
  await syncNow(tablet);
  await allAtOffice(tablet);
  const atOffice = (text) => officeHas(server.url, 'zhuren', people.zhuren.password, text);
  assert.equal(await atOffice('民政员写的'), 0, 'it waits, sealed, for its author');
  await server.kill();
  await openFlat(tablet, '2幢', '302');
  await recordVisit(tablet, '计生员写的');

  for (const [account, own, other] of [['minzheng', '民政员写的', '计生员写的'], ['jisheng', '计生员写的', undefined]]) {
    tablet.key = { account, password: people[account].password };
    await tablet.goto('/sync');
    await page.getByText(/1 条待上传/).first().waitFor();
    // The browser's session is the other one's: the password that opens the tablet begins a new one.
    await server.start();
    await tablet.goto('/sync');
    await allAtOffice(tablet);
    assert.equal(await atOffice(own), 1);
    if (other) assert.equal(await atOffice(other), 0, 'the other one’s still waits');
    await server.kill();
  }
});

journey('a tablet that nobody touches locks itself, and what was half written is there again', async (parts) => {
  const { tablets: [tablet] } = await office(parts, ['minzheng']);
  const { page } = tablet;
  await page.clock.install();
  await tablet.goto('/new/service');
  await page.getByLabel('情况').pressSequentially('走开之前');
  await page.clock.runFor('10:00');
  assert.ok(await page.getByLabel('情况').isVisible(), 'ten minutes are no reason');
  await page.getByLabel('情况').press('End');
  await page.clock.runFor('14:00');
  assert.ok(await page.getByLabel('情况').isVisible(), 'it counts from the last touch');
  await page.clock.runFor('02:00');
  await page.getByText('输入密码就打开').waitFor();
  await page.clock.resume();
  await tablet.unlock();
  await page.getByText('已恢复上次没写完的内容').waitFor();
  assert.equal(await page.getByLabel('情况').inputValue(), '走开之前');
});

/** Files of a browser's profile in which a text stands, in any of the ways browsers write text. */
function onDisk(profile, text) {
  const forms = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')];
  const files = readdirSync(profile, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name)).filter((path) => {
    const bytes = readFileSync(path);
    return forms.some((form) => bytes.includes(form));
  });
}
