// What the disk under the browser does to the records: bytes that changed, a database that is gone.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHELVES } from '../support/browser.mjs';
import { journey } from '../support/journey.mjs';
import { temporaryFolder } from '../support/places.mjs';
import { office, officeHas, openFlat, recordVisit } from '../support/walk.mjs';

const NOTE = '坏盘之前没交的';

for (const [name, shelf] of Object.entries(SHELVES)) {
  journey(`changed bytes of ${name} are noticed: all is there, or the loss is said and the office gives back the rest`, async (parts) => {
    const { server, people, tablets: [tablet] } = await office(parts, ['minzheng'], { shelf });
    await tablet.goto('/records/person');
    const whole = await countPeople(tablet);
    await server.kill();
    await openFlat(tablet, '2幢', '301');
    await recordVisit(tablet, NOTE);
    await tablet.close();
    const sound = join(temporaryFolder('sound'), 'profile');
    cpSync(tablet.profile, sound, { recursive: true });
    const seen = [];
    for (let seed = 1; seed <= 5; seed += 1) {
      rmSync(tablet.profile, { recursive: true });
      cpSync(sound, tablet.profile, { recursive: true });
      const place = damage(tablet, seed);
      await server.start();
      await tablet.open();
      const { page } = tablet;
      await page.goto(`${tablet.url}/sync`, { waitUntil: 'domcontentloaded' });
      const said = await settle(tablet, people.minzheng.password);
      await tablet.goto('/sync');
      await page.getByText(/已全部上传/).first().waitFor({ timeout: 60_000 });
      await tablet.goto('/records/person');
      await page.waitForFunction((count) => document.querySelector('.filters-count')?.textContent === count, whole);
      const arrived = await officeHas(server.url, 'zhuren', people.zhuren.password, NOTE);
      seen.push(`${place}: ${said ?? 'whole'}`);
      assert.ok(arrived === 1 || said, `${place}: the unsynced visit is gone and nothing was said`);
      await tablet.close();
      await server.kill();
    }
    console.log(`${name}\n  ${seen.join('\n  ')}`);
    tablet.errors = [];
  }, { timeout: 300_000 });
}

/** Goes on as the person would, whatever the app shows, until the records are open; what was said of a loss. */
async function settle(tablet, password) {
  const { page } = tablet;
  let said;
  for (;;) {
    const open = page.getByRole('navigation', { name: '导航' });
    const lost = page.getByRole('button', { name: '从办公室重新取回' });
    const broken = page.getByRole('heading', { name: '现在打不开记录库' });
    const enter = page.getByRole('button', { name: /^(打开|登录)$/ });
    await open.or(lost).or(broken).or(enter).first().waitFor({ timeout: 30_000 });
    if (await open.isVisible()) return said;
    if (await broken.isVisible()) {
      said = '现在打不开记录库';
      await page.getByRole('button', { name: '试过几次都打不开' }).click({ timeout: 2000 }).catch(() => {});
      await page.getByRole('button', { name: '丢掉，重新取回' }).click({ timeout: 2000 }).catch(() => {});
    } else if (await lost.isVisible()) {
      said = (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ');
      await lost.click();
    } else if (await enter.isEnabled()) {
      await page.getByLabel('账号').fill('minzheng');
      await page.getByLabel('密码', { exact: true }).fill(password);
      await enter.click();
    }
    await page.waitForTimeout(300);
  }
}

/** Changes some bytes of one of the browser's files; where. */
function damage(tablet, seed) {
  const files = tablet.shelfFiles().filter((path) => statSync(path).size > 2000).sort();
  const path = files[seed % files.length];
  const bytes = readFileSync(path);
  // From the middle half of the file on: what the app wrote, not the browser's own first page.
  const at = Math.floor(bytes.length * (0.2 + 0.15 * (seed % 5)));
  for (let byte = at; byte < Math.min(bytes.length, at + 64); byte += 1) bytes[byte] ^= 0xff;
  writeFileSync(path, bytes);
  return `${path.split('/').pop()} at ${at} of ${bytes.length}`;
}

/** How many people the ledger has, as it says. */
async function countPeople(tablet) {
  const count = tablet.page.locator('.filters-count');
  await count.waitFor();
  return await count.innerText();
}
