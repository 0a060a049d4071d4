// A tablet without room: what cannot be kept is said, stays in its form, and goes through once there is room.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { allAtOffice, office, officeHas, openFlat, save, syncNow } from '../support/walk.mjs';

const NOTE = '没有地方的时候写的';

journey('a save that finds no room is refused in words, loses nothing, and goes through when there is room', async (parts) => {
  const { server, people, tablets: [tablet] } = await office(parts, ['minzheng']);
  await server.kill();
  const flat = await openFlat(tablet, '2幢', '301');
  // Anew, for a browser remembers for a while how much room there was.
  await tablet.close();
  await tablet.open();
  const { page } = tablet;
  const devtools = await tablet.context.newCDPSession(page);
  const room = (quotaSize) => devtools.send('Storage.overrideQuotaForOrigin', { origin: tablet.url, quotaSize });
  await room(1);
  // A full disk shuts nobody out.
  await tablet.goto(flat);
  await page.getByRole('link', { name: /走访/ }).first().click();
  await page.getByLabel('情况').fill(NOTE);
  await page.getByRole('button', { name: /^保存/ }).click();
  await page.getByText('这台设备的存储空间满了').first().waitFor();
  assert.equal(await page.getByLabel('情况').inputValue(), NOTE, 'what was filled in is still there');
  assert.ok(new URL(page.url()).pathname.startsWith('/new/'), 'and nothing says that it was saved');
  await room(undefined);
  await save(tablet);
  await server.start();
  await syncNow(tablet);
  await allAtOffice(tablet);
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, NOTE), 1);
});
