import { describe, expect, test } from '@jest/globals';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { formatChoice, parseChoice } from '../../../simulation/choices/choice.ts';
import { ChosenRun } from '../../../simulation/choices/chosen-run.ts';
import { scopeOf } from './scopes.ts';

function runOf(...choices: readonly string[]): ChosenRun {
  const run = new ChosenRun(ORDERINGS.get('unordered')!.create, scopeOf(3, 1));
  for (const choice of choices) run.take(parseChoice(choice));
  return run;
}

function underWay(run: ChosenRun): string[] {
  return [...run.packets].map(({ name }) => name);
}

describe('a chosen run', () => {
  test('delivers, loses and repeats the packets that it is told to', () => {
    const run = runOf('multicast 0', 'repeat 0>1#0', 'deliver 0>1#0', 'lose 0>2#0');
    expect(underWay(run)).toEqual(['0>1#0+1']);
    const { members, faultsHappened } = run.result();
    expect(members.map(({ sequence }) => sequence.length)).toEqual([1, 1, 0]);
    expect(faultsHappened).toMatchObject({ loss: 1, repetition: 1 });
  });

  test('multicasts several at one instant in one pack, and no more than there are', () => {
    const run = new ChosenRun(ORDERINGS.get('unordered')!.create, scopeOf(2, 3));
    expect(run.allows(parseChoice('multicast 0*4'))).toBe(false);
    run.take(parseChoice('multicast 0*2'));
    expect(underWay(run)).toEqual(['0>1#0']);
    expect(run.allows(parseChoice('multicast 0*2'))).toBe(false);
    run.take(parseChoice('multicast 0'));
    run.take(parseChoice('deliver 0>1#0'));
    run.take(parseChoice('deliver 0>1#1'));
    expect(run.result().members.map(({ sequence }) => sequence.length)).toEqual([3, 3]);
  });

  test('multicasts several one after the other where there are no packs', () => {
    const run = new ChosenRun(ORDERINGS.get('unordered')!.createUnpacked!, scopeOf(2, 3));
    run.take(parseChoice('multicast 0*3'));
    expect(underWay(run)).toEqual(['0>1#0', '0>1#1', '0>1#2']);
  });

  test('lets nothing through a path that is cut, until it heals', () => {
    expect(underWay(runOf('cut 0>1', 'multicast 0'))).toEqual(['0>2#0']);
    expect(underWay(runOf('cut 0>1', 'heal 0>1', 'multicast 0'))).toEqual(['0>1#0', '0>2#0']);
  });

  test('takes no step of a member that crashed or is paused', () => {
    const steps = (run: ChosenRun) => run.enabledSteps().map(formatChoice);
    expect(steps(runOf('multicast 0', 'crash 1'))).toEqual(['multicast 2', 'deliver 0>2#0']);
    expect(steps(runOf('multicast 0', 'pause 1'))).not.toContain('deliver 0>1#0');
    expect(steps(runOf('multicast 0', 'pause 1', 'resume 1'))).toContain('deliver 0>1#0');
  });

  test('lets a member crash in the middle of what it does, after so many packets', () => {
    const run = runOf('crash 0+1');
    expect(run.isRunning(0)).toBe(true);
    run.take(parseChoice('multicast 0'));
    expect([run.isRunning(0), underWay(run)]).toEqual([false, ['0>1#0']]);
  });

  test('lets no deadline pass before its time, where a time is given', () => {
    const run = new ChosenRun(ORDERINGS.get('fifo')!.createUnpacked!, scopeOf(2, 1));
    run.take(parseChoice('multicast 0 @1000'));
    const deadlineUs = run.deadlineOf(0);
    expect(deadlineUs).toBeGreaterThan(1_000);
    expect(run.allows({ act: 'fire', member: 0, atUs: deadlineUs - 1 })).toBe(false);
    expect(run.allows({ act: 'fire', member: 0, atUs: deadlineUs })).toBe(true);
    expect(run.allows({ act: 'fire', member: 0 })).toBe(true);
  });

  test('counts a member whose ordering cannot be made as failed', () => {
    const run = new ChosenRun(
      () => {
        throw new Error('no');
      },
      scopeOf(2, 1),
    );
    expect(run.failures.map(({ member, error }) => [member, error.message])).toEqual([
      [0, 'no'],
      [1, 'no'],
    ]);
    expect(run.enabledSteps()).toEqual([]);
  });

  test('refuses what is not possible', () => {
    expect(() => runOf('deliver 0>1#0')).toThrow('deliver 0>1#0 is not possible in step 0');
    expect(() => runOf('multicast 0', 'multicast 0')).toThrow(/not possible in step 1/);
  });
});

describe('a choice as text', () => {
  test.each([
    'multicast 0',
    'fire 2',
    'deliver 0>1#12',
    'lose 0>1#0+1',
    'cut 0>1',
    'heal 2>0',
    'crash 1',
    'crash 1+2',
    'deliver 0>1#2 @1500',
    'fire 2 @0',
  ])('%s is read as it is written', (text) => {
    expect(formatChoice(parseChoice(text))).toBe(text);
  });

  test.each([
    '',
    'deliver',
    'deliver 3',
    'multicast x',
    'cut 0',
    'dance 1',
    'fire 1 2',
    'crash 1 @5',
    'pause 1+2',
    'lose 0>1#2 @5',
    'fire 1 @x',
  ])('%j is refused, with what is allowed', (text) => {
    expect(() => parseChoice(text)).toThrow(/is no choice; allowed: multicast, fire/);
  });
});
