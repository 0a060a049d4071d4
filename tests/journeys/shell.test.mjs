// The app's shell: starting without a network, and updating without taking anyone's page away. The app is served from a
// copy of dist/, so that a test can put a new version there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isLater } from '../../xtask/precache.mjs';
import { journey } from '../support/journey.mjs';
import { dist, root, temporaryFolder } from '../support/places.mjs';
import { emptyData } from '../support/server.mjs';

/** A server that serves the app from a folder of this test's own. */
async function officeWith(parts) {
  const folder = temporaryFolder('dist');
  cpSync(dist, folder, { recursive: true });
  const server = await parts.server({ data: await emptyData(), arguments: ['--dist', folder] });
  return { server, folder };
}

/** What the build does after Trunk, on a folder in which something was changed. */
function buildAgain(folder) {
  execFileSync(process.execPath, [join(root, 'xtask/precache.mjs')], {
    env: { ...process.env, TRUNK_STAGING_DIR: folder, TRUNK_PROFILE: 'release' },
  });
}

/** Opens the app and waits until its worker holds all of it; the app itself registers the worker. */
async function openInstalled(parts, url) {
  const tablet = await parts.tablet({ url });
  await tablet.goto('/');
  await tablet.readyForOffline();
  await tablet.reload();
  return tablet;
}

/** The build that the page's worker, or the one that waits, was made with. */
const buildOf = (tablet, which) =>
  tablet.page.evaluate(async (which) => {
    const registration = await navigator.serviceWorker.ready;
    const worker = which === 'waiting' ? registration.waiting : navigator.serviceWorker.controller;
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve) => (port1.onmessage = (event) => resolve(event.data)));
    worker.postMessage({ type: 'BUILD' }, [port2]);
    return answer;
  }, which);

journey('the app starts without a server, on any of its addresses', async (parts) => {
  const { server } = await officeWith(parts);
  const tablet = await openInstalled(parts, server.url);
  await server.kill();
  await tablet.reload();
  await tablet.goto('/sync');
  await tablet.kill();
  await tablet.open();
  await tablet.goto('/');
  assert.equal(await tablet.page.locator('#skeleton').count(), 0);
});

/** KiB over the wire, in brotli, with a tenth to spare. One that is no longer needed in full is taken down by hand. */
const BUDGETS = { first: 205, all: 1700 };

journey('what the sign-in waits for, and all of the app, keep to their budgets over the wire', async (parts) => {
  const { server, folder } = await officeWith(parts);
  const tablet = await parts.tablet({ url: server.url });
  await tablet.goto('/');
  const fetched = await tablet.page.evaluate(() =>
    ['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type)).map(({ name, encodedBodySize }) => [name, encodedBodySize]),
  );
  const first = fetched.filter(([name]) => !isLater(name) && !name.includes('/icons/'));
  assert.ok(first.some(([name]) => name.endsWith('_bg.wasm')), `${first}`);
  const kib = (bytes) => Math.round(bytes.reduce((sum, size) => sum + size, 0) / 1024);
  const [own, whole] = [kib(first.map(([, size]) => size)), kib(readdirSync(folder).filter((name) => name.endsWith('.br')).map((name) => statSync(join(folder, name)).size))];
  console.log(`over the wire: first ${own} KiB, all ${whole} KiB`);
  assert.ok(own <= BUDGETS.first, `the sign-in waits for ${own} KiB, its budget is ${BUDGETS.first}`);
  assert.ok(whole <= BUDGETS.all, `the app is ${whole} KiB, its budget is ${BUDGETS.all}`);
});

journey('the worker holds the app and never stands between the page and the office', async (parts) => {
  const { server } = await officeWith(parts);
  const tablet = await openInstalled(parts, server.url);
  const status = (path) => tablet.page.evaluate(async (path) => (await fetch(path)).status, path);
  assert.equal(await status('/no-such-0123456789abcdef.js'), 404);
  assert.equal(await status('/api/openapi.json'), 200);
  const cached = await tablet.page.evaluate(async () => {
    const requests = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map((request) => new URL(request.url).pathname);
  });
  assert.ok(cached.some((path) => path.endsWith('.wasm')) && cached.includes('/'), cached.join(' '));
  assert.ok(!cached.some((path) => path.startsWith('/api/') || path === '/sw.js'), cached.join(' '));
  await server.kill();
  const answer = tablet.page.evaluate(() => fetch('/api/openapi.json').then(() => 'an answer', () => 'none'));
  assert.equal(await answer, 'none');
});

journey('a new version waits until it is asked for, and fetches only what changed', async (parts) => {
  const { server, folder } = await officeWith(parts);
  const line = await parts.proxy(server);
  const tablet = await openInstalled(parts, line.url);
  const before = await buildOf(tablet, 'active');

  appendFileSync(join(folder, 'gate.css'), '/* a new version */\n');
  buildAgain(folder);
  const received = line.received;
  await tablet.page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    while (!registration.waiting) await new Promise((resolve) => setTimeout(resolve, 20));
  });
  const waiting = await buildOf(tablet, 'waiting');
  assert.notEqual(waiting.id, before.id);
  assert.equal((await buildOf(tablet, 'active')).id, before.id, 'the page keeps its version');
  const wasm = readdirSync(folder).find((name) => name.endsWith('_bg.wasm.br'));
  const fetched = line.received - received;
  assert.ok(fetched < statSync(join(folder, wasm)).size, `fetched ${fetched} bytes for one changed style sheet`);

  // The app reloads by itself when the worker changes: one reload, and the new version is there.
  const reloaded = tablet.page.waitForEvent('load');
  await tablet.page.evaluate(async () => {
    (await navigator.serviceWorker.ready).waiting.postMessage({ type: 'SKIP_WAITING' });
  });
  await reloaded;
  await tablet.started();
  assert.equal((await buildOf(tablet, 'active')).id, waiting.id);
  const names = await tablet.page.evaluate(() => caches.keys());
  assert.deepEqual(names, [`linli-${waiting.id}`], 'the old version is gone');
});

journey('an installation that a cut line broke off goes on where it was', async (parts) => {
  const { server, folder } = await officeWith(parts);
  const line = await parts.proxy(server);
  const tablet = await openInstalled(parts, line.url);
  const before = await buildOf(tablet, 'active');

  appendFileSync(join(folder, 'gate.css'), '/* a new version */\n');
  appendFileSync(join(folder, 'manifest.webmanifest'), '\n');
  buildAgain(folder);
  // Enough for the new sw.js, not for all that changed.
  const cut = line.cutAfter(statSync(join(folder, 'sw.js.br')).size + 1500);
  await tablet.page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update().catch(() => {})));
  await cut;
  await tablet.reload();
  assert.equal((await buildOf(tablet, 'active')).id, before.id, 'the old version still serves');

  await line.restore();
  await tablet.page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    for (let tries = 0; tries < 200 && !registration.waiting; tries += 1) {
      await registration.update().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  assert.notEqual((await buildOf(tablet, 'waiting')).id, before.id);
});

journey('a browser too old for the app says so, in both languages', async (parts) => {
  const { server } = await officeWith(parts);
  const tablet = await parts.tablet({ url: server.url });
  // What Safari 14 lacks: WebAssembly without reference types.
  await tablet.context.addInitScript(() => (WebAssembly.validate = () => false));
  await tablet.page.goto(server.url);
  const words = tablet.page.locator('#skeleton-words');
  await words.filter({ hasText: '这个浏览器太旧' }).filter({ hasText: 'This browser is too old' }).waitFor();
  await tablet.shot('too-old');
});

journey('an app that cannot be fetched says that nothing is lost', async (parts) => {
  const { server } = await officeWith(parts);
  const tablet = await parts.tablet({ url: server.url });
  await tablet.context.route(/_bg\.wasm$/, (route) => route.abort());
  await tablet.page.goto(server.url);
  await tablet.page.locator('#skeleton-words').filter({ hasText: '已经记下的内容都在' }).waitFor();
  // The exception that the missing file causes is the point of this test.
  tablet.errors.length = 0;
});
