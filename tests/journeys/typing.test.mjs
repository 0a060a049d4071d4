// Typing Chinese: letters on the way to characters (an input method's composition) are never lost, whatever happens meanwhile.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { office, openFlat, recordVisit, save, syncNow } from '../support/walk.mjs';

/** Types through an input method: letters that stand underlined, then the characters chosen for them. */
async function compose(page, letters, characters, during = async () => {}) {
  const session = await page.context().newCDPSession(page);
  for (let n = 1; n <= letters.length; n += 1) {
    const text = letters.slice(0, n);
    await session.send('Input.imeSetComposition', { text, selectionStart: n, selectionEnd: n });
    if (n === Math.ceil(letters.length / 2)) await during();
  }
  await session.send('Input.insertText', { text: characters });
  await session.detach();
}

journey('records that arrive while one composes characters take no letter away, in a form, in search, in a ledger', async (parts) => {
  const { tablets: [tablet, other] } = await office(parts, ['minzheng', 'tuiguan']);
  const { page } = tablet;
  let arrived = 0;
  /** Another tablet's visit reaches the office, and this one is told. */
  const arrives = async () => {
    arrived += 1;
    const answered = page.waitForResponse((response) => response.url().endsWith('/api/v1/sync') && response.ok());
    await openFlat(other, '3幢', '301');
    await recordVisit(other, `别人写的第${arrived}次`);
    await syncNow(other);
    await answered;
    await page.waitForTimeout(200);
  };
  const flat = await openFlat(tablet, '3幢', '301');
  await tablet.goto(`/new/service?household=${flat.split('/').pop()}`);
  await page.getByLabel('情况').focus();
  await compose(page, 'xueya', '血压');
  await compose(page, 'wending', '稳定', arrives);
  assert.equal(await page.getByLabel('情况').inputValue(), '血压稳定');
  await save(tablet);
  await page.getByText('血压稳定').first().waitFor();

  await tablet.goto('/');
  const find = page.getByRole('searchbox').or(page.getByLabel(/找人/)).first();
  await find.focus();
  await compose(page, 'wang', '王', arrives);
  assert.equal(await find.inputValue(), '王');
  await page.locator('.found a').first().waitFor();

  await tablet.goto('/records/service');
  const words = page.getByPlaceholder(/找内容/);
  await words.focus();
  await compose(page, 'xueyawending', '血压稳定', arrives);
  assert.equal(await words.inputValue(), '血压稳定');
  await page.getByText('1 条', { exact: true }).waitFor();
});
