import { describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../../core/message.ts';
import { Acceptor, type AcceptorHost } from '../../../core/views/membership-acceptor.ts';
import { TotalOrderLog } from '../../../core/views/total-order-log.ts';
import { ExclusionError } from '../../../core/views/view.ts';

const data = (sender: number, sequence: number): Message =>
  new Message(Kind.data, sender, sequence);
const text = ({ sender, sequence }: Message): string => `${sender}.${sequence}`;

describe('the acceptor', () => {
  function acceptorWith(log: TotalOrderLog): Acceptor {
    const host: AcceptorHost = {
      freeze: () => [],
      deliver: (message) => log.append(message),
      install: () => undefined,
    };
    return new Acceptor(0, { epoch: 0, members: [0, 1, 2] }, log, host);
  }
  const start = { epoch: 0, agreed: 0, length: 0, digest: new TotalOrderLog(3).digestOf(0) };
  const view = { epoch: 4, members: [0, 1] };

  test('stores only under the ballot that it promised last, and installs only that', () => {
    const acceptor = acceptorWith(new TotalOrderLog(3));
    acceptor.pledge(0, 4, start);
    acceptor.pledge(0, 5, start);
    expect(acceptor.store({ view, start: 0, log: [], known: [] })).toBe(false);
    expect(acceptor.store({ view: { ...view, epoch: 5 }, start: 0, log: [], known: [] })).toBe(
      true,
    );
    acceptor.pledge(0, 7, start);
    expect(acceptor.install(0, 5)).toBe(false);
    expect(acceptor.view.epoch).toBe(0);
    expect(() => acceptor.pledge(0, 6, start)).toThrow('ascending');
  });

  test('promises what was stored, although it was never installed', () => {
    const acceptor = acceptorWith(new TotalOrderLog(3));
    acceptor.pledge(0, 4, start);
    acceptor.store({ view, start: 0, log: [data(1, 0)], known: [data(2, 0)] });
    const pledge = acceptor.pledge(0, 7, start);
    // Agreed on is only what was installed: nobody else may have stored this decision (seed 378460 of
    // skeen: a proposer that was paused then, and came back with an order of its own).
    expect(pledge).toMatchObject({ epoch: 4, agreed: 0, length: 1, start: 0 });
    expect([pledge.log.map(text), pledge.state.map(text)]).toEqual([['1.0'], ['2.0']]);
  });

  test('tells nothing of a view that the proposer stored too, unless it has installed it', () => {
    const acceptor = acceptorWith(new TotalOrderLog(3));
    const decision = { view, start: 0, log: [], known: [data(1, 0), data(2, 0)] };
    expect(acceptor.pledge(0, 4, start)).toMatchObject({ state: [], knowsAsStored: false });
    acceptor.store(decision);
    const proposer = { ...start, epoch: 4 };
    expect(acceptor.pledge(0, 7, proposer)).toMatchObject({ state: [], knowsAsStored: true });
    // Its own promise holds for the others, who tell nothing.
    const own = acceptor.pledge(0, 8, null);
    expect([own.state.map(text), own.knowsAsStored]).toEqual([['1.0', '2.0'], true]);
    const older = acceptor.pledge(0, 9, start);
    expect([older.state.map(text), older.knowsAsStored]).toEqual([['1.0', '2.0'], false]);
    const newer = acceptor.pledge(0, 10, { ...start, epoch: 9 });
    expect(newer).toMatchObject({ state: [], knowsAsStored: false });
  });

  test('keeps what it stored where the next view begins with the same, without what was delivered since', () => {
    const acceptor = acceptorWith(new TotalOrderLog(3));
    const [first, second] = [data(1, 0), data(2, 0)];
    const kept = { start: 0, log: [first], known: null };
    acceptor.pledge(0, 4, start);
    // What its ordering returned is nothing that anybody stored.
    expect(acceptor.store({ view, ...kept })).toBe(false);
    acceptor.store({ view, start: 0, log: [], known: [first, second] });
    acceptor.pledge(0, 7, start);
    expect(acceptor.store({ view: { ...view, epoch: 7 }, ...kept })).toBe(true);
    expect(acceptor.pledge(0, 8, null).state.map(text)).toEqual(['2.0']);
  });

  test('counts as agreed on what an installed view began with', () => {
    const acceptor = acceptorWith(new TotalOrderLog(3));
    acceptor.pledge(0, 4, start);
    acceptor.store({ view, start: 0, log: [data(1, 0)], known: [] });
    expect(acceptor.standing.agreed).toBe(0);
    expect(acceptor.install(0, 4)).toBe(true);
    expect(acceptor.standing).toMatchObject({ epoch: 4, agreed: 1, length: 1 });
  });

  /** The log of a member that delivered message 0, 1... of member 1 as `sequences` says. */
  function logOf(...sequences: readonly number[]): TotalOrderLog {
    const log = new TotalOrderLog(3);
    for (const sequence of sequences) log.append(data(1, sequence));
    return log;
  }
  const standingOf = (log: TotalOrderLog) => acceptorWith(log).standing;

  test('tells a proposer of another view only what comes after the log that both have', () => {
    const acceptor = acceptorWith(logOf(0, 1, 2));
    acceptor.pledge(0, 4, start);
    acceptor.store({ view, start: 3, log: [], known: [] });
    acceptor.install(0, 4);
    expect(acceptor.pledge(0, 5, standingOf(logOf(0))).log.map(text)).toEqual(['1.1', '1.2']);
    expect(acceptor.pledge(0, 6, standingOf(logOf(0, 1, 2))).log).toEqual([]);
    // Of a log that is longer than its own it cannot tell, and whoever has it can.
    expect(acceptor.pledge(0, 7, standingOf(logOf(0, 1, 2, 3)))).toMatchObject({ start: 3 });
    const astray = new TotalOrderLog(3);
    astray.append(data(2, 0));
    expect(acceptor.pledge(0, 8, standingOf(astray))).toMatchObject({ start: 0 });
  });

  test('brings a member that is in no view nearer, by what all agreed on', () => {
    const acceptor = acceptorWith(logOf(0, 1, 2));
    expect(acceptor.refusalFor(standingOf(logOf(0)), true)).toMatchObject({ length: 0, log: [] });
    acceptor.pledge(0, 4, start);
    acceptor.store({ view, start: 3, log: [], known: [] });
    acceptor.install(0, 4);
    const { length, log } = acceptor.refusalFor(standingOf(logOf(0)), true);
    expect([length, log.map(text)]).toEqual([1, ['1.1', '1.2']]);
    expect(acceptor.refusalFor(standingOf(logOf(0)), false).log).toEqual([]);
  });

  test('tells a member that it refuses how its log should begin, so that one that went astray stops', () => {
    const acceptor = acceptorWith(logOf(0, 1, 2));
    const before = acceptor.refusalFor(standingOf(logOf(0, 1)), false);
    acceptor.pledge(0, 4, start);
    acceptor.store({ view, start: 3, log: [], known: [] });
    acceptor.install(0, 4);
    const astray = new TotalOrderLog(3);
    for (const message of [data(1, 0), data(2, 0), data(1, 1), data(1, 2)]) astray.append(message);
    const refusal = acceptor.refusalFor(standingOf(astray), true);
    expect([refusal.length, refusal.log]).toEqual([3, []]);
    expect(() => acceptorWith(astray).requireBeginning(refusal)).toThrow(ExclusionError);
    // What comes after the log that is agreed on may be right, as may all before anything is agreed on.
    for (const log of [logOf(0, 1, 2, 3), logOf(0, 1), logOf()]) {
      const told = acceptor.refusalFor(standingOf(log), false);
      expect(() => acceptorWith(log).requireBeginning(told)).not.toThrow();
    }
    expect(() => acceptorWith(astray).requireBeginning(before)).not.toThrow();
  });

  test('stops a member whose log is no beginning of the group its', () => {
    const astray = new TotalOrderLog(3);
    astray.append(data(2, 0));
    const [member, proposer] = [acceptorWith(astray), acceptorWith(logOf(0, 1))];
    const decision = proposer.decisionFor(member.pledge(0, 4, start), view, []);
    expect(() => member.store(decision)).toThrow(ExclusionError);
    const other = acceptorWith(logOf(0));
    const short = proposer.decisionFor(other.pledge(0, 4, start), view, []);
    expect([short.log.map(text), other.store(short)]).toEqual([['1.1'], true]);
  });

  test.each([
    ['another message', [data(1, 0), data(2, 0)]],
    ['fewer', [data(1, 0)]],
  ])('stops when the others delivered %s where it had delivered', (_name, agreed) => {
    const log = new TotalOrderLog(3);
    log.append(data(1, 0));
    log.append(data(1, 1));
    const acceptor = acceptorWith(log);
    acceptor.pledge(0, 4, start);
    const decision = { view, start: 0, log: agreed, known: [] };
    expect(() => acceptor.store(decision)).toThrow(ExclusionError);
  });
});
