/* The service worker: makes the app start without a network. It holds the app's own files and nothing else: records
 * live in IndexedDB, and sync is the page's work. A request under /api/ is never touched here.
 *
 * The build (xtask/precache.mjs) fills in BUILD, so that these bytes change whenever any file of the app changes, and
 * the browser notices a new version by comparing them.
 *
 * What the page does (src/updates.rs):
 * - registers '/sw.js' with { scope: '/', updateViaCache: 'none' }, and calls registration.update() now and then;
 * - when registration.waiting is set and navigator.serviceWorker.controller too, a new version is ready: it shows the
 *   banner, and on a tap, with no form half-written, posts { type: 'SKIP_WAITING' } to registration.waiting;
 * - on 'controllerchange' it reloads once. The first install raises no such event: this worker does not claim pages.
 * - { type: 'BUILD' } with a MessageChannel port is answered { type: 'BUILD', id, files, kept }: how many files the app has, and
 *   how many of them are here. It starts without a network when these are equal, and not none.
 *
 * It keeps to what Chromium 97, Safari 16 and Firefox 102 know (tests/build/engines.test.mjs).
 */
'use strict';

const BUILD = { id: 'development', files: {} };

const PREFIX = 'linli-';
const CACHE = PREFIX + BUILD.id;
/** Where a cache keeps the list it was filled from; no file of the app can have this name. */
const LIST = '/.files.json';
/** Trunk's content hash in a name: such a file never changes, so the browser's own cache may answer. */
const HASHED = /-[0-9a-f]{8,}[._]/;

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(forgetOldBuilds()));
self.addEventListener('message', (event) => {
  // Never on its own accord: two versions would then share one page.
  if (event.data?.type === 'SKIP_WAITING') event.waitUntil(self.skipWaiting());
  if (event.data?.type === 'BUILD') {
    event.waitUntil(kept().then((kept) => event.ports[0]?.postMessage({ type: 'BUILD', id: BUILD.id, files: Object.keys(BUILD.files).length, kept })));
  }
});
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/api/')) return;
  if (Object.hasOwn(BUILD.files, url.pathname)) {
    event.respondWith(fromCache(url.pathname, event.request));
  } else if (event.request.mode === 'navigate' && isRoute(url.pathname)) {
    event.respondWith(fromCache('/', event.request));
  }
});

/** A page of the app has no dot in its last part; what has one is a file, and a missing file is the server's 404. */
function isRoute(path) {
  return path !== '/health' && !path.slice(path.lastIndexOf('/')).includes('.');
}

/** The precached file; the network only where the browser has evicted it. */
async function fromCache(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

/** All files or none: the worker counts as installed only when the whole app can start from it. A line that breaks
 * half-way costs nothing: what has arrived stays in the cache, and the next try fetches the rest. */
async function install() {
  const cache = await caches.open(CACHE);
  const older = await olderCaches();
  await Promise.all(Object.entries(BUILD.files).map(([path, hash]) => fetchOnce(cache, older, path, hash)));
  await cache.put(LIST, new Response(JSON.stringify(BUILD.files)));
}

/** How many of the app's files are here. */
async function kept() {
  const cache = await caches.open(CACHE);
  const found = await Promise.all(Object.keys(BUILD.files).map((path) => cache.match(path)));
  return found.filter(Boolean).length;
}

async function fetchOnce(cache, older, path, hash) {
  if (await cache.match(path)) return;
  for (const { files, cache: old } of older) {
    const kept = files[path] === hash && (await old.match(path));
    if (kept) return cache.put(path, kept);
  }
  // With the hash the browser refuses bytes of another build, so two versions never mix in one cache.
  const response = await fetch(path, {
    integrity: `sha256-${hash}`,
    cache: HASHED.test(path) ? 'default' : 'no-cache',
    credentials: 'same-origin',
  });
  if (!response.ok || response.redirected) throw new Error(`${path}: ${response.status}`);
  await cache.put(path, response);
}

/** Finished caches of other builds, with the lists they were filled from. */
async function olderCaches() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const found = [];
  for (const name of names) {
    const cache = await caches.open(name);
    const list = await cache.match(LIST);
    if (list) found.push({ cache, files: await list.json() });
  }
  return found;
}

async function forgetOldBuilds() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(names.map((name) => caches.delete(name)));
}
