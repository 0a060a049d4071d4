// Linli over the wire: new tablets through a counting line, 5,000 offline changes brought, a round with nothing.
import { demoData, startServer } from '../../tests/support/server.mjs';
import { startProxy } from '../../tests/support/proxy.mjs';
import { accounts } from '../../tests/support/walk.mjs';
import { ACCOUNT, SIZES } from '../records.mjs';
import { showOurs } from '../tablet/app.mjs';
import { Seat } from '../tablet/seat.mjs';
import { PUSHED, counted } from './peers.mjs';

export async function measureOurs(size, data, { runs }) {
  const { households, years } = SIZES[size];
  const folder = await demoData({ households, years });
  const { password } = (await accounts(folder))[ACCOUNT];
  const server = await startServer({ data: folder, arguments: ['--pace', '1000'] });
  const line = await startProxy(server.port);
  const result = { first: [], push: [], quiet: [] };
  try {
    // The server makes its blocks once for all tablets.
    await (await arrived(line, password)).seat.close();
    // All first syncs before anything is pushed: later ones would bring that too.
    for (let run = 0; run < runs; run += 1) {
      const { seat, counts } = await arrived(line, password);
      result.first.push(counts.arrive.pop());
      result.firstBytes = counts.arriveBytes;
      await seat.close();
    }
    for (let run = 0; run < runs; run += 1) {
      const { seat, call, counts } = await arrived(line, password);
      await line.cut();
      await seat.page.evaluate(([visit, times]) => ours.save(visit, times), [data.asked.visit.id, PUSHED]);
      await line.restore();
      const waits = await seat.page.evaluate(() => ours.waiting());
      if (waits !== PUSHED) throw new Error(`${waits} changes wait, not ${PUSHED}`);
      await call('sync');
      result.push.push(counts.sync.pop());
      result.pushBytes = counts.syncBytes;
      await call('sync');
      result.quiet.push(counts.sync.pop());
      result.quietBytes = counts.syncBytes;
      await seat.close();
    }
  } finally {
    await line.stop();
    await server.stop();
  }
  return result;
}

/** A new tablet after its first sync, with what its calls took. */
async function arrived(line, password) {
  const counts = { arrive: [], sync: [] };
  const seat = new Seat(line.url);
  await seat.open();
  await showOurs(seat);
  const call = counted(seat, line, counts);
  await call('arrive', ACCOUNT, password);
  return { seat, call, counts };
}
