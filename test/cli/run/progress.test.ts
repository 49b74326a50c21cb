import { describe, expect, test } from '@jest/globals';
import type { RunProgress } from '../../../control/runs/run-state.ts';
import { createProgressDisplay, renderProgress } from '../../../cli/run/progress.ts';
import { PLAIN } from '../../../cli/shell/terminal.ts';

function progress(deliveries: number): RunProgress {
  const member = { zone: 'us-west1-b', deliveries: deliveries / 2, multicasts: 5 };
  return {
    phase: deliveries === 0 ? 'joining' : 'running',
    members: [
      { ...member, peerId: 'peer-0', outcome: null },
      { ...member, peerId: 'peer-1', outcome: 'complete' },
    ],
    deliveries,
    deliveriesExpected: 400,
  };
}

function terminal(isTTY: boolean) {
  const written: string[] = [];
  return {
    written,
    terminal: {
      data: (text: string) => void written.push(text),
      note: (text: string) => void written.push(`${text}\n`),
      status: { isTTY, columns: 40, write: (text: string) => void written.push(text) },
      paint: PLAIN,
    },
  };
}

describe('progress', () => {
  test('counts deliveries and reports', () => {
    expect(renderProgress(progress(100), 2_140, false)).toBe(
      '2.1 s: 100 of 400 deliveries, 1 of 2 reports',
    );
    expect(renderProgress(progress(100), 2_140, true)).toMatch(/^\[#{6}\.{18}\] 2\.1 s/);
    expect(renderProgress(progress(0), 0, false)).toContain('look for each other');
  });

  test('says whom it waits for, rather than drawing a bar that leaves no room for it', () => {
    const waiting = 'waiting for peer-0 until 19:03:21';
    expect(renderProgress(progress(100), 2_140, false, waiting)).toBe(
      `2.1 s: 100 of 400 deliveries, 1 of 2 reports, ${waiting}`,
    );
    const { terminal: narrow, written } = terminal(true);
    createProgressDisplay(narrow).show(progress(100), 0, waiting);
    expect(written[0]).toBe('\r\u001b[K0.0 s: 100 of 400 deliveries, 1 of 2 re');
  });

  test('plain lines come at most once a second, and at once only when something changed', () => {
    const { terminal: plain, written } = terminal(false);
    const display = createProgressDisplay(plain);
    for (let elapsedMs = 0; elapsedMs <= 3_000; elapsedMs += 100) {
      display.show(progress(elapsedMs < 1_500 ? 20 : 40), elapsedMs);
    }
    display.finish();
    expect(written).toEqual([
      '0.0 s: 20 of 400 deliveries, 1 of 2 reports\n',
      '1.5 s: 40 of 400 deliveries, 1 of 2 reports\n',
    ]);
  });

  test('a plain line comes again every five seconds where nothing changes: who reads it sees that it waits', () => {
    const { terminal: plain, written } = terminal(false);
    const display = createProgressDisplay(plain);
    for (let elapsedMs = 0; elapsedMs <= 12_000; elapsedMs += 100) {
      display.show(progress(20), elapsedMs, 'over by 19:03:21 at the latest');
    }
    expect(written.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      '0.0 s',
      '5.0 s',
      '10.0 s',
    ]);
  });

  test('on a terminal one line is rewritten, no wider than the terminal, and wiped at the end', () => {
    const { terminal: wide, written } = terminal(true);
    const display = createProgressDisplay(wide);
    display.show(progress(20), 0);
    display.show(progress(40), 100);
    display.finish();
    display.finish();
    expect(written).toHaveLength(3);
    expect(written[1]!.startsWith('\r\u001b[K[##')).toBe(true);
    expect(written[1]!.length).toBeLessThanOrEqual('\r\u001b[K'.length + 39);
    expect(written[2]).toBe('\r\u001b[K');
  });
});
