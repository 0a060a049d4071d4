// After Trunk has built (post_build hook, see Trunk.toml), on the staged files:
// 0. the parts of the app that come after the first screen are brought here (parts.mjs);
// 1. sw.js gets the list of files with their SHA-256, and a build id made of it;
// 2. csp.json gets the hashes of the inline scripts, which the server puts into its Content-Security-Policy;
// 3. a release build gets .br and .gz beside each file worth compressing: the best compression is paid once, here.
import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { pathToFileURL } from 'node:url';
import { bring, optimisation } from './parts.mjs';

/** Compressible by what they hold; PNG is compressed already. */
const TEXT = new Set(['.html', '.js', '.mjs', '.css', '.json', '.webmanifest', '.svg', '.wasm']);
/** Not part of the app as the tablet keeps it. */
const UNLISTED = new Set(['sw.js', 'csp.json']);
const LIST_LINE = /^const BUILD = .*;$/gm;

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('base64');

/** Path under `folder` (with '/') to bytes, of all files that are not themselves made here. */
async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !['.br', '.gz'].includes(extname(entry.name)))
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join('/'))
    .sort();
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path))])));
}

/** URL path to hash, as the service worker asks for it: index.html is the page at '/'. */
export function listOf(files) {
  const list = {};
  for (const [path, bytes] of files) {
    if (!UNLISTED.has(path)) list[path === 'index.html' ? '/' : `/${path}`] = sha256(bytes);
  }
  return list;
}

/** The service worker with its list. Throws if the line to fill is not there exactly once. */
export function fill(worker, list) {
  if ((worker.match(LIST_LINE) ?? []).length !== 1) throw new Error('sw.js: expected one line `const BUILD = …;`');
  const id = createHash('sha256').update(JSON.stringify(list)).update(worker).digest('hex').slice(0, 16);
  return worker.replace(LIST_LINE, () => `const BUILD = ${JSON.stringify({ id, files: list })};`);
}

/** CSP source expressions of the inline scripts of a page. */
export function inlineScripts(html) {
  return [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, body]) => `'sha256-${sha256(body)}'`,
  );
}

/** Whether a file is a part of the app that the sign-in does not wait for. */
export const isLater = (path) => /(^|\/)(split|chunk)_/.test(path);

async function compress(folder, path, bytes) {
  const brotli = await promisify(brotliCompress)(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  const zipped = await promisify(gzip)(bytes, { level: 9 });
  // A few bytes are not worth a second copy in the binary.
  if (brotli.length < bytes.length * 0.9) await writeFile(join(folder, `${path}.br`), brotli);
  if (zipped.length < bytes.length * 0.9) await writeFile(join(folder, `${path}.gz`), zipped);
  return brotli.length;
}

async function main() {
  const folder = process.env.TRUNK_STAGING_DIR;
  if (!folder) throw new Error('TRUNK_STAGING_DIR is not set: this is run by trunk, see Trunk.toml');
  const isRelease = process.env.TRUNK_PROFILE === 'release';
  const source = process.env.TRUNK_SOURCE_DIR;
  if (source) {
    const built = join(process.env.CARGO_TARGET_DIR ?? join(source, 'target'), 'wasm-bindgen', isRelease ? 'release' : 'debug');
    const optimise = isRelease ? optimisation(await readFile(join(source, 'index.html'), 'utf8')) : undefined;
    await bring({ parts: join(built, 'split'), staging: folder, optimise });
  }
  const files = await filesOf(folder);
  const html = files.get('index.html').toString('utf8');
  const worker = fill(files.get('sw.js').toString('utf8'), listOf(files));
  files.set('sw.js', Buffer.from(worker));
  await writeFile(join(folder, 'sw.js'), worker);
  await writeFile(join(folder, 'csp.json'), `${JSON.stringify({ 'script-src': inlineScripts(html) }, null, 2)}\n`);
  if (!isRelease) return;
  const sizes = await Promise.all(
    [...files].filter(([path]) => TEXT.has(extname(path))).map(([path, bytes]) => compress(folder, path, bytes)),
  );
  const kinds = [...files].filter(([path]) => TEXT.has(extname(path)));
  const sum = (wanted) => sizes.filter((_, at) => wanted(kinds[at])).reduce((all, size) => all + size, 0);
  const kib = (bytes) => `${(bytes / 1024).toFixed(0)} KiB`;
  console.log(`app over the wire, in brotli, without icons: first load ${kib(sum(([path]) => !isLater(path)))}, later ${kib(sum(([path]) => isLater(path)))}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
