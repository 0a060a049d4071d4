// Two tablets, one person: both end with the same, and what lost is kept and shown. And a record the office refuses.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { journey } from '../support/journey.mjs';
import { linli } from '../support/places.mjs';
import { allAtOffice, choose, office, openFlat, save, sign, syncNow, writeApart } from '../support/walk.mjs';

journey('two tablets edit one phone offline: both converge, the loser is kept and shown', async (parts) => {
  const there = await office(parts, ['minzheng', 'tuiguan']);
  const { tablets } = there;
  const person = await writeApart(there, /^电话/, ['13900010001', '13900010002']);
  for (const tablet of tablets) {
    await tablet.goto(person.replace('/person/', '/record/'));
    await tablet.page.getByText(/另有一个写法/).waitFor();
    const eyes = tablet.page.locator('dd', { hasText: '另有一个写法' }).getByRole('button', { name: '显示' });
    // From the last: an uncovered one is no longer called so.
    for (let n = (await eyes.count()) - 1; n >= 0; n -= 1) await eyes.nth(n).click();
    const told = await tablet.page.locator('dd', { hasText: '另有一个写法' }).innerText();
    assert.match(told, /^13900010002/, 'the later edit shows, on both');
    assert.match(told, /另有一个写法[\s\S]*13900010001/, 'the earlier one is kept, on both');
  }
  await tablets[0].page.getByRole('button', { name: '用这个' }).click();
  await tablets[0].page.getByText('已存', { exact: true }).waitFor();
  await tablets[0].page.getByText(/另有一个写法/).waitFor({ state: 'detached' });
});

journey('a refused record stays readable with its reason, and can be mended and sent again', async (parts) => {
  const { data, server, tablets: [tablet] } = await office(parts, ['minzheng']);
  await openFlat(tablet, '2幢', '201');
  await tablet.page.locator('a[href^="/person/"]').first().click();
  await tablet.page.waitForURL(/\/person\//);

  await server.kill();
  // The office gives the account another post, which may not pay out; the tablet has not heard of it.
  setPost(data, 'minzheng', 'retirees');
  await tablet.page.getByRole('link', { name: /^发放/ }).first().click();
  await choose(tablet, '应急');
  await tablet.page.getByLabel(/^金额/).fill('88.80');
  await sign(tablet);
  await save(tablet);
  await server.start();
  await syncNow(tablet);
  await tablet.page.getByText('1 条上传未通过').first().waitFor();
  await tablet.page.getByText('您的岗位不能写这类记录').waitFor();

  await server.kill();
  setPost(data, 'minzheng', 'civil_affairs');
  await server.start();
  await tablet.goto('/sync');
  await tablet.page.getByRole('link', { name: /打开修改/ }).click();
  await tablet.page.getByText('您的岗位不能写这类记录').waitFor();
  assert.equal(await tablet.page.getByLabel(/^金额/).inputValue(), '88.80', 'all that was written is there');
  await save(tablet);
  await syncNow(tablet);
  await allAtOffice(tablet);
});

function setPost(data, account, post) {
  execFileSync(linli, ['admin', '--data', data, 'account', 'post', account, post]);
}
