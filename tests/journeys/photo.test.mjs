// Photos: taken without a network, sealed on the tablet, brought in parts over a line that breaks, and then the office's.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { journey } from '../support/journey.mjs';
import { allAtOffice, office, openFlat, save, signIn, syncNow } from '../support/walk.mjs';

/** A picture as a telephone takes it: large, and with where it was taken written beside it. */
async function photo(page) {
  const drawn = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [3000, 2000];
    const context = canvas.getContext('2d');
    const noise = context.createImageData(3000, 2000);
    let seed = 7;
    for (let at = 0; at < noise.data.length; at += 1) {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      noise.data[at] = at % 4 === 3 ? 255 : (seed >> 8) % 256;
    }
    context.putImageData(noise, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.9));
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
    return btoa(text);
  });
  const bytes = Buffer.from(drawn, 'base64');
  const body = Buffer.from('Exif\0\0GPS 31.23,121.47 SECRETCAMERA');
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, body.length + 2]), body]);
  return Buffer.concat([bytes.subarray(0, 2), segment, bytes.subarray(2)]);
}

/** All files under a folder. */
function under(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const shown = (page) => page.locator('.photo img').first().evaluate(async (image) => {
  await image.decode();
  return [image.naturalWidth, image.naturalHeight];
});

journey('a photo taken without a server is seen at once, sealed, and reaches the office over a line that breaks', async (parts) => {
  const { data, people, server, line, tablets: [tablet] } = await office(parts, ['minzheng'], { line: true });
  const { page } = tablet;
  const taken = await photo(page);
  assert.ok(taken.includes('SECRETCAMERA'), 'what is to be lost is there');

  await line.cut();
  const flat = await openFlat(tablet, '3幢', '301');
  await page.getByRole('link', { name: /走访/ }).first().click();
  await page.waitForURL(/\/new\//);
  await page.getByLabel('情况').fill('楼道里堆了东西');
  await page.getByLabel('选照片').setInputFiles({ name: 'IMG_2009.jpeg', mimeType: 'image/jpeg', buffer: taken });
  assert.deepEqual(await shown(page), [1600, 1066], 'drawn anew, smaller');

  // The browser is ended before the form is saved: the photo is in the draft.
  await page.waitForTimeout(500);
  await tablet.close();
  await tablet.open();
  await tablet.goto('/');
  await tablet.page.getByRole('link', { name: /继续|写完/ }).first().click();
  assert.deepEqual(await shown(tablet.page), [1600, 1066]);
  await save(tablet);
  await tablet.goto('/sync');
  await tablet.page.getByText('照片和文件，待上传').waitFor();
  await tablet.page.getByText('IMG_2009.jpg').waitFor();

  // The record goes at once. Of the photo a part arrives, and the line breaks before anyone says so.
  const lost = line.loseAnswer(/^PATCH \/api\/v1\/records\//);
  await line.restore();
  await syncNow(tablet);
  await lost;
  await allAtOffice(tablet, 60_000);
  const kept = under(join(data, 'files', '1', 'files'));
  assert.equal(kept.length, 1, 'once');
  const bytes = readFileSync(kept[0]);
  assert.deepEqual([bytes[0], bytes[1]], [0xff, 0xd8]);
  assert.ok(!bytes.includes('SECRETCAMERA') && !bytes.includes('Exif'), 'nothing but the picture');
  assert.ok(bytes.length > 300_000, `more than one part: ${bytes.length}`);
  assert.deepEqual(under(join(data, 'files', '1', 'parts')), [], 'no part is left');

  const second = await parts.tablet({ url: server.url, name: 'director' });
  await second.goto('/');
  await signIn(second, 'zhuren', people.zhuren.password);
  await second.goto(flat);
  await second.page.getByText('楼道里堆了东西').first().click();
  assert.deepEqual(await shown(second.page), [1600, 1066]);
  await second.page.getByRole('button', { name: '放大' }).click();
  await second.page.getByRole('dialog', { name: '照片' }).getByRole('img').waitFor();
  await second.page.getByRole('button', { name: '关闭' }).click();

  await tablet.close();
  const some = bytes.subarray(bytes.length / 2, bytes.length / 2 + 40);
  const open = under(tablet.profile).filter((path) => readFileSync(path).includes(some));
  assert.deepEqual(open, [], 'on the tablet it lies sealed');
});

journey('what is no picture is refused in words, and taking a photo off forgets it', async (parts) => {
  const { tablets: [tablet] } = await office(parts, ['minzheng']);
  const { page } = tablet;
  await openFlat(tablet, '3幢', '302');
  await page.getByRole('link', { name: /走访/ }).first().click();
  await page.waitForURL(/\/new\//);
  await page.getByLabel('选照片').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('not a picture') });
  await page.getByText('这个打不开，不像是照片。').waitFor();
  const taken = await photo(page);
  await page.getByLabel('选照片').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: taken });
  await page.getByRole('button', { name: '去掉 a.jpg' }).click();
  await page.locator('.photo').waitFor({ state: 'detached' });
  await page.getByLabel('情况').fill('没有照片');
  await save(tablet);
  await syncNow(tablet);
  await allAtOffice(tablet);
});
