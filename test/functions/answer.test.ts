import { expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { UnavailableError } from '../../control/unavailable.ts';
import { answering } from '../../functions/answer.ts';
import { OutOfTimeError } from '../../gcp/retry.ts';

/** The detail of the problem that is answered where a handler throws `error`. */
async function detailOf(error: Error): Promise<unknown> {
  const server = createServer((_request, response) => {
    void answering(response, () => Promise.reject(error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  server.close();
  expect(answer.status).toBe(503);
  return ((await answer.json()) as { detail: unknown }).detail;
}

test('a store that refused did nothing; of one that gave no answer in time nobody knows', async () => {
  const refused = new UnavailableError('the store is not available', {
    cause: new Error('aborted'),
  });
  expect(await detailOf(refused)).toMatch(
    /^Nothing was done because the store is not available; try/,
  );
  const late = new OutOfTimeError('writing runs/r did not succeed within 30 s: no answer');
  const silent = new UnavailableError('the store is not available', { cause: late });
  expect(await detailOf(silent)).toMatch(
    /^It is not known whether anything was done: the store is not available, and gave no answer/,
  );
});
