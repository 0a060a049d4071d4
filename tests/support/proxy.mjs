// A TCP proxy between tablet and office that really breaks the line. Emulated "offline" does not do: it does not
// reach the service worker, and it cannot lose an answer after the server has committed.
import { once } from 'node:events';
import net from 'node:net';

/**
 * @param {number} target the server's port
 * @returns {Promise<Line>} listening at `proxy.url`
 */
export async function startProxy(target) {
  const proxy = new Line(target);
  await proxy.restore();
  return proxy;
}

class Line {
  port = 0;
  /** Bytes that came from the server since the start. */
  received = 0;
  /** Bytes that went to it. */
  sent = 0;
  #listener;
  #pairs = new Set();
  #frozen = false;
  #left = Infinity;
  #losing = [];

  constructor(target) {
    this.target = target;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Lets everything through again, on the same port. */
  async restore() {
    this.#left = Infinity;
    if (this.#frozen) {
      // What was swallowed is lost, as on a line: those connections cannot go on.
      this.#frozen = false;
      this.#breakAll();
    }
    if (this.#listener) return;
    const listener = net.createServer((client) => this.#join(client));
    listener.listen(this.port, '127.0.0.1');
    await once(listener, 'listening');
    this.#listener = listener;
    this.port = listener.address().port;
  }

  /** No line: connections are reset, new ones refused, until `restore`. */
  async cut() {
    const listener = this.#listener;
    this.#listener = undefined;
    this.#breakAll();
    if (listener) await new Promise((closed) => listener.close(closed));
  }

  /** A dead line that looks alive: connections stay open, nothing comes through, until `restore`. */
  freeze() {
    this.#frozen = true;
  }

  /** Lets through this many more bytes from the server, then cuts the line until `restore`. Resolves when it is cut. */
  cutAfter(bytes) {
    this.#left = bytes;
    return new Promise((resolve) => (this.onCut = resolve));
  }

  /**
   * The worst moment: the next request that begins so reaches the server, which commits and answers, and the answer is
   * lost. The line works again at once.
   * @param {string|RegExp} request such as 'POST /api/v1/sync'
   * @returns {Promise<void>} resolved when an answer was lost
   */
  loseAnswer(request) {
    const matches = (text) => (typeof request === 'string' ? text.includes(`${request} HTTP/1.1`) : request.test(text));
    return new Promise((lost) => this.#losing.push({ matches, lost }));
  }

  /** Ends the proxy. */
  stop() {
    return this.cut();
  }

  #breakAll() {
    for (const end of this.#pairs) end();
  }

  #join(client) {
    const server = net.connect(this.target, '127.0.0.1');
    let asked = '';
    let losing;
    const end = () => {
      this.#pairs.delete(end);
      client.resetAndDestroy();
      server.destroy();
    };
    this.#pairs.add(end);
    for (const socket of [client, server]) {
      socket.on('error', end);
      socket.on('close', end);
    }
    client.on('data', (bytes) => {
      if (this.#frozen) return;
      // Only the beginning of a request matters; a body may be megabytes.
      asked = (asked + bytes.toString('latin1')).slice(0, 8192);
      const index = this.#losing.findIndex(({ matches }) => matches(asked));
      if (index >= 0) [losing] = this.#losing.splice(index, 1);
      this.sent += bytes.length;
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (this.#frozen) return;
      asked = '';
      if (losing) {
        end();
        losing.lost();
        return;
      }
      this.received += bytes.length;
      if (bytes.length < this.#left) {
        this.#left -= bytes.length;
        client.write(bytes);
        return;
      }
      client.write(bytes.subarray(0, this.#left), () => this.cut().then(() => this.onCut?.()));
      this.#left = Infinity;
      this.#frozen = true;
    });
  }
}
