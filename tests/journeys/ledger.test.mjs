// Ledgers: filtered, added up and taken along as a file without a network; as Excel from the office.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { journey } from '../support/journey.mjs';
import { choose, office, save } from '../support/walk.mjs';

journey('a ledger is filtered, added up and saved as a file offline, and the office gives it as Excel', async (parts) => {
  const { server, tablets: [tablet] } = await office(parts, ['zhuren']);
  const { page } = tablet;
  await server.kill();
  await tablet.goto('/new/works');
  await choose(tablet, '修剪树枝');
  await page.getByLabel('事项名称').fill('东门口的梧桐');
  await save(tablet);

  await tablet.goto('/records/works');
  await page.getByText('◐ 待上传').first().waitFor();
  const all = await count(page);
  assert.ok(all > 5);
  await page.getByPlaceholder(/找内容/).fill('东门口');
  await page.getByText('1 条', { exact: true }).waitFor();
  await page.getByPlaceholder(/找内容/).fill('');

  await tablet.goto('/records/aid');
  const paid = await count(page);
  const sum = await page.locator('.ledger-sums b').first().innerText();
  assert.match(sum, /^[\d,]+\.\d\d 元$/);
  await page.getByText('筛选').click();
  await page.getByLabel('款项').selectOption({ label: '低保金' });
  await page.getByText('◐ 1').waitFor();
  const some = await count(page);
  assert.ok(some > 0 && some < paid, `${some} of ${paid}`);
  assert.notEqual(await page.locator('.ledger-sums b').first().innerText(), sum);

  await page.getByLabel('时间').selectOption({ label: '今年' });
  await page.getByText('没有找到').waitFor();
  await page.getByLabel('时间').selectOption({ label: '自选' });
  await page.getByLabel('从', { exact: true }).fill('2009-01-01');
  await page.getByLabel('到', { exact: true }).fill('2009-12-31');
  await page.getByLabel('到', { exact: true }).blur();
  await page.getByText(`${some} 条`, { exact: true }).waitFor();

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /CSV/ }).click()]);
  const lines = readFileSync(await download.path(), 'utf8').trimEnd().split('\r\n');
  assert.ok(lines[0].startsWith('\ufeff日期,'), lines[0]);
  assert.equal(lines.length, some + 1);
  assert.ok(lines.slice(1).every((line) => line.includes('低保金')));

  await server.start();
  const excel = await page.getByRole('link', { name: /Excel/ }).getAttribute('href');
  const answer = await page.request.get(new URL(excel, page.url()).href);
  assert.equal(answer.status(), 200);
  assert.equal((await answer.body()).subarray(0, 2).toString(), 'PK');
});

async function count(page) {
  await page.locator('.filters-count').waitFor();
  return Number((await page.locator('.filters-count').innerText()).replace(/\D/g, ''));
}
