// The app itself, as its user meets it: the real server, the real screens, the tablet sealed. Times end when the screen stands
// there, so they hold what the peers' do not: the program's own start, the lock (Argon2id), drawing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tests/support/places.mjs';
import { demoData, startServer } from '../../tests/support/server.mjs';
import { accounts, signIn } from '../../tests/support/walk.mjs';
import { ACCOUNT, SIZES } from '../records.mjs';
import { SLOW } from './peers.mjs';
import { Seat } from './seat.mjs';

const SAVES = 40;
const STORE_SAVES = 100;
const FRAMES = 120;

/** In every page: when the form was sent, when the first screen stood there, how long saves took from press to stamp. */
const WATCH = () => {
  const seen = (globalThis.linliBench = { saves: [] });
  addEventListener('submit', () => ((seen.pressed = performance.now()), (seen.stamped = false)), true);
  new MutationObserver(() => {
    if (seen.pressed && document.querySelector('.frame h1')) seen.first ??= performance.now() - seen.pressed;
    if (seen.stamped === false && document.querySelector('.stamp')) {
      seen.stamped = true;
      seen.saves.push(performance.now() - seen.pressed);
    }
  }).observe(document, { childList: true, subtree: true });
};

/** The app over a community of a size; `data` is what the peers were asked. */
export async function measureApp(size, data, { fills, starts, shelf = 'leveldb' }) {
  const { households, years } = SIZES[size];
  const folder = await demoData({ households, years });
  const people = await accounts(folder);
  const password = people[ACCOUNT].password;
  const server = await startServer({ data: folder });
  const result = { name: 'Linli, the app, sealed', insert: [], first: [], all: [], firstSlow: [], allSlow: [] };
  let seat;
  try {
    // The server makes its blocks once for all tablets: not what a tablet waits for.
    await filled(new Seat(server.url, shelf), password);
    for (let run = 0; run < fills; run += 1) {
      seat = new Seat(server.url, shelf);
      result.insert.push(await filled(seat, password));
    }
    await server.kill();
    for (let run = 0; run < starts; run += 1) {
      const { first, all } = await cold(seat, password);
      result.first.push(first);
      result.all.push(all);
      if (run === starts - 1) {
        result.memory = await seat.memory();
        result.save = await saves(seat, data.asked);
        Object.assign(result, await frames(seat, data.asked));
      }
      await seat.close();
    }
    const slow = await cold(seat, password, SLOW);
    result.firstSlow.push(slow.first);
    result.allSlow.push(slow.all);
    result.saveSlow = await saves(seat, data.asked);
    const slowFrames = await frames(seat, data.asked);
    for (const [what, times] of Object.entries(slowFrames)) result[`${what}Slow`] = times;
    await seat.close();
    result.disk = seat.disk();
    await server.start();
    result.store = await store(seat, server, data.asked, password).catch((error) => console.error(`the store's page: ${error.stack}`));
  } finally {
    await server.stop();
  }
  return result;
}

/** A new tablet: from "sign in" to the first screen with everything stored. */
export async function filled(seat, password) {
  await seat.open();
  await seat.tablet.context.addInitScript(WATCH);
  await seat.tablet.goto('/');
  await seat.tablet.readyForOffline();
  const start = Date.now();
  await signIn(seat.tablet, ACCOUNT, password);
  await seat.page.getByText(/^已全部上传/).first().waitFor({ state: 'attached', timeout: 120_000 });
  const took = Date.now() - start;
  await seat.close();
  return took;
}

/** A start without a network: from the password to the first screen, and to every record open. */
export async function cold(seat, password, slow = 1) {
  await seat.open(slow);
  await seat.tablet.context.addInitScript(WATCH);
  const { page } = seat;
  seat.tablet.key = undefined;
  await page.goto(`${seat.tablet.url}/`);
  await page.getByLabel(/^(账号|Account)$/).fill(ACCOUNT);
  await page.getByLabel(/^(密码|Password)$/).fill(password);
  await page.getByRole('button', { name: /^(打开|Open)$/ }).click();
  await page.waitForFunction(() => globalThis.linliBench.first, undefined, { timeout: 120_000 });
  // An app that opens the rest behind its first screen says when it has all; one that does not has all by then.
  return page.evaluate(async () => {
    const { first, pressed } = globalThis.linliBench;
    const mark = (name) => performance.getEntriesByName(name).at(-1)?.startTime;
    for (let tries = 0; tries < 3000 && mark('linli:first') !== undefined && mark('linli:all') === undefined; tries += 1) {
      await new Promise((later) => setTimeout(later, 20));
    }
    return { first, all: Math.max(first, (mark('linli:all') ?? 0) - pressed) };
  });
}

/** Goes there as the app's own links do: a new page would ask for the password again. */
async function go(page, path) {
  await page.evaluate((path) => {
    history.pushState({}, '', path);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
}

/** How long frames take while one scrolls (a fling of two seconds), and how long it takes from a key to the next frame. */
export async function frames({ page }, asked) {
  const scrolled = async (path, shown) => {
    await go(page, path);
    await page.locator(shown).first().waitFor();
    await page.waitForTimeout(500);
    return page.evaluate(
      (count) =>
        new Promise((done) => {
          const room = (element) => element.scrollHeight - element.clientHeight;
          const scrolls = (element) => element === document.scrollingElement || /auto|scroll/.test(getComputedStyle(element).overflowY);
          const [box] = [...document.querySelectorAll('*')].filter((element) => scrolls(element)).sort((a, b) => room(b) - room(a));
          const took = [];
          let [last, way] = [performance.now(), 140];
          const step = (now) => {
            took.push(now - last);
            last = now;
            if (box.scrollTop + way > room(box) || box.scrollTop + way < 0) way = -way;
            box.scrollTop += way;
            if (took.length <= count) requestAnimationFrame(step);
            else done(took.slice(1));
          };
          requestAnimationFrame(step);
        }),
      FRAMES,
    );
  };
  const scrollDoors = await scrolled('/doors', '.building');
  const scrollBuilding = await scrolled(`/doors/${asked.building}`, 'a[href^="/household/"]');
  const scrollLedger = await scrolled('/records/service', 'tbody tr:not([aria-hidden])');
  await go(page, '/');
  const box = page.getByRole('searchbox').first();
  await box.waitFor();
  await page.evaluate(() => {
    linliBench.keys = [];
    addEventListener('keydown', () => {
      const pressed = performance.now();
      requestAnimationFrame(() => setTimeout(() => linliBench.keys.push(performance.now() - pressed)));
    }, true);
  });
  for (const word of ['wangxiuying', 'zhw', '301', 'liguolan']) {
    await box.fill('');
    await box.pressSequentially(word, { delay: 120 });
  }
  await page.waitForTimeout(500);
  return { scrollDoors, scrollBuilding, scrollLedger, keys: await page.evaluate(() => linliBench.keys) };
}

export async function saves({ page }, asked) {
  const home = asked.households[0];
  const all = [];
  for (let n = 0; n < SAVES; n += 1) {
    await go(page, `/new/service?household=${home}`);
    await page.getByLabel('情况').fill(`第${n}次，血压稳定`);
    await page.getByRole('button', { name: /^保存/ }).click();
    await page.waitForFunction(() => globalThis.linliBench.saves.length > 0);
    all.push(...(await page.evaluate(() => globalThis.linliBench.saves.splice(0))));
    if (!(await page.getByText('已存', { exact: true }).isVisible())) await page.getByText('已存', { exact: true }).waitFor();
  }
  return all;
}

/** The same database without the screens: benches/tablet/ours.rs in a page of the same origin. */
async function store(seat, server, asked, password) {
  const page = await beside(seat);
  await server.kill();
  const result = {};
  for (const [slow, more] of [[1, ''], [SLOW, 'Slow']]) {
    await seat.cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    await page.goto(`${seat.tablet.url}/bench/`);
    await page.waitForFunction(() => globalThis.ours);
    if (slow !== 1) await seat.cdp.send('Emulation.setCPUThrottlingRate', { rate: slow });
    const call = (what, ...words) => page.evaluate(([what, words]) => ours[what](...words), [what, words]);
    result[`open${more}`] = await call('open', ACCOUNT, password);
    result.records = await call('records');
    const ids = asked.records.map(({ id }) => id);
    await call('get', ids.slice(0, 5));
    result[`get${more}`] = [...(await call('get', ids))];
    await call('household', asked.households.slice(0, 5));
    result[`household${more}`] = [...(await call('household', asked.households))];
    const [index, ...search] = await call('search', asked.search);
    Object.assign(result, { [`index${more}`]: index, [`search${more}`]: search });
    const year = Number(asked.report.from.slice(0, 4));
    result[`report${more}`] = [await call('report', year), await call('report', year)];
    result[`memory${more}`] = await seat.memory();
    for (const kind of ['Plain', 'Sealed']) {
      const runs = [];
      for (let run = 0; run < (slow === 1 ? 3 : 1); run += 1) runs.push([...(await call('keep', kind === 'Sealed'))]);
      result[`keep${kind}${more}`] = runs;
    }
    result[`save${more}`] = [...(await call('save', asked.visit.id, STORE_SAVES))];
  }
  await seat.close();
  return result;
}

/** Opens the profile at a page without screens, past the app's service worker. */
async function beside(seat) {
  await seat.open();
  await seat.page.goto(`${seat.tablet.url}/`);
  await seat.page.evaluate(async () => {
    for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
  });
  await showOurs(seat);
  return seat.page;
}

/** Shows benches/tablet/ours.rs at /bench/ of the app's origin, in a page whose clock steps finely. */
export async function showOurs({ page, tablet }) {
  const folder = join(root, 'target/bench/ours');
  const html = `<!doctype html><meta charset="utf-8"><script type="module">
    import init, * as ours from '/bench/ours.js'; await init({ module_or_path: '/bench/ours_bg.wasm' }); globalThis.ours = ours;</script>`;
  const types = { js: 'text/javascript', wasm: 'application/wasm' };
  await page.route('**/bench/**', (route) => {
    const name = new URL(route.request().url()).pathname.slice('/bench/'.length);
    const headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
    const contentType = name === '' ? 'text/html' : types[name.split('.').pop()];
    return route.fulfill({ headers, contentType, body: name === '' ? html : readFileSync(join(folder, name)) });
  });
  // It would fetch the whole app beside what is measured.
  await page.addInitScript(() => delete Navigator.prototype.serviceWorker);
  await page.goto(`${tablet.url}/bench/`);
  await page.waitForFunction(() => globalThis.ours);
}
