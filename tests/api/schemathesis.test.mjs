// The whole API under a fuzzer that reads its description: as the director, as an officer, as a volunteer, as nobody.
// Never a failing server; never a status, a type or a shape that the description does not name.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../support/places.mjs';
import { demoData, startServer } from '../support/server.mjs';
import { accounts, sessionOf } from '../support/walk.mjs';

const SEED = process.env.LINLI_SEED ?? '1';
/** Most requests made up for each operation; beside them, every edge of every value is tried. */
const EXAMPLES = process.env.LINLI_EXAMPLES ?? '60';
const CHECKS = ['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance'];

for (const name of ['zhuren', 'minzheng', 'xunluo1', undefined]) {
  test(`the API holds what its description says: ${name ?? 'nobody'}, seed ${SEED}`, { timeout: 300_000 }, async () => {
    const data = await demoData({ households: 40 });
    // Faster than any tablet may ask: a fuzzer that is told to wait finds nothing.
    const server = await startServer({ data, arguments: ['--pace', '1000000'] });
    try {
      const people = await accounts(data);
      const cookie = name && (await sessionOf(server.url, name, people[name].password, '00000000000000aa'));
      const words = ['run', `${server.url}/api/openapi.json`, '--seed', SEED, '-n', EXAMPLES, '--phases', 'coverage,fuzzing'];
      words.push('-c', CHECKS.join(','), '--continue-on-failure', '--no-color', '--warnings', 'off');
      // A stream that lasts, and the end of the session itself.
      words.push('--exclude-path', '/api/v1/events', '--exclude-by', 'method == DELETE && path == /api/v1/session');
      if (cookie) words.push('-H', `Cookie: ${cookie}`);
      const child = spawn(join(root, 'target/tools/python/bin/schemathesis'), words, {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, PYTHONPATH: join(root, 'tests/api'), SCHEMATHESIS_HOOKS: 'media', PYTHONDONTWRITEBYTECODE: '1' },
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
      const [code] = await once(child, 'exit');
      assert.equal(code, 0, `${said}\n${server.log.slice(-2000)}`);
      const [, count] = said.match(/(\d+) generated/) ?? [];
      assert.ok(Number(count) > 500, `it tried ${count}:\n${said}`);
      const health = await fetch(`${server.url}/health`);
      assert.equal(health.status, 200, 'and it still serves');
    } finally {
      await server.kill();
    }
  });
}
