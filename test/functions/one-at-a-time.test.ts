import { expect, test } from '@jest/globals';
import { oneAtATime } from '../../functions/one-at-a-time.ts';

test('of many calls one works, and the others find what it made', async () => {
  let made: string | null = null;
  let works = 0;
  const call = () =>
    oneAtATime(
      async () => made,
      async () => {
        works += 1;
        await new Promise((resolve) => setImmediate(resolve));
        made = 'made';
        return 'worked';
      },
    );
  const results = await Promise.all(Array.from({ length: 200 }, call));
  expect(works).toBe(1);
  expect(results.filter((result) => result === 'worked')).toHaveLength(1);
  expect(results.filter((result) => result === 'made')).toHaveLength(199);
});

test('work that fails lets the next one work', async () => {
  let works = 0;
  const call = () =>
    oneAtATime<number>(
      async () => (works > 1 ? works : null),
      async () => {
        works += 1;
        if (works === 1) throw new Error('the first one fails');
        return works;
      },
    );
  const results = await Promise.allSettled([call(), call(), call()]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(works).toBe(2);
});
