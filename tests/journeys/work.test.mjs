// Today's work: what is written again in two taps, desk service from a person's page, tasks from hand to hand, forty
// people in one form.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { allAtOffice, choose, office, officeHas, openFlat, recordVisit, save, syncNow } from '../support/walk.mjs';

journey('a team leader logs today’s dance in two taps without a network, once, and can undo a slip', async (parts) => {
  const { people, server, tablets: [tablet] } = await office(parts, ['duizhang1']);
  const { page } = tablet;
  await server.kill();
  await tablet.reload();
  const card = page.locator('article.round').first();
  await card.getByRole('button', { name: /参加人数 加一/ }).click();
  const heads = await card.getByRole('textbox', { name: '参加人数' }).inputValue();
  await card.getByRole('button', { name: /^记今天/ }).click();
  await page.getByText('已存', { exact: true }).waitFor();
  const done = page.getByRole('link', { name: new RegExp(`✓ 今天已记.*${heads} 人`) });
  await done.waitFor();

  await page.getByRole('button', { name: '撤销' }).click();
  await page.getByText('已撤销', { exact: true }).waitFor();
  await done.waitFor({ state: 'detached' });
  const again = page.locator('article.round').first();
  await again.getByRole('button', { name: /^记今天/ }).click();
  await page.getByText('已存', { exact: true }).waitFor();
  assert.equal(await page.getByRole('link', { name: /✓ 今天已记/ }).count(), 1, 'the undone one is not offered as done');

  await server.start();
  await syncNow(tablet);
  await allAtOffice(tablet);
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, '点错了，当场撤销'), 1, 'the slip keeps its reason');
});

journey('an officer records a desk service from a person’s page in four taps and under ten seconds', async (parts) => {
  const { tablets: [tablet] } = await office(parts, ['tuiguan']);
  const { page } = tablet;
  await openFlat(tablet, '2幢', '301');
  await page.locator('a[href^="/person/"]').first().click();
  await page.waitForURL(/\/person\//);
  const begun = Date.now();
  await page.getByRole('link', { name: '窗口', exact: true }).click();
  const before = await page.getByRole('radiogroup', { name: '事由' }).innerText();
  await choose(tablet, '养老金');
  await page.getByRole('list', { name: '常用语' }).getByRole('button').first().click();
  await save(tablet);
  assert.ok(Date.now() - begun < 10_000, `${Date.now() - begun} ms`);
  await page.waitForURL(/\/person\//);
  await page.getByText('窗口 · 养老金').first().waitFor();

  await page.getByRole('link', { name: '窗口', exact: true }).click();
  const topics = page.getByRole('radiogroup', { name: '事由' });
  await topics.getByRole('radio').first().waitFor();
  assert.equal(await topics.innerText(), before, 'no choice has moved');
  await page.getByRole('group', { name: '最近用过 事由' }).getByRole('button', { name: '养老金' }).click();
  assert.ok(await topics.getByRole('radio', { name: '养老金' }).isChecked(), 'my last topic is one tap away');
  // A choice that need not be made can be taken back by tapping it again.
  const outcome = page.getByRole('radiogroup', { name: '结果' }).getByRole('radio', { name: '已办结' });
  assert.ok(await outcome.isChecked());
  await outcome.click();
  assert.ok(!(await outcome.isChecked()));
});

journey('a task goes from the director to an officer and back and is closed, each step without a network', async (parts) => {
  const { people, server, tablets: [director, officer] } = await office(parts, ['zhuren', 'minzheng']);
  const both = async () => {
    await server.start();
    for (const tablet of [director, officer, director]) {
      await syncNow(tablet);
      await allAtOffice(tablet);
    }
    await server.kill();
  };
  await server.kill();
  await director.show('/new/task');
  await director.page.getByLabel('任务内容').fill('看看3幢的路灯');
  await director.page.getByLabel('承办人').selectOption('minzheng');
  await director.page.getByLabel('承办岗位').selectOption({ label: '民政员' });
  await save(director);
  await both();

  await officer.show('/');
  const todo = officer.page.getByRole('group', { name: /^派单/ });
  await todo.getByText('看看3幢的路灯').waitFor();
  await todo.getByRole('button', { name: '接单' }).click();
  await officer.page.getByText('已存', { exact: true }).waitFor();
  await todo.getByRole('link', { name: '办理完成' }).click();
  await officer.page.waitForURL(/\/act\//);
  await officer.page.getByLabel('办理情况').fill('换了两盏灯');
  await save(officer);
  await both();

  await director.show('/');
  const check = director.page.getByRole('group', { name: /^待核对/ });
  await check.getByRole('link', { name: '退回重办' }).click();
  await director.page.getByLabel('核对意见').fill('还有一盏不亮');
  await save(director);
  await both();

  await officer.show('/');
  await officer.page.getByRole('link', { name: /看看3幢的路灯/ }).first().click();
  await officer.page.getByRole('definition').filter({ hasText: '还有一盏不亮' }).waitFor();
  await officer.page.getByRole('link', { name: '办理完成' }).click();
  await officer.page.getByLabel('办理情况').fill('三盏都换了');
  await officer.page.getByRole('button', { name: /^办理记录/ }).click();
  await officer.page.getByRole('dialog').getByRole('listitem').filter({ hasText: '走访' }).first().getByRole('button').click();
  await save(officer);
  await officer.page.locator('dt', { hasText: '办理记录' }).locator('+ dd').getByRole('link', { name: /走访/ }).waitFor();
  await both();

  await director.show('/');
  await director.page.getByRole('link', { name: /看看3幢的路灯/ }).first().click();
  await director.page.waitForURL(/\/record\//);
  await director.page.getByRole('button', { name: '核对办结' }).click();
  await director.page.getByText('已存', { exact: true }).waitFor();
  const steps = await director.page.getByRole('list', { name: '经过' }).innerText();
  const taker = await director.page.locator('dt:not(.corrections dt)', { hasText: '接单人' }).locator('+ dd').innerText();
  assert.doesNotMatch(taker, /minzheng/, 'who took it is said by name');
  assert.match(steps, /接单[\s\S]*办理完成[\s\S]*核对办结/, 'its times stand in order');
  await both();
  await server.start();
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, '三盏都换了'), 1);
});

journey('an incident becomes a task in one tap and a save, and the board counts it', async (parts) => {
  const { server, tablets: [tablet] } = await office(parts, ['zhuren']);
  const { page } = tablet;
  await server.kill();
  await tablet.show('/new/incident');
  await choose(tablet, '天然气泄漏');
  await page.getByLabel('情况').fill('三楼闻到味道');
  await save(tablet);
  await tablet.show('/');
  await page.getByRole('link', { name: /天然气泄漏/ }).first().click();
  await page.waitForURL(/\/record\//);
  await page.getByRole('link', { name: '派单' }).click();
  await page.waitForURL(/\/new\/task/);
  assert.equal(await page.getByLabel('任务内容').inputValue(), '天然气泄漏');
  await page.getByLabel('承办岗位').selectOption({ label: '社区民警' });
  await save(tablet);
  await tablet.show('/board');
  const due = page.getByRole('row', { name: /^派单 社区民警 1/ });
  await due.waitFor();
  await page.getByRole('link', { name: /派单.*待接单 1/ }).waitFor();
});

journey('forty people are put into one form: those of a building at once, then one taken off', async (parts) => {
  const { server, tablets: [tablet] } = await office(parts, ['weiyuan1']);
  const { page } = tablet;
  await server.kill();
  await tablet.show('/new/activity');
  await choose(tablet, '日常活动');
  await page.getByLabel('名称').fill('重阳茶话会');
  await page.getByRole('textbox', { name: /^参加人数/ }).fill('40');
  await save(tablet);
  await tablet.show('/');
  await page.getByRole('link', { name: /重阳茶话会/ }).first().click();
  await page.getByRole('link', { name: '记名单' }).click();
  await page.getByRole('button', { name: /从名单里选/ }).click();
  const list = page.getByRole('dialog');
  await list.getByLabel('楼栋').selectOption({ label: '1幢' });
  const all = list.getByRole('button', { name: /^全选这些/ });
  const count = Number((await all.innerText()).match(/\d+/)[0]);
  assert.ok(count >= 40, `${count} people`);
  await all.click();
  await list.getByText(`已选 ${count}`).waitFor();
  await list.getByRole('checkbox').first().uncheck();
  await list.getByRole('button', { name: '选好了' }).click();
  await page.getByText(`已选 ${count - 1}`).waitFor();
  await save(tablet);
  await page.getByText(`${count - 1} 人签到`).first().waitFor();
});

journey('a covered number is uncovered by touching it and loses no digit, and a correction without a reason says so', async (parts) => {
  const { tablets: [tablet] } = await office(parts, ['minzheng']);
  const { page } = tablet;
  await openFlat(tablet, '2幢', '301');
  await page.locator('a[href^="/person/"]').first().click();
  await page.waitForURL(/\/person\//);
  const person = new URL(page.url()).pathname;
  await tablet.show(person.replace('/person/', '/edit/'));
  const phone = page.getByLabel(/^电话/);
  await phone.fill('13900010001');
  await save(tablet);
  await tablet.show(person.replace('/person/', '/edit/'));
  await page.getByText('139****0001').waitFor();
  await phone.click();
  await page.getByText('139****0001').waitFor({ state: 'hidden' });
  await phone.press('End');
  await phone.press('Backspace');
  await phone.pressSequentially('2');
  assert.equal(await phone.inputValue(), '13900010002');
  await save(tablet);

  await tablet.show(person);
  await recordVisit(tablet, '血压稳定');
  await page.locator('a[href^="/record/"]').first().click();
  await page.getByRole('link', { name: '更正' }).click();
  await page.getByLabel('情况').fill('改一改');
  await page.getByRole('button', { name: /^保存/ }).click();
  await page.locator('#field-why-note').getByRole('alert').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'why');
});
