import { describe, expect, test } from '@jest/globals';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { buildTimeline } from '../../diagram/timeline.ts';
import { shownCreate } from '../../simulation/choices/shown-create.ts';
import { viewGame } from '../../simulation/play/game-view.ts';
import { EventRecorder } from '../../simulation/observers/event-recorder.ts';
import { simulate } from '../../simulation/simulate.ts';
import { PLAYGROUND_DEFAULTS, scenarioOf } from '../../web/playground/playground-settings.ts';
import { gameOfRecording } from '../../web/laboratory/diagram/recorded-game.ts';

const SETUP = { peers: 3, messages: 6 };

function recorded(name: string, seed: number, lossPercent = 0) {
  const scenario = scenarioOf({ ...PLAYGROUND_DEFAULTS, ...SETUP, seed, lossPercent });
  const recorder = new EventRecorder(SETUP.peers);
  const result = simulate(shownCreate(ORDERINGS.get(name)!), scenario, recorder);
  const orders = result.members.map(({ sequence }) =>
    Array.from(sequence.senders, (sender, place) => [sender, sequence.sequences[place]]),
  );
  return { timeline: buildTimeline(recorder.logs, 'one'), orders };
}

describe('a recorded run on the board', () => {
  test.each(['unordered', 'fifo', 'causal', 'lamport', 'sequencer', 'skeen'])(
    'delivers under %s what it delivered in the run, in the same orders',
    (name) => {
      const entry = ORDERINGS.get(name)!;
      const { timeline, orders } = recorded(name, 3);
      const game = gameOfRecording(entry, SETUP, timeline, 2_000);
      expect([game.isSame, game.isWhole]).toEqual([true, true]);
      const view = viewGame(entry, SETUP, game.choices);
      expect(view.problem).toBe('');
      const played = view.members.map(({ log }) =>
        log.map(({ sender, sequence }) => [sender, sequence]),
      );
      expect(played).toEqual(orders);
    },
  );

  test('stops where the board has no more room, and says what it had nothing for', () => {
    const { timeline } = recorded('fifo', 5, 20);
    const short = gameOfRecording(ORDERINGS.get('fifo')!, SETUP, timeline, 10);
    expect([short.choices.length, short.isSame, short.isWhole]).toEqual([10, true, false]);
    const other = gameOfRecording(ORDERINGS.get('unordered')!, SETUP, timeline, 2_000);
    expect(other.left).toBeGreaterThan(0);
  });
});
