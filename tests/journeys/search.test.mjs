// Finding who lives where as one types, without a network.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { office, openFlat } from '../support/walk.mjs';

journey('a person is found by a character, by the beginning of their pinyin, by initials and with a slip', async (parts) => {
  const { server, tablets: [tablet] } = await office(parts, ['minzheng']);
  const { page } = tablet;
  await server.kill();
  const flat = await openFlat(tablet, '2幢', '301');
  const person = await page.locator('a[href^="/person/"]').first().getAttribute('href');
  await tablet.goto(person);
  const name = (await page.getByRole('heading', { level: 1 }).innerText()).split(/\s/)[0];
  await tablet.goto('/');
  const box = page.getByRole('searchbox');
  const finds = async (text, href) => {
    await box.fill(text);
    await page.locator(`.found a[href^="${href}"]`).first().waitFor({ timeout: 5000 }).catch(() => assert.fail(`${text} does not find ${href}`));
  };
  await finds(name, person);
  await finds(name.slice(-2), person);
  await finds('2-1-301', flat);
  await finds('21301', flat);
  // The demo's people are always the same.
  assert.equal(name, '汪永荣');
  const letters = ['wang', 'yong', 'rong'];
  for (const text of [letters.join(''), letters.map((syllable) => syllable[0]).join(''), letters[0] + letters.slice(1).map((s) => s[0]).join('')]) {
    await finds(`${text} 301`, person);
  }
  const whole = letters.join('');
  await finds(`${whole.slice(0, 2)}${whole.slice(3)} 301`, person);
  await box.fill('没有这个人');
  await page.getByText('没有找到').waitFor();
});
