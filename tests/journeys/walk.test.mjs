// A volunteer's night round: set out, pass points by tap and by code, find something, come home; offline, and through a dead battery.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { journey } from '../support/journey.mjs';
import { temporaryFolder } from '../support/places.mjs';
import { accounts, allAtOffice, officeTexts, sessionOf, signIn, syncNow } from '../support/walk.mjs';
import { demoData } from '../support/server.mjs';

/** A film of one picture that stands still, as the camera sees it: YUV4MPEG2, black and white. */
function film(path, size, isDark) {
  const luma = Buffer.alloc(size * size);
  for (let y = 0; y < size; y += 1) for (let x = 0; x < size; x += 1) luma[y * size + x] = isDark(x, y) ? 16 : 235;
  const chroma = Buffer.alloc((size * size) / 2, 128);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, chroma]);
  writeFileSync(path, Buffer.concat([Buffer.from(`YUV4MPEG2 W${size} H${size} F10:1 Ip A1:1 C420\n`), ...Array(10).fill(frame)]));
}

/** The printed code of a point, off the office's own page, filmed. */
async function filmOf(url, cookie, name, path) {
  const page = await (await fetch(`${url}/api/v1/posters/patrol`, { headers: { cookie } })).text();
  const figure = page.split('<figure>').find((part) => part.includes(`>${name}<`));
  const side = Number(/viewBox="0 0 (\d+) /.exec(figure)[1]);
  const dark = new Set([...figure.matchAll(/M(\d+) (\d+)h1/g)].map(([, x, y]) => `${x},${y}`));
  // Smaller than the picture and not on its grid, as a wall is.
  const [size, scale, at] = [640, 9.3, 90];
  film(path, size, (x, y) => x >= at && y >= at && dark.has(`${Math.floor((x - at) / scale)},${Math.floor((y - at) / scale)}`));
  return side;
}

journey('a round is set out on, walked, scanned, found on and finished without a network, and reaches the office', async (parts) => {
  const data = await demoData({ households: 200 });
  const people = await accounts(data);
  const server = await parts.server({ data });
  const wall = join(temporaryFolder('wall'), 'wall.y4m');
  const cookie = await sessionOf(server.url, 'zhuren', people.zhuren.password);
  await filmOf(server.url, cookie, '车棚', wall);
  const tablet = await parts.tablet({
    url: server.url,
    name: 'volunteer',
    flags: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${wall}`],
  });
  await tablet.goto('/');
  await signIn(tablet, 'xunluo1', people.xunluo1.password);
  await tablet.readyForOffline();
  await server.kill();

  await tablet.page.getByRole('link', { name: /^出发/ }).click();
  await tablet.page.getByRole('radio', { name: '西线' }).check();
  await tablet.page.getByLabel(/^巡逻人数/).fill('3');
  await tablet.page.getByRole('button', { name: '出发' }).click();
  await tablet.page.getByRole('timer').getByText('进行中').waitFor();
  await tablet.page.getByRole('button', { name: /^东门/ }).click();
  await tablet.page.getByRole('button', { name: /^河桥/ }).click();
  await tablet.page.getByRole('button', { name: /^河桥.*到过/ }).click();

  // The battery ends; the round goes on where it was.
  await tablet.page.waitForTimeout(300);
  await tablet.kill();
  await tablet.open();
  await tablet.goto('/');
  await tablet.page.getByRole('link', { name: '正在走，回到巡逻' }).click();
  assert.equal(await tablet.page.getByRole('button', { name: /^东门/ }).getAttribute('aria-pressed'), 'true');
  assert.equal(await tablet.page.getByRole('button', { name: /^河桥/ }).getAttribute('aria-pressed'), 'false', 'taken back');

  await tablet.page.getByRole('button', { name: '扫码到点' }).click();
  await tablet.page.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.equal(await tablet.page.getByRole('button', { name: /^车棚/ }).getAttribute('aria-pressed'), 'true', 'read off the wall');

  await tablet.page.getByRole('button', { name: '发现情况' }).click();
  await tablet.page.getByRole('radio', { name: '路灯不亮' }).check();
  await tablet.page.getByLabel('情况说明').fill('5幢后面那盏');
  await tablet.page.getByRole('button', { name: '完成' }).click();
  await tablet.page.getByText('路灯不亮').waitFor();
  await tablet.page.getByRole('button', { name: '结束' }).click();
  await tablet.page.getByRole('button', { name: '保存' }).click();
  await tablet.page.getByText('已存', { exact: true }).waitFor();
  await tablet.page.getByRole('link', { name: /^出发/ }).waitFor();

  await server.start();
  // The flat battery took the session along: opened anew with the password, the tablet has one.
  await tablet.reload();
  await syncNow(tablet);
  await allAtOffice(tablet);
  const texts = await officeTexts(server.url, 'zhuren', people.zhuren.password);
  const [, text] = texts.find(([name, body]) => name.startsWith('record:') && body.includes('5幢后面那盏'));
  for (const part of ['"west"', 'east_gate', 'bicycle_shed', '"light"', '"point":"bicycle_shed"']) assert.ok(text.includes(part), `${part} in ${text}`);
  assert.ok(!text.includes('river_bridge'));
  assert.ok(!text.includes('"lat"'), 'no position was taken: nobody turned it on');
});
