// Long forms and long lists: what a key costs goes by what depends on it, not by the form.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { journey } from '../support/journey.mjs';
import { temporaryFolder } from '../support/places.mjs';
import { command, demoData } from '../support/server.mjs';
import { accounts, signIn } from '../support/walk.mjs';

/** How many times a key in a short form one in a form of 500 questions may cost: two to three, seen; some hundred before. */
const SHARE = 12;

const text = (zh, en) => `{ zh = "${zh}", en = "${en}" }`;
const field = (name, type, label, more = '') => `[[field]]\nname = "${name}"\ntype = "${type}"\nlabel = ${label}\n${more}\n`;
const kind = (name, fields) => `name = "${name}"\nlabel = ${text(name, name)}\nnature = "fact"\nclass = "open"\ndate = "date"\ntitle = "'t'"\n${field('date', 'date', text('日期', 'Date'), 'default = "today()"\nrequired = true')}${fields}`;

/** The community's pack with a form of 500 questions, each tenth hanging on the one before, and one of two lists of 10,000. */
function longPack() {
  const folder = temporaryFolder('pack');
  cpSync('packs/community', folder, { recursive: true });
  const question = (n) => field(`q${n}`, n % 10 === 9 ? 'integer' : 'text', text(`第${n}题`, `Question ${n}`), n % 10 === 9 ? `relevant = "\${q${n - 1}} = '1'"` : '');
  writeFileSync(`${folder}/kinds/long.toml`, kind('long', Array.from({ length: 500 }, (_, n) => question(n)).join('')));
  const choices = Array.from({ length: 10_000 }, (_, n) => `{ name = "c${n}", label = ${text(`选项${n}`, `Choice ${n}`)} },`).join('\n');
  const lists = field('pick', 'select_one many', text('选一项', 'Pick')) + field('more', 'select_multiple many', text('选几项', 'Picks')) + field('word', 'text', text('说明', 'Word'));
  writeFileSync(`${folder}/kinds/list.toml`, `${kind('list', lists)}[choices]\nmany = [\n${choices}\n]\n`);
  const pack = readFileSync(`${folder}/pack.toml`, 'utf8');
  writeFileSync(`${folder}/pack.toml`, pack.replace(/^version = \d+/m, 'version = 9000').replace(/(read|write) = \[/g, '$1 = ["long", "list", '));
  return folder;
}

/** Follows a link to a new record of a kind; milliseconds until so many of its controls are drawn. */
function drawn(page, name, count) {
  return page.evaluate(async ([name, count]) => {
    const link = document.createElement('a');
    link.href = `/new/${name}`;
    document.body.append(link);
    const begun = performance.now();
    link.click();
    while (document.querySelectorAll('form input, form textarea, .form input').length < count) await new Promise(requestAnimationFrame);
    return performance.now() - begun;
  }, [name, count]);
}

/** The middle of thirty keys in the middle text box, in milliseconds until the page stands again. */
function key(page) {
  return page.evaluate(async () => {
    const boxes = [...document.querySelectorAll('form input[type=text], form textarea, .form input[type=text], .form textarea')];
    const box = boxes[Math.floor(boxes.length / 2)];
    const times = [];
    for (let n = 0; n < 30; n += 1) {
      box.value += '字';
      const begun = performance.now();
      box.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((later) => setTimeout(later, 0));
      document.body.getBoundingClientRect();
      times.push(performance.now() - begun);
      await new Promise((later) => setTimeout(later, 50));
    }
    return times.sort((a, b) => a - b)[15];
  });
}

journey('a form of 500 questions and lists of 10,000 choices are drawn soon and answer each key', async (parts) => {
  const data = await demoData({ households: 200 });
  await command('admin', '--data', data, 'pack', longPack());
  const people = await accounts(data);
  const server = await parts.server({ data });
  const tablet = await parts.tablet({ url: server.url, name: 'minzheng' });
  await tablet.goto('/');
  await signIn(tablet, 'minzheng', people.minzheng.password);
  const { page } = tablet;
  const times = {};
  for (const [name, count] of [['service', 5], ['long', 440], ['list', 50]]) {
    await tablet.goto('/help');
    times[name] = { drawn: Math.round(await drawn(page, name, count)), key: await key(page) };
  }
  console.log('milliseconds:', JSON.stringify(times));
  assert.ok(times.long.key < SHARE * times.service.key, JSON.stringify(times));
  assert.ok(times.list.key < SHARE * times.service.key, JSON.stringify(times));
  // Skipped questions come and go, and the one of ten thousand is found by its words.
  await tablet.goto('/new/long');
  assert.equal(await page.getByLabel('第9题').count(), 0);
  await page.getByLabel('第8题', { exact: true }).fill('1');
  await page.getByLabel('第9题', { exact: true }).fill('12');
  await page.getByLabel('第8题', { exact: true }).fill('2');
  await page.getByLabel('第9题').waitFor({ state: 'detached' });
  await tablet.goto('/new/list');
  await page.getByLabel(/^选一项 /).fill('选项9876');
  await page.getByRole('radio', { name: '选项9876' }).check();
  await page.getByRole('button', { name: /^保存/ }).click();
  await page.getByText('已存', { exact: true }).waitFor();
}, { timeout: 240_000 });
