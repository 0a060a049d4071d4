import assert from 'node:assert/strict';
import { cpSync, writeFileSync, readFileSync, mkdtempSync } from 'node:fs';
import { journey } from './support/journey.mjs';
import { command, demoData } from './support/server.mjs';
import { accounts, signIn } from './support/walk.mjs';

journey('long', async (parts) => {
  const dir = mkdtempSync('/tmp/pack-');
  cpSync('packs/community', dir, { recursive: true });
  const q = (n) => `[[field]]\nname = "q${n}"\ntype = "${n % 10 === 9 ? 'integer' : 'text'}"\nlabel = { zh = "第${n}题", en = "Question ${n}" }\n${n % 10 === 9 ? `relevant = "\${q${n - 1}} = '1'"\n` : ''}`;
  const head = (name) => `name = "${name}"\nlabel = { zh = "${name}", en = "${name}" }\nnature = "fact"\nclass = "resident"\ndate = "date"\ntitle = "'t'"\n[[field]]\nname = "date"\ntype = "date"\nlabel = { zh = "日期", en = "Date" }\ndefault = "today()"\nrequired = true\n`;
  writeFileSync(`${dir}/kinds/long.toml`, head('long') + Array.from({ length: 500 }, (_, n) => q(n)).join(''));
  const choices = Array.from({ length: 10000 }, (_, n) => `{ name = "c${n}", label = { zh = "选项${n}", en = "Choice ${n}" } },`).join('\n');
  writeFileSync(`${dir}/kinds/list.toml`, head('list') + `[[field]]\nname = "pick"\ntype = "select_one many"\nlabel = { zh = "选一项", en = "Pick" }\n[[field]]\nname = "more"\ntype = "select_multiple many"\nlabel = { zh = "选几项", en = "Picks" }\n[[field]]\nname = "word"\ntype = "text"\nlabel = { zh = "说明", en = "Word" }\n[choices]\nmany = [\n${choices}\n]\n`);
  const pack = readFileSync(`${dir}/pack.toml`, 'utf8').replace(/^version = \d+/m, 'version = 90').replace(/(read|write) = \["/g, '$1 = ["long", "list", "');
  writeFileSync(`${dir}/pack.toml`, pack);
  const data = await demoData({ households: 200 });
  console.log(await command('admin', '--data', data, 'pack', dir));
  const people = await accounts(data);
  const server = await parts.server({ data });
  const tablet = await parts.tablet({ url: server.url, name: 'minzheng' });
  await tablet.goto('/');
  await signIn(tablet, 'minzheng', people.minzheng.password);
  await tablet.readyForOffline();
  const { page } = tablet;
  for (const [kind, sel, count] of [['service', '.field', 3], ['long', 'input', 440], ['list', '.field', 3]]) {
    await tablet.goto('/help');
    const drawn = await page.evaluate(async ([kind, sel, count]) => {
      const link = document.createElement('a');
      link.href = `/new/${kind}`;
      document.querySelector('main, body').append(link);
      const t0 = performance.now();
      link.click();
      while (document.querySelectorAll(sel).length < count) {
        await new Promise((r) => requestAnimationFrame(r));
        if (performance.now() - t0 > 20000) return `never: ${document.querySelectorAll(sel).length}`;
      }
      const t1 = performance.now();
      await new Promise((r) => requestAnimationFrame(() => setTimeout(r, 0)));
      return [t1 - t0, performance.now() - t0];
    }, [kind, sel, count]);
    console.log(kind, 'drawn', drawn, await page.locator('input').count());
    const keys = await page.evaluate(async (kind) => {
      const fields = [...document.querySelectorAll('.field input[type=text], .field textarea, form input:not([type=date]):not([type=radio]):not([type=checkbox]):not([type=search])')];
      const field = fields[Math.floor(fields.length / 2)];
      const times = [];
      for (let n = 0; n < 30; n += 1) {
        field.value += '1';
        const t0 = performance.now();
        field.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise((r) => setTimeout(r, 0));
        document.body.offsetHeight;
        times.push(performance.now() - t0);
        await new Promise((r) => setTimeout(r, 60));
      }
      times.sort((a, b) => a - b);
      return [times[15], times[28]];
    }, kind);
    console.log(kind, 'key p50 p95', keys);
  }
  const tick = await page.evaluate(async () => {
    const times = [];
    for (const one of [...document.querySelectorAll('input[type=checkbox], input[type=radio]')].slice(40, 90)) {
      const t0 = performance.now();
      one.click();
      await new Promise((r) => setTimeout(r, 0));
      document.body.offsetHeight;
      times.push(performance.now() - t0);
      await new Promise((r) => setTimeout(r, 30));
    }
    times.sort((a, b) => a - b);
    return [times[Math.floor(times.length / 2)], times[Math.floor(times.length * 0.95)]];
  });
  console.log('tick', tick);
}, { timeout: 200000 });
