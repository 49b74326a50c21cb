import { expect, test } from '@jest/globals';
import { PlaySession } from '../../../cli/play/play-session.ts';
import { PLAIN } from '../../../cli/shell/terminal.ts';
import type { Create } from '../../../core/ordering.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { PlayedGame } from '../../../simulation/play/played-game.ts';

test('a game goes on where an ordering throws as it is asked how much it holds', () => {
  const unordered = ORDERINGS.get('unordered')!;
  const create: Create = (group, out) => {
    let asked = 0;
    return Object.defineProperty(unordered.create(group, out), 'held', {
      get: () => {
        asked += 1;
        if (asked > 1) throw new Error('cannot count');
        return 0;
      },
    });
  };
  const entry = { ...unordered, create, createUnpacked: create };
  const game = new PlayedGame(entry, { peers: 3, messages: 1 });
  const session = new PlaySession(game, entry.name, PLAIN);
  const once = session.obey('multicast 0').text;
  expect(once).not.toMatch(/cannot count/);
  const lines = ['multicast 1', 'deliver 0>1', 'deliver 1>0', 'judge'];
  expect(lines.map((line) => session.obey(line).text).at(-1)).toMatch(/cannot count/);
  expect(session.obey('state').isBroken).toBe(true);
});
