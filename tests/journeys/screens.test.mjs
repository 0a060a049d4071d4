// Every screen in three sizes and two languages: none overflows sideways, axe finds nothing. Pictures of what axe looked at
// lie in target/shots, for people to look at; with LINLI_SHOTS=1 of every size in each language, which takes minutes more.
// With LINLI_DOCS=1 the pictures that the README shows are written to docs/screens.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { faultsOf } from '../support/axe.mjs';
import { SIZES } from '../support/browser.mjs';
import { journey } from '../support/journey.mjs';
import { root } from '../support/places.mjs';
import { chooseRoster, roster } from '../support/roster.mjs';
import { demoData } from '../support/server.mjs';
import { accounts, openFlat, recordVisit, signIn, speak } from '../support/walk.mjs';

/** What the README shows. */
const SHOWN = [
  'household-800x1280-zh', 'today-1280x800-zh', 'building-1280x800-zh', 'new-service-800x1280-zh', 'sync-800x1280-zh',
  'patrol-390x844-zh', 'report-1280x800-zh', 'today-390x844-en', 'household-1280x800-en', 'board-1280x800-zh',
  'walk-set-out-390x844-zh', 'walk-390x844-zh', 'workshop-add-800x1280-zh',
];

/** In which size axe looks at a screen in each language: a tablet held upright, and the narrowest there is. */
const JUDGED = { zh: SIZES.tablet, en: SIZES.phone };

journey('every screen fits its size, in both languages', async (parts) => {
  const data = await demoData();
  const people = await accounts(data);
  const server = await parts.server({ data });
  const director = await parts.tablet({ url: server.url, name: 'director' });
  await director.goto('/');
  await everySize(director, { 'sign-in': '/' });
  await signIn(director, 'zhuren', people.zhuren.password);
  const flat = await openFlat(director, '3幢', '301');
  await recordVisit(director, '老人血压稳定，换了灯泡，女儿周末来');
  await director.goto(flat);
  const building = await director.page.locator('a[href^="/doors/"]').first().getAttribute('href');
  const person = await director.page.locator('a[href^="/person/"]').first().getAttribute('href');
  const record = await director.page.locator('a[href^="/record/"]').first().getAttribute('href');
  await director.goto(`/new/service?household=${flat.split('/').pop()}`);
  await director.page.getByLabel('情况').fill('来问换锁的事');
  await everySize(director, {
    today: '/',
    doors: '/doors',
    building,
    household: flat,
    person,
    records: '/records',
    record,
    'new-service': `/new/service?household=${flat.split('/').pop()}`,
    'new-aid': `/new/aid?person=${person.split('/').pop()}`,
    'new-task': '/new/task',
    board: '/board',
    devices: '/devices',
    trail: '/trail',
    edit: person.replace('/person/', '/edit/'),
    report: '/report?from=2009-01-01&to=2009-12-31',
    'report-figure': '/report/figure/visits-retirees?from=2009-01-01&to=2009-12-31',
    'report-edit': '/report/edit?from=2009-01-01&to=2009-12-31',
    sync: '/sync',
    roster: '/roster',
    workshop: '/workshop',
    'workshop-form': '/workshop/form/service',
    'workshop-labels': '/workshop/labels',
    'workshop-rules': '/workshop/rules',
    'workshop-figures': '/workshop/figures',
    'workshop-upload': '/workshop/upload',
    'workshop-try': '/workshop/form/service/try',
  });
  const adding = ({ page }) => page.getByRole('button', { name: /^(添加题目|Add a question)$/ }).click();
  await everySize(director, { 'workshop-add': '/workshop/form/service' }, adding);
  await director.goto('/workshop/labels');
  await director.page.getByLabel(/^添加标签/).fill('养犬户');
  await director.page.getByRole('button', { name: '添加', exact: true }).click();
  await everySize(director, { 'workshop-changes': '/workshop/changes' });
  // A roster of people who do not exist, with a fault to show.
  const faulty = roster([['试甲', 1, '901'], ['试乙', 2, '902', (id) => id.replace(/.$/, 'x')], ['', 3, '903']]);
  const check = async ({ page }) => {
    await chooseRoster(page, '名册.csv', faulty);
    await page.locator('.roster-row').first().waitFor();
  };
  await everySize(director, { 'roster-checked': '/roster' }, check);
  await director.goto('/roster');
  await check(director);
  await director.page.getByLabel('没有的楼栋一起建').check();
  await director.page.getByRole('button', { name: /^导入 \d+ 人/ }).click();
  await director.page.getByText('● 已导入').waitFor();
  await everySize(director, { 'roster-imported': '/roster' }, ({ page }) => page.locator('.roster-card').waitFor());

  const volunteer = await parts.tablet({ url: server.url, name: 'volunteer', size: SIZES.phone });
  await volunteer.goto('/');
  await signIn(volunteer, 'xunluo1', people.xunluo1.password);
  await everySize(volunteer, { patrol: '/', 'new-patrol': '/new/patrol', 'patrol-records': '/records', help: '/help', 'walk-set-out': '/walk/patrol' });
  await volunteer.goto('/walk/patrol');
  await volunteer.page.getByRole('button', { name: '出发' }).click();
  for (const point of ['东门', '车棚', '河桥']) await volunteer.page.getByRole('button', { name: point }).click();
  await everySize(volunteer, { walk: '/walk/patrol' });
  await everySize(volunteer, { 'walk-found': '/walk/patrol' }, ({ page }) => page.getByRole('button', { name: /^(发现情况|Found something)$/ }).click());
  await volunteer.goto('/walk/patrol');
  await everySize(volunteer, { 'walk-home': '/walk/patrol' }, ({ page }) => page.getByRole('button', { name: /^(结束|Finish)$/ }).click());
  const leader = await parts.tablet({ url: server.url, name: 'leader', size: SIZES.phone });
  await leader.goto('/');
  await signIn(leader, 'duizhang1', people.duizhang1.password);
  await everySize(leader, { rounds: '/' });
}, { timeout: 900_000 });

/** Takes a picture of each page in every size and language; `begin` does first what the picture shows. */
async function everySize(tablet, pages, begin = async () => {}) {
  const faults = [];
  for (const [name, path] of Object.entries(pages)) {
    for (const lang of ['zh', 'en']) {
      await speak(tablet, lang);
      await tablet.show('/help');
      await tablet.show(path);
      await begin(tablet);
      for (const size of Object.values(SIZES)) {
        await tablet.page.setViewportSize(size);
        await tablet.page.waitForTimeout(150);
        const shot = `${name}-${size.width}x${size.height}-${lang}`;
        const isJudged = JUDGED[lang] === size;
        const isShown = process.env.LINLI_DOCS && SHOWN.includes(shot);
        const file = (isJudged || isShown || process.env.LINLI_SHOTS) && (await tablet.shot(shot));
        if (isShown) keep(file, shot);
        const { wide, text } = await tablet.page.evaluate(() => ({
          wide: document.documentElement.scrollWidth - window.innerWidth,
          text: document.querySelector('main')?.innerText ?? '',
        }));
        assert.ok(wide <= 0, `${shot}: ${wide} px wider than the screen`);
        assert.ok(text.trim().length > 10, `${shot} is empty`);
        if (isJudged) faults.push(...(await faultsOf(tablet.page)).map((fault) => `${shot}: ${fault}`));
      }
    }
  }
  await speak(tablet, 'zh');
  assert.deepEqual([...new Set(faults.map((fault) => fault.replace(/-(zh|en): /, ': ').replace(/-\d+x\d+/, '')))], [], 'axe finds nothing');
}

function keep(file, name) {
  const folder = join(root, 'docs/screens');
  mkdirSync(folder, { recursive: true });
  copyFileSync(file, join(folder, `${name}.png`));
}
