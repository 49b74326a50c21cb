import { expect, test } from '@jest/globals';
import type { Message } from '../../../../core/message.ts';
import type { Create } from '../../../../core/ordering.ts';
import { ORDERINGS, type OrderingEntry } from '../../../../core/orderings/registry.ts';
import { ExclusionError } from '../../../../core/views/view.ts';
import { parseChoice } from '../../../../simulation/choices/choice.ts';
import { beginChosenRun } from '../../../../simulation/choices/begin-chosen-run.ts';
import type { ChosenRun } from '../../../../simulation/choices/chosen-run.ts';
import { judgeChosenRun } from '../../../../simulation/choices/shortest/judge-chosen-run.ts';
import { LastTimers } from '../../../../simulation/choices/shortest/last-timers.ts';
import { findingsForGood } from '../../../../simulation/choices/shortest/still-broken.ts';

const PERIOD_US = 100_000;

/** Delivers whatever comes, in no order, and has a timer every 100 ms; at the timer after `timersMax` member 1 is out of the view. */
function ticking(timersMax: number): OrderingEntry {
  const create: Create = ({ self }, out) => {
    let [timers, deadline] = [0, PERIOD_US];
    return {
      get deadline() {
        return deadline;
      },
      held: 0,
      multicast(_now: number, message: Message): void {
        out.multicast(message);
        out.deliver(message);
      },
      receive(_now: number, _from: number, message: Message): void {
        out.deliver(message);
      },
      advance(now: number): void {
        timers += 1;
        deadline = now + PERIOD_US;
        if (self === 1 && timers > timersMax) throw new ExclusionError('the others went on');
      },
    };
  };
  const guarantees = ['integrity', 'total'] as const;
  return { ...ORDERINGS.get('unordered')!, create, createUnpacked: create, guarantees };
}

function runOf(entry: OrderingEntry, texts: readonly string[]): ChosenRun {
  const run = beginChosenRun(entry, { peers: 2, messages: 1 });
  for (const text of texts) run.take(parseChoice(text));
  return run;
}

const CROSSED = ['multicast 0', 'multicast 1', 'deliver 0>1#0', 'deliver 1>0#0'];

test('an order that a member broke before it hears that it is out of the view is not broken for good', () => {
  const entry = ticking(2);
  const run = runOf(entry, [...CROSSED, 'fire 1']);
  expect(judgeChosenRun(entry, run).findings.map(({ name }) => name)).toEqual(['total']);
  expect(findingsForGood(entry, run)).toEqual([]);
});

test('what is broken stays so where nobody stops, or where no timer went off', () => {
  for (const [entry, steps] of [
    [ticking(Infinity), [...CROSSED, 'fire 1']],
    [ticking(2), CROSSED],
  ] as const) {
    expect(findingsForGood(entry, runOf(entry, steps)).map(({ name }) => name)).toEqual(['total']);
  }
});

test('the timers of a member that was a minute late have their turn with those of the others', () => {
  const run = runOf(ticking(Infinity), [...CROSSED, 'fire 0 @60000000']);
  const timers = new LastTimers(run);
  const fired: number[] = [];
  for (let count = 0; count < 10; count += 1) {
    const next = timers.next();
    if (next?.act !== 'fire') throw new Error('a timer is left');
    fired.push(next.member);
    run.take(next);
  }
  expect(fired.filter((member) => member === 0)).toHaveLength(5);
});
