import { describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../core/message.ts';
import { simulatedComparison } from '../../simulation/simulated-comparison.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import { simulate } from '../../simulation/simulate.ts';
import type { Create } from '../../core/ordering.ts';
import { scenarioWith, unorderedWith } from './scenarios.ts';

const MIXED = { workload: 'mixed', payloadBytes: 60 } as const;
const PROMISES = { name: 'tried', guarantees: ['integrity'] } as const;

function integrityOf(create: Create, changes: Partial<Scenario> = MIXED): string | boolean {
  const scenario = scenarioWith(changes);
  const result = simulate(create, scenario, null, { measure: true, strict: true });
  expect(result.failure).toBeNull();
  const { contentsJudged, guarantees } = simulatedComparison(PROMISES, scenario, result);
  expect(contentsJudged).toBe(true);
  return guarantees.integrity.counterexample?.text ?? guarantees.integrity.held!;
}

/** Does the same as `unordered`, and something to the bytes of what comes: before, or after its delivery. */
const writing = (when: 'before' | 'after', changes: (payload: Uint8Array) => void): Create =>
  unorderedWith((_inner, self, out) => ({
    receive: (_now, _from, message) => {
      if (self === 1 && when === 'before') changes(message.payload);
      out.deliver(message);
      if (self === 1 && when === 'after') changes(message.payload);
    },
  }));
const spoil = (payload: Uint8Array): void => {
  payload.fill(0);
};

describe('bytes', () => {
  test('that a member writes to before it delivers them are its own affair', () => {
    expect(integrityOf(writing('before', spoil))).toMatch(
      /^peer 1 delivered .* bytes? 00.*multicast/,
    );
  });

  test('that it writes to afterwards are nobody else’s, not even those of a repeated packet', () => {
    const network = { ...scenarioWith().network, repetition: 1 };
    const first: Create = unorderedWith((_inner, _self, out) => {
      const seen = new Set<string>();
      return {
        receive: (_now, _from, message) => {
          const name = `${message.sender} ${message.sequence}`;
          // Of two copies it delivers the second one, and spoils the first.
          if (seen.has(name)) out.deliver(message);
          else spoil(message.payload);
          seen.add(name);
        },
      };
    });
    expect(integrityOf(first, { ...MIXED, network })).toBe(true);
    expect(integrityOf(writing('after', spoil))).toBe(true);
  });

  test('that their sender writes to after it sent them have left, also those of a Buffer', () => {
    const sender: Create = unorderedWith((_inner, _self, out) => ({
      multicast: (_now, { kind, sender, sequence, payload }) => {
        const message = new Message(kind, sender, sequence, Buffer.from(payload));
        out.deliver(message);
        out.multicast(message);
        spoil(message.payload);
      },
    }));
    expect(integrityOf(sender)).toBe(true);
  });

  test('of a member that has the application’s own do not reach the judge', () => {
    const spoiling: Create = unorderedWith((_inner, _self, out) => ({
      multicast: (_now, message) => {
        spoil(message.payload);
        out.deliver(message);
      },
    }));
    expect(integrityOf(spoiling)).toMatch(/^peer \d delivered/);
  });
});

describe('a delivery before its multicast', () => {
  /** Delivers message `sequence` of member 0 as soon as it hears anything. */
  const foretelling = (sequence: number): Create =>
    unorderedWith((_inner, self, out) => {
      let told = false;
      return {
        receive: (_now, _from, message) => {
          if (self === 2 && !told) out.deliver(new Message(Kind.data, 0, sequence));
          told = true;
          if (self !== 2 || message.sender !== 0 || message.sequence !== sequence) {
            out.deliver(message);
          }
        },
      };
    });
  const EMPTY = { workload: 'none', payloadBytes: 0 } as const;

  test('is seen by the simulator, of whomever the message is', () => {
    expect(integrityOf(foretelling(9), EMPTY)).toBe(
      'peer 2 delivered (0, 9) at position 0, before peer 0 multicast it',
    );
    expect(
      integrityOf(
        unorderedWith(() => ({})),
        EMPTY,
      ),
    ).toBe(true);
  });

  test('of a message that never was is an invention', () => {
    const faults = [{ kind: 'crash', member: 0, atUs: 150_000 } as const];
    expect(integrityOf(foretelling(9), { ...EMPTY, faults })).toMatch(/which nobody multicast$/);
  });
});
