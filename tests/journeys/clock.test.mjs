// A tablet whose clock or zone is wrong: it says so, dates records by the office's day, and takes nobody's edit away.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { allAtOffice, office, openFlat, recordVisit, save, sessionOf, signIn, syncNow } from '../support/walk.mjs';

const DAY = 24 * 3600 * 1000;

/** The day in the community, and where the calendar shows another one now. */
const dayIn = (zone, at = Date.now()) => new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(at);
const elsewhere = () => ['Pacific/Pago_Pago', 'Pacific/Kiritimati'].find((zone) => dayIn(zone) !== dayIn('Asia/Shanghai'));

/** The dates of the office's visits that say this. */
async function datesOf(url, password, note) {
  const cookie = await sessionOf(url, 'zhuren', password);
  const csv = await (await fetch(`${url}/api/v1/ledgers/service.csv`, { headers: { cookie } })).text();
  return csv.split('\n').filter((line) => line.includes(note)).map((line) => line.match(/\d{4}-\d{2}-\d{2}/)?.[0]);
}

journey('a tablet in another zone says so, and dates a visit by the community’s day', async (parts) => {
  const { people, server } = await office(parts, []);
  const tablet = await parts.tablet({ url: server.url, name: 'minzheng', zone: elsewhere() });
  await tablet.goto('/');
  await signIn(tablet, 'minzheng', people.minzheng.password);
  const notice = tablet.page.locator('#clock');
  await notice.getByText('时区和办公室').waitFor();
  await notice.getByRole('button', { name: '知道了，接着记' }).click();
  await notice.waitFor({ state: 'detached' });
  const before = dayIn('Asia/Shanghai');
  await openFlat(tablet, '2幢', '301');
  await recordVisit(tablet, '别的时区记的');
  await syncNow(tablet);
  await allAtOffice(tablet);
  const dates = await datesOf(server.url, people.zhuren.password, '别的时区记的');
  assert.ok(dates.length === 1 && [before, dayIn('Asia/Shanghai')].includes(dates[0]), `${dates}, in the community ${before}`);
});

for (const days of [366, -366]) {
  journey(`a tablet whose clock is ${days > 0 ? 'a year ahead' : 'a year behind'} says so, and later edits of others stand`, async (parts) => {
    const { people, server, tablets: [other] } = await office(parts, ['tuiguan']);
    const tablet = await parts.tablet({ url: server.url, name: 'minzheng' });
    await tablet.page.clock.setSystemTime(Date.now() + days * DAY);
    await tablet.goto('/');
    await signIn(tablet, 'minzheng', people.minzheng.password);
    const notice = tablet.page.locator('#clock');
    await notice.getByText('记录按办公室的时间记').waitFor();
    await notice.getByRole('button', { name: '知道了，接着记' }).click();
    const before = dayIn('Asia/Shanghai');
    const flat = await openFlat(tablet, '2幢', '301');
    await recordVisit(tablet, '钟错的平板记的');
    await tablet.goto(flat);
    await tablet.page.locator('a[href^="/person/"]').first().click();
    await tablet.page.waitForURL(/\/person\//);
    const person = new URL(tablet.page.url()).pathname;
    const phone = async (on, number) => {
      await on.goto(person.replace('/person/', '/edit/'));
      await on.page.getByLabel(/^电话/).first().fill(number);
      await save(on);
      await syncNow(on);
      await allAtOffice(on);
    };
    await phone(tablet, '13800000001');
    const dates = await datesOf(server.url, people.zhuren.password, '钟错的平板记的');
    assert.ok(dates.length === 1 && [before, dayIn('Asia/Shanghai')].includes(dates[0]), `${dates}, in the community ${before}`);
    await syncNow(other);
    await allAtOffice(other);
    await phone(other, '13800000002');
    await syncNow(tablet);
    await allAtOffice(tablet);
    for (const on of [other, tablet]) {
      await on.goto(person);
      await on.page.getByText(/0002/).first().waitFor();
      assert.equal(await on.page.getByText(/0001/).count(), 0, 'the later edit stands');
    }
  }, { timeout: 180_000 });
}
