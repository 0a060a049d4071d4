// The records everyone is measured with: the demo community's, as the civil-affairs officer's tablet holds them, one a line, and what is
// asked about them. Made once for each size and kept under target/bench.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kept, root } from '../tests/support/places.mjs';
import { isQuick } from './tables.mjs';

/** The account whose tablet is filled: she is the one at the doors. */
export const ACCOUNT = 'minzheng';
/** How a community of about so many records is made. */
export const SIZES = isQuick
  ? { small: { records: 1000, households: 100, years: 1 }, large: { records: 3000, households: 120, years: 3 } }
  : { small: { records: 20_000, households: 2200, years: 1 }, large: { records: 200_000, households: 3700, years: 10 } };
const ASKED = 200;

/** Runs one of the server's bench programs and returns what it printed. */
export function program(name, ...words) {
  const cargo = process.env.CARGO ?? 'cargo';
  const done = spawnSync(cargo, ['bench', '--quiet', '--package', 'linli-server', '--bench', name, '--', ...words.map(String)], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 << 20,
  });
  if (done.status !== 0) throw new Error(`the bench program ${name} failed`);
  return done.stdout;
}

/** The file of a size's records, and what to ask of them. */
export function recordsOf(size) {
  const { households, years, records } = SIZES[size];
  const file = join(kept('bench'), `records-${households}-${years}.jsonl`);
  if (!existsSync(file)) {
    const half = `${file}.${process.pid}`;
    program('community', half, households, years, ACCOUNT);
    renameSync(half, file);
  }
  const all = readFileSync(file, 'utf8').trim().split('\n');
  if (all.length < records) throw new Error(`${file} holds ${all.length} records; more households are needed in benches/records.mjs`);
  // The register is first: every person and household is among them, and what happened until the number is reached.
  const cut = join(kept('bench'), `records-${records}.jsonl`);
  writeFileSync(cut, `${all.slice(0, records).join('\n')}\n`);
  return { file: cut, records, whole: all.length, asked: questions(all.slice(0, records).map((line) => JSON.parse(line)), years) };
}

/** The same questions for everyone, drawn evenly from the records. */
function questions(records, years) {
  const every = (list, most) => list.filter((_, place) => place % Math.max(1, Math.floor(list.length / most)) === 0).slice(0, most);
  const people = records.filter(({ kind }) => kind === 'person');
  const services = records.filter(({ kind }) => kind === 'service');
  const homes = [...new Set(services.map(({ household }) => household).filter(Boolean))];
  const buildings = records.filter(({ kind }) => kind === 'building');
  const year = 2009 + Math.floor((years - 1) / 2);
  return {
    records: every(records, ASKED),
    households: every(homes, ASKED),
    building: buildings[Math.floor(buildings.length / 2)].id,
    // As fingers come to a name: its first character, then two.
    search: every(people, ASKED / 2).flatMap(({ name }) => [[...name][0], [...name].slice(0, 2).join('')]),
    visit: services[0],
    report: { from: `${year}-01-01`, to: `${year}-12-31` },
  };
}
