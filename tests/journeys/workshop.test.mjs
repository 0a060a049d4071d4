// The director changes the forms in the app, tries them, publishes; an officer who was away takes them over at the next
// sync, with a half-written visit open, and loses nothing.
import assert from 'node:assert/strict';
import { faultsOf } from '../support/axe.mjs';
import { SIZES } from '../support/browser.mjs';
import { journey } from '../support/journey.mjs';
import { allAtOffice, choose, office, officeHas, openFlat, recordVisit, save, sessionOf, signIn, speak, syncNow } from '../support/walk.mjs';
import { worked } from '../support/workbook.mjs';

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
  await desk.show('/');
  await signIn(desk, 'zhuren', people.zhuren.password);
  await desk.show('/board');
  await page.getByRole('link', { name: '改表单' }).click();
  await page.getByRole('heading', { name: '改表单' }).waitFor();
  await addQuestion(desk);
  await addLabel(desk);
  await addRule(desk);
  await addFigure(desk);

  // It is tried as it will be; nothing of that is kept.
  await desk.show('/workshop/form/service/try');
  await choose(desk, '狗');
  await page.getByRole('button', { name: '试试保存' }).click();
  await page.locator('.field', { hasText: '服务对象' }).getByRole('alert').first().waitFor();
  assert.equal(await page.getByRole('status').filter({ hasText: '可以保存' }).count(), 0);
  await page.getByRole('button', { name: /^服务对象/ }).first().click();
  await page.getByRole('searchbox').fill('王');
  await page.getByRole('dialog').getByRole('listitem').first().getByRole('button').click();
  await page.getByRole('button', { name: '试试保存' }).click();
  await page.getByText('可以保存。').waitFor();
  await desk.show('/');
  assert.equal(await page.getByRole('link', { name: '继续' }).count(), 1, 'only the changed forms wait');
  await page.getByText('未发布的表单修改').waitFor();

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
  const reckoned = `/report/figure/service-yang_gou_de_zou_fang?from=${year}-01-01&to=${year}-12-31`;
  await desk.show(reckoned);
  await page.getByRole('heading', { level: 1, name: '养狗的走访' }).waitFor();
  assert.equal(await page.locator('.big-figure').innerText(), '1');

  // The label can be chosen, and the rule asks for a visit where there was none.
  await openFlat(officer, '2幢', '201');
  await officer.page.locator('a[href^="/person/"]').first().click();
  await officer.page.waitForURL(/\/person\//);
  const person = new URL(officer.page.url()).pathname;
  await officer.show(person.replace('/person/', '/edit/'));
  await officer.page.getByRole('checkbox', { name: '养犬户' }).check();
  await save(officer);
  await officer.show('/');
  // Whoever was visited in the community's old year is more than a year late, and folded away.
  const rule = officer.page.getByText(/养犬户走访/).first();
  const folded = officer.page.locator('details.folded summary');
  await rule.or(folded).first().waitFor();
  if (!(await rule.isVisible())) await folded.last().click();
  await rule.waitFor();

  // Visited, it asks for sixty days; with other days it stands on Today again; stopped, it reminds nobody.
  await officer.show(person);
  await recordVisit(officer, '狗打过疫苗');
  await allAtOffice(officer);
  await officer.show('/');
  await folded.last().waitFor();
  assert.equal(await rule.count(), 0);
  await desk.show('/workshop/rules');
  await page.getByRole('button', { name: '改天数 养犬户走访' }).click();
  await page.getByLabel('间隔天数').fill('0');
  await page.getByRole('button', { name: '确定' }).click();
  const complaint = page.getByText('天数在1到3660之间');
  await complaint.waitFor();
  await page.getByLabel('间隔天数').fill('7');
  await complaint.waitFor({ state: 'detached' });
  await pictures(desk, 'workshop-pace');
  assert.deepEqual(await faultsOf(page), []);
  await page.getByRole('button', { name: '确定' }).click();
  await page.locator('.question', { hasText: '养犬户走访' }).getByText('每 7 天').waitFor();
  await publish(desk);
  await takeOver(officer, () => rule.waitFor());
  await desk.show('/workshop/rules');
  await page.getByRole('button', { name: '停用 养犬户走访' }).click();
  await page.getByRole('button', { name: '恢复使用 养犬户走访' }).waitFor();
  await everySize(desk, 'workshop-rules', '/workshop/rules');
  // So with the figure, under another name by now: it is offered no more, and still known where it was written.
  await desk.show('/workshop/figures');
  await page.getByRole('button', { name: '改名 养狗的走访' }).click();
  await page.locator('#rename-zh').fill('犬只走访');
  await page.getByRole('button', { name: '确定' }).click();
  await page.getByRole('button', { name: '停用 犬只走访' }).click();
  await page.getByRole('button', { name: '恢复使用 犬只走访' }).waitFor();
  await everySize(desk, 'workshop-figures', '/workshop/figures');
  await publish(desk);
  await desk.show(reckoned);
  await page.getByRole('heading', { level: 1, name: '犬只走访' }).waitFor();
  assert.equal(await page.locator('.big-figure').innerText(), '1');
  await desk.show(`/report/edit?from=${year}-01-01&to=${year}-12-31`);
  await page.locator('.editor summary').click();
  await page.getByRole('button', { name: '走访合计' }).first().waitFor();
  assert.equal(await page.getByRole('button', { name: '犬只走访' }).count(), 0);
  await takeOver(officer, () => rule.waitFor({ state: 'detached' }));
  await officer.show(person);
  await officer.page.getByText('狗打过疫苗').first().waitFor();
}, { timeout: 500_000 });

journey('a workbook becomes changes of a form, is published, and an open visit takes it over', async (parts) => {
  const { server, people, line, tablets: [officer] } = await office(parts, ['minzheng'], { line: true });
  await openFlat(officer, '3幢', '301');
  await officer.page.getByRole('link', { name: /走访/ }).first().click();
  await officer.page.waitForURL(/\/new\//);
  const half = officer.page.locator('textarea').first();
  await half.fill('阳台堆着纸箱');
  await line.cut();

  const service = await workbook(server, people);
  const changed = worked(service, {
    texts: { 情况: '经过', photos: 'pictures' },
    rows: [['text', 'balcony', '阳台有没有杂物', 'Is the balcony cluttered?'], ['audio', 'voice', '录音', 'Recording']],
  });
  const desk = await parts.tablet({ url: server.url, name: 'zhuren', size: SIZES.wide });
  const { page } = desk;
  await desk.show('/');
  await signIn(desk, 'zhuren', people.zhuren.password);
  await desk.readyForOffline();
  await desk.show('/workshop');
  await page.getByRole('link', { name: '用表格加表单、改表单' }).click();
  await page.waitForURL(/\/workshop\/upload$/);

  // Without a network it says so, and goes on where it stopped.
  await server.kill();
  await upload(page, 'service.xlsx', changed);
  await page.getByRole('alert').getByText('现在连不上办公室的服务器').waitFor();
  await pictures(desk, 'workshop-upload-offline');
  await server.start();
  await page.getByRole('button', { name: '再试一次' }).click();

  // What it would change, and each cell that was not taken, by its place.
  await page.getByText('改的是现行的表单：走访与服务').waitFor();
  const change = (what) => page.locator('.change').filter({ hasText: what });
  await change('阳台有没有杂物').getByText('新').waitFor();
  await change('经过').getByText('已改').waitFor();
  await change('照片').getByText('已停用').waitFor();
  await change('照片').getByText('新').waitFor();
  assert.equal(await page.locator('.change').count(), 4);
  const voice = page.locator('.finding').filter({ hasText: 'audio' });
  await voice.getByText(/^survey 表 A\d+$/).waitFor();
  await voice.getByText('没有这种题型').waitFor();
  await page.getByRole('heading', { name: '▲ 没有带进来 1 处' }).waitFor();
  await page.locator('.finding').filter({ hasText: '停用，不再问，已写的内容还在' }).waitFor();
  await page.getByRole('button', { name: '加入修改' }).click();
  await page.waitForURL(/\/workshop\/form\/service$/);
  await page.locator('.question', { hasText: '阳台有没有杂物' }).getByText('新').waitFor();

  // Taken back, nothing is left of it; read again, it is tried, and published with the usual button.
  await desk.show('/workshop/changes');
  for (let left = 4; left > 0; left -= 1) {
    await page.getByRole('button', { name: /^撤销/ }).first().click();
    await page.locator('.change').nth(left - 1).waitFor({ state: 'detached' });
  }
  await page.getByText('没有未发布的修改').waitFor();
  await everySize(desk, 'workshop-upload', '/workshop/upload');
  await everySize(desk, 'workshop-read', '/workshop/upload', async () => {
    await upload(page, 'service.xlsx', changed);
    await page.locator('.finding').first().waitFor();
  });
  await desk.show('/workshop/upload');
  await upload(page, 'service.xlsx', changed);
  await page.getByRole('button', { name: '加入修改' }).click();
  await page.waitForURL(/\/workshop\/form\/service$/);
  await desk.show('/workshop/form/service/try');
  await page.getByLabel('阳台有没有杂物').waitFor();
  await everySize(desk, 'workshop-changes', '/workshop/changes');
  await publish(desk);

  // The same again changes nothing, and neither does what goes out now.
  await desk.show('/workshop/upload');
  for (const same of [changed, await workbook(server, people)]) {
    await upload(page, 'service.xlsx', same);
    await page.getByText('没有要改的').waitFor();
    assert.equal(await page.getByRole('button', { name: '加入修改' }).count(), 0);
    await page.getByRole('button', { name: '换一个文件' }).click();
  }
  // What is no form says what it is.
  await upload(page, '名单.xlsx', Buffer.from('nothing'));
  await page.getByRole('alert').getByText('只能读 Excel 文件').waitFor();

  // The officer was away: the question stands in the open form, and nothing half-written is lost.
  assert.equal(await officer.page.getByText('阳台有没有杂物').count(), 0);
  await line.restore();
  await officer.page.evaluate(() => window.dispatchEvent(new Event('online')));
  const question = officer.page.getByLabel('阳台有没有杂物');
  await question.waitFor({ timeout: 60_000 });
  assert.equal(await officer.page.getByLabel('经过').inputValue(), '阳台堆着纸箱');
  await officer.reload();
  await question.fill('有，约好周末清');
  assert.equal(await officer.page.getByLabel('经过').inputValue(), '阳台堆着纸箱');
  await save(officer);
  await allAtOffice(officer);
  assert.ok(await officeHas(server.url, 'zhuren', people.zhuren.password, '约好周末清'));
}, { timeout: 500_000 });

journey('a form from elsewhere becomes a new one, for the posts it is given to', async (parts) => {
  const { server, people, tablets: [desk] } = await office(parts, ['zhuren']);
  const { page } = desk;
  const survey = worked(await workbook(server, people), { texts: { service: 'balcony_survey', 走访与服务: '阳台检查' } });
  await desk.show('/workshop/upload');
  await upload(page, 'balcony.xlsx', survey);
  await page.getByText(/新表单：阳台检查（\d+ 题）/).waitFor();
  await page.getByRole('checkbox', { name: '民政' }).check();
  await pictures(desk, 'workshop-read-new');
  assert.deepEqual(await faultsOf(page), []);
  await page.getByRole('button', { name: '加入修改' }).click();
  await page.waitForURL(/\/workshop\/form\/balcony_survey$/);
  await desk.show('/workshop/changes');
  assert.equal(await page.locator('.change').count(), 1, 'a form and its choices are one thing');
  await publish(desk);
  const officer = await parts.tablet({ url: server.url, name: 'minzheng' });
  await officer.show('/');
  await signIn(officer, 'minzheng', people.minzheng.password);
  await officer.show('/new/balcony_survey');
  await officer.page.getByLabel('情况').waitFor();
}, { timeout: 300_000 });

journey('what the office finds wrong stands at its place, and who was slower lays the edits over the newer forms', async (parts) => {
  const { server, people, tablets: [desk] } = await office(parts, ['zhuren']);
  const { page } = desk;
  await desk.show('/workshop');
  await addQuestion(desk);
  const other = await parts.tablet({ url: server.url, name: 'other' });
  await other.show('/');
  await signIn(other, 'zhuren', people.zhuren.password);
  await server.kill();
  await desk.goto('/workshop/labels');
  await addLabel(desk);
  await page.getByText('现在没有网络').waitFor();
  await server.start();
  await addLabel(other, '养猫户');
  await publish(other);
  // The slower one is told, and nothing of either is lost.
  await desk.show('/workshop/changes');
  const note = page.getByText('有人刚发布了新的表单');
  const press = page.getByRole('button', { name: '发布', exact: true });
  await note.or(press).first().waitFor();
  // The news may come at any moment, and takes the button away.
  const slip = press.click({ timeout: 5000 }).then(() => page.getByRole('button', { name: '确定发布' }).click({ timeout: 5000 }));
  await Promise.race([note.waitFor(), slip.catch(() => {})]);
  await slip.catch(() => {});
  await note.waitFor();
  await page.getByRole('button', { name: '放到新的表单上' }).click();
  await publish(desk);
  await desk.show('/workshop/labels');
  for (const label of ['养犬户', '养猫户']) await page.getByText(label).waitFor();

  // A question can go out of use, but for those that others lean on.
  await desk.show('/workshop/form/service');
  await page.getByRole('button', { name: '停用 日期' }).click();
  await page.getByText('“日期”不能停用').waitFor();
  await page.getByRole('button', { name: '停用 养宠物吗' }).click();
  await publish(desk);
  await desk.show('/new/service');
  await page.getByLabel('情况').waitFor();
  assert.equal(await page.getByText('养宠物吗').count(), 0);
}, { timeout: 400_000 });

async function addQuestion(tablet) {
  const { page } = tablet;
  await tablet.show('/workshop/form/service');
  await page.getByRole('button', { name: '添加题目' }).click();
  // Nothing is asked yet: it says so at the place.
  await page.getByRole('button', { name: '添加', exact: true }).click();
  await page.getByText('请写上名称。').waitFor();
  const few = page.getByText('请写出至少两个可选的答案');
  await few.waitFor();
  // What is mended is no longer complained of, and the rest still is.
  await page.getByLabel(/^题目/).fill('养宠物吗');
  await page.getByText('请写上名称。').waitFor({ state: 'detached' });
  assert.ok(await few.isVisible());
  await page.getByLabel(/^选项/).fill('猫\n狗\n没有');
  await few.waitFor({ state: 'detached' });
  await page.getByLabel('放在哪题之后').selectOption({ label: '结果' });
  if (tablet.name === 'zhuren') await pictures(tablet, 'workshop-question');
  await page.getByRole('button', { name: '添加', exact: true }).click();
  await page.locator('.question', { hasText: '养宠物吗' }).waitFor();
}

async function addLabel(tablet, label = '养犬户') {
  const { page } = tablet;
  await tablet.show('/workshop/labels');
  await page.getByLabel(/^添加标签/).fill(label);
  await page.getByRole('button', { name: '添加', exact: true }).click();
  await page.locator('.chip', { hasText: label }).waitFor();
}

async function addRule(tablet) {
  const { page } = tablet;
  await tablet.show('/workshop/rules');
  await page.getByRole('button', { name: '添加提醒' }).click();
  await page.getByLabel(/^名称/).fill('养犬户走访');
  await page.locator('#rule-when-is').selectOption({ label: '养犬户' });
  await page.getByLabel('间隔天数').fill('60');
  if (tablet.name === 'zhuren') await pictures(tablet, 'workshop-rule');
  await page.getByRole('button', { name: '添加', exact: true }).click();
  await page.locator('.question', { hasText: '养犬户走访' }).waitFor();
}

async function addFigure(tablet) {
  const { page } = tablet;
  await tablet.show('/workshop/figures');
  await page.getByRole('button', { name: '添加数字' }).click();
  await page.getByLabel(/^名称/).fill('养狗的走访');
  await page.getByLabel('记录类别').selectOption({ label: '走访与服务' });
  await page.locator('#figure-when').selectOption({ label: '养宠物吗' });
  await page.locator('#figure-when-is').selectOption({ label: '狗' });
  if (tablet.name === 'zhuren') await pictures(tablet, 'workshop-figure');
  await page.getByRole('button', { name: '添加', exact: true }).click();
  await page.locator('.question', { hasText: '养狗的走访' }).waitFor();
}

async function publish(tablet) {
  const { page } = tablet;
  await tablet.show('/workshop/changes');
  await page.getByRole('button', { name: '发布', exact: true }).click();
  await page.getByRole('button', { name: '确定发布' }).click();
  await page.getByText('已发布。').waitFor();
}

/** A kind as it goes out now. */
async function workbook(server, people, kind = 'service') {
  const cookie = await sessionOf(server.url, 'zhuren', people.zhuren.password);
  const answer = await fetch(`${server.url}/api/v1/pack/kinds/${kind}.xlsx`, { headers: { cookie } });
  return Buffer.from(await answer.arrayBuffer());
}

/** On the page for it: chooses a workbook that exists only here. */
async function upload(page, name, buffer) {
  await page.getByLabel(/^(选一个表格文件|Choose a workbook)/).setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
}

/** Syncs, so that Today is by the forms now in force, and looks. */
async function takeOver(tablet, look) {
  await syncNow(tablet);
  await tablet.show('/');
  await look();
}

/** The page in every size, for people to look at. */
async function pictures(tablet, name, lang = 'zh') {
  const before = tablet.page.viewportSize();
  for (const size of Object.values(SIZES)) {
    await tablet.page.setViewportSize(size);
    await tablet.shot(`${name}-${size.width}x${size.height}-${lang}`);
  }
  await tablet.page.setViewportSize(before);
}

/** The same of an address in both languages, once `begin` has done what it shows; axe has nothing against it. */
async function everySize(tablet, name, path, begin = async () => {}) {
  for (const lang of ['zh', 'en']) {
    await speak(tablet, lang);
    await tablet.show(path);
    await begin(lang);
    await pictures(tablet, name, lang);
    assert.deepEqual(await faultsOf(tablet.page), [], `${name} ${lang}`);
  }
  await speak(tablet, 'zh');
}
