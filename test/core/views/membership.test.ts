import { describe, expect, test } from '@jest/globals';
import { Acceptor, type AcceptorHost } from '../../../core/views/membership-acceptor.ts';
import { viewed } from '../../../core/views/membership.ts';
import { Kind, Message } from '../../../core/message.ts';
import { isFaultAware, type FaultAware, type Out } from '../../../core/ordering.ts';
import { TotalOrderLog } from '../../../core/views/total-order-log.ts';
import { ExclusionError, type View, type Viewed } from '../../../core/views/view.ts';

const data = (sender: number, sequence: number, epoch = 0): Message =>
  new Message(Kind.data, sender, sequence, undefined, 0, 0, epoch);
const text = ({ sender, sequence }: Message): string => `${sender}.${sequence}`;

/** Multicasts at once, and delivers what it holds, by sender, when a view ends. */
class Holding implements Viewed {
  readonly deadline = Infinity;
  readonly installed: string[] = [];
  readonly #out: Out;
  #holding: Message[] = [];

  constructor(out: Out) {
    this.#out = out;
  }

  get held(): number {
    return this.#holding.length;
  }

  multicast(_now: number, message: Message): void {
    this.#out.multicast(message);
    this.#holding.push(message);
  }

  receive(_now: number, _from: number, message: Message): void {
    this.#holding.push(message);
  }

  advance(): void {
    throw new Error('nothing is scheduled');
  }

  /** Delivers the first `count` messages, as they came. */
  deliver(count: number): void {
    for (const message of this.#holding.splice(0, count)) this.#out.deliver(message);
  }

  freeze(): Message[] {
    return this.#holding;
  }

  install(_now: number, { epoch, members }: View, known: readonly Message[]): void {
    this.installed.push(`${epoch}: ${members.join(' ')}`);
    this.#holding = [];
    const ordered = known.toSorted((a, b) => a.sender - b.sender || a.sequence - b.sequence);
    for (const message of ordered) this.#out.deliver(message);
  }
}

/** Members over channels that are FIFO and lose nothing; a test says when what is under way arrives. */
class Bench {
  readonly members: FaultAware[] = [];
  readonly inner: Holding[] = [];
  readonly delivered: string[][] = [];
  /** Messages under way by channel. */
  readonly channels: Message[][][] = [];
  now = 0;

  constructor(size: number) {
    for (let self = 0; self < size; self += 1) this.#add(self, size);
  }

  #add(self: number, size: number): void {
    const delivered: string[] = [];
    this.delivered.push(delivered);
    this.channels.push(Array.from({ length: size }, () => []));
    const send = (to: number, message: Message): void => {
      this.channels[self]![to]!.push(message);
    };
    const out: Out = {
      multicast: (message) => {
        for (let to = 0; to < size; to += 1) if (to !== self) send(to, message);
      },
      send,
      deliver: (message) => delivered.push(text(message)),
    };
    const create = viewed((_group, innerOut) => {
      this.inner.push(new Holding(innerOut));
      return this.inner[self]!;
    });
    const member = create({ self, size, random: () => 0.5 }, out);
    if (!isFaultAware(member)) throw new Error('membership wants to know of faults');
    this.members.push(member);
  }

  /** Lets everything arrive between those who are not `dead`, and timers pass, until `until`. */
  run(until: number, dead: readonly number[] = []): void {
    for (; this.now < until; this.now += 50_000) {
      while (this.#arrive(dead)) {
        // Lets messages arrive until nothing is under way.
      }
      for (const [self, member] of this.members.entries()) {
        if (!dead.includes(self) && member.deadline <= this.now) member.advance(this.now);
      }
    }
  }

  #arrive(dead: readonly number[]): boolean {
    let some = false;
    for (const [from, channels] of this.channels.entries()) {
      for (const [to, channel] of channels.entries()) {
        if (dead.includes(to) || dead.includes(from)) continue;
        const message = channel.shift();
        if (message === undefined) continue;
        this.members[to]!.receive(this.now, from, message);
        some = true;
      }
    }
    return some;
  }

  suspect(member: number, by: readonly number[]): void {
    for (const other of by) this.members[other]!.suspect(this.now, member);
  }

  trust(member: number, by: readonly number[]): void {
    for (const other of by) this.members[other]!.trust(this.now, member);
  }
}

describe('membership', () => {
  test('agrees on a view without the suspected, which begins with what any member knew', () => {
    const bench = new Bench(3);
    bench.members[0]!.multicast(0, data(0, 0));
    bench.members[1]!.multicast(0, data(1, 0));
    // The first multicast of member 0 reaches member 2 alone; then member 0 is dead.
    bench.channels[0]![1]!.length = 0;
    bench.run(100_000);
    bench.suspect(0, [1, 2]);
    bench.run(2_000_000, [0]);
    expect(bench.inner[1]!.installed).toEqual(['4: 1 2']);
    expect(bench.inner[2]!.installed).toEqual(['4: 1 2']);
    expect(bench.delivered).toEqual([[], ['0.0', '1.0'], ['0.0', '1.0']]);
  });

  test('gives the ordering no more than may be under way, and more as it is delivered', () => {
    const bench = new Bench(2);
    const given = (): number => bench.channels[0]![1]!.length;
    for (let sequence = 0; sequence < 2_000; sequence += 1) {
      bench.members[0]!.multicast(0, data(0, sequence));
    }
    // This is half of what the group may have under way: it bounds the state of a change of view.
    expect(given()).toBe(512);
    bench.channels[0]![1]!.length = 0;
    bench.inner[0]!.deliver(100);
    expect(bench.delivered[0]).toHaveLength(100);
    // This comes with the next call, and not in the middle of the ordering's own one.
    expect(given()).toBe(0);
    bench.members[0]!.advance(0);
    expect(bench.channels[0]![1]!.map(text)).toEqual(
      Array.from({ length: 100 }, (_, index) => `0.${512 + index}`),
    );
  });

  test('a minority installs nothing, however long it tries', () => {
    const bench = new Bench(4);
    bench.suspect(2, [0, 1, 3]);
    bench.suspect(3, [0, 1, 2]);
    bench.run(60_000_000, [2, 3]);
    expect(bench.inner.map(({ installed }) => installed)).toEqual([[], [], [], []]);
  });

  test('who comes back is brought up to date, and its own messages are not lost', () => {
    const bench = new Bench(3);
    bench.suspect(0, [1, 2]);
    bench.members[1]!.multicast(0, data(1, 0));
    bench.members[0]!.multicast(0, data(0, 0));
    bench.run(3_000_000, [0]);
    bench.members[2]!.multicast(bench.now, data(2, 0));
    bench.run(4_000_000, [0]);
    bench.trust(0, [1, 2]);
    bench.run(8_000_000);
    const views = bench.inner.map(({ installed }) => installed.at(-1));
    expect(new Set(views).size).toBe(1);
    expect(views[0]).toMatch(/: 0 1 2$/);
    // What member 0 multicast in the old view was dropped, and multicast again: one more view shows it.
    bench.suspect(1, [0, 2]);
    bench.run(12_000_000, [1]);
    expect(bench.delivered[0]).toEqual(['1.0', '2.0', '0.0']);
    expect(bench.delivered[2]).toEqual(bench.delivered[0]);
  });

  test('messages of an older view are dropped', () => {
    const bench = new Bench(3);
    bench.suspect(0, [1, 2]);
    bench.run(2_000_000, [0]);
    bench.members[1]!.receive(bench.now, 0, data(0, 0));
    expect(bench.inner[1]!.held).toBe(0);
    bench.members[1]!.receive(bench.now, 2, data(2, 0, 4));
    expect(bench.inner[1]!.held).toBe(1);
  });

  test('a proposer that dies midway is followed by the next, at every step', () => {
    for (let rounds = 1; rounds <= 8; rounds += 1) {
      const bench = new Bench(5);
      bench.members[4]!.multicast(0, data(4, 0));
      bench.run(50_000);
      bench.suspect(0, [1, 2, 3, 4]);
      bench.members[1]!.advance(bench.now);
      // Some of what the proposer does arrives, one message a channel and round.
      for (let round = 0; round < rounds; round += 1) {
        for (const other of [2, 3, 4]) {
          for (const [from, to] of [
            [1, other],
            [other, 1],
          ] as const) {
            const message = bench.channels[from]![to]!.shift();
            if (message !== undefined && (to !== 3 || round < 2)) {
              bench.members[to]!.receive(bench.now, from, message);
            }
          }
        }
      }
      bench.suspect(1, [2, 3, 4]);
      bench.run(20_000_000, [0, 1]);
      for (const survivor of [2, 3, 4]) {
        expect([rounds, bench.delivered[survivor]]).toEqual([rounds, ['4.0']]);
        expect(bench.inner[survivor]!.installed.at(-1)).toMatch(/: 2 3 4$/);
      }
    }
  });

  test('what is multicast between two views waits for the next', () => {
    const bench = new Bench(3);
    bench.suspect(0, [1, 2]);
    bench.members[1]!.advance(bench.now);
    bench.members[1]!.multicast(bench.now, data(1, 0));
    expect(bench.inner[1]!.held).toBe(0);
    bench.run(3_000_000, [0]);
    expect(bench.inner.map(({ held }) => held)).toEqual([0, 1, 1]);
  });
});

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
    expect(acceptor.catchUpFor(standingOf(logOf(0)))).toEqual([]);
    acceptor.pledge(0, 4, start);
    acceptor.store({ view, start: 3, log: [], known: [] });
    acceptor.install(0, 4);
    expect(acceptor.catchUpFor(standingOf(logOf(0))).map(text)).toEqual(['1.1', '1.2']);
    const astray = new TotalOrderLog(3);
    astray.append(data(2, 0));
    expect(acceptor.catchUpFor(standingOf(astray))).toEqual([]);
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
