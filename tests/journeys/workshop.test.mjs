// The director changes the forms in the app, tries them, publishes; an officer who was away takes them over at the next
// sync, with a half-written visit open, and loses nothing.
import assert from 'node:assert/strict';
import { SIZES } from '../support/browser.mjs';
import { journey } from '../support/journey.mjs';
import { allAtOffice, choose, office, officeHas, openFlat, save, signIn, syncNow } from '../support/walk.mjs';

journey('a question, a label, a rule and a figure go from the workshop to every tablet, and no draft is lost', async (parts) => {
  const { server, people, line, tablets: [officer] } = await office(parts, ['minzheng'], { line: true });
  await openFlat(officer, '3幢', '301');
  await officer.page.getByRole('link', { name: /走访/ }).first().click();
  await officer.page.waitForURL(/\/new\//);
  const half = officer.page.getByLabel('情况');
  await half.fill('门口拴着一条狗');
  await line.cut();

  const desk = await parts.tablet({ url: server.url, name: 'zhuren', size: SIZES.wide });
  const { page } = desk;
  await desk.goto('/');
  await signIn(desk, 'zhuren', people.zhuren.password);
  await desk.goto('/board');
  await page.getByRole('link', { name: '改表单' }).click();
  await page.getByRole('heading', { name: '改表单' }).waitFor();
  await addQuestion(desk);
  await addLabel(desk);
  await addRule(desk);
  await addFigure(desk);

  // It is tried as it will be; nothing of that is kept.
  await desk.goto('/workshop/form/service/try');
  await choose(desk, '狗');
  await page.getByRole('button', { name: '试试保存' }).click();
  await page.locator('.field', { hasText: '谁' }).getByRole('alert').first().waitFor();
  assert.equal(await page.getByRole('status').filter({ hasText: '可以保存' }).count(), 0);
  await page.getByRole('button', { name: /^谁/ }).first().click();
  await page.getByRole('searchbox').fill('王');
  await page.getByRole('dialog').getByRole('listitem').first().getByRole('button').click();
  await page.getByRole('button', { name: '试试保存' }).click();
  await page.getByText('可以保存。').waitFor();
  await desk.goto('/');
  assert.equal(await page.getByRole('link', { name: '继续' }).count(), 1, 'only the changed forms wait');
  await page.getByText('没有发布的表单修改').waitFor();

  // What is not published survives a reload, is listed, and is published when asked twice.
  await page.getByRole('link', { name: '继续' }).click();
  await page.getByRole('link', { name: /看看修改并发布/ }).click();
  for (const what of ['养宠物吗', '养犬户', '养犬户走访', '养狗的走访']) await page.locator('.change').filter({ hasText: what }).first().waitFor();
  assert.equal(await page.locator('.change').count(), 4);
  await page.getByRole('button', { name: '发布', exact: true }).click();
  await page.getByRole('button', { name: '确定发布' }).click();
  await page.getByText('已发布。').waitFor();

  // The officer was away: the visit is as it was. Then the line is back, and the question stands in the open form.
  assert.equal(await officer.page.getByText('养宠物吗').count(), 0);
  await line.restore();
  await officer.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await officer.page.getByText('养宠物吗').waitFor({ timeout: 60_000 });
  assert.equal(await half.inputValue(), '门口拴着一条狗', 'what was half-written stands');
  await officer.reload();
  assert.equal(await half.inputValue(), '门口拴着一条狗');
  await choose(officer, '狗');
  await save(officer);
  await allAtOffice(officer);
  assert.ok(await officeHas(server.url, 'zhuren', people.zhuren.password, 'yang_chong_wu_ma'), 'the answer is at the office');

  // It is counted.
  const year = new Date().getFullYear();
  await syncNow(desk);
  await desk.goto(`/report/figure/service-yang_gou_de_zou_fang?from=${year}-01-01&to=${year}-12-31`);
  await page.getByRole('heading', { level: 1, name: '养狗的走访' }).waitFor();
  assert.equal(await page.locator('.big-figure').innerText(), '1');

  // The label can be chosen, and the rule asks for a visit where there was none.
  await openFlat(officer, '2幢', '201');
  await officer.page.locator('a[href^="/person/"]').first().click();
  await officer.page.waitForURL(/\/person\//);
  await officer.goto(new URL(officer.page.url()).pathname.replace('/person/', '/edit/'));
  await officer.page.getByRole('checkbox', { name: '养犬户' }).check();
  await save(officer);
  await officer.goto('/');
  // Whoever was visited in the community's old year is more than a year late, and folded away.
  const rule = officer.page.getByText(/养犬户走访/).first();
  const folded = officer.page.locator('details.folded summary');
  await rule.or(folded).first().waitFor();
  if (!(await rule.isVisible())) await folded.last().click();
  await rule.waitFor();
}, { timeout: 400_000 });

journey('what the office finds wrong stands at its place, and who was slower lays the edits over the newer forms', async (parts) => {
  const { server, people, tablets: [desk] } = await office(parts, ['zhuren']);
  const { page } = desk;
  await desk.goto('/workshop');
  await addQuestion(desk);
  const other = await parts.tablet({ url: server.url, name: 'other' });
  await other.goto('/');
  await signIn(other, 'zhuren', people.zhuren.password);
  await server.kill();
  await desk.goto('/workshop/labels');
  await addLabel(desk);
  await page.getByText('现在没有网络').waitFor();
  await server.start();
  await addLabel(other, '养猫户');
  await publish(other);
  // The slower one is told, and nothing of either is lost.
  await desk.goto('/workshop/changes');
  const note = page.getByText('有人刚发布了新的表单');
  if (!(await note.isVisible())) {
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.getByRole('button', { name: '确定发布' }).click();
  }
  await note.waitFor();
  await page.getByRole('button', { name: '放到新的表单上' }).click();
  await publish(desk);
  await desk.goto('/workshop/labels');
  for (const label of ['养犬户', '养猫户']) await page.getByText(label).waitFor();

  // A question can go out of use, but for those that others lean on.
  await desk.goto('/workshop/form/service');
  await page.getByRole('button', { name: '停用 日期' }).click();
  await page.getByText('“日期”不能停用').waitFor();
  await page.getByRole('button', { name: '停用 养宠物吗' }).click();
  await publish(desk);
  await desk.goto('/new/service');
  await page.getByLabel('情况').waitFor();
  assert.equal(await page.getByText('养宠物吗').count(), 0);
}, { timeout: 400_000 });

async function addQuestion(tablet) {
  const { page } = tablet;
  await tablet.goto('/workshop/form/service');
  await page.getByRole('button', { name: '加一题' }).click();
  // Nothing is asked yet: it says so at the place.
  await page.getByRole('button', { name: '加上', exact: true }).click();
  await page.getByText('请写上名称。').waitFor();
  await page.getByText('请写出至少两个可选的答案').waitFor();
  await page.getByLabel(/^问什么/).fill('养宠物吗');
  await page.getByLabel(/^可选的答案/).fill('猫\n狗\n没有');
  await page.getByLabel('放在哪一题后面').selectOption({ label: '结果' });
  if (tablet.name === 'zhuren') await pictures(tablet, 'workshop-question');
  await page.getByRole('button', { name: '加上', exact: true }).click();
  await page.locator('.question', { hasText: '养宠物吗' }).waitFor();
}

async function addLabel(tablet, label = '养犬户') {
  const { page } = tablet;
  await tablet.goto('/workshop/labels');
  await page.getByLabel(/^加一个标签/).fill(label);
  await page.getByRole('button', { name: '加上', exact: true }).click();
  await page.locator('.chip', { hasText: label }).waitFor();
}

async function addRule(tablet) {
  const { page } = tablet;
  await tablet.goto('/workshop/rules');
  await page.getByRole('button', { name: '加一条提醒' }).click();
  await page.getByLabel(/^叫什么/).fill('养犬户走访');
  await page.locator('#rule-when-is').selectOption({ label: '养犬户' });
  await page.getByLabel('多少天一次').fill('60');
  if (tablet.name === 'zhuren') await pictures(tablet, 'workshop-rule');
  await page.getByRole('button', { name: '加上', exact: true }).click();
  await page.locator('.row', { hasText: '养犬户走访' }).waitFor();
}

async function addFigure(tablet) {
  const { page } = tablet;
  await tablet.goto('/workshop/figures');
  await page.getByRole('button', { name: '加一个数字' }).click();
  await page.getByLabel(/^叫什么/).fill('养狗的走访');
  await page.getByLabel('算哪一种记录').selectOption({ label: '走访与服务' });
  await page.locator('#figure-when').selectOption({ label: '养宠物吗' });
  await page.locator('#figure-when-is').selectOption({ label: '狗' });
  if (tablet.name === 'zhuren') await pictures(tablet, 'workshop-figure');
  await page.getByRole('button', { name: '加上', exact: true }).click();
  await page.locator('.row', { hasText: '养狗的走访' }).waitFor();
}

async function publish(tablet) {
  const { page } = tablet;
  await tablet.goto('/workshop/changes');
  await page.getByRole('button', { name: '发布', exact: true }).click();
  await page.getByRole('button', { name: '确定发布' }).click();
  await page.getByText('已发布。').waitFor();
}

/** The page in every size, for people to look at. */
async function pictures(tablet, name) {
  const before = tablet.page.viewportSize();
  for (const size of Object.values(SIZES)) {
    await tablet.page.setViewportSize(size);
    await tablet.shot(`${name}-${size.width}x${size.height}-zh`);
  }
  await tablet.page.setViewportSize(before);
}
