// How cost grows with the number of communities in one database.
import { program } from './records.mjs';
import { bytes, circumstances, count, isQuick, ms, sections, table } from './tables.mjs';

export async function growth() {
  const text = program('growth', isQuick ? 10 : 1000);
  const all = text.trim().split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  // Each row is said when it is there, and all of them again at the end.
  const rows = all.slice(all.length / 2);
  const plans = text.split('\n').filter((line) => /record_feed|Index|Bitmap|Buffers|Execution/.test(line)).map((line) => line.trim());
  const heads = ['', 'communities', 'records', 'push of 10, p50 / p99', 'changes, 16 at once', 'tail of 100, p50 / p99', 'one record, p50 / p99', 'records with indexes', 'filled in', 'whole scans / by index'];
  const body = rows.map((row) => [
    row.db, count(row.communities), count(row.records), `${ms(row.push_p50)} / ${ms(row.push_p99)}`, `${count(row.rate)} /s`,
    `${ms(row.tail_p50)} / ${ms(row.tail_p99)}`, `${ms(row.point_p50)} / ${ms(row.point_p99)}`, bytes(row.bytes), `${row.fill_s.toFixed(0)} s`,
    row.db === 'SQLite' ? 'not counted' : `${row.whole_scans} / ${count(row.index_scans)}`,
  ]);
  sections('growth', 'From one community to a thousand', `${circumstances()}

The office serves one community; every key leads with it, and the office's own store takes it as a word. So this asks the store
(\`crates/server/benches/growth.rs\`), with what a push does but the judging. Scans are PostgreSQL's own count (\`pg_stat_user_tables\`) of how the measure read the table of records:
as the counters beside it say.

${table(heads, body)}

The plan of the read that every sync makes, at the largest size:

\`\`\`
${plans.join('\n')}
\`\`\``);
}
