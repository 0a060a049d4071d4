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
