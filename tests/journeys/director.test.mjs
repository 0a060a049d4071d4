// A director's day with papers: her own sentence is in Word and on the page, a figure that is none is refused where it stands, the
// browser's print has the whole report, and a correction says who, when, why, from what to what.
import assert from 'node:assert/strict';
import { inflateRawSync } from 'node:zlib';
import { journey } from '../support/journey.mjs';
import { allAtOffice, choose, office, openFlat, recordVisit, save, syncNow } from '../support/walk.mjs';

const YEAR = 'from=2009-01-01&to=2009-12-31';

journey('what the director wrote is what Word and the page say, and an unknown figure is neither kept nor printed', async (parts) => {
  const { server, tablets: [tablet] } = await office(parts, ['zhuren']);
  const { page } = tablet;
  await tablet.show(`/report/edit?${YEAR}`);
  const text = page.getByLabel('正文');
  const template = await text.inputValue();
  await text.fill(`${template}\n今年新添电动车充电棚三处，走访{走访全部}次。`);
  const strange = page.getByRole('alert').filter({ hasText: '对不上' });
  await strange.getByText(/“\{走访全部\}”没有这个数字/).waitFor();
  await tablet.shot('report-strange-800x1280-zh');
  await page.getByRole('button', { name: '保存' }).click();
  assert.match(page.url(), /\/report\/edit/, 'it is not saved');
  const marked = await text.evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
  assert.equal(marked, '{走访全部}', 'it is marked where it stands');
  await text.fill(`${template}\n今年新添电动车充电棚三处，走访{走访合计｝次。`);
  assert.equal(await strange.count(), 0, 'a brace in the other width is one');

  // Saved without a network: the screen has it, and says that files from the office do not yet.
  await server.kill();
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText(/今年新添电动车充电棚三处，走访/).waitFor();
  await page.getByText(/还没上传，办公室做的文件里没有这些/).waitFor();
  const sentence = (await page.locator('.prose > p').filter({ hasText: '充电棚' }).innerText()).trim();
  assert.match(sentence, /走访\d+次。$/);
  assert.equal(await page.getByText('比上年').count(), 0, 'the year before was hardly kept');

  await server.start();
  await syncNow(tablet);
  await allAtOffice(tablet);
  await tablet.show(`/report?${YEAR}`);
  await page.getByText(/今年新添电动车充电棚三处/).waitFor();
  assert.equal(await page.getByText(/还没上传/).count(), 0);
  await page.locator('.report-bar summary', { hasText: '下载' }).click();
  const taken = async (name) => {
    const href = await page.getByRole('link', { name }).getAttribute('href');
    const bytes = await page.evaluate(async (href) => [...new Uint8Array(await (await fetch(href)).arrayBuffer())], href);
    return Buffer.from(bytes);
  };
  assert.ok(documentOf(await taken(/Word/)).includes(sentence), 'Word has the sentence');
  assert.ok((await taken(/网页/)).toString().includes(sentence), 'so has the page');

  // On paper a chart stays on one sheet, and every month has its row.
  await page.emulateMedia({ media: 'print' });
  const bars = page.locator('.bars').first();
  assert.equal(await bars.evaluate((table) => getComputedStyle(table).breakInside), 'avoid');
  assert.equal(await bars.locator('tbody tr').count(), 12);
  await page.emulateMedia({ media: 'screen' });
});

journey('a correction says who, when, why, from what to what, at once and at the office', async (parts) => {
  const { server, tablets: [officer, director] } = await office(parts, ['minzheng', 'zhuren']);
  const { page } = officer;
  await openFlat(officer, '3幢', '301');
  const home = new URL(page.url()).pathname;
  await recordVisit(officer, '血压正常');
  await openFlat(officer, '3幢', '301');
  await page.getByText('血压正常').first().click();
  await page.waitForURL(/\/record\//);
  const record = new URL(page.url()).pathname;
  assert.equal(await page.getByText(/更正 \d 次/).count(), 0);
  await officer.page.waitForLoadState();
  await server.kill();
  await page.getByRole('link', { name: '更正' }).click();
  await page.getByLabel('情况').fill('160/95');
  await page.getByLabel(/为什么|原因/).fill('血压记错了');
  await save(officer);

  // Without a network, a moment later, on this very tablet.
  await officer.show(record);
  const corrected = async (where) => {
    await where.getByText('更正 1 次').click();
    const list = where.locator('.corrections');
    await list.getByText('原因: 血压记错了').waitFor();
    const line = list.locator('dd').filter({ hasText: '→' });
    assert.match((await line.first().innerText()).replace(/\s+/g, ' '), /血压正常 → 160\/95/);
  };
  await corrected(page);
  await officer.shot('corrected-800x1280-zh');

  // The director, who holds the merged record alone, asks the office; the trail leads there.
  await server.start();
  await syncNow(officer);
  await allAtOffice(officer);
  await syncNow(director);
  await allAtOffice(director);
  await director.show(record);
  await corrected(director.page);
  await director.show('/trail');
  await director.page.locator(`a[href="${record}"]`).first().click();
  await director.page.getByText('更正 1 次').waitFor();

  // Who may not see visits is not told that there were none.
  assert.match(home, /\/household\//);
});

journey('a permit makes a tenant without a network, and who may not see visits is told of none', async (parts) => {
  const { server, tablets: [tablet] } = await office(parts, ['waiguan']);
  const { page } = tablet;
  await openFlat(tablet, '3幢', '301');
  const home = new URL(page.url()).pathname;
  await page.getByText(/走访由.*登记/).first().waitFor();
  assert.equal(await page.getByText('还没有记录。').count(), 0);
  await page.goBack();
  await page.getByText(/走访由.*您的岗位看不到/).waitFor();
  assert.equal(await page.getByText('未访').count(), 0);
  await tablet.shot('building-unseen-390x844-zh');
  await server.kill();
  await tablet.show(home);
  await page.getByRole('link', { name: /添加/ }).first().click();
  await page.getByLabel('姓名').fill('韦小租');
  await page.getByLabel('证件', { exact: true }).selectOption({ label: '暂无证件' });
  await save(tablet);
  await tablet.show(home);
  await page.getByRole('link', { name: /韦小租/ }).click();
  await page.waitForURL(/\/person\//);
  const person = new URL(page.url()).pathname;
  await page.getByRole('link', { name: /外来人口登记/ }).first().click();
  await page.getByLabel('来自何地').fill('安徽');
  await save(tablet);
  await tablet.show(person);
  await page.locator('dd', { hasText: '人在户不在' }).waitFor();
  await page.locator('dd', { hasText: '外来人口' }).waitFor();
});

/** The words of a Word document. */
function documentOf(zip) {
  let at = zip.indexOf(Buffer.from('PK\x01\x02'));
  while (at >= 0 && zip.readUInt32LE(at) === 0x02014b50) {
    const [size, name, extra, comment, offset] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32), zip.readUInt32LE(at + 42)];
    if (zip.toString('utf8', at + 46, at + 46 + name) === 'word/document.xml') {
      const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
      const bytes = zip.subarray(start, start + size);
      const xml = (zip.readUInt16LE(offset + 8) === 0 ? bytes : inflateRawSync(bytes)).toString();
      return xml.replace(/<[^>]*>/g, '');
    }
    at += 46 + name + extra + comment;
  }
  throw new Error('no document');
}
