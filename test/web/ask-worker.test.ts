import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { askerOf } from '../../web/workers/ask-worker.ts';

type Act = (worker: FakeWorker, id: number) => void;

/** Workers as a browser has them; the test says what each does when it is asked. */
class FakeWorker extends EventTarget {
  static acts: Act[] = [];
  static ended = 0;
  readonly #act = FakeWorker.acts.shift();

  postMessage({ id }: { readonly id: number }): void {
    this.#act?.(this, id);
  }

  terminate(): void {
    FakeWorker.ended += 1;
  }

  tell(type: string, data: object): void {
    queueMicrotask(() => this.dispatchEvent(Object.assign(new Event(type), data)));
  }
}

const fails: Act = (worker) => worker.tell('error', {});
const answers: Act = (worker, id) => worker.tell('message', { data: { id, answer: 'well' } });
const rests: Act = () => undefined;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
  FakeWorker.ended = 0;
  const told = { content: 'simulation=a.js frame=b.html types=c.js' };
  const frame = Object.assign(new EventTarget(), {
    contentDocument: { querySelector: () => told },
    contentWindow: { Worker: FakeWorker, Blob, URL: { createObjectURL: () => 'blob:x' } },
    remove: () => undefined,
  });
  const document = {
    baseURI: 'http://127.0.0.1/',
    querySelector: () => told,
    createElement: () => frame,
    body: { append: () => queueMicrotask(() => frame.dispatchEvent(new Event('load'))) },
  };
  Object.assign(globalThis, { document, Worker: FakeWorker });
});
afterEach(() => {
  jest.useRealTimers();
  Reflect.deleteProperty(globalThis, 'document');
  Reflect.deleteProperty(globalThis, 'Worker');
});

test('a worker that did not load is told, and the next question starts another', async () => {
  FakeWorker.acts = [fails, answers];
  const asker = askerOf<string, string>('types');
  await expect(asker.ask('one')).rejects.toThrow('the worker did not start');
  await expect(asker.ask('two')).resolves.toBe('well');
  expect(FakeWorker.ended).toBe(1);
});

test('what was typed has a minute for an answer, and anything else the time that it takes', async () => {
  FakeWorker.acts = [rests, rests, answers];
  const patient = askerOf<string, string>('types').ask('one');
  const asker = askerOf<string, string>('own');
  const asked = expect(asker.ask('one')).rejects.toThrow(/did not end/);
  await jest.advanceTimersByTimeAsync(60_000);
  await asked;
  await expect(asker.ask('two')).resolves.toBe('well');
  await expect(Promise.race([patient, Promise.resolve('none yet')])).resolves.toBe('none yet');
});

test('a question takes the place of one that takes long, and closing answers whoever waits', async () => {
  FakeWorker.acts = [rests, answers, rests];
  const asker = askerOf<string, string>('types');
  const asked = [asker.ask('one'), asker.ask('two'), asker.ask('three')];
  await jest.advanceTimersByTimeAsync(400);
  await expect(Promise.all(asked)).resolves.toEqual([null, null, 'well']);
  FakeWorker.acts = [rests];
  const other = askerOf<string, string>('types');
  const open = other.ask('one');
  other.close();
  await expect(open).resolves.toBeNull();
});
