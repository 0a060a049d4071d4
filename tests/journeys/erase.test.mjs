// A resident asks for their data to be deleted: the director erases them, and the officer's tablet forgets them.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { officeHas, openFlat, office, recordVisit, signIn, syncNow } from '../support/walk.mjs';

const NOTE = '只写过这一次的话';

journey('a person erased by the director is gone from the tablet that wrote about them', async (parts) => {
  const { server, people, tablets: [officer] } = await office(parts, ['minzheng']);
  const { page } = officer;
  await openFlat(officer, '2幢', '301');
  await recordVisit(officer, NOTE);
  await syncNow(officer);
  await openFlat(officer, '2幢', '301');
  const person = await page.locator('a[href^="/person/"]').first().getAttribute('href');
  await officer.show(person);
  const name = await page.getByRole('heading', { level: 1 }).innerText();
  const desk = await parts.tablet({ url: server.url, name: 'zhuren' });
  await desk.show('/');
  await signIn(desk, 'zhuren', people.zhuren.password);
  const ask = async (format) => officeHas(server.url, 'zhuren', people.zhuren.password, format);
  assert.ok(await ask(NOTE), 'it is at the office');
  await desk.show(person);
  await desk.page.getByRole('heading', { name }).waitFor();
  await desk.page.getByRole('link', { name: '依本人申请删除个人信息' }).click();
  await desk.page.getByText('将删除').waitFor();
  await desk.shot('erase');
  await desk.page.getByRole('button', { name: '删除个人信息' }).click();
  await desk.page.getByRole('button', { name: '确定删除' }).click();
  await desk.page.getByText('请先填写依据').waitFor();
  await desk.page.getByLabel('依据').fill('第 3 号申请');
  await desk.page.getByRole('button', { name: '删除个人信息' }).click();
  await desk.page.getByRole('button', { name: '确定删除' }).click();
  await desk.page.getByText('已删除。').waitFor();
  await syncNow(officer);
  await officer.show(person);
  await page.getByRole('heading', { name: '已删除' }).waitFor();
  assert.equal(await page.getByText(name, { exact: true }).count(), 0);
  assert.equal(await page.getByRole('link', { name: /走访|修改/ }).count(), 0, 'nothing more can be written');
  await desk.show('/trail');
  await desk.page.getByText('依本人申请删除').first().waitFor();
});
