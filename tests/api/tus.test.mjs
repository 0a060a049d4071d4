// The protocol as others speak it: the tus project's own client brings a file, over a line that breaks.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as tus from 'tus-js-client';
import { startProxy } from '../support/proxy.mjs';
import { demoData, startServer } from '../support/server.mjs';
import { accounts, sessionOf } from '../support/walk.mjs';

/** A UUID of version 7, for a record. */
function id() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

test('tus-js-client brings a paper to its record, also when the line breaks', { timeout: 120_000 }, async () => {
  const data = await demoData({ households: 200 });
  const people = await accounts(data);
  const server = await startServer({ data });
  const line = await startProxy(server.port);
  try {
    const device = randomBytes(8).toString('hex');
    const cookie = await sessionOf(server.url, 'tiaojie', people.tiaojie.password, device);
    const paper = randomBytes(3_000_000);
    const sha256 = createHash('sha256').update(paper).digest('hex');
    const record = id();
    assert.equal(await push(server.url, cookie, device, record, `${sha256}/协议.pdf`), 'accepted');

    const cut = line.loseAnswer(/^PATCH \/api\/v1\/records\//);
    let retries = 0;
    await new Promise((resolve, reject) => {
      const upload = new tus.Upload(paper, {
        endpoint: `${line.url}/api/v1/files`,
        headers: { cookie },
        metadata: { record, sha256, filename: '协议.pdf' },
        chunkSize: 1_000_000,
        retryDelays: [50, 200, 500],
        onShouldRetry: () => (retries += 1) > 0,
        onError: reject,
        onSuccess: resolve,
      });
      upload.start();
    });
    await cut;
    assert.ok(retries > 0, 'the line did break');
    const answer = await fetch(`${server.url}/api/v1/records/${record}/files/${sha256}`, { headers: { cookie } });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-disposition'), /attachment/);
    assert.ok(paper.equals(Buffer.from(await answer.arrayBuffer())), 'byte for byte');

    const other = await sessionOf(server.url, 'xunluo1', people.xunluo1.password);
    const refused = await fetch(`${server.url}/api/v1/records/${record}/files/${sha256}`, { headers: { cookie: other } });
    assert.equal(refused.status, 404, 'a volunteer sees nothing of it');
  } finally {
    await line.stop();
    await server.kill();
  }
});

/** Hands in one mediation that mentions the paper; the verdict. */
async function push(url, cookie, device, record, mention) {
  const change = {
    device, number: 1, clock: `${Date.now().toString(16).padStart(12, '0')}0000${device}`, author: 'tiaojie', record,
    kind: 'mediation', set: { sort: 'neighbours', others: '一家装修公司', matter: '楼上漏水', outcome: 'in_hand', date: '2026-01-05' },
    add: { papers: [mention] }, schema: 1,
  };
  const body = JSON.stringify({ device, schema: 1, cursor: null, changes: [change] });
  const answer = await fetch(`${url}/api/v1/sync`, { method: 'POST', headers: { 'content-type': 'application/json', cookie }, body });
  const said = await answer.json();
  return said.receipts[0].verdict;
}
