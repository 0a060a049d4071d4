// The scripts that no compiler checks, held to the oldest engines the app promises: Chromium 97, Safari 16, Firefox 102. Run for
// real here, with what came later taken away.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import vm from 'node:vm';
import { fill } from '../../xtask/precache.mjs';
import { root } from '../support/places.mjs';

const read = (name) => readFileSync(join(root, 'public', name), 'utf8');

/** A service worker's world with a network that has these files, and nothing that is newer than the oldest engines. */
function workerWorld(files) {
  const stored = new Map();
  const keyOf = (request) => (typeof request === 'string' ? request : new URL(request.url).pathname);
  const cacheOf = (entries) => ({
    match: async (path) => entries.get(keyOf(path)),
    put: async (path, response) => void entries.set(keyOf(path), response),
    keys: async () => [...entries.keys()],
  });
  const caches = {
    open: async (name) => cacheOf(stored.get(name) ?? stored.set(name, new Map()).get(name)),
    keys: async () => [...stored.keys()],
    delete: async (name) => stored.delete(name),
  };
  class OldResponse {
    constructor(body, init = {}) {
      this.body = body;
      this.status = init.status ?? 200;
      this.ok = this.status < 400;
    }
    json = async () => JSON.parse(this.body);
  }
  const heard = new Map();
  const self = { location: new URL('https://linli.example/sw.js'), addEventListener: (name, run) => heard.set(name, run), skipWaiting: async () => {} };
  const fetch = async (path) => (path in files ? new OldResponse(files[path]) : new OldResponse('', { status: 404 }));
  const context = vm.createContext({ self, caches, fetch, Response: OldResponse, URL });
  // Later than Chromium 97, Safari 16 or Firefox 102.
  vm.runInContext(
    `for (const [of, names] of [
       [Array.prototype, ['toSorted', 'toReversed', 'toSpliced', 'with', 'findLast', 'findLastIndex']],
       [Object, ['groupBy']], [Map, ['groupBy']], [Array, ['fromAsync']],
       [Promise, ['withResolvers', 'try']], [String.prototype, ['isWellFormed', 'toWellFormed']],
       [Set.prototype, ['union', 'intersection', 'difference', 'isSubsetOf']],
     ]) for (const name of names) delete of[name];
     delete globalThis.Iterator;`,
    context,
  );
  const wait = async (name, event = {}) => {
    const all = [];
    heard.get(name)({ ...event, waitUntil: (promise) => all.push(promise) });
    await Promise.all(all);
  };
  return { context, wait, stored };
}

test('the worker installs in the oldest engines, and says what it keeps', async () => {
  const files = { '/': '<!doctype html>', '/gate.js': 'x', '/app-0123456789abcdef_bg.wasm': 'wasm' };
  const world = workerWorld(files);
  vm.runInContext(fill(read('sw.js'), Object.fromEntries(Object.keys(files).map((path) => [path, 'hash']))), world.context);
  await world.wait('install');
  await world.wait('activate');
  const asked = async () => {
    let said;
    await world.wait('message', { data: { type: 'BUILD' }, ports: [{ postMessage: (data) => (said = data) }] });
    return said;
  };
  const whole = await asked();
  assert.deepEqual([whole.files, whole.kept], [3, 3]);
  const [cache] = [...world.stored.values()];
  cache.delete('/gate.js');
  assert.deepEqual([(await asked()).files, (await asked()).kept], [3, 2], 'what the browser evicted is missed');
});

test('no script of ours calls what the oldest engines do not know', () => {
  // Static methods that are easily taken for old.
  const later = /\b(Response\.json|AbortSignal\.(any|timeout)|Promise\.(withResolvers|try)|(Object|Map)\.groupBy|Array\.fromAsync|URL\.canParse|URL\.parse|structuredClone)\b|\.(toSorted|toReversed|toSpliced|findLast|findLastIndex)\(/;
  for (const name of ['sw.js', 'gate.js']) assert.doesNotMatch(read(name).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''), later, name);
});

/** The gate run in a page of so much; what it says. */
function gate({ agent = 'Mozilla/5.0', touches = 0, compiles = true, validates = true, without = [] } = {}) {
  const words = { textContent: '', appendChild: (child) => (words.textContent += child.textContent ?? '') };
  const heard = new Map();
  const timers = [];
  class Module {
    constructor() {
      if (!compiles) throw new Error("'wasm-unsafe-eval' is not an allowed source");
    }
  }
  const window = {
    indexedDB: {}, Promise, TextDecoder, crypto: {}, BigInt, HTMLDialogElement: class {}, createImageBitmap: () => {},
    addEventListener: (name, run) => heard.set(name, run), removeEventListener: (name) => heard.delete(name),
  };
  for (const name of without) delete window[name];
  const document = {
    readyState: 'complete', documentElement: {}, createTextNode: (text) => ({ textContent: text }),
    getElementById: (id) => (id === 'skeleton-words' ? words : null), querySelectorAll: () => [{ href: 'https://linli.example/app.js' }],
    createElement: (name) => (name === 'script' ? { noModule: false } : { textContent: '', setAttribute() {} }),
  };
  const context = vm.createContext({
    window, document, navigator: { userAgent: agent, maxTouchPoints: touches }, Uint8Array, Object,
    WebAssembly: { validate: () => validates, Module }, performance: { getEntriesByName: () => [{ responseEnd: 9 }] },
    setTimeout: (run, millis) => timers.push({ run, millis, is: true }), clearTimeout: (id) => id && (timers[id - 1].is = false),
  });
  vm.runInContext(read('gate.js'), context);
  return { words, heard, timers };
}

test('a browser is turned away for what it lacks, with advice that can be followed on the device', () => {
  assert.equal(gate().words.textContent, '');
  for (const lacking of [{ compiles: false }, { validates: false }, { without: ['HTMLDialogElement'] }, { without: ['indexedDB'] }]) {
    const said = gate(lacking).words.textContent;
    assert.match(said, /这个浏览器太旧.*97.*16.*102.*This browser is too old/s, JSON.stringify(lacking));
  }
  const advice = (agent, touches) => gate({ agent, touches, compiles: false }).words.textContent;
  assert.match(advice('… MicroMessenger/8.0.2'), /在浏览器打开/);
  assert.match(advice('Mozilla/5.0 (iPad; CPU OS 15_8 like Mac OS X)'), /软件更新/);
  assert.match(advice('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/15.6', 5), /软件更新/, 'an iPad calls itself a Mac');
  assert.match(advice('Mozilla/5.0 (Linux; Android 12; HarmonyOS; AGS5-W00) Chrome/92 HuaweiBrowser/12'), /华为浏览器/);
  assert.match(advice('Mozilla/5.0 (Macintosh) Chrome/90'), /Chrome、Edge/);
});

test('a start that fails says what failed, by event or by time', () => {
  const told = gate();
  told.heard.get('LinliNotStarted')({ detail: 'CompileError: unexpected end' });
  assert.match(told.words.textContent, /没能打开.*CompileError: unexpected end/s);
  const silent = gate();
  const last = silent.timers.find(({ is, millis }) => is && millis > 10_000);
  assert.ok(last.millis < 20_000);
  last.run();
  assert.match(silent.words.textContent, /没能打开.*程序没有启动/s, 'everything is here and nothing happens: not the network');
});
