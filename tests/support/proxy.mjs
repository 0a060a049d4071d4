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
  /** Bytes a second towards the server. */
  #rate = Infinity;
  /** Largest body of a request. */
  #largest = Infinity;
  /** Requests refused for their size. */
  refused = 0;
  #stalling = [];
  /** What answers everything, in the server's place. */
  #portal;

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

  /** A line that takes so many bytes a second towards the server, and otherwise works; as it was, without a number. */
  slow(rate = Infinity) {
    this.#rate = rate;
  }

  /** Answers each request whose body is larger than this as a proxy does that was not told otherwise: 413, in HTML. */
  refuseAbove(bytes = Infinity) {
    this.#largest = bytes;
  }

  /** Answers everything under a path itself with a page of HTML, as a network does that wants a sign-in of its own; no longer
   * without one. */
  portal(path, status = 200) {
    this.#portal = path && { path, status };
  }

  /**
   * The answer to the next request that begins so stops after this many bytes, for good, and the connection stays open.
   * @returns {Promise<void>} resolved when it has stopped
   */
  stallAnswer(request, bytes) {
    return new Promise((stalled) => this.#stalling.push({ request, bytes, stalled }));
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
    let stalling;
    let isAnswered = false;
    client.on('data', async (bytes) => {
      if (this.#frozen || isAnswered) return;
      // Only the beginning of a request matters; a body may be megabytes.
      const before = asked;
      asked = (asked + bytes.toString('latin1')).slice(0, 8192);
      const index = this.#losing.findIndex(({ matches }) => matches(asked));
      if (index >= 0) [losing] = this.#losing.splice(index, 1);
      const stall = this.#stalling.findIndex(({ request }) => asked.startsWith(request));
      if (stall >= 0) [stalling] = this.#stalling.splice(stall, 1);
      const own = before === '' && this.#own(asked);
      if (own) {
        // The rest of the request is taken in and thrown away, else the answer is lost with the connection.
        isAnswered = true;
        client.end(own);
        return;
      }
      this.sent += bytes.length;
      if (this.#rate === Infinity) {
        server.write(bytes);
        return;
      }
      client.pause();
      for (let at = 0; at < bytes.length && !server.destroyed; ) {
        const piece = bytes.subarray(at, at + Math.max(1, Math.min(this.#rate / 5, bytes.length)));
        server.write(piece);
        at += piece.length;
        await new Promise((later) => setTimeout(later, 200));
      }
      client.resume();
    });
    server.on('data', (bytes) => {
      if (this.#frozen) return;
      asked = '';
      if (losing) {
        end();
        losing.lost();
        return;
      }
      if (stalling) {
        client.write(bytes.subarray(0, stalling.bytes));
        stalling.bytes = Math.max(0, stalling.bytes - bytes.length);
        if (stalling.bytes === 0) stalling.stalled();
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

  /** What this proxy answers itself, if anything. */
  #own(asked) {
    const [, path] = asked.split(' ', 2);
    const page = (status, words) => {
      const body = `<html><head><title>${words}</title></head><body><h1>${words}</h1></body></html>`;
      return `HTTP/1.1 ${status} ${words}\r\ncontent-type: text/html\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
    };
    if (this.#portal && path?.startsWith(this.#portal.path)) return page(this.#portal.status, 'Please sign in to this network');
    const length = Number(/^content-length: (\d+)/im.exec(asked)?.[1] ?? 0);
    if (length <= this.#largest) return undefined;
    this.refused += 1;
    return page(413, 'Request Entity Too Large');
  }
}
