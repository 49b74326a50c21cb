import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SqliteBus } from '../../backend/sqlite-bus.ts';
import { watchExit } from '../../local/exit-watch.ts';
import { requestExit } from '../../control/runs/request-exit.ts';
import { eventually } from '../support/eventually.ts';
import { MemoryBackend } from '../../bench/virtual-group/memory-backend.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const silent = () => undefined;
const directory = temporaryDirectory();
let bus: MemoryBackend['bus'];

/** Closed however a test ends: they would keep the process from ending. */
const opened: SqliteBus[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});
beforeEach(() => {
  bus = new MemoryBackend().bus;
});

describe('a laboratory that listens for exit commands', () => {
  test.each([0, 3_600_000, -3_600_000])(
    'hears one whatever its time, here %i ms off',
    async (off) => {
      const watch = await watchExit(bus, silent);
      expect(watch.published.aborted).toBe(false);
      await requestExit({ bus, nowMs: Date.now() + off });
      await eventually('it heard the command', () => watch.published.aborted);
      await watch.close();
    },
  );

  test('hears nothing that was published before, to a laboratory that was killed', async () => {
    const file = join(directory, 'state.sqlite');
    const killed = await SqliteBus.open(file);
    await (
      await killed.subscribe('laboratory', () => Promise.reject(new Error('killed')), silent)
    ).close();
    await requestExit({ bus: killed, nowMs: Date.now() });
    await killed.close();
    const own = await SqliteBus.open(file);
    opened.push(own);
    const watch = await watchExit(own, silent);
    await sleep(200);
    expect(watch.published.aborted).toBe(false);
    await requestExit({ bus: own, nowMs: Date.now() });
    await eventually('it heard its own command', () => watch.published.aborted);
    await watch.close();
  });
});
