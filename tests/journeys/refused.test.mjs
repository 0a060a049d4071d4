// Work that the office refused because its author was moved to another post: sent again, taken in by the director, or carried to
// the office as a sealed file.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { linli } from '../support/places.mjs';
import { command } from '../support/server.mjs';
import { journey } from '../support/journey.mjs';
import { allAtOffice, office, officeHas, openFlat, recordVisit, signIn, syncNow } from '../support/walk.mjs';

journey('what was written before a move to another post arrives, and the director takes in what was refused', async (parts) => {
  const { data, people, server, line, tablets: [officer] } = await office(parts, ['minzheng'], { line: true });
  const { page } = officer;
  await line.cut();
  await openFlat(officer, '2幢', '301');
  await recordVisit(officer, '调岗以前写的');
  await command('admin', '--data', data, 'account', 'post', 'minzheng', 'volunteer');
  // Still unheard of on the tablet, but later than the move.
  await page.clock.setSystemTime(Date.now() + 3_600_000);
  // Timers of before cannot be called off by the clock that was put in their place.
  await officer.reload();
  await openFlat(officer, '2幢', '302');
  await recordVisit(officer, '调岗以后写的');
  await line.restore();
  await syncNow(officer);
  await page.getByText('上传未通过').first().waitFor();
  const has = (note) => officeHas(server.url, 'zhuren', people.zhuren.password, note);
  assert.deepEqual([await has('调岗以前写的'), await has('调岗以后写的')], [1, 0]);
  await page.getByText('您的岗位现在不能改这一条').waitFor();
  assert.equal(await page.getByRole('link', { name: /打开修改/ }).count(), 0, 'no way into a form that can never be saved');

  const desk = await parts.tablet({ url: server.url, name: 'zhuren' });
  await desk.show('/');
  await signIn(desk, 'zhuren', people.zhuren.password);
  await desk.show('/board');
  await desk.page.getByRole('link', { name: '上传未通过' }).click();
  await desk.page.getByText('调岗以后写的').waitFor();
  await desk.page.getByRole('button', { name: '收下' }).click();
  await desk.page.getByText('没有上传未通过的记录').waitFor();
  assert.equal(await has('调岗以后写的'), 1);
  await page.getByRole('button', { name: '重新上传' }).click();
  await allAtOffice(officer);
  assert.equal(await has('调岗以后写的'), 1, 'once');
}, { timeout: 180_000 });

journey('what waits is carried to the office as a file that says nothing to anyone else', async (parts) => {
  const { data, people, server, line, tablets: [officer] } = await office(parts, ['minzheng'], { line: true });
  const { page } = officer;
  await line.cut();
  await openFlat(officer, '2幢', '301');
  await recordVisit(officer, '用文件带回办公室的');
  await officer.show('/sync');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '把待上传的记录存成文件' }).click();
  const file = await (await download).path();
  const bytes = readFileSync(file);
  for (const secret of ['用文件带回办公室的', 'minzheng', 'service', 'household']) {
    assert.ok(!bytes.includes(secret), `${secret} lies open`);
  }
  const has = () => officeHas(server.url, 'zhuren', people.zhuren.password, '用文件带回办公室的');
  assert.match(await command('admin', '--data', data, 'parcel', file), /minzheng: 1 changes taken in/);
  assert.equal(await has(), 1);
  await assert.rejects(promisify(execFile)(linli, ['admin', '--data', data, 'parcel', linli]), /no file that a tablet saved/);
  const desk = await parts.tablet({ url: server.url, name: 'zhuren' });
  await desk.show('/');
  await signIn(desk, 'zhuren', people.zhuren.password);
  await desk.show('/refused');
  await desk.page.locator('.drop input').setInputFiles(file);
  await desk.page.getByText(/收下 0 条，已经有的 1 条/).waitFor();
  await line.restore();
  await syncNow(officer);
  await allAtOffice(officer);
  assert.equal(await has(), 1, 'synced later, counted once');
}, { timeout: 180_000 });
