import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openTable } from '../../../cli/play/play-table.ts';
import { PlaySession } from '../../../cli/play/play-session.ts';
import { PLAIN } from '../../../cli/shell/terminal.ts';
import type { Create } from '../../../core/ordering.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { PlayedGame } from '../../../simulation/play/played-game.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const directory = temporaryDirectory();

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

test('a game tells what an ordering throws in no step, goes on, and counts as broken from then on', async () => {
  const file = join(directory, 'late.mjs');
  writeFileSync(
    file,
    `export const create = (_group, out) => ({ deadline: Infinity, held: 0, receive() {}, advance() {},
       multicast(_now, message) {
         out.deliver(message);
         if (message.sequence === 1) void Promise.reject(new Error('too late'));
       } });
     export const guarantees = ['fifo'];`,
  );
  const setup = { peers: 2, messages: 3 };
  const table = await openTable({ source: { ordering: file }, from: null, setup }, PLAIN);
  try {
    expect((await table.obey('multicast 0')).isBroken).toBe(false);
    const late = await table.obey('multicast 0');
    expect(late.text).toMatch(
      /peer 0 DELIVERS \(0,1\)[^]*\nBROKEN, and in no step: the ordering threw[^]*too late\n {2}at /,
    );
    const next = await table.obey('multicast 0');
    expect(next.text).toMatch(/peer 0 DELIVERS \(0,2\)/);
    expect(next.text).not.toMatch(/too late/);
    expect(next.isBroken).toBe(true);
  } finally {
    await table.close();
  }
});
