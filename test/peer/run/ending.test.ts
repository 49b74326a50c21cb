import { describe, expect, test } from '@jest/globals';
import type { Progress } from '../../../core/wire/status.ts';
import {
  ASTRAY_US,
  asksSilentAt,
  decideAt,
  decideEnding,
  type Knowledge,
  partingOf,
  QUIET_US,
  SETTLE_US,
  SILENCE_US_MIN,
} from '../../../peer/run/ending.ts';
import type { Companion } from '../../../peer/run/parting.ts';

const S = 1_000_000;
const DELIVERED = { first: 1, second: 2 };

/** Another member that was heard just now, and has sent and delivered nothing, but for what is given. */
function other(facts: Partial<Progress> = {}, changes: Partial<Companion> = {}): Companion {
  const progress = { sentAll: false, complete: false, finished: false, ...facts };
  return { progress, parting: null, heardAt: 20 * S, ...changes };
}

const silent = (facts: Partial<Progress> = {}, heardAt = 15 * S) => other(facts, { heardAt });
/** How one of five members would part, with the members `without` which it would end. */
const parting = (without: readonly number[], delivered = DELIVERED) => ({ without, delivered });
const agreeing = (without: readonly number[], delivered = DELIVERED) =>
  other({ sentAll: true }, { parting: parting(without, delivered) });
const parted = (without: readonly number[]) =>
  other({ sentAll: true, finished: true }, { parting: parting(without) });

/** Member 0 of five, at rest for long, in an ordering that survives a minority; it is 20 s on its clock. */
const knowledge: Knowledge = {
  now: 20 * S,
  others: [null, other(), other(), other(), other()],
  joinByUs: 10 * S,
  deadlineUs: 60 * S,
  started: true,
  unheard: [],
  complete: false,
  idle: false,
  retransmits: true,
  lossesMax: 2,
  mayBeAstray: false,
  sentAll: true,
  unburdened: true,
  delivered: DELIVERED,
  silenceUs: SILENCE_US_MIN,
  lastArrivalAt: 15 * S,
  quietSince: 15 * S,
};
const with4 = (...others: Companion[]) => ({ others: [null, ...others] });
const everyone = (each: Companion) => with4(each, each, each, each);
const deciding = (changes: Partial<Knowledge>) => decideEnding({ ...knowledge, ...changes });
const outcome = (changes: Partial<Knowledge>) => deciding(changes)?.outcome ?? null;

describe('a member that has delivered everything', () => {
  const complete = { complete: true };

  test('ends once nothing is left to send again, or nobody needs it', () => {
    expect(outcome({ ...complete, idle: true })).toBe('complete');
    expect(outcome({ ...complete, ...everyone(other({ complete: true })) })).toBe('complete');
    const left = other({ finished: true });
    expect(outcome({ ...complete, ...everyone(left) })).toBe('complete');
  });

  test('never ends with less, whoever is lost', () => {
    const lost = with4(other(), silent({ sentAll: true }), silent(), silent());
    expect(outcome({ ...complete, ...lost })).toBeNull();
    expect(outcome({ ...complete, ...everyone(parted([0])) })).toBe('complete');
  });

  test('goes on for one that still needs it, but not for one that is gone, which it names', () => {
    expect(outcome(complete)).toBeNull();
    const done = other({ complete: true });
    const gone = { ...complete, ...with4(done, done, done, silent({ sentAll: true })) };
    expect(deciding(gone)).toMatchObject({ outcome: 'complete', missing: [4] });
    // Nobody was asked yet: it may just have nothing to say.
    expect(deciding({ ...gone, quietSince: 18 * S })).toBeNull();
  });
});

describe('where a member may be astray', () => {
  const everything = { complete: true, mayBeAstray: true, quietSince: 15 * S };
  const done = (order = DELIVERED, facts = {}) =>
    other({ sentAll: true, complete: true, ...facts }, { parting: parting([], order) });
  const another = { first: 1, second: 9 };

  test('those that have everything compare their orders before they end', () => {
    expect(outcome({ ...everything, ...everyone(done()) })).toBe('complete');
    expect(outcome({ ...everything, ...with4(done(), done(), done(), done(another)) })).toBeNull();
    const unsaid = other({ sentAll: true, complete: true });
    expect(outcome({ ...everything, ...with4(done(), done(), done(), unsaid) })).toBeNull();
    expect(deciding({ ...everything, ...everyone(done()) })!.parting).toEqual(parting([]));
  });

  test('they end once the one that differs has stopped, or has had the time to hear of it', () => {
    const stopped = other({ finished: true });
    expect(outcome({ ...everything, ...with4(done(), done(), done(), stopped) })).toBe('complete');
    const differs = with4(done(), done(), done(), done(another));
    expect(outcome({ ...everything, ...differs, now: 15 * S + ASTRAY_US })).toBe('complete');
    expect(outcome({ ...everything, ...differs, idle: true })).toBeNull();
  });
});

describe('an end without some others, where a minority is survived', () => {
  const absent = silent();

  test('comes when all that stay say the same', () => {
    const all = with4(agreeing([4]), agreeing([4]), agreeing([4]), absent);
    expect(deciding(all)).toMatchObject({
      outcome: 'settled',
      missing: [4],
      parting: parting([4]),
    });
    expect(deciding(all)!.reason).toBe('1 member fell silent or left before the run was over');
  });

  test.each([
    ['one has said nothing of the kind', other({ sentAll: true })],
    ['one has delivered something else', agreeing([4], { first: 1, second: 3 })],
    ['one would end without others', agreeing([3, 4])],
    ['one has everything, and will help', other({ complete: true, finished: true })],
  ])('not while %s', (_name, differing) => {
    const all = with4(agreeing([4]), differing, agreeing([4]), absent);
    expect(deciding(all)).toBeNull();
  });

  test.each<[string, Partial<Knowledge>]>([
    ['has sent everything', { sentAll: false }],
    ['has delivered its own, and holds nothing', { unburdened: false }],
    ['has been quiet for long', { quietSince: 16.1 * S }],
    ['misses somebody', everyone(agreeing([4]))],
  ])('is offered by one that %s, and by no other', (_name, changes) => {
    const all = { ...knowledge, ...with4(other(), other(), other(), absent) };
    expect(partingOf(all)).toEqual(parting([4]));
    expect(partingOf({ ...all, ...changes })).toBeNull();
  });

  test('that others came to first still counts them among those that stay', () => {
    const all = with4(parted([4]), parted([4]), agreeing([4]), absent);
    expect(deciding(all)).toMatchObject({ outcome: 'settled', missing: [4] });
    // One is left that has not agreed yet: it is waited for, though two have stopped.
    expect(deciding(with4(parted([4]), parted([4]), other(), absent))).toBeNull();
  });

  test('is made without those that ended otherwise, once they cannot come to the same', () => {
    const elsewhere = other({ finished: true }, { parting: parting([1]) });
    const all = { ...knowledge, ...with4(other(), other(), elsewhere, absent) };
    expect(partingOf(all)).toEqual(parting([3, 4]));
    const same = { ...knowledge, ...with4(other(), other(), parted([4]), absent) };
    expect(partingOf(same)).toEqual(parting([4]));
    expect(partingOf({ ...same, delivered: { first: 9, second: 9 } })!.without).toEqual([3, 4]);
  });

  test('leaves out who was told to stop or failed, at once', () => {
    const stopped = other({ finished: true });
    const all = with4(agreeing([4]), agreeing([4]), agreeing([4]), stopped);
    expect(deciding(all)).toMatchObject({ outcome: 'settled', missing: [4] });
  });
});

describe('an end without so many that nothing is promised', () => {
  const gone = with4(other(), silent(), silent(), silent());

  test('comes after a silence in which nothing was delivered', () => {
    expect(deciding(gone)).toMatchObject({ outcome: 'settled', missing: [2, 3, 4] });
    expect(outcome({ ...gone, quietSince: 16.1 * S })).toBeNull();
    expect(deciding({ ...gone, lossesMax: 3 })).toBeNull();
  });

  test('comes later for one that has more to multicast, as whom it waits for may only be stopped', () => {
    const more = { ...gone, sentAll: false };
    expect(outcome({ ...more, quietSince: 20 * S - 3 * SILENCE_US_MIN + 1 })).toBeNull();
    expect(deciding({ ...more, quietSince: 20 * S - 3 * SILENCE_US_MIN })).toMatchObject({
      outcome: 'settled',
      missing: [2, 3, 4],
    });
    expect(outcome({ ...more, ...everyone(other()), quietSince: 0 })).toBeNull();
  });

  test('comes at once for whoever finds that all others have ended without it', () => {
    const ended = everyone(parted([0]));
    const alone = deciding({ ...ended, sentAll: false, quietSince: 20 * S });
    expect(alone).toMatchObject({ outcome: 'settled', missing: [1, 2, 3, 4] });
    expect(alone!.reason).toContain('without this member');
    // One that has everything goes on answering.
    const helper = other({ complete: true, finished: true });
    expect(
      outcome({ ...with4(parted([0]), parted([0]), parted([0]), helper), sentAll: false }),
    ).toBe(null);
  });

  test('with an ordering that survives nobody’s loss, one is enough', () => {
    const one = { lossesMax: 0, ...with4(other(), other(), other(), silent()) };
    expect(deciding(one)).toMatchObject({ outcome: 'settled', missing: [4] });
  });

  test('does not miss those that ended for the same reason, but those that ended without it', () => {
    const one = { lossesMax: 0, ...with4(parted([4]), parted([0, 4]), parted([4]), silent()) };
    expect(deciding(one)).toMatchObject({ outcome: 'settled', missing: [2, 4] });
  });
});

describe('an end where nothing is sent again', () => {
  const lossy = { retransmits: false, ...everyone(other({ sentAll: true })) };

  test('comes a while after the last arrival, once everything was sent', () => {
    expect(outcome({ ...lossy, lastArrivalAt: 20 * S - SETTLE_US })).toBe('settled');
    expect(outcome({ ...lossy, lastArrivalAt: 20 * S - SETTLE_US + 1 })).toBeNull();
    expect(outcome({ ...lossy, ...everyone(other()) })).toBeNull();
  });

  test('names who fell silent before it had sent everything', () => {
    const sent = other({ sentAll: true });
    expect(
      deciding({ ...lossy, ...with4(sent, silent(), sent, silent({}, 16 * S)) }),
    ).toMatchObject({
      outcome: 'settled',
      missing: [2, 4],
    });
    expect(outcome({ ...lossy, ...with4(sent, silent({}, 16.1 * S), sent, sent) })).toBeNull();
  });
});

describe('the other ends', () => {
  test('the deadline, which names who is gone', () => {
    const late = { now: 60 * S, quietSince: 59 * S };
    const others = with4(
      other({}, { heardAt: 59 * S }),
      silent(),
      silent({ sentAll: true }),
      other(),
    );
    expect(deciding({ ...late, ...others })).toMatchObject({
      outcome: 'deadline',
      missing: [2, 4],
    });
    expect(outcome({ ...late, complete: true })).toBe('complete');
  });

  test('a handshake that failed, which names who was missing', () => {
    const handshake = { started: false, sentAll: false, now: 10 * S };
    expect(deciding({ ...handshake, unheard: [2] })).toMatchObject({
      outcome: 'handshake',
      missing: [2],
      reason: expect.stringContaining('never answered'),
    });
    expect(deciding(handshake)!.reason).toContain('not heard all the others');
    expect(outcome({ ...handshake, now: 9 * S })).toBeNull();
  });
});

test('a member that hears at the deadline that all others have ended was stopped by it as well', () => {
  const stopped = everyone(other({ finished: true }));
  const at = (now: number) => deciding({ ...stopped, now, quietSince: now, deadlineUs: 60 * S });
  expect(at(58.9 * S)).toMatchObject({ outcome: 'settled', missing: [1, 2, 3, 4] });
  expect(at(59.1 * S)).toBeNull();
  expect(at(60.2 * S)).toMatchObject({ outcome: 'deadline', missing: [] });
});

describe('a member in whose run nothing moves', () => {
  test('asks the silent ones, long before it ends without them', () => {
    expect(asksSilentAt(knowledge)).toBe(15 * S + QUIET_US);
    expect(asksSilentAt({ ...knowledge, sentAll: false })).toBe(15 * S + SILENCE_US_MIN);
    expect(asksSilentAt({ ...knowledge, retransmits: false })).toBe(Infinity);
    expect(QUIET_US).toBeLessThan(SILENCE_US_MIN / 2);
  });

  test('looks again when it has been quiet for long, or somebody silent, and not before', () => {
    const heard = everyone(other({ finished: true }));
    expect(decideAt({ ...knowledge, ...heard, quietSince: 18 * S })).toBe(22 * S);
    expect(decideAt({ ...knowledge, ...heard })).toBe(Infinity);
    expect(
      decideAt({ ...knowledge, ...with4(other(), other(), other(), silent({}, 17 * S)) }),
    ).toBe(21 * S);
    const more = { ...knowledge, ...heard, sentAll: false };
    expect(decideAt(more)).toBe(15 * S + 3 * SILENCE_US_MIN);
    expect(decideAt({ ...more, retransmits: false })).toBe(Infinity);
  });
});
