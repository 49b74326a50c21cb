import { afterEach, describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../core/message.ts';
import type { Ordering } from '../../core/ordering.ts';
import { type ExecOrdering, openExecOrdering } from '../../custom/exec-ordering.ts';
import { pause } from '../../custom/exec-process.ts';
import { programThat } from '../support/exec-program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** What a program may not do that shows only over several events: deadlines without end, and lines that nobody asked for. */
const directory = temporaryDirectory();
const opened: ExecOrdering[] = [];
const nothing = (): void => undefined;

function open(statements: string, declaration: string): ExecOrdering {
  const command = programThat(directory, statements, declaration);
  const ordering = openExecOrdering({ command, channels: 'raw' });
  opened.push(ordering);
  return ordering;
}

function memberOf({ entry }: ExecOrdering, self = 0): Ordering {
  const out = { multicast: nothing, send: nothing, deliver: nothing };
  return entry.create({ self, size: 1, random: () => 0.5 }, out);
}

const message = (sequence: number): Message => new Message(Kind.data, 0, sequence);

/** Waits until what the program writes after 10 ms is there. */
const waitForIt = (): void => pause(300);

/** Answers, and writes a line more a moment later, once. */
const ONE_MORE = `
  reply({ effects: [] });
  if (event.event !== 'multicast' || event.message.sequence > 0) return;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  reply({ effects: [], held: 7 });
`;

afterEach(async () => {
  await Promise.all(opened.splice(0).map((ordering) => ordering.close()));
});

describe('a program that is called again and again by its deadlines', () => {
  const ALWAYS = 'reply({ effects: [{ deadline: 0 }] });';

  test.each([
    ['at the same time', () => 7, /1001 deadlines in a row at 7 us: time stands still/],
    [
      'a microsecond later',
      (call: number) => call,
      /1001 deadlines within 1000 us: time hardly goes/,
    ],
  ])('%s is in a loop', (_when, nowOf, expected) => {
    const member = memberOf(open(ALWAYS, '{ reset: true }'));
    expect(() => {
      for (let call = 0; call < 2_000; call += 1) member.advance(nowOf(call));
    }).toThrow(expected);
  });

  test('every 11 microseconds is only in a hurry', () => {
    const member = memberOf(open(ALWAYS, '{ reset: true }'));
    for (let call = 0; call < 2_000; call += 1) member.advance(call * 11);
    expect(member.deadline).toBe(0);
  });
});

describe('a line too many, which came after the answer', () => {
  test('is told before the next event is asked, with the event that it followed', () => {
    const ordering = open(ONE_MORE, '{ reset: true }');
    const member = memberOf(ordering);
    member.multicast(5, message(0));
    waitForIt();
    expect(() => member.multicast(6, message(1))).toThrow(
      /wrote more than one line to answer one event: .*\[\]\}", then "\{.*held.*If an earlier line was too many, each answer[^]*It was asked: .*"sequence\\":0/,
    );
    expect(ordering.failure?.message).toMatch(/more than one line/);
    expect(member.held).toBe(0);
  });

  test.each(['{}', '{ reset: true }'])('is told when the next run begins, with %s', (declared) => {
    const ordering = open(ONE_MORE, declared);
    memberOf(ordering).multicast(5, message(0));
    waitForIt();
    expect(() => memberOf(ordering)).toThrow(/wrote more than one line/);
    const again = memberOf(ordering);
    again.multicast(7, message(1));
    expect(again.held).toBe(0);
  });

  test('is told when a run is over, and nothing is where none came', () => {
    const ordering = open(ONE_MORE, '{ reset: true }');
    memberOf(ordering).multicast(5, message(1));
    expect(ordering.entry.failureAfterRun!()).toBeNull();
    memberOf(ordering).multicast(5, message(0));
    waitForIt();
    expect(ordering.entry.failureAfterRun!()?.message).toMatch(/wrote more than one line/);
  });

  test('is no line where the program only ended', () => {
    const ordering = open('reply({ effects: [] }); process.exit(3);', '{ reset: true }');
    const member = memberOf(ordering);
    member.multicast(5, message(0));
    pause(800);
    expect(ordering.entry.failureAfterRun!()).toBeNull();
    expect(() => member.multicast(6, message(1))).toThrow(/ended with status 3/);
  });

  test('fills the pipe, and is told all the same', () => {
    const flood = `reply({ effects: [] }); for (let i = 0; i < 5_000; i += 1) say('x'.repeat(99) + '\\n');`;
    const member = memberOf(open(flood, '{ reset: true }'));
    expect(() => {
      member.multicast(5, message(0));
      waitForIt();
      member.multicast(6, message(1));
    }).toThrow(/wrote more than one line to answer one event/);
  });
});
