import { describe, expect, test } from '@jest/globals';
import { Message } from '../../../core/message.ts';
import type { Create } from '../../../core/ordering.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { parseChoice } from '../../../simulation/choices/choice.ts';
import { type GameView, viewGame } from '../../../simulation/play/game-view.ts';

const SETUP = { peers: 2, messages: 1 };

function viewOf(ordering: string, ...choices: readonly string[]): GameView {
  return viewGame(ORDERINGS.get(ordering)!, SETUP, choices.map(parseChoice));
}

describe('the table of a game', () => {
  test('numbers packets by when they came onto it, for as long as they lie there', () => {
    const numbers = (view: GameView) => view.packets.map(({ number, name }) => [number, name]);
    expect(numbers(viewOf('unordered', 'multicast 0', 'multicast 1', 'repeat 1>0#0'))).toEqual([
      [1, '0>1#0'],
      [2, '1>0#0'],
      [3, '1>0#0+1'],
    ]);
    const left = ['multicast 0', 'lose 0>1#0', 'multicast 1'];
    expect(numbers(viewOf('unordered', ...left))).toEqual([[2, '1>0#0']]);
  });

  test('judges what is only known in the end once nothing is left to happen, and not before', () => {
    const agreement = (view: GameView) => view.broken.find(({ name }) => name === 'agreement');
    const lost = ['multicast 0', 'multicast 1', 'lose 0>1#0'];
    expect(agreement(viewOf('unordered', ...lost))).toBeUndefined();
    const end = viewOf('unordered', ...lost, 'deliver 1>0#0');
    expect(end.isOver).toBe(true);
    expect(agreement(end)?.isPromised).toBe(false);
    const paused = viewOf('unordered', ...lost, 'deliver 1>0#0', 'pause 0');
    expect([paused.isOver, agreement(paused)]).toEqual([false, undefined]);
  });

  test('judges what messages contain, as a check does', () => {
    /** Sends its messages without what they carry. */
    const create: Create = (_group, out) => ({
      deadline: Infinity,
      held: 0,
      multicast: (_now, message) => {
        out.multicast(new Message(message.kind, message.sender, message.sequence));
        out.deliver(message);
      },
      receive: (_now, _from, message) => out.deliver(message),
      advance: () => undefined,
    });
    const unordered = ORDERINGS.get('unordered')!;
    const forgetful = { ...unordered, create, createUnpacked: create };
    const setup = { ...SETUP, payloadBytes: 8, seed: 1 };
    const choices = ['multicast 0', 'deliver 0>1#0'].map(parseChoice);
    expect(viewGame(forgetful, setup, choices).broken).toContainEqual(
      expect.objectContaining({ name: 'integrity', isPromised: true }),
    );
    expect(viewGame(unordered, setup, choices).broken).toEqual([]);
  });

  test('holds nobody to agreement where more crashed than the ordering survives', () => {
    const crashed = viewOf('fifo', 'multicast 0', 'crash 0', 'crash 1');
    expect(crashed.isOver).toBe(true);
    expect(crashed.broken.filter(({ isPromised }) => isPromised)).toEqual([]);
    expect(crashed.members.map(({ state }) => state)).toEqual(['crashed', 'crashed']);
  });
});
