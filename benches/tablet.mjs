// The tablet's tables: what is kept, found and counted on it, by us and by what others would take.
import { SHELVES } from '../tests/support/browser.mjs';
import { recordsOf } from './records.mjs';
import { bytes, circumstances, count, isQuick, median, ms, percentiles, ratio, sections, spread, table } from './tables.mjs';
import { measureApp } from './tablet/app.mjs';
import { PEERS, SLOW, measure } from './tablet/peers.mjs';

/** How often each size is filled and started; seconds after which nothing is repeated; who is left out, and why. */
const PLANS = {
  small: { fills: 5, starts: 5, patience: 40, without: [] },
  large: { fills: 1, starts: 3, patience: 25, without: ['rxdb_sealed'] },
};
const QUICK = { fills: 1, starts: 1, patience: 5, without: [] };
const ROWS = [
  ['insert', 'put away', spread],
  ['first', 'cold start: first screen', spread],
  ['all', 'cold start: everything in memory', spread],
  ['get', 'one record, p50 / p95', percentiles],
  ['household', "a household's history, p50 / p95", percentiles],
  ['search', 'search, each key, p50 / p95', percentiles],
  ['save', 'save, strict, p50 / p95', percentiles],
  ['scrollDoors', 'scrolling all buildings: a frame, p50 / p95', percentiles],
  ['scrollBuilding', "scrolling a building's doors: a frame, p50 / p95", percentiles],
  ['scrollLedger', 'scrolling the ledger of visits: a frame, p50 / p95', percentiles],
  ['keys', 'typing a name: from the key to the next frame, p50 / p95', percentiles],
  ['report', "a year's figures, first / again", (times) => times?.map(ms).join(' / ') ?? '—'],
];

/** The three parts of the measure, each a section of its own: the first takes ten minutes, the second twenty. */
export const tablet = {
  async small() {
    const rows = await ofSize('small');
    sections('small', 'On the tablet: a year', `${circumstances()}\n\n${INTRO}\n\n${rows}`);
  },
  async large() {
    const rows = await ofSize('large');
    sections('large', 'On the tablet: ten years', `${circumstances()}\n\n${rows}`);
  },
  async shelves() {
    const rows = await shelves();
    sections('shelves', "On the tablet: both of Chromium's back ends", `${circumstances()}\n\n${rows}`);
  },
};

const INTRO = `Headless Chromium, a fresh profile for every filling, the browser ended and started again for every cold start (the machine's page cache
stays warm). The same records for all: the demo community's as the civil-affairs officer's tablet holds them, with Chinese notes. Each peer does what
its documentation advises: bulk calls, indexes for household, building, name and date. "4×" is the page's main thread slowed by the browser
(\`Emulation.setCPUThrottlingRate\`); workers are not slowed, which is in favour of SQLite.

- **Linli, the store**: the app's own code without its screens (\`benches/tablet/ours.rs\`), *sealed*, over the database the app filled. Put away: from memory through
  compressing, sealing and IndexedDB to the switched manifest. It keeps everything in memory, so reads are function calls; others answer from disk.
- **Linli, the app**: the real screens. Put away: from "sign in" (Argon2id on both sides) through the network to "all at the office". Cold start: from pressing "open" at the lock
  (Argon2id again) to the first screen. Save: from the press to the stamp on the screen. Nothing of this is in the other columns.
- "First screen" of the peers: database open, one building's flats and all that is known of each of them, read by index, from the start of the navigation. "Everything": the same and every record in memory.
- "Search": peers find names by their beginning; Linli also by pinyin, initials, flats, last digits and with a slip of the finger.
- PouchDB and RxDB cannot be asked for a strict save: theirs are relaxed (marked r). RxDB keeps documents it has read in memory and answers from there.
- Memory is what only the page's process has, after a collection of garbage, with everything read; SQLite's is of a page that need not read everything.`;

/** Everyone at one size. */
async function ofSize(size) {
  const data = recordsOf(size);
  const plan = isQuick ? QUICK : PLANS[size];
  const all = [];
  for (const peer of PEERS.filter((name) => !plan.without.includes(name))) {
    all.push(await tried(peer, () => measure(peer, data, plan)));
  }
  const app = await tried('Linli', () => measureApp(size, data, plan));
  return `### ${count(data.records)} records\n\n${rows(all, app, plan)}`;
}

/** A peer that fails is named with its reason and the others go on. */
async function tried(name, work) {
  try {
    const result = await work();
    console.log(`${result.name}: put away ${spread(result.insert)}, first ${spread(result.first)}, all ${spread(result.all)}`);
    return result;
  } catch (error) {
    console.error(`${name}: ${error.stack ?? error}`);
    return { name, failed: `${error}`.split('\n')[0].slice(0, 200) };
  }
}

/** Ours as one more column that answers what the peers answer. */
function store(app) {
  const it = app.store;
  if (!it) return { name: 'Linli, the store, sealed', failed: app.failed ?? 'its page failed' };
  const kept = (runs) => runs?.map(([made, kept]) => made + kept);
  const read = (runs) => runs?.map(([, , read]) => read);
  const column = { name: 'Linli, the store, sealed', memory: it.memory, records: it.records };
  for (const more of ['', 'Slow']) {
    Object.assign(column, {
      [`insert${more}`]: kept(it[`keepSealed${more}`]),
      [`first${more}`]: [],
      [`all${more}`]: read(it[`keepSealed${more}`]),
      ...Object.fromEntries(['get', 'household', 'search', 'save', 'report'].map((what) => [what + more, it[what + more]])),
    });
  }
  column.plain = [kept(it.keepPlain), read(it.keepPlain), it.keepPlain[0][3], it.keepSealed[0][3]];
  return column;
}

function rows(peers, app, plan) {
  const ours = store(app);
  const columns = [ours, app, ...peers].filter((column) => !column.failed);
  const cell = (column, key, tell) => {
    const times = column[key];
    if (!times || times.length === 0) return '—';
    return `${tell(times)}${column.isRelaxed && key.startsWith('save') ? ' r' : ''}`;
  };
  const lines = ROWS.flatMap(([key, label, tell]) => [
    [label, ...columns.map((column) => cell(column, key, tell))],
    [`… ${SLOW}× slower`, ...columns.map((column) => cell(column, `${key}Slow`, tell))],
  ]);
  lines.push(['memory of the page', ...columns.map((column) => bytes(column.memory))]);
  lines.push(['on disk', ...columns.map((column) => bytes(column.disk))]);
  lines.push(['records', ...columns.map((column) => (column.records ? count(column.records) : 'the same'))]);
  const notes = [...peers, app, ours].filter(({ failed }) => failed).map(({ name, failed }) => `- ${name} could not be measured: ${failed}`);
  if (plan.without.includes('rxdb_sealed')) notes.push('- RxDB with its encryption was not tried at this size.');
  return [table(['', ...columns.map(({ name }) => name)], lines), against(columns), sealing(ours), ...notes].filter(Boolean).join('\n\n');
}

/** How we stand to bare IndexedDB, where a ratio says something. */
function against(columns) {
  const [ours, app] = columns;
  const floor = columns.find(({ peer }) => peer === 'raw');
  if (!floor || !ours.plain || !app?.first) return '';
  const middle = (column, key) => (column[key]?.length ? median(column[key]) : undefined);
  const of = (key, label, column = ours) => `${label} ${ratio(middle(column, key), middle(floor, key))}`;
  return `Of bare IndexedDB's time, ours takes: ${[
    of('insert', 'put away'), of('all', 'everything read'), of('get', 'one record'), of('household', 'a history'), of('search', 'search'),
    of('save', 'save'), of('report', 'figures'), of('first', 'first screen (the app)', app),
  ].join(', ')}.`;
}

/** The price of sealing, on the same records by the same code. */
function sealing(ours) {
  if (!ours.plain) return '';
  const [kept, read, plain] = ours.plain;
  return `Sealing: put away ${spread(ours.insert)} sealed, ${spread(kept)} not; everything read ${spread(ours.all)} sealed, ${spread(read)} not; ${bytes(plain)} of blocks either way.`;
}

/** The two back ends under IndexedDB, at the small size. */
async function shelves() {
  const data = recordsOf('small');
  const plan = isQuick ? QUICK : { fills: 2, starts: 2, patience: 20 };
  const lines = [];
  for (const shelf of Object.keys(SHELVES)) {
    for (const peer of ['raw', 'dexie', 'app']) {
      const work = () => (peer === 'app' ? measureApp('small', data, { ...plan, shelf }) : measure(peer, data, { ...plan, shelf }));
      const result = await tried(`${peer} on ${shelf}`, work);
      if (result.failed) continue;
      const column = peer === 'app' ? { ...store(result), first: result.first, disk: result.disk } : result;
      if (column.failed) continue;
      const { insert, first, all, household, save } = column;
      lines.push([shelf === 'sqlite' ? 'SQLite' : 'LevelDB', column.name, spread(insert), spread(first), spread(all), percentiles(household), percentiles(save), bytes(column.disk)]);
    }
  }
  const heads = ['under IndexedDB', 'what', 'put away', 'first screen', 'everything', 'a history', 'save', 'disk'];
  return `${count(data.records)} records. Chromium moves IndexedDB from LevelDB to SQLite in stages; a tablet may have either. For Linli "first screen" is the app's.\n\n${table(heads, lines)}`;
}
