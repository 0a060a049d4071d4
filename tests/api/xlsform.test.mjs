// Kinds as forms of ODK: pyxform, which ODK Central and Kobo make forms with, takes every one that goes out.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { root, temporaryFolder } from '../support/places.mjs';
import { command, demoData, emptyData, startServer } from '../support/server.mjs';
import { accounts, sessionOf } from '../support/walk.mjs';

/** What pyxform says of each workbook. */
async function judged(paths) {
  const python = join(root, 'target/tools/python/bin/python');
  const words = [join(root, 'tests/api/xlsform.py'), ...paths];
  const { stdout } = await promisify(execFile)(python, words, { maxBuffer: 64 << 20, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
  return JSON.parse(stdout);
}

test('pyxform makes a form of every kind of the default pack', { timeout: 120_000 }, async () => {
  const [data, folder] = [await emptyData(), temporaryFolder('forms')];
  await command('admin', '--data', data, 'kind', 'export', folder);
  const paths = readdirSync(folder).map((file) => join(folder, file));
  const kinds = readdirSync(join(root, 'packs/community/kinds')).map((file) => file.replace('.toml', '.xlsx'));
  assert.deepEqual(paths.map((path) => path.slice(folder.length + 1)).sort(), kinds.sort());
  for (const [path, { error, warnings, xform }] of Object.entries(await judged(paths))) {
    assert.equal(error, undefined, path);
    // It advises to make pictures smaller; the app does.
    assert.deepEqual(warnings.filter((warning) => !warning.includes('max-pixels')), [], path);
    assert.match(xform, /lang="中文 \(zh\)" default="true\(\)"/, path);
    assert.match(xform, /lang="English \(en\)"/, path);
  }
});

test('a broken form is refused by the same judge', { timeout: 60_000 }, async () => {
  const path = join(temporaryFolder('forms'), 'broken.xlsx');
  writeFileSync(path, 'no workbook');
  assert.ok((await judged([path]))[path].error);
});

test('the director takes a kind out and looks at it again; an officer does not', { timeout: 120_000 }, async () => {
  const data = await demoData({ households: 40 });
  const server = await startServer({ data });
  try {
    const people = await accounts(data);
    const cookie = await sessionOf(server.url, 'zhuren', people.zhuren.password);
    const kind = await fetch(`${server.url}/api/v1/pack/kinds/service.xlsx`, { headers: { cookie } });
    assert.equal(kind.status, 200);
    const bytes = Buffer.from(await kind.arrayBuffer());
    const path = join(temporaryFolder('forms'), 'service.xlsx');
    writeFileSync(path, bytes);
    assert.equal((await judged([path]))[path].error, undefined);
    const headers = { cookie, 'content-type': 'application/octet-stream' };
    const read = await fetch(`${server.url}/api/v1/pack/xlsform`, { method: 'POST', headers, body: readFileSync(path) });
    const { kind: said, findings, is_new: isNew } = await read.json();
    assert.deepEqual([findings, isNew], [[], false]);
    const pack = await (await fetch(`${server.url}/api/v1/pack`, { headers: { cookie } })).json();
    assert.deepEqual(said, pack.kinds.service);
    const other = await sessionOf(server.url, 'minzheng', people.minzheng.password);
    assert.equal((await fetch(`${server.url}/api/v1/pack/kinds/service.xlsx`, { headers: { cookie: other } })).status, 403);
  } finally {
    await server.kill();
  }
});
