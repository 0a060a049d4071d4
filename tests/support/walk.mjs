// What people do in the app, step by step, as journeys say it. Everything is found as a person finds it: by its words.
import { randomBytes } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { command, demoData } from './server.mjs';

/** The demo community's accounts by name: { password, post }. */
export async function accounts(data) {
  const lines = (await command('demo', '--data', data)).split('\n').map((line) => line.trim().split(/\s+/));
  return Object.fromEntries(lines.filter((words) => words.length === 4).map(([name, password, post]) => [name, { password, post }]));
}

/** Signs in and waits until the first sync is through. */
export async function signIn(tablet, account, password) {
  const { page } = tablet;
  await page.getByLabel(/^(账号|Account)$/).fill(account);
  await page.getByLabel(/^(密码|Password)$/).fill(password);
  await page.getByRole('button', { name: /^(登录|Sign in|打开|Open)$/ }).click();
  await page.getByRole('navigation', { name: /导航|Places/ }).waitFor({ timeout: 60_000 });
  tablet.key = { account, password };
}

/**
 * A demo community, small unless said otherwise, with its server and, for each account named, a tablet that is signed in and
 * could start without a network. `line`: tablets reach the server through a proxy that can be cut.
 */
export async function office(parts, names, { line: withLine = false, shelf, demo = { households: 200 } } = {}) {
  const data = await demoData(demo);
  const people = await accounts(data);
  const server = await parts.server({ data });
  const line = withLine ? await parts.proxy(server) : undefined;
  const tablets = [];
  for (const name of names) {
    const tablet = await parts.tablet({ url: (line ?? server).url, name, shelf });
    await tablet.goto('/');
    await signIn(tablet, name, people[name].password);
    await tablet.readyForOffline();
    tablets.push(tablet);
  }
  return { data, people, server, line, tablets };
}

/** Opens the page of one flat through the door map and returns its address. */
export async function openFlat(tablet, building, flat) {
  await tablet.show('/doors');
  return walkTo(tablet, building, flat);
}

/** The same from wherever the door map is shown. */
export async function walkTo({ page }, building, flat) {
  await page.getByRole('link', { name: new RegExp(`^${building}`) }).first().click();
  await page.waitForURL(/\/doors\/[0-9a-f-]{36}/);
  await page.getByRole('link', { name: new RegExp(`(^|\\D)${flat}(\\D|$)`) }).first().click();
  await page.waitForURL(/\/household\//);
  return new URL(page.url()).pathname;
}

/** From a household's or person's page: records a visit with a note, and waits until it is said to be saved. */
export async function recordVisit(tablet, note) {
  const { page } = tablet;
  await page.getByRole('link', { name: /走访/ }).first().click();
  await page.waitForURL(/\/new\//);
  await page.getByLabel('情况').fill(note);
  await save(tablet);
}

/** Presses save and waits for the stamp. */
export async function save(tablet) {
  const { page } = tablet;
  await page.getByRole('button', { name: /^保存/ }).click();
  await page.getByText('已存', { exact: true }).waitFor();
}

/** Draws a signature with the finger. */
export async function sign(tablet) {
  const { page } = tablet;
  const pad = page.getByRole('img', { name: /签/ }).or(page.getByLabel(/签收/)).first();
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];
  for (const stroke of [[[0.2, 0.3], [0.4, 0.7], [0.6, 0.3]], [[0.3, 0.6], [0.8, 0.5]]]) {
    await page.mouse.move(...at(...stroke[0]));
    await page.mouse.down();
    for (const point of stroke.slice(1)) await page.mouse.move(...at(...point), { steps: 6 });
    await page.mouse.up();
  }
}

/** Waits until the sync line says that everything is at the office. */
export async function allAtOffice(tablet, timeout = 30_000) {
  await tablet.page.getByText(/^已全部上传/).first().waitFor({ timeout });
}

/** Opens the sync page and presses the button; a press while a round is under way is one anyway. */
export async function syncNow(tablet) {
  const { page } = tablet;
  await tablet.show('/sync');
  await page.getByRole('button', { name: /现在同步|Sync now/ }).click({ timeout: 30_000 });
}

/** How many records the office holds whose values contain a text: asked as a device of its own, over the wire. */
export async function officeHas(url, account, password, text) {
  const found = new Set();
  for (const [name, body] of await officeTexts(url, account, password)) {
    for (let at = body.indexOf(text); at >= 0; at = body.indexOf(text, at + 1)) found.add(name.includes(':') ? name : `${name}:${at}`);
  }
  return found.size;
}

function post(url, path, body, cookie) {
  const headers = { 'content-type': 'application/json', ...(cookie && { cookie }) };
  return fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** Signs in over the wire: the cookie to send from then on. */
export async function sessionOf(url, account, password, device = randomBytes(8).toString('hex')) {
  const answer = await post(url, '/api/v1/session', { account, password, device, device_name: 'counter' });
  if (!answer.ok) throw new Error(`${account} cannot sign in: ${answer.status}`);
  return answer.headers.get('set-cookie').split(';')[0];
}

/**
 * All that an account may receive, as [name, text]: the records of pages, named `record:<id>`, and whole blocks, in which
 * long texts stand as they are.
 */
export async function officeTexts(url, account, password) {
  const device = randomBytes(8).toString('hex');
  const cookie = await sessionOf(url, account, password, device);
  let cursor = null;
  const texts = [];
  for (;;) {
    const answer = await (await post(url, '/api/v1/sync', { device, schema: 1, cursor, changes: [] }, cookie)).json();
    for (const record of answer.records) texts.push([`record:${record.id}`, JSON.stringify(record)]);
    for (const block of answer.blocks?.blocks ?? []) {
      const bytes = Buffer.from(await (await post(url, '/api/v1/blocks', { ids: [block.id] }, cookie)).arrayBuffer());
      texts.push([block.id, bodyOf(bytes).toString('utf8')]);
    }
    cursor = answer.next;
    if (!answer.more) return texts;
  }
}

/** What a block holds: after the answer's length (four bytes) and the version (one) stands the body's length, seven bits a byte,
 * then the deflated body. */
function bodyOf(bytes) {
  let at = 5;
  while (bytes[at] & 0x80) at += 1;
  return inflateRawSync(bytes.subarray(at + 1));
}

/** Taps one of the choices of a question. */
export async function choose(tablet, name) {
  await tablet.page.getByRole('radio', { name, exact: true }).check();
}

/** From a flat's page: pays the first person there, who signs. */
export async function pay(tablet, flat, fund, yuan) {
  const { page } = tablet;
  await tablet.show(flat);
  await page.getByRole('link', { name: /^发放/ }).first().click();
  await page.waitForURL(/\/new\//);
  const who = page.getByRole('button', { name: /^领取人 选择$/ }).first();
  if (await who.isVisible()) {
    await who.click();
    await page.getByRole('dialog').getByRole('listitem').first().getByRole('button').click();
  }
  await choose(tablet, fund);
  await page.getByLabel(/^金额/).fill(yuan);
  await sign(tablet);
  await save(tablet);
}

/**
 * Two tablets write one field of one person while the server is off, then all is synced. Returns the person's page.
 * @param {RegExp} label the field's
 * @param {string[]} values what each of them writes, in this order
 */
export async function writeApart({ server, tablets }, label, values) {
  await openFlat(tablets[0], '2幢', '301');
  await tablets[0].page.locator('a[href^="/person/"]').first().click();
  await tablets[0].page.waitForURL(/\/person\//);
  const person = new URL(tablets[0].page.url()).pathname;
  await server.kill();
  for (const [index, tablet] of tablets.entries()) {
    await tablet.show(person.replace('/person/', '/edit/'));
    await tablet.page.getByLabel(label).fill(values[index]);
    await save(tablet);
  }
  await server.start();
  for (const tablet of [...tablets, tablets[0]]) {
    await syncNow(tablet);
    await allAtOffice(tablet);
  }
  return person;
}

/** Has the page speak Chinese or English. */
export async function speak(tablet, lang) {
  const now = await tablet.page.evaluate(() => (document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'));
  if (now === lang) return;
  const path = new URL(tablet.page.url()).pathname + new URL(tablet.page.url()).search;
  const button = tablet.page.getByRole('button', { name: lang === 'zh' ? '中文' : 'English', exact: true });
  if (!(await button.isVisible())) await tablet.show('/sync');
  await button.click();
  await tablet.show(path);
}
