import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { connection, listenWhileSeen } from '../../web/laboratory/live-status.ts';

/** What a browser has and Node has not. */
class FakeEventSource extends EventTarget {
  static readonly CLOSED = 2;
  static readonly opened: FakeEventSource[] = [];
  readyState = 1;

  constructor() {
    super();
    FakeEventSource.opened.push(this);
  }

  close(): void {
    this.readyState = FakeEventSource.CLOSED;
  }
}

const page = Object.assign(new EventTarget(), { hidden: false });

function turn(hidden: boolean): void {
  page.hidden = hidden;
  page.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
  jest.useFakeTimers();
  FakeEventSource.opened.length = 0;
  Object.assign(globalThis, { document: page, EventSource: FakeEventSource });
});
afterEach(() => {
  jest.useRealTimers();
  Reflect.deleteProperty(globalThis, 'document');
  Reflect.deleteProperty(globalThis, 'EventSource');
});

test('a page that is seen again after a while waits for the stream that it has just opened', () => {
  const stop = listenWhileSeen();
  FakeEventSource.opened[0]!.dispatchEvent(new Event('beat'));
  turn(true);
  jest.advanceTimersByTime(60_000);
  turn(false);
  jest.advanceTimersByTime(3_000);
  expect(connection.value).toBe('live');
  expect(FakeEventSource.opened.map(({ readyState }) => readyState)).toEqual([2, 1]);
  jest.advanceTimersByTime(10_000);
  expect(connection.value).toBe('lost');
  stop();
});
