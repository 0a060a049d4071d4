// The peers' pages: each bundled with the same timing code, and served with the records.
import { build } from 'esbuild';
import { once } from 'node:events';
import { createReadStream, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { kept, root } from '../../tests/support/places.mjs';

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.wasm': 'application/wasm', '.jsonl': 'application/jsonl' };
const SHELL = '<!doctype html><meta charset="utf-8"><title>peer</title><script type="module" src="/page.js"></script>';

/** Bundles a page of this program text, seen from benches/, into a folder of its own. */
async function bundle(name, contents) {
  const folder = join(kept('bench'), 'pages', name);
  mkdirSync(folder, { recursive: true });
  const options = { bundle: true, format: 'esm', minify: true, define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' }, logLevel: 'error' };
  await build({ ...options, stdin: { contents, resolveDir: join(root, 'benches') }, outfile: join(folder, 'page.js') });
  if (name === 'sqlite') {
    await build({ ...options, entryPoints: [join(root, 'benches/peers/sqlite_worker.mjs')], outfile: join(folder, 'sqlite_worker.js') });
    const home = dirname(createRequire(join(root, 'benches/package.json')).resolve('@sqlite.org/sqlite-wasm'));
    copyFileSync(join(home, 'sqlite3.wasm'), join(folder, 'sqlite3.wasm'));
  }
  writeFileSync(join(folder, 'index.html'), SHELL);
  return folder;
}

/** Serves a peer's page with the timing code, and the records as /records.jsonl. */
export const servePeer = (peer, records) =>
  servePage(peer, `import * as peer from './peers/${peer}.mjs'; import { serve } from './tablet/page.mjs'; serve(peer);`, records);

/** Serves a page of this program text, and the records. */
export async function servePage(name, contents, records) {
  const folder = await bundle(name, contents);
  const server = createServer((request, answer) => {
    const path = new URL(request.url, 'http://x').pathname;
    const file = path === '/records.jsonl' ? records : join(folder, path === '/' ? 'index.html' : path);
    // The same records as one compressed download.
    if (path === '/records.jsonl.br') answer.setHeader('content-encoding', 'br');
    const stream = createReadStream(path === '/records.jsonl.br' ? `${records}.br` : file);
    stream.once('error', () => answer.writeHead(404).end());
    stream.once('open', () => {
      // Isolated, so that the page's clock steps by 5 µs instead of 100.
      answer.setHeader('cross-origin-opener-policy', 'same-origin').setHeader('cross-origin-embedder-policy', 'require-corp');
      answer.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
      stream.pipe(answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
