// The build's last step, on small inputs: what it writes is what the worker and the server trust.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fill, inlineScripts, listOf } from '../../xtask/precache.mjs';

const bytes = (text) => Buffer.from(text);
const WORKER = "'use strict';\nconst BUILD = { id: 'development', files: {} };\nconst CACHE = BUILD.id;\n";

test('the page is listed as /, the worker and the policy not at all', () => {
  const list = listOf(new Map([['index.html', bytes('x')], ['sw.js', bytes('x')], ['csp.json', bytes('x')], ['a/b.js', bytes('')]]));
  assert.deepEqual(Object.keys(list), ['/', '/a/b.js']);
  assert.equal(list['/a/b.js'], '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
});

test('the worker changes with any file, and only then', () => {
  const one = fill(WORKER, { '/': 'abc' });
  assert.equal(one, fill(WORKER, { '/': 'abc' }));
  assert.notEqual(one, fill(WORKER, { '/': 'abd' }));
  assert.notEqual(one, fill(`${WORKER}// another worker`, { '/': 'abc' }));
  assert.match(one, /^const BUILD = \{"id":"[0-9a-f]{16}","files":\{"\/":"abc"\}\};$/m);
});

test('a worker that has lost the line to fill stops the build', () => {
  assert.throws(() => fill('const CACHE = 1;', {}), /expected one line/);
  assert.throws(() => fill(WORKER + WORKER, {}), /expected one line/);
});

test('inline scripts get the hash that CSP asks for, scripts with an address none', () => {
  const html = '<script src="/gate.js"></script><script type="module">\nlet a;\n</script>';
  assert.deepEqual(inlineScripts(html), ["'sha256-mVUM17+Pgbr9k4nIeoTtZL1k7gaurHNmkpipEynFfgk='"]);
  assert.deepEqual(inlineScripts('<p>none</p>'), []);
});
