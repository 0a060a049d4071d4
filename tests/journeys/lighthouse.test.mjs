// Lighthouse's opinion: accessibility and best practices without a fault. What it says of speed is printed here and held in the
// benchmarks: a busy machine must not fail a test.
import assert from 'node:assert/strict';
import { SIZES } from '../support/browser.mjs';
import { journey } from '../support/journey.mjs';
import { asItStands, firstVisit, freePort } from '../support/lighthouse.mjs';
import { demoData } from '../support/server.mjs';
import { accounts, openFlat, signIn } from '../support/walk.mjs';

journey('lighthouse finds nothing amiss on the first visit, nor on the screens behind it', async (parts) => {
  const data = await demoData({ households: 200 });
  const people = await accounts(data);
  const server = await parts.server({ data });
  const port = await freePort();
  const flags = [`--remote-debugging-port=${port}`];
  const phone = await parts.tablet({ url: server.url, name: 'phone', size: SIZES.phone, flags });
  const first = await firstVisit(`${server.url}/`, port);
  console.log('first visit on a slow phone:', JSON.stringify({ ...first.scores, ...first.times }));
  assert.deepEqual(first.amiss, []);
  assert.equal(first.scores.accessibility, 100);
  assert.equal(first.scores['best-practices'], 100);

  await phone.show('/');
  await signIn(phone, 'zhuren', people.zhuren.password);
  const flat = await openFlat(phone, '3幢', '301');
  for (const path of ['/', '/doors', flat, `/new/service?household=${flat.split('/').pop()}`, '/records', '/board', '/report', '/sync']) {
    await phone.show(path);
    await phone.page.getByRole('heading', { level: 1 }).first().waitFor();
    const seen = await asItStands(phone.page.url(), port);
    assert.deepEqual(seen.amiss, [], path);
    assert.equal(seen.scores.accessibility, 100, path);
  }
}, { timeout: 300_000 });
