import { describe, expect, test } from '@jest/globals';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import type { Comparison } from '../../../control/comparison-document.ts';
import { checkScenario } from '../../../simulation/check/check-scenario.ts';
import { drawDisturbedGroup, drawDisturbedScenario } from '../../support/draw-disturbed.ts';
import { RunGroup } from '../../../bench/virtual-group/run-group.ts';

/** Runs of each ordering; the environment may ask for more. */
const SEEDS = Number(process.env['MPCOMM_SEEDS'] ?? 6);
/** The bound for a run that hangs: a busy machine needs a tenth of it. */
const TEST_MS = 120_000 + SEEDS * 1_000;
const SEED_LIST = Array.from({ length: SEEDS }, (_, seed) => seed);

/** What the run broke of what its ordering declares, with the counterexamples. */
function brokenOf({ declared, guarantees }: Comparison): string[] {
  return declared.flatMap((name) => {
    const { held, counterexample } = guarantees[name];
    return held === false ? [`${name}: ${counterexample?.text ?? ''}`] : [];
  });
}

describe.each([...ORDERINGS.values()])(
  '$name, while a minority is stopped, cut off and back',
  (entry) => {
    test(
      `real members of ${SEEDS} runs break nothing, and report all of them`,
      async () => {
        let wholeRuns = 0;
        for (const seed of SEED_LIST) {
          const group = await new RunGroup(drawDisturbedGroup(entry, seed)).run();
          const { comparison } = group;
          expect({ seed, isCompared: comparison !== null }).toEqual({ seed, isCompared: true });
          expect({ seed, broken: brokenOf(comparison!) }).toEqual({ seed, broken: [] });
          if (comparison!.perPeer.every(({ outcome }) => outcome === 'complete')) wholeRuns += 1;
        }
        // Where everybody who was away for seconds was given up, the property would say little.
        if (entry.retransmits) expect(wholeRuns).toBeGreaterThan(0);
      },
      TEST_MS,
    );

    test(
      `simulated members of ${SEEDS} runs break nothing, and deliver everything`,
      () => {
        for (const seed of SEED_LIST) {
          const { findings } = checkScenario(entry, drawDisturbedScenario(seed));
          expect({ seed, findings }).toEqual({ seed, findings: [] });
        }
      },
      TEST_MS,
    );
  },
);

test.each([...ORDERINGS.values()])('$name keeps its word between two', async (entry) => {
  const network = { delay: { kind: 'uniform', minUs: 20_000, maxUs: 80_000 } } as const;
  const shape = { entry, peers: 2, messages: 10, intervalMs: { min: 5, max: 40 }, network };
  const { comparison } = await new RunGroup({ ...shape, seed: 1 }).run();
  expect(comparison).toMatchObject({ ordering: entry.name, missingRounds: 0 });
  if (entry.guarantees.includes('total')) expect(comparison!.unorderedRounds).toBe(0);
  for (const name of comparison!.declared) {
    expect([name, comparison!.guarantees[name].held]).toEqual([name, true]);
  }
});

describe('a member that is back', () => {
  const pauseOf = (seconds: number) =>
    ({
      kind: 'pause',
      member: 1,
      atUs: 1_600_000,
      untilUs: 1_600_000 + seconds * 1_000_000,
    }) as const;
  const runWith = (name: string, seconds: number, changes = {}) =>
    new RunGroup({
      entry: ORDERINGS.get(name)!,
      peers: 5,
      messages: 40,
      seed: 1,
      faults: [pauseOf(seconds)],
      ...changes,
    }).run();

  test('in time is waited for: all is delivered everywhere', async () => {
    const { comparison } = await runWith('sequencer', 3);
    expect(comparison!.perPeer.map(({ delivered }) => delivered)).toEqual(Array(5).fill(200));
  });

  test('after the others parted delivers nothing more, and counts as crashed', async () => {
    const group = await runWith('sequencer', 6);
    const { comparison, reports } = group;
    expect(reports.map((report) => report?.missing)).toEqual([
      ['peer-1'],
      ['peer-0', 'peer-2', 'peer-3', 'peer-4'],
      ...Array(3).fill(['peer-1']),
    ]);
    expect(reports[1]!.reason).toContain('the others ended the run without this member');
    const delivered = comparison!.perPeer.map((peer) => peer.delivered);
    expect(delivered[1]).toBeLessThanOrEqual(delivered[0]!);
    expect(new Set([0, 2, 3, 4].map((peer) => delivered[peer])).size).toBe(1);
    for (const name of comparison!.declared) expect(comparison!.guarantees[name].held).toBe(true);
    expect(comparison!.findings.join('\n')).toContain('counts as crashed: peer-0, peer-2');
  });

  test.each([7.5, 8, 8.5, 9, 20])(
    'after %d s, about when or after the run is compared, changes nothing of that',
    async (seconds) => {
      for (const name of ORDERINGS.keys()) {
        const { comparison } = await runWith(name, seconds, { triggerUs: 2_100_000 });
        expect([name, brokenOf(comparison!)]).toEqual([name, []]);
      }
    },
  );

  test('before the others were sure is part of the run again', async () => {
    // After a little more than four seconds of silence, some may be ready to part, and none has parted.
    const { comparison } = await runWith('sequencer', 3.95);
    expect(brokenOf(comparison!)).toEqual([]);
  });
});

describe('a group that is divided', () => {
  const cut = (seconds: number, [...from]: number[], [...to]: number[]) =>
    ({
      kind: 'partition',
      from,
      to,
      symmetric: true,
      atUs: 800_000,
      untilUs: 800_000 + seconds * 1_000_000,
    }) as const;

  test.each([...ORDERINGS.values()])(
    '$name: the majority is judged, whoever reports first',
    async (entry) => {
      for (const seconds of [2, 4.2, 6, 12, 60]) {
        const faults = [cut(seconds, [0, 1], [2, 3, 4])];
        const shape = { entry, peers: 5, messages: 40, seed: 3, faults, deadlineMs: 40_000 };
        const { comparison } = await new RunGroup(shape).run();
        expect([seconds, brokenOf(comparison!)]).toEqual([seconds, []]);
        const judged = comparison!.declared.filter(
          (name) => comparison!.guarantees[name].held === true,
        );
        if (entry.survives === 'minority')
          expect([seconds, judged]).toEqual([seconds, comparison!.declared]);
      }
    },
  );

  test('without a majority nothing is said of who left whom', async () => {
    const faults = [cut(60, [0, 1], [2, 3])];
    const shape = { peers: 4, messages: 40, seed: 3, faults, deadlineMs: 40_000 };
    const group = new RunGroup({ entry: ORDERINGS.get('sequencer')!, ...shape });
    const { comparison } = await group.run();
    expect(brokenOf(comparison!)).toEqual([]);
    expect(comparison!.guarantees.validity).toEqual({
      held: null,
      reason: expect.stringContaining('only while a majority stays together to the end'),
    });
  });
});

describe('what an ordering does break is still found', () => {
  test('one that calls itself uniform, and is not, when its sequencer dies', async () => {
    const fast = ORDERINGS.get('sequencer-fast')!;
    const claims = { ...fast, guarantees: ORDERINGS.get('sequencer')!.guarantees };
    const broken = new Set<string>();
    for (let seed = 0; seed < 30; seed += 1) {
      // What it orders and delivers last reaches nobody, and is written down before it dies.
      const span = { atUs: 1_000_000 + seed * 10_000, untilUs: 90_000_000 };
      const faults = [
        { kind: 'partition', from: [0], to: [1, 2, 3, 4], symmetric: false, ...span } as const,
        { kind: 'crash', member: 0, atUs: span.atUs + 700_000 } as const,
      ];
      const shape = { entry: claims, peers: 5, messages: 40, seed, faults };
      const { comparison } = await new RunGroup(shape).run();
      for (const text of brokenOf(comparison!)) broken.add(text.split(':')[0]!);
    }
    expect(broken).toContain('uniformAgreement');
  });

  test('one that skips a message at one member', async () => {
    const sequencer = ORDERINGS.get('sequencer')!;
    const entry = {
      ...sequencer,
      create: (...[group, out]: Parameters<typeof sequencer.create>) => {
        const deliver: typeof out.deliver = (message) => {
          if (group.self !== 2 || message.sequence !== 7) out.deliver(message);
        };
        return sequencer.create(group, { ...out, deliver });
      },
    };
    const faults = [{ kind: 'crash', member: 4, atUs: 900_000 } as const];
    const { comparison } = await new RunGroup({
      entry,
      peers: 5,
      messages: 20,
      seed: 1,
      faults,
    }).run();
    expect(brokenOf(comparison!)).toEqual([expect.stringContaining('gapFree')]);
    // Whether the rest was still to come the deadline does not tell.
    expect(comparison!.guarantees.agreement.reason).toContain('the deadline cut the run off');
  });
});
