// A browser to measure in: a fresh profile, the processor slowed on request, what it holds in memory and on disk.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SHELVES, Tablet } from '../../tests/support/browser.mjs';

export class Seat {
  #tablet;

  constructor(url, shelf = 'leveldb') {
    this.#tablet = new Tablet({ url, name: 'bench', shelf: SHELVES[shelf] });
  }

  get tablet() {
    return this.#tablet;
  }

  get page() {
    return this.#tablet.page;
  }

  /** Starts the browser anew on its profile, with the page's processor `slow` times slower. */
  async open(slow = 1) {
    await this.#tablet.open();
    await this.#tablet.context.tracing.stop();
    this.#tablet.context.setDefaultTimeout(0);
    this.cdp = await this.page.context().newCDPSession(this.page);
    if (slow !== 1) await this.cdp.send('Emulation.setCPUThrottlingRate', { rate: slow });
  }

  close() {
    return this.#tablet.close();
  }

  /** Bytes that only the page's process has, after a collection of garbage. */
  async memory() {
    await this.cdp.send('HeapProfiler.collectGarbage');
    return Math.max(...renderers(this.#tablet.profile).map(privateBytes));
  }

  /** Bytes in the profile under IndexedDB and the origin's private files. Ask when the browser is closed. */
  disk() {
    const inside = /[/](IndexedDB|File System)[/]/;
    return files(this.#tablet.profile).filter((path) => inside.test(path)).reduce((sum, path) => sum + statSync(path).size, 0);
  }
}

function files(folder) {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true });
  return all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function renderers(profile) {
  const is = (pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return words.includes('--type=renderer') && words.includes(profile);
    } catch {
      return false;
    }
  };
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && is(name));
  return all.length > 0 ? all : childrenOf(profile);
}

/** Where a renderer's command line does not name the profile: the renderers among the descendants of the browser that does. */
function childrenOf(profile) {
  const read = (pid, what) => {
    try {
      return readFileSync(`/proc/${pid}/${what}`, 'utf8');
    } catch {
      return '';
    }
  };
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parent = new Map(pids.map((pid) => [pid, read(pid, 'stat').replace(/^.*\) /s, '').split(' ')[1]]));
  const isOurs = (pid) => pid && pid !== '0' && (read(pid, 'cmdline').includes(`--user-data-dir=${profile}`) || isOurs(parent.get(pid)));
  return pids.filter((pid) => read(pid, 'cmdline').includes('--type=renderer') && isOurs(pid));
}

function privateBytes(pid) {
  const lines = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Private_(Clean|Dirty):\s+\d+/gm) ?? [];
  return lines.reduce((sum, line) => sum + Number(line.match(/\d+$/)[0]) * 1024, 0);
}
