// Half-written forms survive whatever happens to the page.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { choose, office, save } from '../support/walk.mjs';

journey('a half-written visit survives a reload, a flat battery and a change of language', async (parts) => {
  const { server, tablets: [tablet] } = await office(parts, ['minzheng']);
  await server.kill();

  await tablet.goto('/new/service');
  await choose(tablet, '窗口');
  const noteOf = () => tablet.page.getByLabel('情况');
  const note = noteOf();
  await note.pressSequentially('来问医保卡的事');
  await tablet.reload();
  await tablet.page.getByText('已恢复上次没写完的内容').waitFor();
  assert.equal(await note.inputValue(), '来问医保卡的事');
  assert.ok(await tablet.page.getByRole('radio', { name: '窗口' }).isChecked());

  await note.pressSequentially('，答应明天答复');
  await tablet.page.waitForTimeout(500);
  await tablet.kill();
  await tablet.open();
  await tablet.goto('/');
  await tablet.page.getByRole('link', { name: '继续' }).click();
  assert.equal(await noteOf().inputValue(), '来问医保卡的事，答应明天答复');

  // Nobody was chosen: the form says so, at the place, and keeps everything.
  await tablet.page.getByRole('button', { name: /^保存/ }).click();
  await tablet.page.locator('.field', { hasText: '服务对象' }).getByRole('alert').first().waitFor();
  await tablet.page.getByRole('button', { name: /^服务对象/ }).first().click();
  await tablet.page.getByRole('searchbox').fill('王');
  await tablet.page.getByRole('dialog').getByRole('listitem').first().getByRole('button').click();
  await save(tablet);
  await tablet.goto('/');
  assert.equal(await tablet.page.getByRole('link', { name: '继续' }).count(), 0, 'a saved draft is gone');
});

journey('what is typed in the last moment before a reload is there, however slow the disk', async (parts) => {
  const { server, tablets: [tablet] } = await office(parts, ['minzheng']);
  await server.kill();
  await tablet.show('/new/service');
  await choose(tablet, '窗口');
  const note = tablet.page.getByLabel('情况');
  await note.pressSequentially('来');
  // Another page keeps the disk busy: the next letter's write waits for it, and the last ones' for that.
  const busy = await tablet.context.newPage();
  await busy.goto(`${tablet.url}/manifest.webmanifest`);
  await tablet.page.bringToFront();
  await busy.evaluate(async () => {
    const { name } = (await indexedDB.databases()).find((one) => one.name.startsWith('linli'));
    const database = await new Promise((resolve) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
    });
    const drafts = database.transaction('drafts', 'readwrite').objectStore('drafts');
    const until = performance.now() + 3000;
    (function hold() {
      drafts.count().onsuccess = () => performance.now() < until ? hold() : database.close();
    })();
  });
  await note.pressSequentially('问医保卡的事');
  await tablet.reload();
  await tablet.page.getByText('已恢复上次没写完的内容').waitFor();
  assert.equal(await note.inputValue(), '来问医保卡的事');
});
