// The main job: a morning of visits with the server switched off, and the office has every one of them afterwards.
import assert from 'node:assert/strict';
import { journey } from '../support/journey.mjs';
import { allAtOffice, office, officeHas, openFlat, pay, recordVisit, signIn, syncNow } from '../support/walk.mjs';

journey('a morning of visits without a server reaches the office, once, and a second tablet sees it', async (parts) => {
  const { people, server, tablets: [tablet] } = await office(parts, ['minzheng']);

  await server.kill();
  await tablet.reload();
  const flat = await openFlat(tablet, '3幢', '301');
  await recordVisit(tablet, '第一户：老人血压稳定，换了灯泡');
  await tablet.goto(flat);
  await tablet.page.getByText('第一户：老人血压稳定').first().waitFor();
  await recordVisit(tablet, '第二次：女儿来过电话');
  await pay(tablet, flat, '低保金', '300');
  await tablet.goto('/sync');
  await tablet.page.getByText('3 条待上传').first().waitFor();

  await tablet.close();
  await tablet.open();
  await tablet.goto(flat);
  for (const text of ['第一户：老人血压稳定', '第二次：女儿来过电话', '300.00']) {
    await tablet.page.getByText(text).first().waitFor();
  }
  await tablet.page.getByText('3 条待上传').first().waitFor();

  await server.start();
  await syncNow(tablet);
  await allAtOffice(tablet);
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, '第一户：老人血压稳定'), 1);
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, '第二次：女儿来过电话'), 1);

  const second = await parts.tablet({ url: server.url, name: 'director' });
  await second.goto('/');
  await signIn(second, 'zhuren', people.zhuren.password);
  await second.goto(flat);
  for (const text of ['第一户：老人血压稳定', '第二次：女儿来过电话', '300.00']) {
    await second.page.getByText(text).first().waitFor();
    assert.equal(await second.page.getByText(text).count(), 1, `${text} is there once`);
  }
});

journey('an answer lost after the server committed makes no duplicate and loses nothing', async (parts) => {
  const { people, server, line, tablets: [tablet] } = await office(parts, ['minzheng'], { line: true });
  const flat = await openFlat(tablet, '3幢', '302');

  const lost = line.loseAnswer(/^POST \/api\/v1\/sync [\s\S]*"changes":\[\{/);
  await recordVisit(tablet, '断线那一刻的走访');
  await lost;
  // The browser itself may send the request again on a new connection: the server cannot tell, and must not mind.
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, '断线那一刻的走访'), 1, 'the server had committed');
  await syncNow(tablet);
  await allAtOffice(tablet);
  assert.equal(await officeHas(server.url, 'zhuren', people.zhuren.password, '断线那一刻的走访'), 1, 'sent twice, there once');
  await tablet.goto(flat);
  await tablet.page.getByText('断线那一刻的走访').first().waitFor();
  assert.equal(await tablet.page.getByText('断线那一刻的走访').count(), 1);
});
