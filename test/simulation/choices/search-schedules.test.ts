import { describe, expect, test } from '@jest/globals';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { Kind, Message } from '../../../core/message.ts';
import type { Create } from '../../../core/ordering.ts';
import { type Choice, formatChoice } from '../../../simulation/choices/choice.ts';
import { ChosenRun } from '../../../simulation/choices/chosen-run.ts';
import { searchSchedules } from '../../../simulation/choices/search-schedules.ts';
import { scopeOf } from './scopes.ts';

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
  for (const choice of taken) {
    const member =
      'packet' in choice
        ? Number(choice.packet.split(/[>#]/)[1])
        : (choice as { member: number }).member;
    views[member]!.push(formatChoice(choice));
  }
  return views.map((view) => view.join(', ')).join('; ');
}

/** Every schedule, by trying everything that is possible at each step: the slow way, as a reference. */
function everyView(create: Create, peers: number, messages: number, deadlinesMax = 0): Set<string> {
  const views = new Set<string>();
  const seen = new Set<string>();
  const visit = (prefix: readonly Choice[]): void => {
    // Prefixes in which all members saw the same continue in the same ways.
    const view = viewsOf(prefix, peers);
    if (seen.has(view)) return;
    seen.add(view);
    const run = new ChosenRun(create, scopeOf(peers, messages));
    for (const choice of prefix) run.take(choice);
    const choices = run.enabledSteps().filter((choice) => {
      if (choice.act !== 'fire') return true;
      return (
        prefix.filter((each) => formatChoice(each) === formatChoice(choice)).length < deadlinesMax
      );
    });
    if (choices.length === 0) views.add(view);
    for (const choice of choices) visit([...prefix, choice]);
  };
  visit([]);
  return views;
}

function searched(create: Create, peers: number, messages: number, deadlinesMax = 0) {
  const views: string[] = [];
  const space = { create, scenario: scopeOf(peers, messages), deadlinesMax };
  const counts = searchSchedules(space, ({ run }) => {
    views.push(viewsOf(run.taken, peers));
    return false;
  });
  return { views, counts };
}

describe('the search of schedules', () => {
  test.each([
    ['unordered', unordered, 2, 1, 0],
    ['unordered', unordered, 2, 2, 0],
    ['unordered', unordered, 3, 1, 0],
    ['flooding', flooding, 2, 1, 0],
    ['impatient', impatient, 2, 1, 1],
    ['impatient', impatient, 2, 2, 1],
  ])(
    'of %s runs each class of schedules once (%#)',
    (_name, create, peers, messages, deadlines) => {
      const { views, counts } = searched(create, peers, messages, deadlines);
      expect(counts.schedules).toBe(views.length);
      expect(new Set(views).size).toBe(views.length);
      expect(new Set(views)).toEqual(everyView(create, peers, messages, deadlines));
    },
  );

  // A member sees its own multicast and the other's arrive, in two orders; but not both arrivals first.
  test('of two members with a message each finds three schedules', () => {
    expect(searched(unordered, 2, 1).counts).toMatchObject({ schedules: 3, blocked: 0 });
  });

  test('ends where it is told to', () => {
    const space = { create: unordered, scenario: scopeOf(2, 1), deadlinesMax: 0 };
    expect(searchSchedules(space, () => true).schedules).toBe(1);
  });
});
