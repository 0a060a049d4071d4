// `cargo xtask bench [small|large|shelves|wire|server|growth]`: measures parts, or all of them, and puts each into its section of
// docs/benchmarks.md as soon as it is there, so that a run that is cut off leaves what it has. LINLI_BENCH=quick goes through
// every step with little of everything and leaves the page alone.
import { growth } from './growth.mjs';
import { server } from './server.mjs';
import { tablet } from './tablet.mjs';
import { wire } from './wire.mjs';

const PARTS = { ...tablet, wire, server, growth };

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !PARTS[name]);
if (unknown) {
  console.error(`no such part: ${unknown} (${Object.keys(PARTS).join(', ')})`);
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : Object.keys(PARTS)) {
  const began = Date.now();
  console.log(`\n== bench ${name}`);
  await PARTS[name]();
  console.log(`== bench ${name}: ${((Date.now() - began) / 60_000).toFixed(1)} min`);
}
process.exit(0);
