import { describe, expect, test } from '@jest/globals';
import { Message } from '../../core/message.ts';
import { create as fifo } from '../../core/orderings/fifo.ts';
import { create as unordered } from '../../core/orderings/unordered.ts';
import { describeMessage, traceObserver } from '../../simulation/observers/trace.ts';
import { scenarioWith, traceOf } from './scenarios.ts';

const SMALL = { peers: 2, messages: 1, intervalUs: { min: 100_000, max: 100_000 } } as const;

describe('the trace', () => {
  test('of a small run is these lines, on every machine', () => {
    const scenario = scenarioWith({
      ...SMALL,
      network: { delay: { kind: 'uniform', minUs: 5_000, maxUs: 50_000 }, repetition: 1 },
      faults: [
        { kind: 'partition', from: [0], to: [1], symmetric: false, atUs: 0, untilUs: 120_000 },
        { kind: 'pause', member: 0, atUs: 110_000, untilUs: 150_000 },
        { kind: 'crash', member: 1, atUs: 160_000 },
      ],
    });
    expect(traceOf(unordered, scenario)).toEqual([
      '0 partition begins 0>1',
      '100000 multicast 0 data(0,0)',
      '100000 send 0>1 data(0,0)',
      '100000 drop 0>1 data(0,0) partition',
      '100000 deliver 0 data(0,0)',
      '100000 multicast 1 data(1,0)',
      '100000 send 1>0 data(1,0) arrives=121766',
      '100000 repeat 1>0 data(1,0) arrives=124163',
      '100000 deliver 1 data(1,0)',
      '110000 pause 0',
      '120000 partition ends 0>1',
      '150000 resume 0',
      '150000 arrive 1>0 data(1,0)',
      '150000 deliver 0 data(1,0)',
      '150000 arrive 1>0 data(1,0)',
      '150000 deliver 0 data(1,0)',
      '160000 crash 1',
    ]);
  });

  test('has no two spaces, no line ends, and times that never go back', () => {
    const lines = traceOf(fifo, scenarioWith({ network: { loss: 0.3, repetition: 0.3 } }));
    expect(lines.length).toBeGreaterThan(200);
    let last = 0;
    for (const line of lines) {
      expect(line).toMatch(/^\d+ [a-z]+ [^ ]+( [^ ]+)*$/);
      expect(Number(line.split(' ')[0])).toBeGreaterThanOrEqual(last);
      last = Number(line.split(' ')[0]);
    }
  });

  test('tells a failure in one line', () => {
    const lines: string[] = [];
    traceObserver((line) => lines.push(line)).fail?.(7, 2, new Error('two\nlines'));
    expect(lines).toEqual(['7 fail 2 two lines']);
  });

  test('names what a message carries, and a kind without a name by its number', () => {
    const vector = [1, 0, 2];
    expect(describeMessage(new Message(1, 0, 3, new Uint8Array(9), 4, 5, 6, 7, vector))).toBe(
      'data(0,3) link=4 timestamp=5 epoch=6 position=7 vector=1,0,2 payload=9',
    );
    expect(describeMessage(new Message(250, 1, 2))).toBe('kind250(1,2)');
  });
});
