// The year's report: its figures follow the records without a network, open down to them, and a frozen one says what moved.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { choose, office, save } from '../support/walk.mjs';

const YEAR = '/report?from=2009-01-01&to=2009-12-31';

journey('the report follows the records offline, opens down to them, and stays as it was when frozen', async (parts) => {
  const { server, tablets: [tablet] } = await office(parts, ['zhuren']);
  const { page } = tablet;
  await tablet.show(YEAR);
  await page.getByRole('heading', { level: 1, name: /^2009年.*工作汇报$/ }).waitFor();
  const before = await figure(page, 'mediation-cases');
  assert.ok(before > 0);
  const services = await figure(page, 'window-retirees');
  await page.locator('a.prose-figure[href*="/corrections-talks?"]').filter({ hasText: /^\d+$/ }).waitFor();

  await server.kill();
  await mediate(tablet, '2009-06-01', '六月的纠纷');
  await mediate(tablet, '2010-06-01', '明年的纠纷');
  await tablet.show(YEAR);
  assert.equal(await figure(page, 'mediation-cases'), before + 1);
  assert.equal(await figure(page, 'window-retirees'), services);
  await page.locator('a.prose-figure[href*="/corrections-talks?"]').filter({ hasText: /^\d+$/ }).waitFor();

  // Down to the records behind the figure.
  await page.locator('a.prose-figure[href*="/mediation-cases?"]').first().click();
  await page.getByRole('heading', { level: 1, name: '调解纠纷' }).waitFor();
  await page.getByRole('row', { name: /^2009年6月/ }).waitFor();
  assert.equal(await page.locator('.big-figure').innerText(), String(before + 1));
  assert.equal(await page.locator('.timeline > li').count(), before + 1);
  await page.getByRole('link', { name: /六月的纠纷/ }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  assert.match(page.url(), /\/record\//);

  // Put away as it is, after a word was changed; then the records go on.
  await tablet.show('/report/edit?from=2009-01-01&to=2009-12-31');
  const text = page.getByLabel('正文');
  await text.fill((await text.inputValue()).replace('现将工作情况汇报如下', '现将一年的工作汇报如下'));
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('现将一年的工作汇报如下').waitFor();
  await page.getByRole('button', { name: '定稿' }).click();
  await page.getByLabel('看哪一稿').waitFor();
  await mediate(tablet, '2009-07-01', '七月的纠纷');
  await tablet.show(YEAR);
  assert.equal(await figure(page, 'mediation-cases'), before + 2);
  await page.getByLabel('看哪一稿').selectOption({ index: 1 });
  await page.getByText(/个数字在定稿以后变了/).waitFor();
  await page.getByText('现将一年的工作汇报如下').waitFor();
  assert.equal(await figure(page, 'mediation-cases'), before + 1, 'the frozen figure stays');
  await page.getByText(`现在是 ${before + 2}`).first().waitFor();
  const tiles = page.locator('.tiles .tile');
  const rate = await tiles.filter({ hasText: '调解成功率' }).locator('b').innerText();

  // A frozen figure opens to the records of now, says what it was, and leads back to the frozen report.
  await page.locator('a.prose-figure[href*="/mediation-cases?"]').first().click();
  await page.getByText(new RegExp(`^定稿时（.*）是 ${before + 1}$`)).waitFor();
  assert.equal(await page.locator('.big-figure').innerText(), String(before + 2));
  await page.getByText('一条算一次').waitFor();
  await page.getByRole('link', { name: '返回汇报' }).click();
  await page.getByText(/个数字在定稿以后变了/).waitFor();
  assert.equal(await tiles.filter({ hasText: '调解成功率' }).locator('b').innerText(), rate, 'so do the tiles');
  await page.getByLabel('看哪一稿').selectOption({ index: 0 });
  await tiles.filter({ hasText: '调解成功率' }).locator('b', { hasNotText: rate }).waitFor();

  // A month of a figure opens to that month, and every month of the year has its row.
  await page.locator('a.prose-figure[href*="/mediation-cases?"]').first().click();
  assert.equal(await page.getByRole('row', { name: /^2009年\d+月/ }).count(), 12);
  await page.getByRole('row', { name: /^2009年7月/ }).getByRole('link').click();
  await page.getByText(/^2009年7月 · /).waitFor();
  await page.getByRole('link', { name: /七月的纠纷/ }).waitFor();
  assert.equal(await page.locator('.timeline > li').count(), Number(await page.locator('.big-figure').innerText()));

  // One building, one month.
  await tablet.show(YEAR);
  await page.getByLabel('范围').selectOption({ label: '1幢' });
  await page.getByRole('heading', { level: 1, name: /1幢/ }).waitFor();
  assert.ok((await figure(page, 'window-retirees')) < services);
  await page.getByLabel('多长时间').selectOption({ label: '月' });
  await page.getByRole('heading', { level: 1, name: /^2009年1月/ }).waitFor();
});

/** A figure as the prose says it. */
async function figure(page, name) {
  return Number(await page.locator(`a.prose-figure[href*="/${name}?"]`).first().innerText());
}

async function mediate(tablet, date, matter) {
  const { page } = tablet;
  await tablet.show('/new/mediation');
  await choose(tablet, '邻里');
  await page.getByLabel('其他当事人').fill('外单位');
  await page.getByLabel('事情经过').fill(matter);
  await page.getByLabel('受理日期').fill(date);
  await save(tablet);
}
