// Every post signs in on its own tablet, records what it may, and the office has it.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { accounts, allAtOffice, choose, officeHas, openFlat, recordVisit, save, signIn, syncNow } from '../support/walk.mjs';
import { demoData } from '../support/server.mjs';

/** What posts record that write no visits; each gives the words the office is asked for, or none. */
const OTHERS = {
  police: patrol,
  volunteer: patrol,
  team_leader: meeting,
  party: meeting,
  migrants: leaflets,
  corrections: task,
};

async function patrol(tablet) {
  await tablet.show('/new/patrol');
  await tablet.page.getByRole('textbox', { name: /^巡逻分钟数/ }).fill('47');
}

async function meeting(tablet, post) {
  await tablet.show('/new/activity');
  await choose(tablet, '日常活动');
  await tablet.page.getByLabel('名称').fill(`${post} 活动`);
  await tablet.page.getByRole('textbox', { name: /^参加人数/ }).fill('46');
  return `${post} 活动`;
}

async function leaflets(tablet, post) {
  await tablet.show('/new/handout');
  await choose(tablet, '宣传资料');
  await tablet.page.getByRole('textbox', { name: /^件数/ }).fill('60');
  await tablet.page.getByLabel('备注').fill(`${post} 发的`);
  return `${post} 发的`;
}

async function task(tablet, post) {
  await tablet.show('/new/task');
  await tablet.page.getByLabel('任务内容').fill(`${post} 派的`);
  await tablet.page.getByLabel('承办岗位').selectOption({ label: '社区主任' });
  return `${post} 派的`;
}

journey('every post signs in, records what it may, and the office has it', async (parts) => {
  const data = await demoData({ households: 200 });
  const people = await accounts(data);
  const server = await parts.server({ data });
  const seen = new Set();
  for (const [account, { password, post }] of Object.entries(people)) {
    if (seen.has(post)) continue;
    seen.add(post);
    const tablet = await parts.tablet({ url: server.url, name: account });
    await tablet.show('/');
    await signIn(tablet, account, password);
    let words = `${post} 来过`;
    if (OTHERS[post]) {
      words = await OTHERS[post](tablet, post);
      await save(tablet);
    } else {
      await openFlat(tablet, '1幢', '201');
      await recordVisit(tablet, words);
    }
    await syncNow(tablet);
    await allAtOffice(tablet);
    if (post === 'volunteer') {
      await tablet.show('/doors');
      assert.equal(await tablet.page.locator('a[href^="/household/"]').count(), 0, 'a volunteer sees no household');
    } else if (words) {
      assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, words), 1, post);
    }
    await tablet.close();
  }
  assert.equal(seen.size, 14, [...seen].join(' '));
}, { timeout: 300_000 });
