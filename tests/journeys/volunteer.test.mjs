// A volunteer's night with large type on a phone: what a round needs stands at the thumb on every screen, nothing is lost by one
// tap, and what was thrown away comes back, also after the page began anew.
import assert from 'node:assert/strict';
import { SIZES } from '../support/browser.mjs';
import { journey } from '../support/journey.mjs';
import { allAtOffice, office, officeHas, signIn, syncNow } from '../support/walk.mjs';

const SMALL = { width: 360, height: 640 };
const FOUND = '7幢楼道堆了纸板';

/** Where a button stands: wholly within the screen, not under the bar below. */
async function isAtHand(page, name) {
  const button = page.getByRole('button', { name, exact: true });
  await button.waitFor();
  const box = await button.boundingBox();
  const screen = page.viewportSize();
  const isOnTop = await button.evaluate((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  });
  assert.ok(box.x >= 0 && box.x + box.width <= screen.width && box.y >= 0 && box.y + box.height <= screen.height, `${name} at ${JSON.stringify(box)} of ${JSON.stringify(screen)}`);
  assert.ok(isOnTop, `${name} is covered`);
  assert.ok(box.height >= 44, `${name} is ${box.height} px high`);
}

journey('a volunteer walks the night with large type, throws a round away, fetches it back and finishes it', async (parts) => {
  const { server, people } = await office(parts, []);
  const phone = await parts.tablet({ url: server.url, name: 'volunteer', size: SIZES.phone });
  let { page } = phone;
  await phone.goto('/');
  await signIn(phone, 'xunluo1', people.xunluo1.password);
  await phone.readyForOffline();

  // The box says what is: a volunteer has large type without asking.
  await phone.goto('/sync');
  const large = page.getByLabel('大字');
  assert.ok(await large.isChecked());
  const size = () => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
  const larger = await size();
  await large.uncheck();
  assert.notEqual(await size(), larger);
  await large.check();
  assert.equal(await size(), larger);
  assert.ok(!(await page.getByLabel(/记录位置/).isChecked()), 'positions are off until someone turns them on');

  await server.kill();
  await phone.goto('/');
  await page.getByRole('link', { name: /^出发/ }).click();
  await page.getByRole('button', { name: '出发', exact: true }).click();
  await page.getByRole('timer').waitFor();
  for (const [screen, type] of [[SIZES.phone, ''], [SMALL, ''], [SIZES.phone, '200%'], [SMALL, '200%'], [SIZES.tablet, ''], [SIZES.wide, '']]) {
    await page.setViewportSize(screen);
    await page.evaluate((type) => document.documentElement.style.setProperty('font-size', type), type);
    for (const name of ['发现情况', '结束']) await isAtHand(page, name);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wide <= 0, `${wide} px wider than ${JSON.stringify(screen)} ${type}`);
    await phone.shot(`walk-bar-${screen.width}-${type || 'large'}`);
  }
  await page.setViewportSize(SIZES.phone);
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
  for (const name of ['扫码到点']) await isAtHand(page, name);
  const tops = await page.locator('.point').evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)));
  assert.equal(new Set(tops).size, Math.ceil(tops.length / 2), 'points stand in two columns');

  await page.getByRole('button', { name: /^东门/ }).click();
  await page.getByRole('button', { name: '发现情况' }).click();
  await page.getByRole('radio', { name: '火灾隐患' }).check();
  await page.getByLabel('情况说明').fill(FOUND);
  // A slip takes the finding off, and one tap brings it back.
  await page.getByRole('button', { name: '取消', exact: true }).click();
  await page.getByText('火灾隐患').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '撤销' }).click();
  await page.getByText('火灾隐患').first().waitFor();

  // A slip throws the whole round away.
  await page.getByRole('button', { name: '结束' }).click();
  await page.getByRole('button', { name: '删除这次巡逻' }).click();
  await page.getByRole('button', { name: '撤销' }).click();
  await page.getByRole('link', { name: '正在走，回到巡逻' }).click();
  await page.getByRole('button', { name: '结束' }).click();
  await page.getByRole('button', { name: '删除这次巡逻' }).click();
  await page.getByRole('link', { name: /^出发/ }).waitFor();
  await page.waitForFunction(() => document.querySelector('.folded'));

  // Nobody undid it in time: it is there for a day, also after the battery ended.
  await page.waitForTimeout(300);
  await phone.kill();
  await phone.open();
  ({ page } = phone);
  await phone.goto('/');
  await page.getByText('已删除的 1 条').click();
  await page.getByRole('button', { name: /^恢复 巡逻/ }).click();
  await page.getByRole('link', { name: '正在走，回到巡逻' }).click();
  assert.equal(await page.getByRole('button', { name: /^东门/ }).getAttribute('aria-pressed'), 'true');
  await page.getByText('火灾隐患').first().waitFor();
  await page.getByRole('button', { name: '结束' }).click();
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('已存', { exact: true }).waitFor();

  await server.start();
  // The flat battery took the session along: opened anew with the password, the tablet has one.
  await phone.reload();
  await syncNow(phone);
  await allAtOffice(phone);
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, FOUND), 1, 'once, with all that was found');
});
