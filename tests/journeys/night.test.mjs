// At night: the screens in dark colours, as legible as by day.
import assert from 'node:assert/strict';
import { faultsOf } from '../support/axe.mjs';
import { SIZES } from '../support/browser.mjs';
import { journey } from '../support/journey.mjs';
import { office, openFlat, signIn } from '../support/walk.mjs';

journey('in the dark every screen keeps its contrast', async (parts) => {
  const { server, people, tablets: [tablet] } = await office(parts, ['zhuren']);
  const flat = await openFlat(tablet, '3幢', '301');
  const building = await tablet.page.locator('a[href^="/doors/"]').first().getAttribute('href');
  const volunteer = await parts.tablet({ url: server.url, name: 'volunteer', size: SIZES.phone });
  await volunteer.goto('/');
  await signIn(volunteer, 'xunluo1', people.xunluo1.password);
  const faults = [];
  const look = async (on, pages) => {
    await on.page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    for (const [name, path] of Object.entries(pages)) {
      await on.goto(path);
      await on.page.getByRole('heading', { level: 1 }).first().waitFor();
      const paper = await on.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(paper, 'rgb(22, 21, 19)', `${name} is on dark paper`);
      await on.shot(`night-${name}`);
      faults.push(...(await faultsOf(on.page)).map((fault) => `${name}: ${fault}`));
    }
  };
  await look(tablet, {
    today: '/', doors: '/doors', building, household: flat, 'new-service': `/new/service?household=${flat.split('/').pop()}`,
    'new-aid': '/new/aid', records: '/records', board: '/board', report: '/report?from=2009-01-01&to=2009-12-31', sync: '/sync', review: '/review',
  });
  await look(volunteer, { patrol: '/', walk: '/walk/patrol', help: '/help' });
  assert.deepEqual(faults, []);
});
