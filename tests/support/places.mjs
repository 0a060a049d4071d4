// Where the tests find what was built, and where they leave what they made.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');

/** The release build of the server; `cargo xtask test` says which. */
export const linli = process.env.LINLI_BIN ?? join(target, 'release/linli');
/** The app as Trunk built it. */
export const dist = process.env.LINLI_DIST ?? join(root, 'dist');
export const chromium = process.env.LINLI_CHROMIUM ?? '/usr/bin/chromium';

/** A folder under target/ for what people look at afterwards: pictures, traces. */
export function kept(name) {
  const folder = join(root, 'target', name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

const temporary = new Set();
process.on('exit', () => {
  // A browser that was killed a moment ago may still hold a file: then the system's own clean-up takes it.
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** A new empty folder, gone when the test process ends. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `linli-${name}-`));
  temporary.add(folder);
  return folder;
}
