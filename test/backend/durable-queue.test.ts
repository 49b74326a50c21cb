import { expect, test } from '@jest/globals';
import { DurableQueue } from '../../backend/durable-queue.ts';
import { eventually } from '../support/eventually.ts';

test('a file that fails is asked again after a while, however often somebody looks, and then worked off', async () => {
  const errors: string[] = [];
  const handled: number[] = [];
  let isBroken = true;
  const queue = new DurableQueue({
    name: 'a queue',
    due: () => {
      if (isBroken) throw new Error('the file cannot be read');
      return handled.length === 0 ? [{ number: 1 }] : [];
    },
    handle: async ({ number }) => void handled.push(number),
    onError: ({ message }) => errors.push(message),
    restMsMin: 10,
    restMsMax: 10,
  });
  for (let look = 0; look < 100; look += 1) queue.look();
  expect(errors).toEqual(['the file cannot be read']);
  isBroken = false;
  queue.look();
  expect(handled).toEqual([]);
  await eventually('the item is handled', () => handled.length > 0);
  expect(errors).toHaveLength(1);
  await queue.close();
});
