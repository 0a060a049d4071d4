// Two tabs over one tablet's records, and a tab of an older app while a newer one takes over.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { allAtOffice, office, officeHas, openFlat, recordVisit, syncNow, walkTo } from '../support/walk.mjs';

journey('of two tabs one writes, each in its turn, and every save reaches the office once', async (parts) => {
  const { server, people, tablets: [tablet] } = await office(parts, ['minzheng']);
  await server.kill();
  const first = tablet.page;
  await openFlat(tablet, '2幢', '301');
  await recordVisit(tablet, '第一个窗口写的');
  await tablet.goto('/new/service');
  await first.getByLabel('情况').pressSequentially('第一个窗口没写完');
  const second = await tablet.context.newPage();
  tablet.page = second;
  await second.goto(`${tablet.url}/`);
  await second.getByText('另一个窗口').waitFor();
  await second.getByRole('button', { name: '在这里用' }).click();
  await first.getByText('另一个窗口').waitFor({ timeout: 20_000 });
  // A notice is a screen too: the lock is what comes after it.
  await second.getByText('另一个窗口').waitFor({ state: 'detached' });
  await tablet.unlock();
  // Not by loading a page anew: that would let the first one have it back.
  await second.getByRole('link', { name: '门牌' }).click();
  await walkTo(tablet, '2幢', '301');
  await recordVisit(tablet, '第二个窗口写的');
  tablet.page = first;
  await first.bringToFront();
  await first.getByRole('button', { name: '在这里用' }).click();
  await second.getByText('另一个窗口').waitFor({ timeout: 20_000 });
  await first.getByText('另一个窗口').waitFor({ state: 'detached' });
  await tablet.unlock();
  await first.getByRole('link', { name: '今日' }).click();
  await first.getByRole('link', { name: '继续' }).first().click();
  assert.equal(await first.getByLabel('情况').inputValue(), '第一个窗口没写完', 'what was half written is there');
  await second.close();
  await server.start();
  await syncNow(tablet);
  await allAtOffice(tablet);
  for (const note of ['第一个窗口写的', '第二个窗口写的']) {
    assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, note), 1, note);
  }
});

journey('a newer app takes the records over while an old tab is open, which says so and has lost nothing', async (parts) => {
  const { server, tablets: [tablet] } = await office(parts, ['minzheng']);
  const { page } = tablet;
  await server.kill();
  await openFlat(tablet, '2幢', '301');
  await recordVisit(tablet, '升级之前写的');
  // What the next version of the app will do: ask for the database at a higher version. The old tab must not stand in the
  // way of it, and what its person wrote must be there.
  const newer = await tablet.context.newPage();
  await newer.goto(`${tablet.url}/manifest.webmanifest`);
  const rows = await newer.evaluate(async () => {
    const names = (await indexedDB.databases()).map((one) => one.name).filter((name) => name.startsWith('linli'));
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open(names[0], 99);
      const late = setTimeout(() => reject(new Error('the old tab does not let go')), 10_000);
      opening.onupgradeneeded = () => {};
      opening.onsuccess = () => {
        clearTimeout(late);
        const count = opening.result.transaction('log').objectStore('log').count();
        count.onsuccess = () => resolve(count.result);
      };
      opening.onerror = () => reject(opening.error);
    });
  });
  assert.equal(rows, 1, 'the visit waits in the newer app’s database');
  await page.bringToFront();
  await page.getByText('是新版本的邻里写的').waitFor({ timeout: 20_000 });
  assert.equal(await page.getByRole('navigation', { name: '导航' }).count(), 0, 'the old app touches nothing');
});
