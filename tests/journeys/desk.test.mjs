// The office's desk: a ledger walked with the keyboard, and many rows changed at once, without a network.
import assert from 'node:assert/strict';
import { SIZES } from '../support/browser.mjs';
import { faultsOf } from '../support/axe.mjs';
import { journey } from '../support/journey.mjs';
import { allAtOffice, choose, office, openFlat, recordVisit, save, syncNow } from '../support/walk.mjs';

const picked = (page) => page.locator('.bulk [role="status"]');
const said = (page, row, column) => page.locator('tr.ledger-row').nth(row).locator('td').nth(column).innerText();

journey('a ledger is walked and picked from with the keyboard alone, however long it is', async (parts) => {
  const { tablets: [tablet] } = await office(parts, ['zhuren']);
  const { page } = tablet;
  await page.setViewportSize(SIZES.wide);
  await tablet.show('/records/person');
  await page.locator('.ledger-frame').focus();
  const here = () => page.evaluate(() => document.activeElement.closest('tr')?.dataset.id);
  const press = async (key) => {
    const before = await here();
    await page.keyboard.press(key);
    await page.waitForFunction((before) => document.activeElement.closest('tr')?.dataset.id !== before, before);
  };
  await press('ArrowDown');
  const first = await here();
  await press('ArrowDown');
  await page.keyboard.press(' ');
  await picked(page).getByText('选了 1 条').waitFor();
  await press('ArrowUp');
  assert.equal(await here(), first);
  await page.keyboard.press(' ');
  await picked(page).getByText('选了 2 条').waitFor();
  // To the last row, which was not in the page, and back.
  await press('End');
  const rows = Number((await page.locator('.filters-count').innerText()).replace(/\D/g, ''));
  assert.ok(rows > 400, `${rows} people`);
  await page.waitForFunction(() => document.activeElement.getBoundingClientRect().bottom <= document.querySelector('.ledger-frame').getBoundingClientRect().bottom);
  await press('Home');
  assert.equal(await here(), first);
  await page.keyboard.press('Control+a');
  await picked(page).getByText(`选了 ${rows} 条`).waitFor();
  await page.keyboard.press('Escape');
  await picked(page).waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/(record|person)\//);
});

journey('a label is put on many people at once without a network, taken back, and put on again for the office', async (parts) => {
  const { server, tablets: [tablet] } = await office(parts, ['zhuren']);
  const { page } = tablet;
  await server.kill();
  await page.setViewportSize(SIZES.wide);
  await tablet.show('/records/person');
  const heads = await page.locator('.ledger-table thead th').allInnerTexts();
  const column = heads.findIndex((head) => head.includes('人群标签'));
  const before = [await said(page, 0, column), await said(page, 1, column), await said(page, 2, column)];
  await page.locator('tr.ledger-row').nth(0).getByRole('checkbox').check();
  await page.locator('tr.ledger-row').nth(1).getByRole('checkbox').check();
  await picked(page).getByText('选了 2 条').waitFor();
  await page.getByLabel('修改项目').selectOption({ label: '人群标签' });
  await page.getByLabel('改成', { exact: true }).selectOption({ label: '优抚对象' });
  await tablet.shot('bulk-1280x800-zh');
  assert.deepEqual(await faultsOf(page), []);
  const put = async () => {
    await page.getByRole('button', { name: '都加上' }).click();
    await page.getByText('已存', { exact: true }).waitFor();
  };
  await put();
  for (const row of [0, 1]) assert.match(await said(page, row, column), /优抚对象/);
  assert.equal(await said(page, 2, column), before[2], 'who was not picked is as before');
  await page.getByRole('button', { name: '撤销' }).click();
  await page.getByText('已撤销').waitFor();
  for (const row of [0, 1]) assert.equal(await said(page, row, column), before[row]);
  await put();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '选中的存为 CSV' }).click()]);
  assert.match(download.suggestedFilename(), /\.csv$/);
  await server.start();
  await syncNow(tablet);
  await allAtOffice(tablet);
  await tablet.show('/records/person');
  assert.match(await said(page, 1, column), /优抚对象/);
});

journey('a step that all picked tasks allow is taken with all of them', async (parts) => {
  const { server, tablets: [tablet] } = await office(parts, ['zhuren']);
  const { page } = tablet;
  await server.kill();
  for (const what of ['东门的灯', '西门的灯']) {
    await tablet.show('/new/task');
    await page.getByLabel('任务内容').fill(what);
    await page.getByLabel('承办岗位').selectOption({ label: '民政员' });
    await save(tablet);
  }
  await page.setViewportSize(SIZES.wide);
  await tablet.show('/records/task');
  for (const what of ['东门的灯', '西门的灯']) {
    await page.locator('tr.ledger-row').filter({ hasText: what }).getByRole('checkbox').check();
  }
  await page.locator('.bulk').getByRole('button', { name: '接单' }).click();
  await page.getByText('已存', { exact: true }).waitFor();
  await page.locator('.bulk').getByRole('button', { name: '接单' }).waitFor({ state: 'detached' });
  await tablet.show('/');
  await page.getByText('东门的灯').first().waitFor();
});

journey('a household, the list for a round and a ledger go to paper, and nothing else with them', async (parts) => {
  const { tablets: [tablet] } = await office(parts, ['minzheng']);
  const { page } = tablet;
  /** Presses the button and looks at the paper: what must be on it, and that nothing is there to be pressed. */
  const onPaper = async (button, shown, name) => {
    await page.evaluate(() => {
      globalThis.papers = 0;
      globalThis.print = () => (globalThis.papers += 1);
    });
    await page.getByRole('button', { name: button }).click();
    assert.equal(await page.evaluate(() => globalThis.papers), 1, button);
    await page.emulateMedia({ media: 'print' });
    for (const text of shown) await page.getByText(text).first().waitFor();
    for (const control of await page.locator('button, nav, [role="search"]').all()) {
      assert.equal(await control.isVisible(), false, `${name}: ${await control.textContent()}`);
    }
    if (name === 'round') {
      // Each has a cell to write in, as high as a line of handwriting; nothing is folded away.
      const rows = page.locator('.visits .visit');
      const { width, height } = await rows.first().locator('.visit-notes').boundingBox();
      assert.ok(width > 200 && height > 35, `${width} × ${height} pixels to write on`);
      const due = Number((await page.locator('.print-only h2').innerText()).match(/共 (\d+) 项/)[1]);
      assert.equal(await rows.count(), due);
    }
    await tablet.shot(`print-${name}`, { fullPage: true });
    const paper = await page.pdf({ format: 'A4' });
    assert.equal(paper.subarray(0, 5).toString(), '%PDF-');
    await page.emulateMedia({ media: 'screen' });
  };

  await openFlat(tablet, '3幢', '301');
  await recordVisit(tablet, '印出来看的一次');
  await openFlat(tablet, '3幢', '301');
  await page.getByText('印出来看的一次').first().waitFor();
  const title = await page.getByRole('heading', { level: 1 }).innerText();
  await onPaper('打印这一户', [title, '印出来看的一次', /打印日期 \d{4}-\d{2}-\d{2} · 证件号码、电话已遮盖/], 'household');

  // Somebody is to be visited within the week: it stands on the list with room to write.
  await page.getByRole('link', { name: /走访/ }).first().click();
  await page.waitForURL(/\/new\//);
  await page.getByLabel('情况').fill('约好再来');
  await choose(tablet, '一周后');
  await save(tablet);
  await tablet.show('/');
  await onPaper('打印走访单', ['走访单', '3幢', '301'], 'round');

  // The office makes the ledger's paper: all rows that the filters leave.
  await allAtOffice(tablet);
  await tablet.show('/records/service');
  const rows = Number((await page.locator('.filters-count').innerText()).replace(/\D/g, ''));
  const [paper] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name: '打印', exact: true }).click()]);
  await paper.getByText('印出来看的一次').first().waitFor({ state: 'attached' });
  const body = await paper.locator('tbody tr').count();
  assert.ok(body >= rows && body <= rows + 1, `${body} rows on paper, ${rows} in the ledger, perhaps a sum`);
  await paper.close();

  // The browser's own print has them all too, with all columns, although few are in the page while it is looked at.
  await page.emulateMedia({ media: 'print' });
  await page.locator('.print-table tbody tr').nth(rows - 1).waitFor();
  assert.equal(await page.locator('.print-table tbody tr').count(), rows);
  assert.equal(await page.locator('.ledger-frame').isVisible(), false);
  const columns = await page.locator('.print-table thead th').count();
  assert.equal(await page.locator('.print-table tbody tr').first().locator('td').count(), columns);
  await page.emulateMedia({ media: 'screen' });
});
