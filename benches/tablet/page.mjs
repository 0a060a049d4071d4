// In the page of a peer: does what a tablet does with its records, and says how long each took, in milliseconds.

const now = () => performance.now();
const timed = async (work) => {
  const start = now();
  const answer = await work();
  return [now() - start, answer];
};

/** The figures of a year as far as these can be had by reading its records: services and payments by group. */
function figures(records) {
  const sums = new Map();
  for (const { kind, post, channel, fund, amount, body } of records) {
    const of = body ?? { post, channel, fund, amount };
    const key = [kind, of.post, of.channel, of.fund].join(' ');
    const sum = sums.get(key) ?? { n: 0, fen: 0 };
    sum.n += 1;
    sum.fen += of.amount ?? 0;
    sums.set(key, sum);
  }
  return sums.size;
}

export function serve(peer) {
  let records;
  let all;
  const bench = {
    name: peer.name,
    isRelaxed: peer.isRelaxed ?? false,

    /** Fetches and reads the records: not timed. */
    async load(url) {
      if (peer.loadsItself) {
        await peer.open();
        return peer.load(url);
      }
      records = (await (await fetch(url)).text()).trim().split('\n').map((line) => JSON.parse(line));
    },

    /** Puts them all away. */
    async insert() {
      const [took] = await timed(async () => {
        if (!peer.loadsItself) await peer.open();
        await peer.insert(records);
      });
      records = undefined;
      return took;
    },

    /** A start: from the navigation to what one building's page needs, and to everything read into memory. */
    async start({ building }) {
      await peer.open();
      const households = await peer.building(building);
      for (const { id } of households.filter((one) => one.kind === 'household')) await peer.household(id);
      const first = now();
      all = await peer.everything();
      return { first, all: now(), households: households.length, records: all.length };
    },

    /** Lets go of what was read, before single questions are asked. */
    forget: () => void (all = undefined),

    async get(asked) {
      const took = [];
      for (const record of asked) {
        const [time, answer] = await timed(() => peer.get(record.id, record));
        if (!answer) throw new Error(`${record.id} is not there`);
        took.push(time);
      }
      return took;
    },

    async household(asked) {
      const took = [];
      let found = 0;
      for (const id of asked) {
        const [time, answer] = await timed(() => peer.household(id));
        found += answer.length;
        took.push(time);
      }
      if (found === 0) throw new Error('no household has a history');
      return took;
    },

    async search(asked) {
      const took = [];
      let found = 0;
      for (const text of asked) {
        const [time, answer] = await timed(() => peer.search(text));
        found += answer.length;
        took.push(time);
      }
      if (found === 0) throw new Error('nobody was found');
      return took;
    },

    async save(record, times) {
      const took = [];
      for (let n = 0; n < times; n += 1) {
        const [time] = await timed(() => peer.save({ ...record, id: crypto.randomUUID() }));
        took.push(time);
      }
      return took;
    },

    async report({ from, to }) {
      const [took, groups] = await timed(async () => (peer.report ? peer.report(from, to) : figures(await peer.year(from, to))));
      if (!(groups > 3)) throw new Error(`only ${groups} figures`);
      return took;
    },
  };
  globalThis.bench = bench;
  const building = new URLSearchParams(location.search).get('building');
  if (building) bench.start({ building }).then((started) => (bench.started = started));
}
