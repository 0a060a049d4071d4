// The server's tables: what it takes in and gives out beside bare inserts, and a thousand tablets at five o'clock.
import { program } from './records.mjs';
import { bytes, circumstances, count, isQuick, ms, ratio, sections, table } from './tables.mjs';

/** Years of the community that is pushed, and tablets in the rush. */
const YEARS = isQuick ? 1 : 10;
const TABLETS = isQuick ? 50 : 1000;

const lines = (text) => text.trim().split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
/** The bench programs say each row when they have it, and all of them at the end. */
const last = (rows, many) => rows.slice(-many);

export async function server() {
  const pushed = last(lines(program('push', YEARS)), 2);
  const rushed = last(lines(program('rush', TABLETS)), 2);
  const heads = ['', ...pushed.map(({ db }) => db)];
  const rate = (number) => `${count(number)} /s`;
  const push = table(heads, [
    ['changes pushed', ...pushed.map((row) => count(row.changes))],
    ['pushed: judged, merged, audited, durable', ...pushed.map((row) => rate(row.changes / row.push_s))],
    ['floor: the same JSON into one bare table, as many commits', ...pushed.map((row) => rate(row.changes / row.floor_s))],
    ['ours of the floor', ...pushed.map((row) => ratio(row.floor_s, row.push_s))],
    ['rate in the second tenth of all changes, and in the last', ...pushed.map((row) => `${rate(row.early)}, ${rate(row.late)}`)],
    [`blocks for first syncs made anew, ${count(pushed[0].records)} records`, ...pushed.map((row) => ms(row.blocks_ms))],
    [`first syncs, ${bytes(pushed[0].bytes)} each, eight at once`, ...pushed.map((row) => `${row.first_syncs.toFixed(1)} /s`)],
  ]);
  const rush = table(heads, [
    ['tablets, changes waiting', ...rushed.map((row) => `${count(row.tablets)}, ${count(row.changes)}`)],
    ...[['first', 'first sync of all, all at once'], ['evening', 'all come back with their work, all at once'], ['quiet', 'all look for news, all at once']].flatMap(
      ([key, label]) => [
        [`${label}: p50 / p99`, ...rushed.map((row) => `${ms(row[key].p50)} / ${ms(row[key].p99)}`)],
        ['… until the last one rests; requests; bytes; tried again', ...rushed.map(({ [key]: it }) => `${it.all_s.toFixed(1)} s; ${count(it.requests)}; ${bytes(it.bytes)}; ${it.failures}`)],
        ["… the server's processor time", ...rushed.map((row) => `${row[key].cpu_s.toFixed(1)} s`)],
      ],
    ),
    ['most memory the server ever had', ...rushed.map((row) => bytes(row.memory))],
  ]);
  sections('server', 'The server', `${circumstances()}

${INTRO}

### Pushes and first syncs

${push}

### ${count(TABLETS)} tablets at five o'clock

${rush}`);
}

const INTRO = `Both databases with a commit on the disk before it is answered (SQLite: WAL, \`synchronous=FULL\`; PostgreSQL as Debian ships it, over a Unix
socket). Pushes are the demo community's years through the office without HTTP, batch by batch as tablets brought them (\`crates/server/benches/push.rs\`); PostgreSQL's floor
is one statement a batch. The rush is over HTTP on loopback against the \`linli\` binary, every tablet driving the real \`sync::engine\` (\`crates/server/benches/rush.rs\`): one in ten an officer with
ten visits, the others volunteers with a round; the tablets take their share of the same two cores. Nobody spreads the thousand over a minute, as the
app's own jitter would: it is the worst case.`;
