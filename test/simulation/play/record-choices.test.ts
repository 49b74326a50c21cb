import { describe, expect, test } from '@jest/globals';
import { ORDERINGS, type OrderingEntry } from '../../../core/orderings/registry.ts';
import { drawOptionsFor } from '../../../simulation/check/check-seeds.ts';
import { FAULT_CHOICES } from '../../../simulation/check/draw-options.ts';
import { drawScenario } from '../../../simulation/check/draw-scenario.ts';
import { ChosenRun } from '../../../simulation/choices/chosen-run.ts';
import { chosenScenario } from '../../../simulation/choices/chosen-setup.ts';
import { readSchedule, writeSchedule } from '../../../simulation/choices/recorded-schedule.ts';
import { recordChoices } from '../../../simulation/play/record-choices.ts';
import type { Fault, Scenario } from '../../../simulation/scenario.ts';
import { simulate } from '../../../simulation/simulate.ts';
import type { MemberResult } from '../../../simulation/simulation-result.ts';

const SEEDS = 12;
/** A schedule of this many messages in all takes a fraction of a second. */
const MESSAGES_MAX = 200;
const STRICT = { eventsMax: 200_000, strict: true } as const;

/** What a member did, as far as it can be told without true time. */
function deedsOf({ sequence, crashed, distinct, messagesReceived }: MemberResult): unknown {
  const { senders, sequences, multicasts } = sequence;
  return { senders, sequences, multicasts, crashed, distinct, messagesReceived };
}

function replay({ create }: OrderingEntry, scenario: Scenario): { departs: string | null } {
  const { choices, departs } = recordChoices(create, scenario);
  // By way of a file, which has to hold whatever a repetition needs.
  const { peers, messages, payloadBytes, workload, seed } = scenario;
  const named = workload === undefined ? {} : { workload };
  const setup = { peers, messages, payloadBytes, seed, ...named, packs: true };
  const kept = readSchedule(writeSchedule({ ordering: '', setup, choices }));
  const run = new ChosenRun(create, chosenScenario(kept.setup));
  for (const choice of kept.choices) run.take(choice);
  if (departs === null) {
    const timed = simulate(create, scenario, null, STRICT);
    expect(run.result().members.map(deedsOf)).toEqual(timed.members.map(deedsOf));
  }
  return { departs };
}

const options = { peersMax: 5, faults: FAULT_CHOICES };

describe.each([...ORDERINGS.values()])('$name', (entry) => {
  test('does the same in a game that was recorded from a timed run, whatever happens there', () => {
    let played = 0;
    for (let seed = 0; played < SEEDS; seed += 1) {
      const scenario = drawScenario(seed, drawOptionsFor(entry, options));
      const isAdmitted = (fault: Fault): boolean =>
        fault.kind === 'crash' && fault.admitted === true;
      if (scenario.peers * scenario.messages > MESSAGES_MAX) continue;
      played += 1;
      const { departs } = replay(entry, scenario);
      expect({ seed, departs: departs !== null }).toEqual({
        seed,
        departs: scenario.faults.some(isAdmitted),
      });
    }
  });
});

test('a crash in the middle of a step, a pause, cuts and clocks that run differently are steps of a game', () => {
  const faults: readonly Fault[] = [
    { kind: 'clockSkew', member: 1, rate: 1.5, offsetUs: 300_000 },
    { kind: 'pause', member: 2, atUs: 20_000, untilUs: 400_000 },
    { kind: 'partition', from: [0], to: [1, 3], symmetric: true, atUs: 10_000, untilUs: 90_000 },
    { kind: 'partition', from: [0], to: [1], symmetric: false, atUs: 50_000, untilUs: 300_000 },
    { kind: 'crash', member: 3, atUs: 30_000, afterSends: 2 },
  ];
  const drawn = drawScenario(1, { peersMax: 4, faults: new Set(), minorityOnly: true });
  const scenario = { ...drawn, peers: 4, messages: 5, faults, network: lossy(drawn) };
  const entry = ORDERINGS.get('skeen-uniform')!;
  expect(replay(entry, scenario).departs).toBeNull();
  const acts = new Set(recordChoices(entry.create, scenario).choices.map(({ act }) => act));
  for (const act of ['lose', 'repeat', 'pause', 'resume', 'cut', 'heal', 'crash']) {
    expect(acts).toContain(act);
  }
});

test('says where a run cannot be repeated', () => {
  const drawn = drawScenario(1, { peersMax: 4, faults: new Set(), minorityOnly: true });
  const back = { kind: 'crash', member: 1, atUs: 20_000, restartAfterUs: 50_000 } as const;
  const { create } = ORDERINGS.get('fifo')!;
  const departs = (fault: Fault): string | null =>
    recordChoices(create, { ...drawn, faults: [fault] }).departs;
  expect(departs(back)).toBeNull();
  expect(departs({ ...back, admitted: true })).toMatch(/^peer 1 is started again there/);
});

function lossy({ network }: Scenario): Scenario['network'] {
  const troubles = { loss: 0.2, burst: 2, repetition: 0.2, reordering: 0.2, reorderingUs: 50_000 };
  const delay = { kind: 'uniform', minUs: 1_000, maxUs: 30_000 } as const;
  return { ...network, ...troubles, delay };
}
