// What needs a person's look stands in one place: what two wrote differently, side by side, and a payment made twice.
import assert from 'node:assert/strict';
import { SIZES } from '../support/browser.mjs';
import { journey } from '../support/journey.mjs';
import { allAtOffice, office, openFlat, pay, syncNow, writeApart } from '../support/walk.mjs';

journey('two values stand side by side with who and when, and one tap settles it for everyone', async (parts) => {
  const there = await office(parts, ['minzheng', 'tuiguan']);
  const { tablets } = there;
  const person = await writeApart(there, /^姓名/, ['甲写的名字', '乙写的名字']);
  const { page } = tablets[0];
  await tablets[0].show('/');
  await page.getByRole('link', { name: /有 1 处待核对/ }).click();
  await pictures(tablets[0], 'review');
  const sides = page.locator('.side');
  assert.equal(await sides.count(), 2);
  assert.match(await sides.nth(0).innerText(), /乙写的名字[\s\S]*写于[\s\S]*现在显示的/);
  assert.match(await sides.nth(1).innerText(), /甲写的名字[\s\S]*查玉芳/, 'with who wrote it');
  await sides.nth(1).getByRole('button', { name: '用这个' }).click();
  await page.getByText('没有待核对的。').waitFor();
  for (const tablet of [tablets[0], tablets[1]]) {
    await syncNow(tablet);
    await allAtOffice(tablet);
  }
  await tablets[1].show(person);
  await tablets[1].page.getByRole('heading', { name: /甲写的名字/ }).waitFor();
  await tablets[1].show('/review');
  await tablets[1].page.getByText('没有待核对的。').waitFor();
});

journey('a payment made twice is shown beside the first, and is voided or let stand', async (parts) => {
  const { tablets: [tablet] } = await office(parts, ['minzheng']);
  const { page } = tablet;
  const flat = await openFlat(tablet, '3幢', '301');
  await pay(tablet, flat, '应急', '300');
  await tablet.show('/review');
  await page.getByText('没有待核对的。').waitFor();
  await pay(tablet, flat, '应急', '300');
  await tablet.show('/sync');
  await page.getByRole('link', { name: /有 1 处待核对/ }).click();
  await pictures(tablet, 'review-twice');
  assert.equal(await page.locator('.side').count(), 2);
  await page.getByRole('button', { name: '都对，不是重复' }).click();
  await page.getByText('没有待核对的。').waitFor();
  await page.getByRole('button', { name: '撤销' }).click();
  await page.getByRole('button', { name: '这条作废' }).nth(1).click();
  await page.getByText('没有待核对的。').waitFor();
  await tablet.show(flat);
  assert.equal(await page.getByText(/应急 · 300\.00/).count() >= 1, true);
  await syncNow(tablet);
  await allAtOffice(tablet);
});

/** The page in every size, for people to look at. */
async function pictures(tablet, name) {
  for (const size of Object.values(SIZES)) {
    await tablet.page.setViewportSize(size);
    await tablet.shot(`${name}-${size.width}x${size.height}-zh`);
  }
  await tablet.page.setViewportSize(SIZES.tablet);
}
