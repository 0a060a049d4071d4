// The parts of the app and the scripts that know each other by name.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bring, joined, optimisation } from '../../xtask/parts.mjs';
import { temporaryFolder } from '../support/places.mjs';

const MAIN = 'import * as import1 from "./__wasm_split.js"\nconst imports = { "./__wasm_split.js": import1 };\n';
const LINK = 'import { initSync } from "./main.js";\nfetch(new URL("./split_office.wasm", import.meta.url));\n';
const scripts = { name: 'linli-app-0123456789abcdef.js', main: MAIN, link: LINK };

test('both scripts are named by what both hold, and import each other by these names', () => {
  const { names, main, link } = joined(scripts);
  assert.match(names.main, /^linli-app-[0-9a-f]{16}\.js$/);
  assert.ok(main.includes(`from "./${names.link}"`) && link.includes(`"./${names.main}"`));
  assert.ok(main.includes('{ "./__wasm_split.js": import1 }'), 'the module asks under the old name');
  assert.notEqual(joined({ ...scripts, link: `${LINK}// another part` }).names.main, names.main, 'one that changes renames both');
});

test('scripts that do not import each other stop the build', () => {
  assert.throws(() => joined({ ...scripts, main: 'export {}' }), /__wasm_split\.js/);
  assert.throws(() => joined({ ...scripts, link: 'export {}' }), /main\.js/);
});

test('parts come under the hash of what they hold, and nothing else that lies beside them', async () => {
  const folder = temporaryFolder('parts');
  const [parts, staging] = ['split', 'stage'].map((name) => join(folder, name));
  mkdirSync(parts);
  mkdirSync(staging);
  writeFileSync(join(parts, '__wasm_split.js'), LINK);
  writeFileSync(join(parts, 'split_office.wasm'), 'a part');
  writeFileSync(join(parts, 'linli-app.wasm'), 'the main module before wasm-bindgen');
  writeFileSync(join(staging, scripts.name), MAIN);
  writeFileSync(join(staging, 'index.html'), `<script type="module">import init from '/${scripts.name}';</script>`);
  await bring({ parts, staging });
  const [office, page, main, link] = [/^split_office-[0-9a-f]{16}\.wasm$/, /^index\.html$/, /^linli-app-[0-9a-f]{16}\.js$/, /^linli-app-parts-/]
    .map((name) => readdirSync(staging).find((file) => name.test(file)));
  assert.equal(readdirSync(staging).length, 4, `${readdirSync(staging)}`);
  assert.equal(readFileSync(join(staging, office), 'utf8'), 'a part');
  assert.ok(readFileSync(join(staging, link), 'utf8').includes(`"./${office}"`));
  assert.ok(readFileSync(join(staging, page), 'utf8').includes(`'/${main}'`));
});

test('wasm-opt gets for the parts what Trunk gives it for the main module', () => {
  assert.deepEqual(optimisation('<link data-wasm-opt="z" data-wasm-opt-params="--enable-a --enable-b" />'), ['-Oz', '--enable-a', '--enable-b']);
});
