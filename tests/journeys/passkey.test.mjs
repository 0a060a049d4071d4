// The tablet's own lock (finger, face, PIN) in place of the password, where the browser has passkeys that give secrets.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { demoData } from '../support/server.mjs';
import { accounts, allAtOffice, officeHas, openFlat, recordVisit, signIn, syncNow } from '../support/walk.mjs';

const ADD = '以后用指纹、面容或锁屏密码打开';
const OPEN = '用指纹、面容或锁屏密码打开';

/** A lock built into the device that knows its owner, as Chromium makes them for tests. */
async function ownLock(tablet, isUserVerified = true) {
  const devtools = await tablet.context.newCDPSession(tablet.page);
  await devtools.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
    hasPrf: true, automaticPresenceSimulation: true, isUserVerified,
  };
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
  return (isUserVerified) => devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
}

journey('the tablet opens to its own lock without a network, to nobody else’s, and still to the password', async (parts) => {
  const data = await demoData({ households: 200 });
  const people = await accounts(data);
  const server = await parts.server({ data });
  // Passkeys belong to names, not to addresses of numbers.
  const tablet = await parts.tablet({ url: server.url.replace('127.0.0.1', 'localhost'), name: 'minzheng' });
  const { page } = tablet;
  const setVerified = await ownLock(tablet);
  await tablet.goto('/');
  await signIn(tablet, 'minzheng', people.minzheng.password);
  await tablet.readyForOffline();
  await tablet.goto('/sync');
  await page.getByRole('button', { name: ADD }).click();
  await page.getByText('已设好').waitFor();
  await tablet.shot('passkey-set', { fullPage: true });
  await server.kill();
  tablet.key = undefined;
  await page.getByRole('button', { name: '锁上' }).click();
  const open = page.getByRole('button', { name: OPEN, exact: true });
  await open.waitFor();
  await tablet.shot('passkey-locked');
  await open.click();
  await page.getByRole('navigation', { name: '导航' }).waitFor();
  tablet.key = { account: 'minzheng', password: people.minzheng.password };
  await openFlat(tablet, '2幢', '301');
  await recordVisit(tablet, '用指纹打开以后写的');
  await server.start();
  await syncNow(tablet);
  await allAtOffice(tablet);
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, '用指纹打开以后写的'), 1);
  await tablet.goto('/sync');
  const { key } = tablet;
  tablet.key = undefined;
  await page.getByRole('button', { name: '锁上' }).click();
  await setVerified(false);
  await open.click();
  await page.getByText('没有认出您').waitFor();
  assert.equal(await page.getByRole('navigation', { name: '导航' }).count(), 0, 'it stays locked');
  tablet.key = key;
  await tablet.unlock();
  await tablet.goto('/sync');
  await page.getByRole('button', { name: '改回只用密码打开' }).click();
  await page.getByRole('button', { name: ADD }).waitFor();
  tablet.key = undefined;
  await page.getByRole('button', { name: '锁上' }).click();
  await page.getByText('输入密码就打开').waitFor();
  assert.equal(await open.count(), 0);
});
