import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { processLives, processStart, startByPs } from '../../local/process-identity.ts';

describe('a process', () => {
  test('is told from a later one of the same id by when it started', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20_000)']);
    await once(child, 'spawn');
    const pid = child.pid!;
    const start = await processStart(pid);
    const other = await processStart(process.pid);
    expect(start).not.toBeNull();
    expect(start).not.toBe(other);
    expect(await processStart(pid)).toBe(start);
    const lives = (since: string | null) => processLives({ pid, processStart: since });
    expect([await lives(start), await lives(other), await lives(null)]).toEqual([
      true,
      false,
      true,
    ]);
    // Known in another way only: the id has to do.
    expect(await lives('began Mon Nov 23 19:30:45 2026')).toBe(start!.startsWith('ticks'));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect([await lives(start), await lives(null)]).toEqual([false, false]);
  });

  // A container may hold neither ps nor anything else but Node.
  const hasPs = spawnSync('ps', ['-p', String(process.pid)]).error === undefined;

  (hasPs ? test : test.skip)('has a start where there is no /proc as well, by ps', async () => {
    const start = await startByPs(process.pid);
    expect(start).toMatch(/^began \w{3} \w{3} \d+ [\d:]{8} \d{4}$/);
    expect(await startByPs(process.pid)).toBe(start);
    expect(await startByPs(2 ** 30)).toBeNull();
  });
});
