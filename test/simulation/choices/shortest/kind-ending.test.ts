import { describe, expect, test } from '@jest/globals';
import { ORDERINGS, type OrderingEntry } from '../../../../core/orderings/registry.ts';
import { parseChoice } from '../../../../simulation/choices/choice.ts';
import { beginChosenRun } from '../../../../simulation/choices/begin-chosen-run.ts';
import type { ChosenRun } from '../../../../simulation/choices/chosen-run.ts';
import {
  choicesToRest,
  comeToRest,
  missingForEver,
} from '../../../../simulation/choices/shortest/kind-ending.ts';
import { PlayedGame } from '../../../../simulation/play/played-game.ts';

/** FIFO channels alone, declared to be more: nobody passes on what a sender that crashed sent to some only. */
const BOASTFUL: OrderingEntry = {
  ...ORDERINGS.get('fifo')!,
  guarantees: ['integrity', 'fifo', 'agreement'],
  survives: 'minority',
};
const SETUP = { peers: 3, messages: 1 };
/** Peer 2 crashes when it has sent its message to peer 0, and not to peer 1. */
const HALF_SENT = [
  'multicast 0',
  'multicast 1',
  'deliver 0>1#0',
  'crash 2+1',
  'multicast 2',
  'deliver 2>0#0',
  'deliver 1>0#0',
].map(parseChoice);
/** A packet is lost that the link sends again when its time has come. */
const LOST = [
  'multicast 0',
  'multicast 1',
  'multicast 2',
  'lose 0>1#0',
  'deliver 0>2#0',
  'deliver 1>0#0',
  'deliver 1>2#0',
  'deliver 2>0#0',
  'deliver 2>1#0',
].map(parseChoice);

function runOf(choices: readonly ReturnType<typeof parseChoice>[]): ChosenRun {
  const run = beginChosenRun(BOASTFUL, SETUP);
  for (const choice of choices) run.take(choice);
  return run;
}

describe('a run at rest', () => {
  test('lacks for ever what timers do not bring, although they never end', () => {
    const run = runOf(HALF_SENT);
    expect([choicesToRest(BOASTFUL, run), run.isQuiet]).toEqual([0, false]);
    const finding = missingForEver(BOASTFUL, run, 'agreement');
    expect(finding?.text).toMatch(/peer 1 never delivered it \(timers are left; that 300 more/);
  });

  test('lacks nothing for ever that is sent again', () => {
    const run = runOf(LOST);
    while (choicesToRest(BOASTFUL, run) > 0) comeToRest(run, () => undefined);
    expect(run.members[1]!.record.sequence).toHaveLength(2);
    expect(missingForEver(BOASTFUL, run, 'liveness')).toBeNull();
    expect(run.members[1]!.record.sequence).toHaveLength(3);
  });

  test('is told in a game as well, which is not disturbed by that', () => {
    const game = new PlayedGame(BOASTFUL, SETUP);
    game.load(HALF_SENT);
    const promised = game.broken.filter(({ isPromised }) => isPromised);
    expect(promised.map(({ name, step }) => [name, step])).toEqual([['agreement', 7]]);
    expect(game.run.taken).toHaveLength(HALF_SENT.length);
    game.backTo(6);
    expect(game.broken.filter(({ isPromised }) => isPromised)).toEqual([]);
  });
});

test('a run needs one choice at least for each packet and each message, but for members that may go', () => {
  const begun = runOf([]);
  // Three messages; one of the three members may go without multicasting.
  expect(choicesToRest(BOASTFUL, begun)).toBe(2);
  const { survives: _survives, ...rest } = BOASTFUL;
  const frail = { ...rest, survives: 'none' } as const;
  expect(choicesToRest(frail, begun)).toBe(3);
  begun.take(parseChoice('multicast 0'));
  expect(choicesToRest(frail, begun)).toBe(4);
  begun.take(parseChoice('crash 1'));
  expect(choicesToRest(frail, begun)).toBe(Infinity);
});
