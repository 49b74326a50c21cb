import { describe, expect, test } from '@jest/globals';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { Kind, Message } from '../../../core/message.ts';
import type { Create } from '../../../core/ordering.ts';
import { createStream, Stream } from '../../../core/base/random-streams.ts';
import { bareOf } from '../../../core/channels/reliable-link.ts';
import { type Choice, formatChoice } from '../../../simulation/choices/choice.ts';
import {
  ScheduleSearch,
  searchSchedules,
} from '../../../simulation/choices/search/search-schedules.ts';
import { memberOf, type SearchSpace } from '../../../simulation/choices/search/search-space.ts';
import { GroupStates } from '../../../simulation/choices/states/group-states.ts';
import type { SearchedRun } from '../../../simulation/choices/states/searched-run.ts';
import { estimateSchedules } from '../../../simulation/choices/search/estimate-schedules.ts';
import { splitSchedules } from '../../../simulation/choices/search/split-schedules.ts';
import { enabledWithin, playedRun, scopeOf } from './scopes.ts';

const unordered = ORDERINGS.get('unordered')!.create;

/** Echoes: whoever gets a message for the first time sends it on to all: arrivals depend on arrivals. */
const flooding: Create = ({ self, size }, out) => {
  const seen = new Set<string>();
  const take = (message: Message): void => {
    const name = `${message.sender} ${message.sequence}`;
    if (seen.has(name)) return;
    seen.add(name);
    out.multicast(message);
    out.deliver(message);
  };
  expect(self).toBeLessThan(size);
  return {
    deadline: Infinity,
    held: 0,
    multicast: (_now, message) => take(message),
    receive: (_now, _from, message) => take(message),
    advance: () => undefined,
  };
};

/** Multicasts a note of its own when a deadline passes, which the first arrival takes away. */
const impatient: Create = ({ self }, out) => {
  let deadline = 10;
  return {
    get deadline() {
      return deadline;
    },
    held: 0,
    multicast: (_now, message) => out.multicast(message),
    receive(_now, _from, message) {
      deadline = Infinity;
      if (message.kind === Kind.data) out.deliver(message);
    },
    advance() {
      deadline = Infinity;
      out.multicast(new Message(Kind.heartbeat, self, 0));
    },
  };
};

/** What each member saw, in order: schedules that give the same are the same to everybody. */
function viewsOf(taken: readonly Choice[], peers: number): string {
  const views: string[][] = Array.from({ length: peers }, () => []);
  for (const choice of taken) views[memberOf(choice)]!.push(formatChoice(choice));
  return views.map((view) => view.join(', ')).join('; ');
}

/** Every schedule, by trying everything that is possible at each step: the slow way, as a reference. */
function everyView(space: SearchSpace): Set<string> {
  const views = new Set<string>();
  const seen = new Set<string>();
  const visit = (prefix: readonly Choice[]): void => {
    // Prefixes in which all members saw the same continue in the same ways.
    const view = viewsOf(prefix, space.scenario.peers);
    if (seen.has(view)) return;
    seen.add(view);
    const run = playedRun(space, prefix);
    const choices = enabledWithin(space, run);
    if (choices.length === 0) views.add(view);
    for (const choice of choices) visit([...prefix, choice]);
  };
  visit([]);
  return views;
}

function viewOf({ choices, peers }: SearchedRun): string {
  return viewsOf(choices, peers);
}

function searched(space: SearchSpace) {
  const views: string[] = [];
  const counts = searchSchedules(space, (run) => {
    views.push(viewOf(run));
    return false;
  });
  return { views, counts };
}

function plain(create: Create, peers: number, messages: number, deadlinesMax = 0): SearchSpace {
  return { create, scenario: scopeOf(peers, messages), deadlinesMax };
}

/** Without its link, over channels that are as reliable. */
function bare(ordering: string, peers: number, messages: number): SearchSpace {
  const create = bareOf(ORDERINGS.get(ordering)!.createUnpacked!)!;
  return { ...plain(create, peers, messages), channels: 'reliable' };
}

const CRASH = { member: 0, steps: 2, sends: null };

const SPACES: readonly (readonly [string, SearchSpace])[] = [
  ['unordered, 2 x 1', plain(unordered, 2, 1)],
  ['unordered, 2 x 2', plain(unordered, 2, 2)],
  ['unordered, 3 x 1', plain(unordered, 3, 1)],
  ['flooding, 2 x 1', plain(flooding, 2, 1)],
  ['impatient, 2 x 1', plain(impatient, 2, 1, 1)],
  ['impatient, 2 x 2', plain(impatient, 2, 2, 1)],
  ['fifo over channels, 2 x 2', bare('fifo', 2, 2)],
  ['lamport over channels, 2 x 1', bare('lamport', 2, 1)],
  ['lamport over channels, 2 x 2', bare('lamport', 2, 2)],
  ['fifo, a member crashes', { ...bare('fifo', 3, 1), fates: { losses: [], crashes: [CRASH] } }],
  [
    'sequencer, one crashes',
    { ...bare('sequencer', 2, 1), fates: { losses: [], crashes: [CRASH] } },
  ],
  [
    'unordered, a packet is lost',
    { ...plain(unordered, 2, 2), fates: { losses: ['0>1#1'], crashes: [] } },
  ],
  [
    'flooding, a member crashes in a step',
    {
      ...plain(flooding, 2, 1),
      fates: { losses: [], crashes: [{ member: 1, steps: 1, sends: 0 }] },
    },
  ],
];

describe.each(SPACES)('the search of %s', (_name, space) => {
  test('runs each class of schedules once', () => {
    const { views, counts } = searched(space);
    expect(counts.schedules).toBe(views.length);
    expect(new Set(views).size).toBe(views.length);
    expect(new Set(views)).toEqual(everyView(space));
  });

  test('finds the same in parts, each put down and taken up after every schedule', () => {
    const states = new GroupStates(space.create, space.scenario);
    const views = splitSchedules(space, 20, states).flatMap((part) => {
      const found: string[] = [];
      let search = new ScheduleSearch(space, part, null, states);
      for (let next = search.next(); next !== null; next = search.next()) {
        found.push(viewOf(next));
        search = new ScheduleSearch(space, part, search.save(), states);
      }
      return found;
    });
    expect([...views].sort()).toEqual([...searched(space).views].sort());
  });
});

/** n! / ((n - k)! k!) */
function choose(n: number, k: number): number {
  return k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k;
}

describe('textbook cases', () => {
  // A member sees its own multicast and the other's arrive, in two orders; but not both arrivals first.
  test('two members with a message each have three schedules', () => {
    expect(searched(plain(unordered, 2, 1)).counts).toMatchObject({ schedules: 3, blocked: 0 });
  });

  // Only member 0 multicasts, and the others see its messages in any order, or in their own.
  test('n datagrams to one member have n! orders, n messages over a channel one', () => {
    const { length } = [...'abcd'];
    const onlyFirst: Create = (group, out) => ({
      deadline: Infinity,
      held: 0,
      multicast: (_now, message) => (group.self === 0 ? out.multicast(message) : undefined),
      receive: () => undefined,
      advance: () => undefined,
    });
    const orders = new Set<string>();
    searchSchedules(plain(onlyFirst, 2, length), ({ choices }) => {
      const arrivals = choices.filter(({ act }) => act === 'deliver').map(formatChoice);
      orders.add(arrivals.join());
      return false;
    });
    expect(orders.size).toBe(24);
    // Its own multicasts and the arrivals at member 1 are two lines that are mixed in any way.
    const inLine = searched({ ...plain(onlyFirst, 2, length), channels: 'reliable' });
    expect(inLine.counts.schedules).toBe(choose(2 * length, length));
  });
});

describe('an estimate', () => {
  test('is right on average', () => {
    const space = plain(unordered, 2, 2);
    const random = createStream(1, Stream.ordering, 0);
    const { mean } = estimateSchedules(space, 2_000, random);
    const { schedules } = searched(space).counts;
    expect(Math.abs(mean - schedules) / schedules).toBeLessThan(0.1);
  });
});

test('a search ends where it is told to', () => {
  expect(searchSchedules(plain(unordered, 2, 1), () => true).schedules).toBe(1);
});
