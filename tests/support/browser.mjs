// A tablet: Chromium with a profile of its own, which can be closed, killed and opened again with what it had stored.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium as playwright } from 'playwright-core';
import { chromium, kept, temporaryFolder } from './places.mjs';

const FLAGS = ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-dev-shm-usage'];
/** Sizes the screens are made for: width × height in CSS pixels. */
export const SIZES = {
  tablet: { width: 800, height: 1280 },
  wide: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
};
/** What lies under IndexedDB in Chromium, by a flag: how to ask for it, and the files by which it is known. */
export const SHELVES = {
  leveldb: { flags: [], files: /IndexedDB\/.*\.leveldb\/.*\.(ldb|log)$/ },
  sqlite: { flags: ['--enable-features=IdbSqliteOnDiskRollout:stage/UseSqliteForNewStores'], files: /IndexedDB\/[^/]+\/[A-Z2-7]{40,}(-wal)?$/ },
};
/** What Chromium writes to the console when a server is gone: expected here, not a fault of the app. */
const OFFLINE_NOISE = /Failed to load resource: (net::ERR_|the server responded)|net::ERR_/;

/**
 * Opens a new tablet.
 * @param {{url: string, name?: string, size?: {width: number, height: number}, locale?: string, zone?: string, shelf?: object, flags?: string[]}} options
 *   url: where the app is; name: for pictures and messages; locale: the browser's language; zone: its time zone; shelf: one of SHELVES;
 *   flags: more of Chromium's
 */
export async function openTablet(options) {
  const tablet = new Tablet(options);
  await tablet.open();
  return tablet;
}

export class Tablet {
  /** Faults seen so far: uncaught exceptions and console errors, but for those of a lost server. */
  errors = [];
  /** Account and password of who signed in last, for the lock; unset to stand before it. */
  key;
  context;
  page;
  #recording = false;

  constructor({ url, name = 'tablet', size = SIZES.tablet, locale = 'zh-CN', zone = 'Asia/Shanghai', shelf = SHELVES.leveldb, flags = [] }) {
    Object.assign(this, { url, name, size, locale, zone, shelf, flags, profile: temporaryFolder(`profile-${name}`) });
  }

  /** Starts the browser on its profile; the page is empty, so call `goto` next. */
  async open() {
    this.context = await playwright.launchPersistentContext(this.profile, {
      executablePath: chromium,
      headless: true,
      args: [...FLAGS, ...this.shelf.flags, ...this.flags],
      viewport: this.size,
      locale: this.locale,
      timezoneId: this.zone,
      reducedMotion: 'reduce',
      hasTouch: true,
    });
    this.context.setDefaultTimeout(15_000);
    this.context.on('page', (page) => this.#listen(page));
    this.context.pages().forEach((page) => this.#listen(page));
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
    await this.context.tracing.start({ screenshots: true, snapshots: true });
    this.#recording = true;
  }

  /** Goes to an address of the app, such as '/' or '/sync', and waits until the app has taken the skeleton's place. */
  async goto(path = '/') {
    await this.page.goto(this.url + path, { waitUntil: 'domcontentloaded' });
    await this.started();
  }

  /** Shows a screen as a link of the app does, without starting it anew; where it does not run or is locked, it is started. */
  async show(path) {
    const { page } = this;
    const isOpen = page.url().startsWith(this.url) && (await page.locator('.frame .places').isVisible());
    if (!isOpen) return this.goto(path);
    await page.evaluate(async (path) => {
      history.pushState(null, '', path);
      dispatchEvent(new PopStateEvent('popstate', { state: null }));
      const drawn = () => new Promise((resolve) => requestAnimationFrame(resolve));
      await drawn();
      await drawn();
    }, path);
  }

  /** Reloads, as by pulling down, and waits for the app. */
  async reload() {
    await this.page.reload({ waitUntil: 'domcontentloaded' });
    await this.started();
  }

  /** Waits until the app runs. */
  async started() {
    await this.page.locator('#skeleton').waitFor({ state: 'detached' });
    if (this.key) await this.unlock();
  }

  /** Waits for the first screen; where it is the lock, says the password of who signed in last. */
  async unlock() {
    const { page } = this;
    await page.locator('.frame, main.notice').first().waitFor({ timeout: 60_000 });
    const open = page.getByRole('button', { name: /^(打开|Open)$/ });
    if (!(await open.isVisible())) return;
    await page.getByLabel(/^(账号|Account)$/).fill(this.key.account);
    await page.getByLabel(/^(密码|Password)$/).fill(this.key.password);
    await open.click();
    await page.locator('form.sign-in').waitFor({ state: 'detached' });
    await page.locator('.frame, main.notice').first().waitFor({ timeout: 60_000 });
  }

  /** Waits until the service worker holds the whole app, so that the next start needs no network. */
  async readyForOffline() {
    await this.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  }

  /** Closes the browser in an orderly way. */
  async close() {
    this.#recording = false;
    await this.context?.close();
    this.context = undefined;
  }

  /** kill -9 of every process of this browser: a flat battery. What was promised to be saved must be there afterwards. */
  async kill() {
    this.#recording = false;
    for (let round = 0; this.#processes().length > 0; round += 1) {
      if (round === 100) throw new Error(`${this.name}: the browser does not die`);
      this.#processes().forEach((pid) => kill(pid));
      await sleep(20);
    }
    await this.context?.close().catch(() => {});
    this.context = undefined;
  }

  /** A picture of the page as target/shots/<name>.png. Returns its path. */
  async shot(name, options = {}) {
    const path = join(kept('shots'), `${name}.png`);
    await this.page.screenshot({ path, animations: 'disabled', ...options });
    return path;
  }

  /** After a failed test: picture, page and trace under target/failed (`npx playwright show-trace`). */
  async keepEvidence(test) {
    const path = join(kept('failed'), `${test}-${this.name}`.replace(/[^\p{L}\p{N}]+/gu, '-'));
    const tries = [];
    if (this.page && this.context) tries.push(this.page.screenshot({ path: `${path}.png`, timeout: 5000 }));
    if (this.#recording) tries.push(this.context.tracing.stop({ path: `${path}.zip` }));
    this.#recording = false;
    await Promise.allSettled(tries);
    return path;
  }

  /** Files of the profile in which the browser keeps what the app stores. */
  shelfFiles() {
    const all = readdirSync(this.profile, { recursive: true, withFileTypes: true });
    const paths = all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return paths.filter((path) => this.shelf.files.test(path));
  }

  #listen(page) {
    page.on('pageerror', (error) => this.errors.push(`${error}`));
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' && !OFFLINE_NOISE.test(text)) this.errors.push(text);
    });
  }

  /** Chromium passes the profile's folder to all its processes, and no other browser has it. */
  #processes() {
    const own = (pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(this.profile);
      } catch {
        return false;
      }
    };
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && own(name));
  }
}

function kill(pid) {
  try {
    process.kill(Number(pid), 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}
