// An officer's day around a flat where someone died: he is no longer among those who live there nor offered first, his name says
// so wherever it stands, and a payment to him is asked about and says who takes it.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { allAtOffice, choose, office, officeHas, openFlat, save, syncNow } from '../support/walk.mjs';

journey('who died is no longer among those who live in the flat, and is paid only knowingly and into a named hand', async (parts) => {
  const { people, server, tablets: [tablet] } = await office(parts, ['minzheng']);
  const { page } = tablet;
  const flat = await openFlat(tablet, '3幢', '301');
  const living = page.locator('section[aria-labelledby="who"] > ul.people > li');
  await living.first().waitFor();
  const before = await living.count();
  const first = living.first().getByRole('link').first();
  const name = (await first.locator('b').innerText()).trim();
  await first.click();
  await page.waitForURL(/\/person\//);
  const person = new URL(page.url()).pathname;
  assert.equal(await page.locator('.page-head .button.main').count(), 1, 'a visit is the main thing to do while he lives');

  await tablet.show(person.replace('/person/', '/edit/'));
  await choose(tablet, '已故');
  await save(tablet);
  await tablet.show(flat);
  const folded = page.locator('details', { hasText: '已不在此（1）' });
  await folded.waitFor();
  assert.equal(await living.count(), before - 1);
  await folded.locator('summary').click();
  await folded.getByRole('link', { name: new RegExp(`^${name}（已故）`) }).waitFor();
  await tablet.shot('officer-flat-zh');
  await tablet.show(person);
  await page.getByRole('heading', { level: 1, name: `${name}（已故）` }).waitFor();
  assert.equal(await page.locator('.page-head .button.main').count(), 0, 'nobody is sent to visit him');

  // The picker: this household, each told apart by home and papers; the dead only when searched for.
  await tablet.show(flat);
  await page.getByRole('link', { name: /^发放/ }).first().click();
  await page.getByRole('button', { name: /^领取人 选择$/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('找其他的：写名字、拼音、门牌或电话尾号。').waitFor();
  const rows = dialog.getByRole('listitem');
  assert.equal(await rows.count(), before - 1, 'the household, and nobody else of the community');
  for (const row of await rows.allInnerTexts()) assert.match(row, /3幢\d+单元301 · (证件尾号 .{4}|\d{4}年生)/);
  await tablet.shot('officer-picker-zh');
  await dialog.getByRole('searchbox').fill(name);
  await dialog.getByRole('button', { name: new RegExp(`${name}（已故）`) }).first().click();

  await choose(tablet, '应急');
  await page.getByLabel(/^金额/).fill('500');
  await page.getByRole('radio', { name: /银行转账/ }).check();
  await page.getByRole('button', { name: /^保存/ }).click();
  await page.locator('.field', { hasText: '仍要发放？' }).getByRole('alert').waitFor();
  await page.locator('.field', { hasText: '实际领取人' }).getByRole('alert').waitFor();
  await tablet.shot('officer-pay-zh');
  await choose(tablet, '已故，仍要发放');
  await page.getByRole('textbox', { name: /^实际领取人/ }).fill('倪小明，长子');
  await save(tablet);

  // The register lists those who live here, and the others when asked.
  await tablet.show('/records/person');
  const row = page.locator(`tr[data-id="${person.split('/').pop()}"]`);
  await page.getByRole('searchbox').first().fill(name);
  await row.waitFor({ state: 'detached' });
  await page.locator('summary', { hasText: '筛选' }).click();
  await page.getByLabel('现状').selectOption({ label: '已不在此' });
  await row.waitFor();

  await syncNow(tablet);
  await allAtOffice(tablet);
  assert.ok((await officeHas(server.url, 'zhuren', people.zhuren.password, '倪小明，长子')) >= 1);
});
