import { describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../../core/message.ts';
import type { Create } from '../../../core/ordering.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { formatChoice, parseChoice } from '../../../simulation/choices/choice.ts';
import { ScheduleSearch } from '../../../simulation/choices/search/search-schedules.ts';
import type { SearchSpace } from '../../../simulation/choices/search/search-space.ts';
import { GroupStates } from '../../../simulation/choices/states/group-states.ts';
import { DivergingMemberError } from '../../../simulation/choices/states/member-tree.ts';
import { SearchedRun } from '../../../simulation/choices/states/searched-run.ts';
import { scopeOf } from './scopes.ts';

const unordered = ORDERINGS.get('unordered')!.createUnpacked!;

/** What each member does is written by the test; the rest does nothing. */
function scripted(acts: Partial<ReturnType<Create>>): ReturnType<Create> {
  const nothing = { multicast: () => undefined, receive: () => undefined };
  return { deadline: Infinity, held: 0, advance: () => undefined, ...nothing, ...acts };
}

function spaceFor(create: Create, peers = 2, messages = 1): SearchSpace {
  return { create, scenario: scopeOf(peers, messages), deadlinesMax: 1 };
}

function begin(space: SearchSpace): SearchedRun {
  return new SearchedRun(new GroupStates(space.create, space.scenario), space);
}

function take(run: SearchedRun, ...texts: readonly string[]): void {
  for (const text of texts) run.take(run.codes.codeOf(parseChoice(text)));
}

function enabledIn(run: SearchedRun): string[] {
  return run.enabled().map((code) => formatChoice(run.codes.choiceOf(code)));
}

describe('a searched run', () => {
  test('takes its steps back, with what they sent, lost and closed', () => {
    const fates = { losses: ['0>2#1'], crashes: [{ member: 0, steps: 2, sends: null }] };
    const run = begin({ ...spaceFor(unordered, 3, 2), channels: 'reliable', fates });
    const seen: string[][] = [];
    const steps = ['multicast 0', 'deliver 0>1#0', 'multicast 0', 'close 0>1', 'multicast 1'];
    for (const step of steps) {
      seen.push(enabledIn(run));
      take(run, step);
    }
    expect([run.crashes, run.network.lost]).toEqual([1, 1]);
    expect(enabledIn(run)).not.toContain('deliver 0>1#1');
    for (let length = steps.length - 1; length >= 0; length -= 1) {
      run.undoTo(length);
      expect(enabledIn(run)).toEqual(seen[length]);
    }
    expect([run.crashes, run.network.lost]).toEqual([0, 0]);
  });

  test('asks no ordering twice what it does after the same', () => {
    let calls = 0;
    const counted: Create = (_group, out) =>
      scripted({
        multicast: (_now, message) => out.multicast(message),
        receive: (_now, _from, message) => {
          calls += 1;
          out.deliver(message);
        },
      });
    const run = begin(spaceFor(counted));
    take(run, 'multicast 0', 'deliver 0>1#0', 'multicast 1');
    run.undoTo(0);
    take(run, 'multicast 0', 'multicast 1', 'deliver 1>0#0');
    run.undoTo(1);
    take(run, 'deliver 0>1#0');
    expect(calls).toBe(2);
  });

  test('knows what was delivered too early in some order of the same steps, and shows that order', () => {
    const guessing: Create = ({ self }, out) =>
      scripted({
        multicast: () => (self === 1 ? out.deliver(new Message(Kind.data, 0, 0)) : undefined),
      });
    const run = begin(spaceFor(guessing));
    take(run, 'multicast 0', 'multicast 1');
    expect(run.premature).toEqual({ member: 1, position: 0 });
    expect(run.choices.map(formatChoice)).toEqual(['multicast 1', 'multicast 0']);
    run.undoTo(1);
    expect(run.premature).toBeNull();
  });

  test('has what an ordering sent before its first step', () => {
    const eager: Create = ({ self }, out) => {
      if (self === 0) out.multicast(new Message(Kind.heartbeat, 0, 0));
      return scripted({});
    };
    const search = new ScheduleSearch(spaceFor(eager));
    expect(enabledIn(begin(spaceFor(eager)))).toContain('deliver 0>1#0');
    // Member 1 sees its own multicast and the arrival in two orders.
    while (search.next() !== null);
    expect(search.counts.schedules).toBe(2);
  });
});

test('an ordering that does something else when it sees the same again is found out', () => {
  let made = 0;
  const forgetful: Create = (_group, out) => {
    made += 1;
    const [number] = [made];
    return scripted({
      multicast: (_now, message) => out.multicast(message),
      receive: (_now, _from, message) => out.deliver(new Message(message.kind, 0, number)),
    });
  };
  const run = begin(spaceFor(forgetful, 2, 2));
  take(run, 'multicast 0', 'deliver 0>1#0', 'multicast 1');
  run.undoTo(2);
  expect(() => take(run, 'multicast 0', 'deliver 0>1#1')).toThrow(DivergingMemberError);
});

test('a search that may keep few states finds the same', () => {
  const space = spaceFor(unordered, 3);
  const few = new GroupStates(space.create, space.scenario, 20);
  const search = new ScheduleSearch(space, undefined, null, few);
  while (search.next() !== null) expect(few.trees[0]!.size).toBeLessThan(40);
  expect(search.counts).toMatchObject({ schedules: 98, blocked: 0 });
});
