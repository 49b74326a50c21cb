import { describe, expect, jest, test } from '@jest/globals';
import { SimulationProgress } from '../../../cli/simulate/simulation-progress.ts';
import { PLAIN, type Terminal } from '../../../cli/shell/terminal.ts';
import { createScenario } from '../../../cli/simulate/create-scenario.ts';

/** What a simulation of 2 x 50 messages shows in `ms` milliseconds, in which it is looked at each 250 ms. */
function shownIn(ms: number, isTTY: boolean): { written: string[]; noted: string[] } {
  const [written, noted]: [string[], string[]] = [[], []];
  const terminal: Terminal = {
    data: () => undefined,
    note: (text) => void noted.push(text),
    status: { isTTY, columns: 80, write: (text) => void written.push(text) },
    paint: PLAIN,
  };
  let now = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
  try {
    const scenario = createScenario({ peers: 2, messages: 50 });
    const progress = new SimulationProgress(terminal, 'fifo', scenario);
    for (; now < ms; now += 250) {
      const members = [60, 40].map((distinct) => ({ record: { distinct } }));
      progress.look({ nowUs: 4_200_000, events: 9_000, members });
    }
    progress.finish();
  } finally {
    clock.mockRestore();
  }
  return { written, noted };
}

describe('how far a simulation is', () => {
  test('is not told of one that is over soon', () => {
    for (const isTTY of [true, false])
      expect(shownIn(1_000, isTTY)).toEqual({ written: [], noted: [] });
  });

  test('is a line that is rewritten twice a second, and gone at the end', () => {
    const { written, noted } = shownIn(2_100, true);
    const line = (seconds: string): string =>
      `\r\u001b[K[############............] fifo: 100 of 200 deliveries, ${seconds} s (4.2 s of virtual time)`;
    expect(written).toEqual([
      ...['1.0', '1.5', '2.0'].map((each) => line(each).slice(0, 83)),
      '\r\u001b[K',
    ]);
    expect(noted).toEqual([]);
  });

  test('is a plain line every 5 s where nothing can be rewritten', () => {
    const { written, noted } = shownIn(11_000, false);
    expect(written).toEqual([]);
    expect(noted).toEqual(
      ['5.0', '10.0'].map(
        (each) => `fifo: 100 of 200 deliveries, ${each} s (4.2 s of virtual time)`,
      ),
    );
  });
});
