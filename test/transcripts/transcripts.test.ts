import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ORDERINGS, type OrderingEntry } from '../../core/orderings/registry.ts';
import { tellStory } from '../../simulation/check/story.ts';
import { calmNetwork, type Fault, type Scenario } from '../../simulation/scenario.ts';

/**
 * What each ordering does in one small run, told in a file beside this one, for a reader: its normal case, and
 * for those that survive crashes the fail-over when member 0 dies, who leads in most of them.
 *
 * A change of an ordering changes its transcripts: MPCOMM_REWRITE=1 npm run jest -- transcripts writes them anew,
 * and whoever reviews the change reads the difference (after etcd-io/raft's testdata).
 */
const REWRITES = process.env['MPCOMM_REWRITE'] === '1';

function scenarioOf(faults: readonly Fault[]): Scenario {
  return {
    peers: 3,
    messages: 2,
    payloadBytes: 0,
    intervalUs: { min: 10_000, max: 30_000 },
    seed: 1,
    network: calmNetwork({ kind: 'uniform', minUs: 5_000, maxUs: 15_000 }),
    faults,
    endUs: 60_000_000,
  };
}

/** In the middle of its second multicast, of which one member hears. */
const DEATH: Fault = { kind: 'crash', member: 0, atUs: 35_000, afterSends: 1 };

function transcriptOf(entry: OrderingEntry, faults: readonly Fault[]): string {
  const everything = { name: 'total', text: '', observations: [] } as const;
  return `${entry.name}: ${entry.summary}\n\n${tellStory(entry, scenarioOf(faults), everything)}\n`;
}

function compareWith(name: string, transcript: string): void {
  const file = join(import.meta.dirname, `${name}.txt`);
  if (REWRITES) writeFileSync(file, transcript);
  expect(existsSync(file) ? readFileSync(file, 'utf8') : 'no such file: see above').toBe(
    transcript,
  );
}

const SURVIVORS = [...ORDERINGS.values()].filter(({ survives }) => survives === 'minority');

describe('the transcript of', () => {
  test.each([...ORDERINGS.values()])('$name is as it was read', (entry) => {
    compareWith(entry.name, transcriptOf(entry, []));
  });

  test.each(SURVIVORS)('the fail-over of $name is as it was read', (entry) => {
    const transcript = transcriptOf(entry, [DEATH]);
    expect(transcript).toContain('CRASHES');
    compareWith(`${entry.name}-fail-over`, transcript);
  });

  test('no ordering is left over', () => {
    const names = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.txt'));
    const expected = [
      ...[...ORDERINGS.keys()].map((name) => `${name}.txt`),
      ...SURVIVORS.map(({ name }) => `${name}-fail-over.txt`),
    ];
    expect(names.sort()).toEqual(expected.sort());
  });
});
