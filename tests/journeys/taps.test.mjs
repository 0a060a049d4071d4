// Half a minute at a door: counted taps, nothing typed, the common case.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { office } from '../support/walk.mjs';

journey('from a door to saved in six taps at most and without typing; nobody home in two', async (parts) => {
  const { server, tablets: [tablet] } = await office(parts, ['minzheng']);
  const { page } = tablet;
  await server.kill();
  await tablet.goto('/doors');
  await page.getByRole('link', { name: /^3幢/ }).first().click();
  await page.waitForURL(/\/doors\/[0-9a-f-]{36}/);
  await page.evaluate(() => {
    window.taps = 0;
    window.keys = 0;
    addEventListener('pointerdown', () => (window.taps += 1), true);
    addEventListener('keydown', () => (window.keys += 1), true);
  });
  const spent = () => page.evaluate(() => [window.taps, window.keys]);

  // The visit: the flat, its red button, save. The last visit is in view before it is written.
  await page.getByRole('link', { name: /(^|\D)301(\D|$)/ }).first().click();
  await page.getByRole('heading', { name: /服务记录/ }).waitFor();
  await page.getByRole('link', { name: /走访/ }).first().click();
  await page.getByRole('radio', { name: '已办结' }).waitFor();
  await page.getByRole('radio', { name: '一个月后' }).check();
  await page.getByRole('button', { name: /^保存/ }).click();
  await page.getByText('已存', { exact: true }).waitFor();
  const [taps, keys] = await spent();
  assert.ok(taps <= 6 && keys === 0, `${taps} taps, ${keys} keys`);
  assert.equal(taps, 4, 'the flat, the visit, when to come back, save');

  // Next door nobody opens.
  await page.getByRole('link', { name: /下一户/ }).first().click();
  await page.waitForURL(/\/household\//);
  await page.getByRole('button', { name: /未遇/ }).click();
  await page.getByText('已存', { exact: true }).waitFor();
  assert.deepEqual(await spent(), [taps + 2, 0]);
  await page.getByRole('link', { name: /未遇/ }).or(page.getByText('未遇')).first().waitFor();
});
