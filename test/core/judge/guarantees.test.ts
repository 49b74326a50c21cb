import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  compareDeliveries,
  type Observation,
  type PeerLog,
} from '../../../core/judge/comparison.ts';
import { GUARANTEE_NAMES, type GuaranteeName } from '../../../core/guarantees.ts';
import { deliveriesOf, judgeByBruteForce, type Judged } from './brute-force-judge.ts';
import { contentOf, type MulticastContents } from '../../../core/records/content.ts';
import { bytesOf, logOf, sequenceOf, type Event } from './logs.ts';

interface Case {
  logs: PeerLog[];
  messages: number;
}

/** What the messages of all cases carry: some of it longer than what is kept of a content. */
const payloadOf = (sender: number, sequence: number): string =>
  sequence === 0 ? '' : `${sender}`.repeat(sender + 1) + `: ${sequence}`.repeat(sequence);
const CONTENTS: MulticastContents = {
  of: (sender, sequence) => contentOf(bytesOf(payloadOf(sender, sequence))),
};

/** Logs that are mostly sensible, with every kind of damage now and then. */
const caseArbitrary: fc.Arbitrary<Case> = fc
  .record({ peers: fc.integer({ min: 2, max: 4 }), messages: fc.integer({ min: 1, max: 4 }) })
  .chain(({ peers, messages }) =>
    fc.record({ messages: fc.constant(messages), logs: logsArbitrary(peers, messages) }),
  );

/** Logs of which each has its own deliveries, or some have the same ones, as the judge takes these together. */
function logsArbitrary(peers: number, messages: number): fc.Arbitrary<PeerLog[]> {
  const logs = fc.array(logArbitrary(peers, messages), { minLength: peers, maxLength: peers });
  const sources = fc.array(fc.nat(1), { minLength: peers, maxLength: peers });
  const alike = fc.tuple(logs, sources).map(([own, chosen]) =>
    own.map((log, peer) => {
      const { senders, sequences } = own[chosen[peer]!]!.sequence;
      const events = [...senders].map((sender, i): Event => [sender, sequences[i]!]);
      const sequence = sequenceOf(withMarks(events, [...log.sequence.deliveredBefore]));
      return { ...log, sequence, firstPremature: null };
    }),
  );
  return fc.oneof({ weight: 2, arbitrary: logs }, { weight: 1, arbitrary: alike });
}

function logArbitrary(peers: number, messages: number): fc.Arbitrary<PeerLog> {
  const all = Array.from({ length: peers * messages }, (_, i): readonly [number, number] => [
    i % peers,
    Math.floor(i / peers),
  ]);
  const stray = fc.tuple(fc.nat(peers + 1), fc.nat(messages + 2));
  const deliveries = fc.oneof(
    { weight: 4, arbitrary: fc.constant(all) },
    { weight: 4, arbitrary: fc.shuffledSubarray(all, { minLength: all.length }) },
    { weight: 2, arbitrary: fc.subarray(all) },
    { weight: 2, arbitrary: fc.shuffledSubarray(all) },
    { weight: 2, arbitrary: fc.array(stray, { maxLength: 8 }) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom(...all), { maxLength: 8 }) },
    { weight: 1, arbitrary: fc.constant([]) },
  );
  const notes = fc.array(
    fc.tuple(
      fc.nat(all.length),
      fc.oneof(
        fc.constantFrom('', 'another', 'another one, which is longer'),
        fc.constant(undefined),
        fc.constantFrom(...all.map(([sender, sequence]) => payloadOf(sender, sequence))),
      ),
    ),
    { maxLength: 2 },
  );
  const swaps = fc.array(fc.nat(all.length), { maxLength: 2 });
  const options = fc.record({
    correct: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.boolean()),
    multicastsNoted: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.boolean()),
    multicasts: fc.oneof(
      { weight: 3, arbitrary: fc.constant(messages) },
      fc.constant(null),
      fc.nat(messages + 1),
    ),
    reportPlace: fc.option(fc.nat(5)),
    contentsNoted: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.boolean()),
    firstPremature: fc.option(fc.nat(all.length), { freq: 10 }),
  });
  const marks = fc.oneof(
    { weight: 3, arbitrary: fc.array(fc.nat(3), { minLength: messages, maxLength: messages }) },
    fc.array(fc.nat(all.length), { maxLength: messages + 1 }),
  );
  const parts = fc.tuple(deliveries, swaps, marks, options, notes);
  return parts.map(([events, places, before, rest, noted]) => {
    const swapped: Event[] = [...events];
    for (const place of places) {
      if (place + 1 < swapped.length)
        swapped.splice(place, 2, swapped[place + 1]!, swapped[place]!);
    }
    const seen = rest.firstPremature !== null && rest.firstPremature < swapped.length;
    return logOf(withMarks(withNotes(swapped, noted), before), {
      ...rest,
      firstPremature: seen ? rest.firstPremature : null,
    });
  });
}

/** `undefined` notes the content that the message has anyway. */
function withNotes(
  events: readonly Event[],
  notes: readonly (readonly [number, string | undefined])[],
): Event[] {
  return events.map((event, position) => {
    const note = notes.find(([place]) => place === position);
    if (note === undefined || event === 'multicast') return event;
    const [sender, sequence] = event;
    return [sender, sequence, note[1] ?? payloadOf(sender, sequence)];
  });
}

function withMarks(events: readonly Event[], before: readonly number[]): Event[] {
  const marked = [...events];
  for (const place of before.toSorted((a, b) => b - a)) {
    marked.splice(Math.min(place, events.length), 0, 'multicast');
  }
  return marked;
}

const RUNS = { numRuns: 800 };

test('the judge gives the verdicts of the brute-force judge', () => {
  fc.assert(
    fc.property(caseArbitrary, ({ logs, messages }) => {
      const { guarantees } = compareDeliveries(logs, messages, CONTENTS);
      const verdicts = Object.fromEntries(
        GUARANTEE_NAMES.map((name) => [name, guarantees[name].held]),
      );
      expect(verdicts).toEqual(judgeByBruteForce(logs, messages, CONTENTS).verdicts);
    }),
    RUNS,
  );
});

test('the cases hold, break and leave open every guarantee', () => {
  const seen = new Set<string>();
  for (const { logs, messages } of fc.sample(caseArbitrary, { numRuns: 1_200, seed: 1 })) {
    const { verdicts } = judgeByBruteForce(logs, messages, CONTENTS);
    for (const name of GUARANTEE_NAMES) seen.add(`${name} ${verdicts[name]}`);
  }
  const openable = GUARANTEE_NAMES.filter((name) => name !== 'integrity').map((n) => `${n} null`);
  const decided = GUARANTEE_NAMES.flatMap((name) => [`${name} true`, `${name} false`]);
  expect([...seen].sort()).toEqual([...decided, ...openable].sort());
});

test('the cases break integrity in every way that there is', () => {
  const ways = [/nobody multicast/, /twice/, /before (it|peer \d) multicast it$/, /with .* bytes/];
  const texts = fc
    .sample(caseArbitrary, { numRuns: 3_000, seed: 1 })
    .map(({ logs, messages }) => compareDeliveries(logs, messages, CONTENTS).guarantees.integrity)
    .map(({ counterexample }) => counterexample?.text ?? '');
  const seen = [...ways, /one of these was/].map((way) => texts.some((text) => way.test(text)));
  expect(seen).toEqual([true, true, true, true, true]);
});

test('rounds and tallies are those of the brute-force judge', () => {
  fc.assert(
    fc.property(caseArbitrary, ({ logs, messages }) => {
      const result = compareDeliveries(logs, messages, CONTENTS);
      const wanted = judgeByBruteForce(logs, messages, CONTENTS);
      expect({
        unorderedRounds: result.unorderedRounds,
        missingRounds: result.missingRounds,
        conflictingRounds: result.conflictingRounds,
        firstDivergence: result.firstDivergence?.position ?? null,
        missing: result.tallies.map(({ missing }) => missing),
        duplicates: result.tallies.map(({ duplicates }) => duplicates),
        invented: result.tallies.map(({ invented }) => invented),
        alterations: result.tallies.map(({ altered }) => altered),
      }).toEqual({
        ...wanted,
        verdicts: undefined,
        precedes: undefined,
        relates: undefined,
        genuine: undefined,
        altered: undefined,
        premature: undefined,
      });
    }),
    RUNS,
  );
});

test('each counterexample is one, and says where it is to be seen', () => {
  fc.assert(
    fc.property(caseArbitrary, ({ logs, messages }) => {
      const { guarantees } = compareDeliveries(logs, messages, CONTENTS);
      const judged = judgeByBruteForce(logs, messages, CONTENTS);
      for (const name of GUARANTEE_NAMES) {
        const { held, counterexample, reason } = guarantees[name];
        expect(counterexample !== undefined).toBe(held === false);
        expect(reason !== undefined).toBe(held === null);
        if (counterexample === undefined) continue;
        expect(isTruthful(logs, counterexample.observations)).toBe(true);
        expect([
          name,
          counterexample,
          breaks(name, logs, counterexample.observations, judged),
        ]).toEqual([name, counterexample, true]);
      }
    }),
    RUNS,
  );
});

const text = ({ sender, sequence }: Observation) => `${sender},${sequence}`;

function isTruthful(logs: readonly PeerLog[], observations: readonly Observation[]): boolean {
  return observations.every((observation) => {
    const deliveries = deliveriesOf(logs[observation.peer]!);
    if (observation.position === null) return !deliveries.includes(text(observation));
    return deliveries[observation.position] === text(observation);
  });
}

/** Whether the observations by themselves contradict the guarantee. */
function breaks(
  name: GuaranteeName,
  logs: readonly PeerLog[],
  observations: readonly Observation[],
  judged: Judged,
): boolean {
  const [a, b, c, d] = observations as [Observation, Observation, Observation, Observation];
  switch (name) {
    case 'integrity':
      return breaksIntegrity(observations, judged);
    case 'validity':
      return logs[a.peer]!.correct && a.sender === a.peer && a.position === null;
    case 'agreement':
      return logs[a.peer]!.correct && logs[b.peer]!.correct && isLacking(a, b);
    case 'uniformAgreement':
      return logs[b.peer]!.correct && isLacking(a, b);
    case 'fifo':
      return a.sender === b.sender && a.sequence > b.sequence && a.position! < b.position!;
    case 'causal':
      return judged.precedes(text(a), text(b)) && a.peer === b.peer && a.position! > b.position!;
    case 'total':
      return logs[a.peer]!.correct && logs[c.peer]!.correct && isOpposite(a, b, c, d);
    case 'uniformTotal':
      return isOpposite(a, b, c, d);
    case 'gapFree':
      return a.peer !== c.peer && text(a) !== text(d) && a.position !== null && d.position !== null;
  }
}

/** Once is wrong by itself, or one of several that wait for each other; twice is a repetition. */
function breaksIntegrity(observations: readonly Observation[], judged: Judged): boolean {
  const [a, b] = observations as [Observation, Observation | undefined];
  const isRepeated = b !== undefined && b.peer === a.peer && text(a) === text(b);
  if (isRepeated) return observations.length === 2 && a.position! < b.position!;
  const isCircle = observations.every((seen, i) => {
    const before = observations.at(i - 1)!;
    return before.sender === seen.peer && judged.relates(text(seen), text(before));
  });
  if (observations.length > 1) return isCircle;
  const at = [a.peer, a.position!] as const;
  return isCircle || !judged.genuine(text(a)) || judged.altered(...at) || judged.premature(...at);
}

function isLacking(a: Observation, b: Observation): boolean {
  return text(a) === text(b) && a.position !== null && b.position === null;
}

function isOpposite(a: Observation, b: Observation, c: Observation, d: Observation): boolean {
  const same = text(a) === text(c) && text(b) === text(d) && a.peer === b.peer && c.peer === d.peer;
  return same && a.position! < b.position! && c.position! > d.position!;
}

describe('the first counterexample of total order', () => {
  test('is the one whose last delivery comes first', () => {
    fc.assert(
      fc.property(caseArbitrary, ({ logs, messages }) => {
        const counterexample = compareDeliveries(logs, messages, CONTENTS).guarantees.uniformTotal
          .counterexample;
        if (counterexample === undefined) return;
        const visibleAt = Math.max(...counterexample.observations.map(({ position }) => position!));
        const cut = (end: number) =>
          logs.map((log) => {
            const events = deliveriesOf(log).slice(0, end);
            return logOf(events.map((m) => m.split(',').map(Number) as [number, number]));
          });
        expect(judgeByBruteForce(cut(visibleAt), messages).verdicts.uniformTotal).not.toBe(false);
        expect(judgeByBruteForce(cut(visibleAt + 1), messages).verdicts.uniformTotal).toBe(false);
      }),
      RUNS,
    );
  });
});
