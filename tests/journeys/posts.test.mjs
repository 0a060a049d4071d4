// Every post signs in on its own tablet, records what it may, and the office has it.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { accounts, allAtOffice, officeHas, openFlat, recordVisit, save, signIn, syncNow } from '../support/walk.mjs';
import { demoData } from '../support/server.mjs';

/** Posts that write no visits record a patrol instead. */
const PATROLLERS = ['police', 'volunteer'];

journey('every post signs in, records what it may, and the office has it', async (parts) => {
  const data = await demoData({ households: 200 });
  const people = await accounts(data);
  const server = await parts.server({ data });
  const seen = new Set();
  for (const [account, { password, post }] of Object.entries(people)) {
    if (seen.has(post)) continue;
    seen.add(post);
    const tablet = await parts.tablet({ url: server.url, name: account });
    await tablet.goto('/');
    await signIn(tablet, account, password);
    if (PATROLLERS.includes(post)) {
      await tablet.goto('/new/patrol');
      await tablet.page.getByRole('textbox', { name: /^走了几分钟/ }).fill('47');
      await save(tablet);
    } else {
      await openFlat(tablet, '1幢', '201');
      await recordVisit(tablet, `${post} 来过`);
    }
    await syncNow(tablet);
    await allAtOffice(tablet);
    if (post === 'volunteer') {
      await tablet.goto('/doors');
      assert.equal(await tablet.page.locator('a[href^="/household/"]').count(), 0, 'a volunteer sees no household');
    } else if (!PATROLLERS.includes(post)) {
      assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, `${post} 来过`), 1, post);
    }
    await tablet.close();
  }
  assert.equal(seen.size, 9, [...seen].join(' '));
});
