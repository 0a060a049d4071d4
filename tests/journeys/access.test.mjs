// For those who do not see the screen, do not use a mouse, or need larger type: names and roles, the keyboard alone, twice the
// text. The trees are kept beside this file; UPDATE=1 writes them anew.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SIZES } from '../support/browser.mjs';
import { journey } from '../support/journey.mjs';
import { root } from '../support/places.mjs';
import { office, openFlat, signIn } from '../support/walk.mjs';

const TREES = join(root, 'tests/journeys/trees');

/** What a screen reader is told of the page, without what changes by the day. */
async function tree(page) {
  // What says how things stand with the office comes and goes; the page itself is there by then.
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  const told = await page.locator('body').ariaSnapshot();
  return `${told.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID').replace(/\d+/g, '#').replace(/周[一二三四五六日]/g, '周#').replace(/(已全部上传|没有待上传的记录|# 条待上传)[^"\n]*/g, 'SYNC')}\n`;
}

journey('what a screen reader is told stays as it was agreed on', async (parts) => {
  const { server, people, tablets: [tablet] } = await office(parts, ['minzheng']);
  const volunteer = await parts.tablet({ url: server.url, name: 'volunteer', size: SIZES.phone });
  await volunteer.show('/');
  await volunteer.page.getByLabel(/^账号$/).waitFor();
  // Said once all of the app is kept.
  await volunteer.page.getByText('登录一次，以后没有网络也能用。').waitFor();
  const found = { 'sign-in': await tree(volunteer.page) };
  await signIn(volunteer, 'xunluo1', people.xunluo1.password);
  await volunteer.show('/walk/patrol');
  found['walk-set-out'] = await tree(volunteer.page);
  await volunteer.page.getByRole('button', { name: '出发' }).click();
  await volunteer.page.getByRole('button', { name: /^东门/ }).click();
  found.walk = await tree(volunteer.page);
  await volunteer.show('/help');
  found['help-volunteer'] = await tree(volunteer.page);
  const flat = await openFlat(tablet, '3幢', '301');
  await tablet.show(`/new/service?household=${flat.split('/').pop()}`);
  found['new-service'] = await tree(tablet.page);
  await tablet.show('/help');
  found['help-officer'] = await tree(tablet.page);
  await tablet.show('/review');
  found.review = await tree(tablet.page);
  mkdirSync(TREES, { recursive: true });
  for (const [name, told] of Object.entries(found)) {
    const file = join(TREES, `${name}.yml`);
    if (process.env.UPDATE) writeFileSync(file, told);
    assert.ok(existsSync(file), `${file} is missing: UPDATE=1 writes it`);
    assert.equal(told, readFileSync(file, 'utf8'), `${name}: look at it, then UPDATE=1`);
  }
});

journey('a visit is recorded with the keyboard alone, and one always sees where one is', async (parts) => {
  const { tablets: [tablet] } = await office(parts, ['minzheng']);
  const { page } = tablet;
  await tablet.show('/');
  const hidden = [];
  /** Tabs on until what has the focus is called so. */
  const tabTo = async (name) => {
    for (let n = 0; n < 120; n += 1) {
      await page.keyboard.press('Tab');
      const { text, isMarked } = await page.evaluate(() => {
        const at = document.activeElement;
        if (at === document.body) return { text: '', isMarked: true };
        const labels = [...(at.labels ?? [])].map((label) => label.innerText).join(' ');
        const marked = (element) => {
          const style = getComputedStyle(element);
          return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        };
        // A choice draws its ring on the words beside it, a file button on its label.
        const near = [at, at.nextElementSibling, at.parentElement].filter(Boolean);
        return { text: `${at.getAttribute('aria-label') ?? ''} ${labels} ${at.innerText ?? ''}`.trim(), isMarked: near.some(marked) };
      });
      if (!isMarked) hidden.push(text);
      if (name.test(text)) return;
    }
    assert.fail(`no way by Tab to ${name}`);
  };
  await tabTo(/找人/);
  await page.keyboard.type('3-1-301');
  await tabTo(/3幢1单元301/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/household\//);
  await tabTo(/^走访$/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/new\//);
  await tabTo(/情况/);
  await page.keyboard.type('没有用鼠标');
  await tabTo(/^保存/);
  await page.keyboard.press('Enter');
  await page.getByText('已存', { exact: true }).waitFor();
  await page.getByText('没有用鼠标').first().waitFor();
  assert.deepEqual(hidden.filter((text) => !/^$/.test(text)), [], 'everything that has the focus shows it');
});

journey('with letters twice as large nothing is cut off or runs out of the screen', async (parts) => {
  const { server, people, tablets: [tablet] } = await office(parts, ['zhuren']);
  const flat = await openFlat(tablet, '3幢', '301');
  const volunteer = await parts.tablet({ url: server.url, name: 'volunteer', size: SIZES.phone });
  await volunteer.show('/');
  await signIn(volunteer, 'xunluo1', people.xunluo1.password);
  const walks = [
    [tablet, ['/', '/doors', flat, `/new/service?household=${flat.split('/').pop()}`, '/records', '/board', '/report', '/sync', '/review', '/help']],
    [volunteer, ['/', '/walk/patrol', '/help']],
  ];
  for (const [on, pages] of walks) {
    for (const path of pages) {
      await on.show(path);
      await on.page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
      await on.page.waitForTimeout(200);
      const wide = await on.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      await on.shot(`large-${path.split('?')[0].replaceAll('/', '-').replace(/[0-9a-f]{8}-[0-9a-f-]+/, '') || '-'}-${on.name}`);
      assert.ok(wide <= 0, `${path}: ${wide} px wider than the screen`);
    }
  }
});
