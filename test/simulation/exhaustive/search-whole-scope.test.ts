import { describe, expect, test } from '@jest/globals';
import { ORDERINGS, type OrderingEntry } from '../../../core/orderings/registry.ts';
import type { Judgement } from '../../../simulation/check/judge.ts';
import { isSilent, judgeChosenRun } from '../../../simulation/choices/shortest/judge-chosen-run.ts';
import { ScheduleSearch } from '../../../simulation/choices/search/search-schedules.ts';
import { cameTrue } from '../../../simulation/exhaustive/fate-plans.ts';
import { type Scope, spaceOf } from '../../../simulation/exhaustive/scope.ts';
import { beginScope, ScopeSearch } from '../../../simulation/exhaustive/scope-search.ts';
import {
  isWholeScope,
  searchWholeScope,
} from '../../../simulation/exhaustive/search-whole-scope.ts';
import { ScopeKnowledge } from '../../../simulation/exhaustive/scope-knowledge.ts';
import { partsOf, searchPart } from '../../../simulation/exhaustive/search-part.ts';
import { replayChoices } from '../../../simulation/exhaustive/shorten-schedule.ts';
import { parseChoice } from '../../../simulation/choices/choice.ts';
import { ChoiceCodes } from '../../../simulation/choices/states/choice-codes.ts';
import { playedRun } from '../choices/scopes.ts';
import { everyOutcome, outcomeOf } from './every-outcome.ts';
import { loadBroken, scopeOfSize } from './load-broken.ts';

const unordered = ORDERINGS.get('unordered')!;

function countOf(ordering: string, scope: Partial<Scope> & { peers: number; messages: number }) {
  const entry = ORDERINGS.get(ordering)!;
  const { peers, messages, ...more } = scope;
  const state = searchWholeScope(entry, scopeOfSize(entry, peers, messages, more));
  expect(isWholeScope(state)).toBe(true);
  return state.tally.schedules;
}

describe('the number of schedules', () => {
  // Two messages that cross: each member sees its own first, or the other's; but not both the other's.
  test('is 3 of two members with a message each', () => {
    expect(countOf('unordered', { peers: 2, messages: 1 })).toBe(3);
  });

  // With one of the two packets lost its receiver sees nothing, and its sender two orders; with both lost one.
  test('is 3 + 2 x 2 with a loss, and one more with two', () => {
    expect(countOf('unordered', { peers: 2, messages: 1, losses: 1 })).toBe(7);
    expect(countOf('unordered', { peers: 2, messages: 1, losses: 2 })).toBe(8);
  });

  // What a member saw before its own multicast came before it, and nothing comes before itself. So a schedule is an
  // acyclic graph of three members (who saw whose message first), and an order of arrivals before and after at each: 2
  // ways for a member that saw none or both first, 1 for one that saw one. Over the 25 graphs: without an edge 8; with
  // one 6 x 4; with two 3 x 2 (one saw by both), 3 x 8 (one that saw both) and 6 x 2 (chains); with three 6 x 4.
  test('is 98 of three members with a message each', () => {
    expect(8 + 6 * 4 + 3 * 2 + 3 * 8 + 6 * 2 + 6 * 4).toBe(98);
    expect(countOf('unordered', { peers: 3, messages: 1 })).toBe(98);
    expect(countOf('fifo', { peers: 3, messages: 1 })).toBe(98);
  });

  // Of six packets, one to A from B is lost. Where A saw nothing first, B and C each have 6 ways, 3 of which saw the
  // other one first, and not both did: 36 - 9. Where A saw C first, C saw not A: either C saw nothing (2 ways) and B
  // has 6, or C saw B first, and B saw nothing (2 ways).
  test('is 98 + 6 x (27 + 14) of three members with a loss', () => {
    expect(98 + 6 * (36 - 9 + (2 * 6 + 2))).toBe(344);
    expect(countOf('unordered', { peers: 3, messages: 1, losses: 1 })).toBe(344);
  });

  // What the member that crashes does: nothing (then the other one has 1 way), multicast (2), multicast and receive (2),
  // receive and multicast (1), only receive (1), and multicast so that nothing leaves, before or after it received (1 each).
  test('is 3 + 2 x 9 of two members with a crash', () => {
    expect(countOf('unordered', { peers: 2, messages: 1, crashes: 1 })).toBe(21);
  });

  // A loss alone adds 4, a crash alone 2 x 9. With both, only the packet counts that the crashed member sent: then the
  // other one has 1 way in each of the three cases above in which it left. One to the crashed member is lost with it.
  test('is 3 + 4 + 2 x 9 + 2 x 3 of two members with a loss and a crash', () => {
    const scope = { peers: 2, messages: 1, losses: 1, crashes: 1 };
    expect(countOf('unordered', scope)).toBe(31);
  });

  // Over channels, whoever lives is told of the crash (C), and hears no more from there. What the member that crashes did:
  // nothing (the other one multicasts before or after C: 2 ways); multicast (3 orders of the other's multicast, its
  // arrival and C after that, and 2 without the arrival); received (1: that was after the other's multicast, and C is
  // after it); multicast and received (2 with the arrival, 1 without); received and multicast (1 and 1).
  test('is 3 + 2 x 13 of two members with a crash over channels in order', () => {
    expect(2 + (3 + 2) + 1 + (2 + 1) + (1 + 1)).toBe(13);
    expect(countOf('fifo', { peers: 2, messages: 1, crashes: 1 })).toBe(29);
  });

  // Over FIFO channels 2 x 2 is how two lines of two multicasts each may be seen: 20 = C(6, 3).
  test('is 20 of two members with two messages each over channels in order', () => {
    expect(countOf('fifo', { peers: 2, messages: 2 })).toBe(20);
  });
});

describe('the reduced search reaches what the full one does', () => {
  const cases: readonly (readonly [string, number, number, Partial<Scope>])[] = [
    ['unordered', 2, 2, { losses: 1 }],
    ['unordered', 2, 1, { losses: 2, crashes: 1 }],
    ['unordered', 3, 1, {}],
    ['fifo', 2, 2, { crashes: 1 }],
    ['fifo', 2, 1, { crashes: 2 }],
    ['fifo', 2, 1, { channels: 'datagrams', losses: 1, timers: 1 }],
    ['lamport', 2, 1, { crashes: 1 }],
    ['lamport', 2, 2, {}],
    ['skeen', 2, 1, { crashes: 1 }],
    ['ring', 2, 1, { crashes: 1, timers: 1 }],
    ['token', 2, 1, { timers: 1, crashes: 1 }],
    ['sequencer', 2, 1, { crashes: 1, timers: 1 }],
    ['unordered', 2, 1, { lates: 1, losses: 1 }],
    ['ring', 2, 1, { lates: 1, timers: 1 }],
    ['fifo', 2, 1, { lates: 1, crashes: 1 }],
    ['unordered', 2, 1, { lates: 2 }],
  ];
  test.each(cases)('of %s, %i x %i with %j', (ordering, peers, messages, more) => {
    const entry = ORDERINGS.get(ordering)!;
    const scope = scopeOfSize(entry, peers, messages, more);
    const full = everyOutcome(entry, scope);
    const { outcomes, state } = searchedOutcomes(entry, scope);
    expect(isWholeScope(state)).toBe(true);
    expect(outcomes).toEqual(full.outcomes);
    // A crash in the middle of a step is written in more than one way in the full search.
    const isExact = scope.channels === 'reliable' || scope.crashes === 0;
    if (isExact) expect(state.tally.schedules).toBe(full.schedules.size);
    else expect(state.tally.schedules).toBeGreaterThan(0);
  });
});

test('a search goes on from what was kept of it, to the same sums', () => {
  const scope = scopeOfSize(unordered, 3, 1, { losses: 1 });
  const whole = searchWholeScope(unordered, scope);
  let left = 0;
  let search = new ScopeSearch({ ...searchWholeScope(unordered, scope, () => false) });
  for (let round = 0; !search.isOver && round < 10_000; round += 1) {
    const kept = JSON.parse(JSON.stringify(search.state)) as typeof whole;
    search = new ScopeSearch(kept);
    left = (search.state.parts ?? []).length;
    stepOnce(search);
  }
  expect(left).toBeGreaterThan(0);
  expect(search.state.tally).toEqual(whole.tally);
});

test('what it finds is a schedule that breaks it, with what went wrong as choices', async () => {
  const entry = await loadBroken('retransmits-without-deduplication');
  const scope = scopeOfSize(entry, 2, 1, { timers: 1 });
  const { broken } = searchWholeScope(entry, scope);
  const run = replayChoices(entry, scope, broken!.map(parseChoice));
  expect(outcomeOf(entry, run)).toMatch(/-> integrity/);
});

test('of a fault that needs a late step it reaches the same as well', async () => {
  const entry = await loadBroken('does-not-wait-when-late');
  const scope = scopeOfSize(entry, 2, 1, { timers: 1, lates: 1 });
  const full = everyOutcome(entry, scope);
  expect([...full.outcomes].some((outcome) => outcome.includes('-> total'))).toBe(true);
  const state = searchWholeScope(
    entry,
    scope,
    () => true,
    () => true,
  );
  expect(state.tally.schedules).toBe(full.schedules.size);
  expect(isWholeScope(searchWholeScope(entry, { ...scope, lates: 0 }))).toBe(true);
});

/** What comes of each schedule that the reduced search runs. */
function searchedOutcomes(entry: OrderingEntry, scope: Scope) {
  const outcomes = new Set<string>();
  const search = new ScopeSearch(beginScope(scope));
  const { states, judge } = new ScopeKnowledge(entry, scope);
  while (!search.isOver) {
    const { plans, partsPerPlan } = search;
    if (partsPerPlan > 0) {
      search.beginLevel(plans.flatMap((fates) => partsOf(entry, scope, fates, partsPerPlan)));
    }
    const { id, part } = search.take()!;
    const codes = new ChoiceCodes(scope.peers);
    const codesOf = (texts: readonly string[]) => texts.map((text) => codes.fromText(text));
    const start = { prefix: codesOf(part.prefix), sleep: codesOf(part.sleep) };
    const schedules = new ScheduleSearch(spaceOf(entry, scope, part.fates), start, null, states);
    for (let next = schedules.next(); next !== null; next = schedules.next()) {
      const run = playedRun(spaceOf(entry, scope, part.fates), next.choices);
      expect(cameTrue(part.fates, next)).toBe(cameTrue(part.fates, run));
      if (!cameTrue(part.fates, run)) continue;
      outcomes.add(outcomeOf(entry, run));
      // What is put together of states that members were in before is judged like the run that is played.
      expect(namesOf(judge.judge(next))).toEqual(namesOf(judgeChosenRun(entry, run)));
      expect([next.isQuiet, next.isSilent]).toEqual([run.isQuiet, isSilent(run)]);
    }
    search.note(
      id,
      searchPart(entry, scope, part, () => true),
    );
  }
  return { outcomes, state: search.state };
}

function namesOf({ findings, judged }: Judgement): readonly string[] {
  return [...findings.map(({ name }) => name), 'of', ...judged];
}

/** Takes one step of the search: cuts a level into parts, or searches one schedule of a part. */
function stepOnce(search: ScopeSearch): void {
  const { plans, partsPerPlan, scope } = search;
  if (partsPerPlan > 0) {
    search.beginLevel(plans.flatMap((fates) => partsOf(unordered, scope, fates, partsPerPlan)));
    return;
  }
  const { id, part } = search.take()!;
  search.note(
    id,
    searchPart(unordered, scope, part, () => false),
  );
}
