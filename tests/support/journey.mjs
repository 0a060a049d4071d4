// A journey is a test with real parts: what it starts is ended however it goes, and a failure leaves evidence.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTablet } from './browser.mjs';
import { startProxy } from './proxy.mjs';
import { startServer } from './server.mjs';

/**
 * @param {string} name a sentence
 * @param {(with: Parts) => Promise<void>} walk gets the makers of the parts: `server`, `proxy`, `tablet`
 * @param {{timeout?: number}} options
 */
export function journey(name, walk, { timeout = 120_000 } = {}) {
  test(name, { timeout }, async () => {
    const parts = new Parts();
    try {
      await walk(parts);
      for (const tablet of parts.tablets) {
        assert.deepEqual(tablet.errors, [], `${tablet.name}: errors in the browser's console`);
      }
    } catch (error) {
      for (const tablet of parts.tablets) {
        const path = await tablet.keepEvidence(name);
        console.error(`evidence: ${path}.png and .zip${tablet.errors.map((line) => `\n  console: ${line}`).join('')}`);
      }
      for (const { log } of parts.servers) console.error(`the server's log ends:\n${log.slice(-3000)}`);
      throw error;
    } finally {
      await parts.end();
    }
  });
}

class Parts {
  servers = [];
  tablets = [];
  #proxies = [];

  /** See startServer. */
  server = async (options) => keep(this.servers, await startServer(options));
  /** A line to a server that can be cut; see startProxy. */
  proxy = async (server) => keep(this.#proxies, await startProxy(server.port));
  /** See openTablet. */
  tablet = async (options) => keep(this.tablets, await openTablet(options));

  async end() {
    await Promise.allSettled(this.tablets.map((tablet) => tablet.kill()));
    await Promise.allSettled(this.#proxies.map((proxy) => proxy.stop()));
    await Promise.allSettled(this.servers.map((server) => server.kill()));
  }
}

function keep(list, part) {
  list.push(part);
  return part;
}
