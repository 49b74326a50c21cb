import { beforeEach, describe, expect, test } from '@jest/globals';
import { Kind } from '../../../core/message.ts';
import { Acceptor } from '../../../core/views/membership-acceptor.ts';
import { MembershipBallots } from '../../../core/views/membership-ballots.ts';
import { MembershipPatience } from '../../../core/views/membership-patience.ts';
import { AwaitedPieces } from '../../../core/views/membership-pieces.ts';
import { Proposal } from '../../../core/views/membership-proposal.ts';
import { Roster } from '../../../core/views/membership-roster.ts';
import { MembershipWire } from '../../../core/views/membership-wire.ts';
import { TotalOrderLog } from '../../../core/views/total-order-log.ts';

const SIZE = 5;
const SECOND = 1_000_000;

/** Member 0 of five, frozen, with what it says to the others. */
class Frozen {
  readonly log = new TotalOrderLog(SIZE);
  readonly acceptor = new Acceptor(0, { epoch: 0, members: [0, 1, 2, 3, 4] }, this.log, {
    freeze: () => [],
    deliver: (message) => this.log.append(message),
    install: () => undefined,
  });
  readonly patience = new MembershipPatience(() => 0);
  readonly told: string[] = [];
  readonly #pieces: AwaitedPieces;

  constructor() {
    const wire = new MembershipWire(0, {
      multicast: () => undefined,
      deliver: () => undefined,
      send: (to, { kind, epoch }) => void this.told.push(`${kind} of ${epoch} to ${to}`),
    });
    const roster = new Roster(SIZE, this.acceptor, 'all');
    const ballots = new MembershipBallots(0, SIZE);
    this.#pieces = new AwaitedPieces(0, this.acceptor, ballots, this.patience, roster, wire);
  }

  /** Proposes ballot 5 to all, as of now. */
  propose(): Proposal {
    const proposal = new Proposal(5, [0, 1, 2, 3, 4]);
    proposal.promise(this.acceptor.pledge(0, 5, null));
    this.patience.awaitAnswers(0, false);
    return proposal;
  }

  /** Until when it waits, after a message of `kind` that came from `from`. */
  hear(now: number, from: number, proposal: Proposal | null, kind: number = Kind.data): number {
    this.#pieces.hear(now, from, kind, proposal);
    return this.patience.deadline;
  }
}

const UNDER_WAY_TO_ALL = [1, 2, 3, 4].map((to) => `${Kind.viewUnderWay} of 5 to ${to}`);

describe('what an attempt at a view awaits', () => {
  let member: Frozen;
  beforeEach(() => {
    member = new Frozen();
  });

  test('makes its proposer wait on while it is coming, of which all hear once a second', () => {
    const proposal = member.propose();
    expect(member.hear(0.9 * SECOND, 1, proposal)).toBe(2 * SECOND);
    expect(member.told).toEqual([]);
    expect(member.hear(1.5 * SECOND, 1, proposal)).toBe(3.5 * SECOND);
    expect(member.told).toEqual(UNDER_WAY_TO_ALL);
    expect(member.hear(2.4 * SECOND, 2, proposal)).toBe(3.5 * SECOND);
    expect(member.told).toEqual(UNDER_WAY_TO_ALL);
    expect(member.hear(2.5 * SECOND, 2, proposal)).toBe(4.5 * SECOND);
  });

  test('is nothing from those who have answered, or were not asked', () => {
    const proposal = member.propose();
    proposal.giveUp(4);
    proposal.promise({ ...new Frozen().acceptor.pledge(0, 5, null), member: 3 });
    for (const from of [3, 4]) expect(member.hear(1.5 * SECOND, from, proposal)).toBe(2 * SECOND);
    expect(member.told).toEqual([]);
  });

  test('makes nobody wait where a majority has answered, though the others hear of it', () => {
    const proposal = member.propose();
    for (const other of [1, 2]) {
      proposal.promise({ ...new Frozen().acceptor.pledge(0, 5, null), member: other });
    }
    expect(member.hear(1.5 * SECOND, 3, proposal)).toBe(2 * SECOND);
    expect(member.told).toEqual(UNDER_WAY_TO_ALL);
    expect([member.hear(1.6 * SECOND, 4, proposal), member.told.length]).toEqual([2 * SECOND, 4]);
  });

  test('are the answers of the members of the view, once it is decided', () => {
    const proposal = member.propose();
    proposal.decide([0, 1, 2]);
    proposal.store(0);
    expect(member.hear(1.5 * SECOND, 3, proposal)).toBe(2 * SECOND);
    expect(member.hear(1.5 * SECOND, 1, proposal)).toBe(3.5 * SECOND);
    expect(member.told).toEqual(UNDER_WAY_TO_ALL.slice(0, 2));
  });

  test('makes those who promised wait on, of which the proposer hears', () => {
    member.acceptor.pledge(0, 6, member.acceptor.standing);
    member.patience.yieldTo(0, 0);
    expect(member.hear(1.5 * SECOND, 2, null)).toBe(4 * SECOND);
    expect(member.hear(1.5 * SECOND, 1, null)).toBe(5.5 * SECOND);
    expect(member.told).toEqual([`${Kind.viewUnderWay} of 6 to 1`]);
    // What asks for another promise is no piece of this attempt.
    expect(member.hear(2.9 * SECOND, 1, null, Kind.viewPrepare)).toBe(5.5 * SECOND);
    // Two that tell each other that something is coming would do so for ever.
    expect(member.hear(3 * SECOND, 1, null, Kind.viewUnderWay)).toBe(7 * SECOND);
    expect(member.told.length).toBe(1);
  });

  test('is nothing where an attempt is only planned', () => {
    member.acceptor.pledge(0, 6, member.acceptor.standing);
    for (const plan of ['plan', 'planStopped'] as const) {
      member.patience.yieldTo(0, 0);
      member.patience.stop();
      member.patience[plan](0, 1);
      const planned = member.patience.deadline;
      expect(member.hear(1.5 * SECOND, 1, null)).toBe(planned);
    }
    expect(member.told).toEqual([]);
  });
});
