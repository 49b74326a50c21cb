import { expect, test } from '@jest/globals';
import { startFirstAlone } from '../../local/first-alone.ts';

const UNINTERRUPTED = new AbortController().signal;
const NEVER = new Promise<void>(() => undefined);

test('the others are started once the first has loaded its code', async () => {
  const started: string[] = [];
  let say!: () => void;
  const loaded = new Promise<void>((resolve) => (say = resolve));
  const all = startFirstAlone(
    ['first', 'second', 'third'],
    async (name) => {
      started.push(name);
      return { loaded: name === 'first' ? loaded : NEVER };
    },
    UNINTERRUPTED,
  );
  await new Promise((next) => setImmediate(next));
  expect(started).toEqual(['first']);
  say();
  await all;
  expect(started).toEqual(['first', 'second', 'third']);
});

test('they are started all the same when the first says nothing in time', async () => {
  const started: number[] = [];
  const start = async (peer: number) => {
    started.push(peer);
    return { loaded: NEVER };
  };
  await startFirstAlone([0, 1], start, UNINTERRUPTED, 10);
  expect(started).toEqual([0, 1]);
});

test('none of them is started when the laboratory is interrupted meanwhile', async () => {
  const started: number[] = [];
  const interruption = new AbortController();
  const start = async (peer: number) => {
    started.push(peer);
    setImmediate(() => interruption.abort(new Error('Ctrl-C')));
    return { loaded: NEVER };
  };
  await expect(startFirstAlone([0, 1], start, interruption.signal)).rejects.toThrow('Ctrl-C');
  expect(started).toEqual([0]);
});
