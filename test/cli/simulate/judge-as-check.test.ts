import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { judgeAsCheck } from '../../../cli/simulate/judge-as-check.ts';
import { simulateOnce } from '../../../cli/simulate/simulate-once.ts';
import { loadOrdering } from '../../../custom/load-ordering.ts';
import { checkSeeds } from '../../../simulation/check/check-seeds.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import type { Scenario } from '../../../simulation/scenario.ts';
import { recordedContext } from '../../support/recorded-context.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const directory = temporaryDirectory();

/** Peer 2 is gone from the beginning, and the others ask it for ever: the run goes on to its end. */
const CUT_OFF: Scenario = {
  ...{ peers: 3, messages: 1, payloadBytes: 0, intervalUs: { min: 0, max: 0 }, seed: 1 },
  network: {
    delay: { kind: 'constant', us: 10_000 },
    ...{ loss: 0, burst: 1, repetition: 0, reordering: 0, reorderingUs: 0 },
  },
  ...{ faults: [{ kind: 'crash', member: 2, atUs: 0 }], endUs: 65_000_000 },
};

test('a scenario whose comparison leaves open what is missing is judged as check does, which saved it', async () => {
  const scenario = join(directory, 'cut-off.json');
  writeFileSync(scenario, JSON.stringify(CUT_OFF));
  const { context, data, notes } = recordedContext();
  const ordering = 'examples/broken/skeen-without-fail-over.ts';
  expect(await simulateOnce(context.terminal, { ordering, scenario })).toBe(1);
  expect(data.join('\n')).toMatch(/validity +not judged/);
  const note = notes.join(' ').replaceAll(/\s+/g, ' ');
  expect(note).toMatch(/As mpcomm check judges this scenario, file-skeen.* liveness \(once faults/);
});

test('a replay says that an ordering sorts at the end, of which a comparison says nothing', async () => {
  const ordering = 'test/gallery/sorts-at-the-end.ts';
  const { context, notes } = recordedContext();
  const { failing } = checkSeeds(await loadOrdering(ordering, { members: 8 }), 0, 200, {
    peersMax: 8,
    faults: [],
  });
  const scenario = join(directory, 'sorting.json');
  writeFileSync(scenario, JSON.stringify(failing!.scenario));
  expect(failing!.findings[0]!.name).toBe('sorting');
  expect(await simulateOnce(context.terminal, { ordering, scenario })).toBe(1);
  expect(notes.join(' ').replaceAll(/\s+/g, ' ')).toMatch(
    /As mpcomm check judges this scenario.* sorting \(/,
  );
});

test('of an ordering that survives no crash, nothing is asked then', () => {
  let steps = 0;
  expect(judgeAsCheck(ORDERINGS.get('lamport')!, CUT_OFF, () => (steps += 1))).toBeNull();
  // Whoever watches over the run knows that the ordering came back.
  expect(steps).toBeGreaterThan(0);
});
