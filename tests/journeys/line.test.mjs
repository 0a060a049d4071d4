// Lines that are bad and not broken: too slow for a request to be quick, narrow, silent in the middle of an answer, or with somebody
// else at their end. What was saved gets through, and what is said of it is true.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { allAtOffice, office, officeHas, openFlat, recordVisit, save, syncNow } from '../support/walk.mjs';

/** Visits written without a line, each with so long a note. */
async function away(tablet, line, notes) {
  await line.cut();
  const flat = await openFlat(tablet, '2幢', '301');
  for (const note of notes) {
    await tablet.show(flat);
    await recordVisit(tablet, note);
  }
  // Started anew it does not know yet what the line bears.
  await tablet.reload();
}

const many = (count, length) => Array.from({ length: count }, (_, n) => `第${n}次走访记得很长${'。慢线上的一条'.repeat(length)}`);

journey('work gets through a proxy that lets no large request pass, and grows no duplicate', async (parts) => {
  const { server, people, line, tablets: [tablet] } = await office(parts, ['minzheng'], { line: true });
  await away(tablet, line, many(8, 150));
  line.refuseAbove(8_000);
  await line.restore();
  await syncNow(tablet);
  await allAtOffice(tablet, 60_000);
  assert.ok(line.refused > 0, 'the queue was larger than the proxy takes');
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, '次走访记得很长'), 8);
});

journey('work gets through a line on which it takes longer than any time-out', async (parts) => {
  const { server, people, line, tablets: [tablet] } = await office(parts, ['minzheng'], { line: true });
  await away(tablet, line, many(10, 800));
  line.slow(4_000);
  await line.restore();
  const begun = Date.now();
  // The round begins by itself and is long: there is nothing to press.
  await tablet.show('/sync');
  await allAtOffice(tablet, 180_000);
  assert.ok(Date.now() - begun > 35_000, 'it did take longer');
  line.slow();
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, '次走访记得很长'), 10);
}, { timeout: 300_000 });

journey('an answer that stops in the middle is given up, and the next one is waited for', async (parts) => {
  const { server, people, line, tablets: [tablet] } = await office(parts, ['minzheng'], { line: true });
  await away(tablet, line, ['答到一半的时候写的']);
  const stalled = line.stallAnswer('POST /api/v1/sync', 60);
  await line.restore();
  // The round begins by itself and is long: there is nothing to press.
  await tablet.show('/sync');
  await stalled;
  await allAtOffice(tablet, 90_000);
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, '答到一半的时候写的'), 1);
}, { timeout: 200_000 });

journey('what stands in the way is called by its name', async (parts) => {
  const { line, tablets: [tablet] } = await office(parts, ['minzheng'], { line: true });
  const { page } = tablet;
  await openFlat(tablet, '2幢', '301');
  line.portal('/api/');
  await page.getByRole('link', { name: /走访/ }).first().click();
  await page.getByLabel('情况').fill('在别人的网络里写的');
  await save(tablet);
  await syncNow(tablet);
  await page.getByText('回答的不是办公室的服务器').waitFor();
  await tablet.shot('portal');
  for (const [status, words] of [[502, '代理服务器连不上办公室的服务器'], [504, '代理服务器连不上办公室的服务器'], [413, '有一条内容太大']]) {
    line.portal('/api/', status);
    await syncNow(tablet);
    await page.getByText(words).first().waitFor();
  }
  line.portal();
  await syncNow(tablet);
  await allAtOffice(tablet);
  // The stream of news was answered with a page, too: that the browser says so is the point of this test.
  tablet.errors = tablet.errors.filter((error) => !/EventSource/.test(error));
});
