// The wire's table: a new tablet, a day's work brought, and a look for news; time to durable on both sides, and bytes either way.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dist } from '../tests/support/places.mjs';
import { isLater } from '../xtask/precache.mjs';
import { recordsOf } from './records.mjs';
import { bytes, circumstances, count, isQuick, median, ratio, sections, spread, table } from './tables.mjs';
import { measureOurs } from './wire/ours.mjs';
import { PUSHED, floor, measureSync } from './wire/peers.mjs';

/** How often, and seconds after which nothing is repeated. Who is left out of a size, and why. */
const PLANS = {
  small: { runs: 3, patience: 30, peers: { pouch: 'PouchDB, express-pouchdb', kinto: 'kinto.js, Kinto' } },
  large: { runs: 3, patience: 20, peers: { pouch: 'PouchDB, express-pouchdb' } },
};

export async function wire() {
  const parts = [shell()];
  for (const size of ['small', 'large']) parts.push(await ofSize(size));
  sections('wire', 'Over the wire', `${circumstances()}\n\n${INTRO}\n\n${parts.join('\n\n')}`);
}

const INTRO = `On loopback, so that time is work and not distance; bytes are counted by a TCP proxy between tablet and server, both ways, with headers.

- Linli: \`sync::engine\`, store and seals of the app in a page without screens, against the release build of the server on SQLite. "First sync" is from the password to "all
  is equal to the office's": Argon2id at the server and on the tablet is in it. The same records as the others, and the pack of forms.
- PouchDB: \`replicate.from\` and \`to\` in batches of 1,000 against express-pouchdb over LevelDB on Node.
- Kinto: kinto.js against the Python server with its memory back end, so it keeps nothing durable; it pushes 1,000 changes, not ${count(PUSHED)}.
- The floor: the same records as lines of JSON in one file in brotli (quality 9), fetched and parsed; nothing is kept.`;

async function ofSize(size) {
  const data = recordsOf(size);
  const plan = isQuick ? { ...PLANS[size], runs: 1 } : PLANS[size];
  const rows = [];
  const low = await floor(data, plan.runs);
  const line = (name, { first = [], push = [], quiet = [], firstBytes, pushBytes, quietBytes }) => {
    rows.push([
      name, spread(first), first.length ? ratio(median(first), median(low.first)) : '—', bytes(firstBytes), ratio(firstBytes, low.firstBytes),
      spread(push), bytes(pushBytes), spread(quiet), bytes(quietBytes),
    ]);
    console.log(rows.at(-1).join(' | '));
  };
  const notes = [];
  const attempt = async (name, work) => {
    try {
      line(name, await work());
    } catch (error) {
      console.error(error);
      notes.push(`- ${name} could not be measured: ${`${error}`.split('\n')[0].slice(0, 200)}`);
    }
  };
  await attempt('Linli', () => measureOurs(size, data, plan));
  for (const [peer, name] of Object.entries(plan.peers)) await attempt(name, () => measureSync(peer, data, plan));
  line('floor', low);
  if (size === 'large') notes.push('- Kinto was not tried at this size.');
  const heads = ['', 'first sync', '× floor', 'bytes', '× floor', `push of ${count(PUSHED)}`, 'bytes', 'quiet sync', 'bytes'];
  return `### ${count(data.records)} records\n\n${table(heads, rows)}\n\n${notes.join('\n')}`.trim();
}

/** What a new tablet fetches before anything of anyone: the app itself, as the server sends it. */
function shell() {
  const files = readFileSync(join(dist, 'sw.js'), 'utf8').match(/"(\/[^"]+)":/g).map((quoted) => quoted.slice(1, -2));
  const size = (file) => {
    for (const path of [`${file}.br`, file]) {
      try {
        return readFileSync(join(dist, path)).length;
      } catch {
        // Not every file is worth compressing.
      }
    }
    return 0;
  };
  const sizes = files.filter((path) => path !== '/' && !path.startsWith('/icons/')).map((path) => [path, size(path)]);
  sizes.push(['/index.html', size('/index.html')]);
  const sum = (of) => bytes(sizes.filter(([path]) => of(path)).reduce((all, [, size]) => all + size, 0));
  return `The app's first load, until someone can sign in, is ${sum((path) => !isLater(path))} in brotli; ${sum(isLater)} come behind it, while a password is typed.`;
}
