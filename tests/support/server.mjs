// The real server, as a process that can be killed and started again on the same port and data.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { kept, linli, temporaryFolder } from './places.mjs';

const READY_MS = 20_000;
const running = new Set();
// However this process ends, no server may stay: it would keep its port, and the next run would test the old build.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

/** Runs `linli …` to its end and returns its standard output; throws with its standard error. */
export async function command(...words) {
  const { stdout } = await promisify(execFile)(linli, words, { maxBuffer: 64 << 20 });
  return stdout;
}

/** Gives an account a new password, as the office does for who forgot theirs. */
export async function renew(data, account, password) {
  const done = promisify(execFile)(linli, ['admin', '--data', data, 'account', 'passwd', account]);
  done.child.stdin.end(`${password}\n`);
  await done;
}

/**
 * A data folder of its own with the demo community. Made once for each size and build of the server, then copied:
 * making 3,000 households takes seconds, and many journeys want them.
 */
export async function demoData({ households, seed, years } = {}) {
  const words = [];
  if (households !== undefined) words.push('--households', String(households));
  if (seed !== undefined) words.push('--seed', String(seed));
  if (years !== undefined) words.push('--years', String(years));
  const build = Math.trunc(statSync(linli).mtimeMs);
  const model = join(kept('demo'), [build, ...words.filter((word) => !word.startsWith('--'))].join('-'));
  if (!existsSync(model)) {
    // Beside it first, so that a run that is cut off leaves no half community under the real name.
    const half = `${model}.${process.pid}`;
    rmSync(half, { recursive: true, force: true });
    await command('demo', '--data', half, ...words);
    try {
      renameSync(half, model);
    } catch (error) {
      // Another test file made the same meanwhile.
      if (!existsSync(model)) throw error;
      rmSync(half, { recursive: true, force: true });
    }
  }
  const data = temporaryFolder('data');
  cpSync(model, data, { recursive: true });
  return data;
}

/** A data folder with an empty community: no accounts but those a test adds. */
export async function emptyData(name = '试验社区') {
  const data = temporaryFolder('data');
  await command('admin', '--data', data, 'community', name);
  return data;
}

/**
 * Starts `linli serve` on a data folder and waits until it answers.
 * @param {{data: string, port?: number, arguments?: string[]}} options port 0, the default, takes a free one, which
 *   restarts keep; arguments are added to the command line
 */
export async function startServer(options) {
  const server = new Server(options);
  await server.start();
  return server;
}

class Server {
  /** What the server wrote to standard error, all starts together. */
  log = '';
  #child;

  constructor({ data, port = 0, arguments: more = [] }) {
    this.data = data;
    this.port = port;
    this.more = more;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it, again on the same port. */
  async start() {
    if (this.#child) throw new Error('the server is running already');
    const words = ['serve', '--data', this.data, '--listen', `127.0.0.1:${this.port}`, ...this.more];
    const child = spawn(linli, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    child.once('exit', () => running.delete(child));
    child.stderr.setEncoding('utf8').on('data', (text) => (this.log += text));
    this.#child = child;
    // The first line is its address. Should the port have been taken, it ends instead, and must not be mistaken for
    // whatever else answers there.
    const address = await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no address after ${READY_MS} ms\n${this.log}`)), READY_MS);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`linli serve ended with ${code}\n${this.log}`)));
      createInterface({ input: child.stdout }).once('line', (line) => {
        clearTimeout(late);
        resolve(line);
      });
    });
    this.port = Number(new URL(address).port);
    const health = await fetch(`${this.url}/health`);
    if (!health.ok) throw new Error(`/health answered ${health.status}`);
  }

  /** kill -9: what power loss is to a server. */
  kill() {
    return this.#end('SIGKILL');
  }

  /** The clean end, as by Ctrl-C. */
  stop() {
    return this.#end('SIGINT');
  }

  async #end(signal) {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
    // The point of the exercise: make sure that nothing answers any more.
    const silent = await fetch(`${this.url}/health`).then(() => false, () => true);
    if (!silent) throw new Error(`something else answers at ${this.url}`);
  }
}
