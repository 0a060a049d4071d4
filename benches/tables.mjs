// How figures are told: medians with their range, and a section of docs/benchmarks.md for each part, which can be renewed alone.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../tests/support/places.mjs';

const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
export const median = (numbers) => sorted(numbers)[Math.floor(numbers.length / 2)];
export const at = (numbers, share) => sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))];

/** Milliseconds for people. */
export function ms(value) {
  if (value >= 10_000) return `${(value / 1000).toFixed(1)} s`;
  if (value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return `${value >= 100 ? Math.round(value) : value >= 10 ? value.toFixed(1) : value.toFixed(2)} ms`;
}

/** `median (least–most, runs)`. */
export function spread(times) {
  if (times.length === 0) return '—';
  if (times.length === 1) return `${ms(times[0])} (once)`;
  return `${ms(median(times))} (${ms(Math.min(...times))}–${ms(Math.max(...times))}, ${times.length})`;
}

export const percentiles = (times) => (times.length === 0 ? '—' : `${ms(at(times, 0.5))} / ${ms(at(times, 0.95))}`);

export const bytes = (count) => {
  if (count === undefined) return '—';
  return count >= 1e6 ? `${(count / 1e6).toFixed(1)} MB` : `${Math.round(count / 1000)} kB`;
};

/** `3.1×`: how many times as much as the floor. */
export const ratio = (ours, floor) => (ours === undefined || !floor ? '—' : `${(ours / floor).toFixed(ours / floor < 10 ? 2 : 0)}×`);

export const count = (number) => Math.round(number).toLocaleString('en-US');

/** A table in Markdown. */
export function table(heads, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** When and on what: beside every table. The load says whether the machine had other work. */
export function circumstances() {
  const load = loadavg().map((value) => value.toFixed(1)).join(' ');
  const machine = `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${new Date().toISOString().slice(0, 10)}, ${machine}, release build, load average at the end ${load}.`;
}

/** A try of every step with little of everything: nothing is written down. */
export const isQuick = process.env.LINLI_BENCH === 'quick';

const PAGE = join(root, 'docs/benchmarks.md');
/** The first is written by hand, from the others. */
const ORDER = ['goals', 'small', 'large', 'shelves', 'wire', 'server', 'growth'];

/** Puts a part's section in its place in the page and leaves the others as they are. */
export function sections(part, title, text) {
  console.log(`\n${text}\n`);
  if (isQuick) return;
  mkdirSync(join(root, 'docs'), { recursive: true });
  const page = read();
  const sections = new Map(ORDER.map((name) => [name, between(page, name)]));
  sections.set(part, `## ${title}\n\n${text.trim()}\n`);
  const body = ORDER.filter((name) => sections.get(name)).map((name) => `<!-- ${name} -->\n${sections.get(name)}<!-- /${name} -->\n`);
  writeFileSync(PAGE, `${head()}\n${body.join('\n')}`);
}

function between(page, name) {
  const start = page.indexOf(`<!-- ${name} -->\n`);
  const end = page.indexOf(`<!-- /${name} -->`);
  return start < 0 || end < 0 ? undefined : page.slice(start + `<!-- ${name} -->\n`.length, end);
}

function read() {
  try {
    return readFileSync(PAGE, 'utf8');
  } catch {
    return '';
  }
}

const head = () => `# Benchmarks

Made by \`cargo xtask bench\`; \`cargo xtask bench small\`, \`large\`, \`shelves\`, \`wire\`, \`server\` or \`growth\` renews one section. All figures of a section are
of one run on one machine, with seeded records in Chinese. Take the ratios, not the figures: measure side by side. Medians stand with their
range and the number of runs; what takes minutes is run once and says so. Nothing here is ever a test: budgets that tests hold are counted in
bytes and instructions. What the figures mean for a district, a city and the country: [growth.md](growth.md).

Held by tests, which fail by name: the app over the wire, what a first load waits for and all of it (\`tests/journeys/shell.test.mjs\`); what a record
costs in memory, in blocks and in instructions (\`crates/sync/tests/budget.rs\`). Single answers natively, one by one: \`cargo bench -p views --bench decade\`.
`;
