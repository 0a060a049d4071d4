// The door map, seen by what one is after: doors that do not count step back, the house stays as it stands.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { office } from '../support/walk.mjs';

journey('doors are shown by label, also after a look behind one and in the next building', async (parts) => {
  const { server, tablets: [tablet] } = await office(parts, ['minzheng']);
  const { page } = tablet;
  await server.kill();
  await tablet.goto('/doors');
  await page.getByRole('link', { name: /^3幢/ }).first().click();
  const only = page.getByLabel('只看');
  const all = await page.locator('a.door').count();
  assert.equal(await page.locator('a.door.is-aside').count(), 0);
  await only.selectOption('独居老人');
  const wanted = page.locator('a.door:not(.is-aside)');
  const some = await wanted.count();
  assert.ok(some > 0 && some < all, `${some} of ${all}`);
  assert.equal(await page.locator('a.door').count(), all, 'no door moves away');
  await page.getByText(`共 ${some} 户`).waitFor();
  await wanted.first().click();
  await page.waitForURL(/\/household\//);
  await page.getByText('独居老人').first().waitFor();
  await page.goBack();
  await page.waitForURL(/\/doors\//);
  assert.equal(await only.inputValue(), 'elder_alone', 'it is still chosen');
  await page.getByRole('link', { name: /^下一幢/ }).click();
  await page.getByRole('heading', { name: '4幢' }).waitFor();
  assert.equal(await only.inputValue(), 'elder_alone');
  await only.selectOption('全部门牌');
  assert.equal(await page.locator('a.door.is-aside').count(), 0);
});
