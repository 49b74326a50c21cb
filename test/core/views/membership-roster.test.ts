import { describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../../core/message.ts';
import { Acceptor, type AcceptorHost } from '../../../core/views/membership-acceptor.ts';
import { Proposal } from '../../../core/views/membership-proposal.ts';
import { Roster, type WaitsFor } from '../../../core/views/membership-roster.ts';
import { TotalOrderLog } from '../../../core/views/total-order-log.ts';

const data = (sender: number, sequence: number): Message =>
  new Message(Kind.data, sender, sequence);

/** Member 1 of five, which installs the views that it is told to. */
class Bench {
  readonly log = new TotalOrderLog(5);
  readonly acceptor: Acceptor;
  readonly roster: Roster;

  constructor(waitsFor: WaitsFor) {
    const host: AcceptorHost = {
      freeze: () => [],
      deliver: (message) => this.log.append(message),
      install: () => undefined,
    };
    const firstView = { epoch: 0, members: [0, 1, 2, 3, 4] };
    this.acceptor = new Acceptor(1, firstView, this.log, host);
    this.roster = new Roster(5, this.acceptor, waitsFor);
  }

  install(now: number, epoch: number, members: readonly number[]): void {
    this.roster.holdUp(now);
    this.acceptor.pledge(now, epoch, this.acceptor.standing);
    const view = { epoch, members };
    this.acceptor.store({ view, start: this.log.length, log: [], known: [] });
    this.acceptor.install(now, epoch);
    this.roster.begin(now);
  }
}

describe('the roster', () => {
  test('ranks the trusted members of the view before those that are back', () => {
    const bench = new Bench('all');
    const { roster } = bench;
    expect([0, 1, 4].map((member) => roster.rankOf(member))).toEqual([0, 1, 4]);
    roster.suspect(0, 0);
    expect([1, 4].map((member) => roster.rankOf(member))).toEqual([0, 3]);
    bench.install(0, 6, [1, 2, 3, 4]);
    roster.trust(1_000_000, 0);
    expect([0, 1, 2, 3, 4].map((member) => roster.rankOf(member))).toEqual([4, 0, 1, 2, 3]);
    bench.install(1_000_000, 11, [0, 1, 2, 3, 4]);
    expect([0, 1].map((member) => roster.rankOf(member))).toEqual([0, 1]);
  });

  test('an ordering that waits for the first member needs a majority among those of its view as well', () => {
    const bench = new Bench('first');
    const { roster } = bench;
    for (const member of [3, 4]) roster.suspect(0, member);
    expect(roster.isSomebodyLost).toBe(false);
    bench.install(0, 6, [0, 1, 2]);
    for (const member of [3, 4]) roster.trust(0, member);
    expect([roster.isSomebodyLost, roster.isUnwanted(0, 4)]).toEqual([false, true]);
    // Four of five live, and nothing can be delivered: there is nobody else in the view to make up a majority.
    roster.suspect(1_000, 2);
    expect([roster.isSomebodyLost, roster.isUnwanted(1_000, 4)]).toEqual([true, false]);
    expect(roster.candidates(1_000)).toEqual([0, 1, 3, 4]);
  });

  test('views of the others do not prolong the rest of one that is out already', () => {
    const bench = new Bench('all');
    const { roster } = bench;
    roster.suspect(0, 4);
    bench.install(0, 6, [0, 1, 2, 3]);
    // It is as good as dead, while others come and go.
    for (let view = 2; view < 10; view += 1) {
      const now = 1_000_000 * view;
      if (view % 2 === 0) roster.suspect(now, 3);
      else roster.trust(now, 3);
      bench.install(now, 5 * view + 1, view % 2 === 0 ? [0, 1, 2] : [0, 1, 2, 3]);
    }
    roster.trust(20_000_000, 4);
    expect(roster.backAt).toBe(200_000);
  });

  test('who was asked in vain, or left the view, rests for longer each time', () => {
    const bench = new Bench('all');
    const { roster } = bench;
    const rests: number[] = [];
    for (let view = 1; view < 5; view += 1) {
      bench.install(1_000_000 * view, 5 * view + 1, [0, 1, 2, 3]);
      rests.push(roster.backAt - 1_000_000 * view);
    }
    // It is heard all the time, so that each view was to have it.
    expect(rests).toEqual([200_000, 400_000, 800_000, 1_600_000]);
  });

  test('leaves a member that went astray out, if the others are enough', () => {
    const bench = new Bench('all');
    const { acceptor, log, roster } = bench;
    log.append(data(1, 0));
    const astray = new TotalOrderLog(5);
    astray.append(data(4, 0));
    const proposal = new Proposal(6, [0, 1, 2, 4]);
    for (const member of [0, 1, 2, 4]) {
      const { length } = log;
      const digest = (member === 4 ? astray : log).digestOf(length);
      const standing = { ...acceptor.standing, length, digest };
      proposal.promise({
        ...standing,
        member,
        start: length,
        log: [],
        state: [],
        knowsAsStored: false,
      });
    }
    expect([roster.isElectable(proposal), roster.elect(proposal)]).toEqual([true, [0, 1, 2]]);
    roster.suspect(0, 2);
    expect([roster.isElectable(proposal), roster.elect(proposal)]).toEqual([true, [0, 1, 4]]);
  });
});
