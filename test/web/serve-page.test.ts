import { expect, test } from '@jest/globals';
import { servePage } from '../../scripts/serve-page.ts';
import { send } from '../support/functions-client.ts';

test('a page that is served already is served a second time, at another port', async () => {
  const first = await servePage([]);
  const second = await servePage([], Number(new URL(first.url).port));
  expect(second.url).not.toBe(first.url);
  await Promise.all([first.close(), second.close()]);
});

test('what is no address is not found, and the page is served on', async () => {
  const served = await servePage([{ name: 'index.html', content: Buffer.from('page') }]);
  const statusOf = async (path: string) =>
    (await send(served.url.slice(0, -1) + path, { method: 'GET' })).status;
  expect([await statusOf('//'), await statusOf('/?a#b')]).toEqual([404, 200]);
  await served.close();
});
