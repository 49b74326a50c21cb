import { beforeEach, describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../../core/message.ts';
import { Acceptor, type Standing } from '../../../core/views/membership-acceptor.ts';
import { Refusals } from '../../../core/views/membership-refusal.ts';
import { Roster } from '../../../core/views/membership-roster.ts';
import { MembershipWire } from '../../../core/views/membership-wire.ts';
import { TotalOrderLog } from '../../../core/views/total-order-log.ts';

const SIZE = 5;
const LOG_LENGTH = 300;

/** Member 0 of five, in the view of 0, 1 and 2 that began after 300 messages, and whom it sent how much. */
function member() {
  const log = new TotalOrderLog(SIZE);
  const acceptor = new Acceptor(0, { epoch: 0, members: [0, 1, 2, 3, 4] }, log, {
    freeze: () => [],
    deliver: (message) => log.append(message),
    install: () => undefined,
  });
  for (let sequence = 0; sequence < LOG_LENGTH; sequence += 1) {
    log.append(new Message(Kind.data, 1, sequence));
  }
  acceptor.pledge(0, 5, null);
  acceptor.store({ view: { epoch: 5, members: [0, 1, 2] }, start: LOG_LENGTH, log: [], known: [] });
  acceptor.install(0, 5);
  const refused: string[] = [];
  const wire = new MembershipWire(0, {
    multicast: () => undefined,
    deliver: () => undefined,
    send: (to, { kind, sequence }) => {
      if (kind === Kind.viewRefuse) refused.push(`${to} with ${sequence}`);
    },
  });
  const refusals = new Refusals(0, acceptor, new Roster(SIZE, acceptor, 'all'), wire);
  const standingAt = (length: number): Standing => {
    return { epoch: 0, agreed: 0, length, digest: log.digestOf(length) };
  };
  return { acceptor, refusals, refused, standingAt };
}

describe('who is refused', () => {
  let bench: ReturnType<typeof member>;
  beforeEach(() => {
    bench = member();
  });

  test('is who proposes to come back and lacks much, while the view works: it gets some of that', () => {
    const { refusals, refused, standingAt } = bench;
    expect(refusals.refuses(0, 3, 8, standingAt(10))).toBe(true);
    expect(refused).toEqual(['3 with 128']);
    expect(refusals.refuses(0, 3, 8, standingAt(100))).toBe(false);
  });

  test('is nobody in the view that lacks much, while it works, and anybody while all stand still', () => {
    const { acceptor, refusals, standingAt } = bench;
    expect(refusals.refuses(0, 1, 6, standingAt(10))).toBe(false);
    acceptor.freeze(0);
    expect(refusals.refuses(0, 1, 6, standingAt(10))).toBe(true);
    expect(refusals.refuses(0, 1, 6, standingAt(LOG_LENGTH))).toBe(false);
  });

  test('is whose ballot is not greater than the one promised', () => {
    const { refusals, refused, standingAt } = bench;
    expect(refusals.refuses(0, 1, 5, standingAt(LOG_LENGTH))).toBe(true);
    expect(refused).toEqual(['1 with 0']);
  });
});
