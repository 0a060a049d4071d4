// Lighthouse over a tablet of ours: the same Chromium and profile, reached through its debugging port.
import { once } from 'node:events';
import net from 'node:net';
import lighthouse, { snapshot } from 'lighthouse';
import puppeteer from 'puppeteer-core';

/** How often a measure that Lighthouse itself calls failed is tried. */
const TRIES = 4;

/** A port that is free now, for Chromium's debugger. */
export async function freePort() {
  const listener = net.createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address();
  listener.close();
  await once(listener, 'close');
  return port;
}

/** A first visit on the slow-phone profile (four times slower, slow 4G, both simulated): scores and what is amiss. */
export async function firstVisit(url, port) {
  const options = { port, output: 'json', logLevel: 'error', onlyCategories: ['performance', 'accessibility', 'best-practices'] };
  for (let tries = 1; ; tries += 1) {
    const { lhr } = await lighthouse(url, options);
    if (!lhr.runtimeError) return judged(lhr);
    // Now and then its trace lacks the beginning of the page (NO_NAVSTART), and it asks to be run again.
    if (tries === TRIES) throw new Error(lhr.runtimeError.message);
  }
}

/** The page that stands open at this address, as it stands. */
export async function asItStands(address, port) {
  const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}`, defaultViewport: null });
  try {
    const page = (await browser.pages()).find((page) => page.url() === address);
    const { lhr } = await snapshot(page, {
      config: { extends: 'lighthouse:default', settings: { onlyCategories: ['accessibility', 'best-practices'], screenEmulation: { disabled: true } } },
    });
    return judged(lhr);
  } finally {
    await browser.disconnect();
  }
}

function judged({ categories, audits }) {
  const scores = Object.fromEntries(Object.entries(categories).map(([name, { score }]) => [name, Math.round(score * 100)]));
  // Only what counts: a category also lists audits of no weight.
  const weighed = Object.values(categories).flatMap(({ id, auditRefs }) => (id === 'performance' ? [] : auditRefs.filter(({ weight }) => weight > 0)));
  const amiss = weighed.filter(({ id }) => audits[id].score !== null && audits[id].score < 1).map(({ id }) => `${id}: ${audits[id].title} ${JSON.stringify(audits[id].details?.items?.slice(0, 2) ?? '')}`);
  const times = Object.fromEntries(['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift', 'speed-index'].filter((id) => audits[id]).map((id) => [id, audits[id].displayValue]));
  return { scores, amiss, times };
}
