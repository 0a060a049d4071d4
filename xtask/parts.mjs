// The parts of an app that was taken apart (xtask/bindgen/src/split.rs), brought to its other files: optimised as the main
// module is, named by what they hold, and known to the script that fetches them.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The script that fetches parts, as wasm-bindgen's own script imports it. */
const LINK = '__wasm_split.js';
/** What stands in it for the main script, whose name was not known yet. */
const MAIN = './main.js';

const nameOf = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** `text` with `from` replaced wherever it stands; throws when it does not. */
function swap(text, from, to) {
  if (!text.includes(from)) throw new Error(`no ${from} to replace`);
  return text.replaceAll(from, to);
}

/**
 * The main script and the link script with the names that they know each other by, and those names. A name says what both
 * hold, so that neither can be met with another build's other.
 * @param {{name: string, main: string, link: string}} scripts as they were made; `name` is the main script's
 */
export function joined({ name, main, link }) {
  const mark = nameOf(main + link);
  const stem = name.replace(/-[0-9a-f]{8,}\.js$/, '');
  const names = { main: `${stem}-${mark}.js`, link: `${stem}-parts-${mark}.js` };
  return {
    names,
    // Only where it is imported: under its old name the module asks for it.
    main: swap(main, `from "./${LINK}"`, `from "./${names.link}"`),
    link: swap(link, `"${MAIN}"`, `"./${names.main}"`),
  };
}

/**
 * Brings the parts that lie in `parts` into `staging`, where Trunk has put everything else.
 * @param {{parts: string, staging: string, optimise: string[] | undefined}} places optimise: arguments for wasm-opt
 */
export async function bring({ parts, staging, optimise }) {
  if (!existsSync(join(parts, LINK))) return;
  const page = await readFile(join(staging, 'index.html'), 'utf8');
  const name = /from '\/([^']+\.js)'/.exec(page)?.[1];
  if (!name) throw new Error('index.html: no script of the app is imported');
  const main = await readFile(join(staging, name), 'utf8');
  let link = await readFile(join(parts, LINK), 'utf8');
  // Whatever the script fetches, and nothing else that lies there: the main module before wasm-bindgen does too.
  for (const part of (await readdir(parts)).filter((part) => link.includes(`"./${part}"`))) {
    const made = join(staging, part);
    if (optimise) await promisify(execFile)('wasm-opt', [...optimise, join(parts, part), '-o', made]);
    else await writeFile(made, await readFile(join(parts, part)));
    const bytes = await readFile(made);
    const hashed = part.replace(/\.wasm$/, `-${nameOf(bytes)}.wasm`);
    await rm(made);
    await writeFile(join(staging, hashed), bytes);
    link = swap(link, `"./${part}"`, `"./${hashed}"`);
  }
  const whole = joined({ name, main, link });
  await rm(join(staging, name));
  await writeFile(join(staging, whole.names.main), whole.main);
  await writeFile(join(staging, whole.names.link), whole.link);
  await writeFile(join(staging, 'index.html'), swap(page, name, whole.names.main));
}

/** What Trunk gives wasm-opt, as index.html says it. */
export function optimisation(html) {
  const level = /data-wasm-opt="([^"]+)"/.exec(html)?.[1];
  const more = /data-wasm-opt-params="([^"]+)"/.exec(html)?.[1] ?? '';
  if (!level) throw new Error('index.html: no data-wasm-opt');
  return [`-O${level}`, ...more.split(' ').filter(Boolean)];
}
