import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Context } from '../../../cli/shell/context.ts';
import { upCommand } from '../../../cli/laboratory/laboratory-commands.ts';
import { findStarted } from '../../../cli/site/find-started.ts';
import { openSite } from '../../../cli/site/site.ts';
import { PLAIN } from '../../../cli/shell/terminal.ts';
import {
  claimLaboratory,
  updateLaboratory,
  type LaboratoryRecord,
} from '../../../local/laboratory-file.ts';
import { processStart } from '../../../local/process-identity.ts';
import { stateDirectoryAt, type StateDirectory } from '../../../local/state-directory.ts';
import { eventually } from '../../support/eventually.ts';

let directory: StateDirectory;

beforeEach(async () => {
  directory = stateDirectoryAt(await mkdtemp(join(tmpdir(), 'mpcomm-')));
});

afterEach(() => rm(directory.path, { recursive: true }));

const terminal = {
  data: () => undefined,
  note: () => undefined,
  status: { isTTY: false, columns: 80, write: () => undefined },
  paint: PLAIN,
};

/** What a laboratory of that process writes down of itself. */
async function recordOf(pid: number, url: string | null): Promise<LaboratoryRecord> {
  return {
    pid,
    processStart: await processStart(pid),
    startedAtMs: 1,
    backend: 'embedded',
    url,
    environment: { MPCOMM_BACKEND: 'embedded', MPCOMM_STATE_FILE: directory.stateFile },
    peers: [],
    loss: 0,
  };
}

describe('a laboratory that is just starting', () => {
  const { signal } = new AbortController();
  let notes: string[];
  let context: Context;

  beforeEach(async () => {
    notes = [];
    context = { terminal: { ...terminal, note: (text) => void notes.push(text) }, signal };
    await claimLaboratory(directory, await recordOf(process.pid, null));
  });

  test('is waited for, and then joined', async () => {
    const opening = openSite(context, { state: directory.path }, 2);
    await eventually('the wait is told of', () => notes.length > 0);
    await updateLaboratory(directory, await recordOf(process.pid, 'http://127.0.0.1:9'));
    const site = await opening;
    expect(site).toMatchObject({ url: 'http://127.0.0.1:9', laboratory: null });
    await site.close();
    expect(notes).toEqual([
      `Waiting for the laboratory that process ${process.pid} is starting ...`,
      `Using the laboratory that is up (process ${process.pid}, http://127.0.0.1:9).`,
    ]);
  });

  test('is not said to start a second time by up', async () => {
    const up = upCommand(context, { state: directory.path, peers: 2 });
    await expect(up).rejects.toThrow(`a laboratory is up already in ${directory.path}`);
    expect(notes).toEqual([]);
  });

  test('is waited for no longer than it may take, nor by whoever needs another', async () => {
    const late = findStarted(context, { state: directory.path }, directory, -30_000);
    await expect(late).rejects.toThrow('is still starting after 0 s; end that process');
    const other = openSite(context, { state: directory.path, loss: 0.1 }, 2);
    await expect(other).rejects.toThrow('loses 0 of its datagrams');
    const left = { ...context, signal: AbortSignal.abort(new Error('the user left')) };
    await expect(openSite(left, { state: directory.path }, 2)).rejects.toThrow('the user left');
  });

  test('is none any more once its process has given up', async () => {
    const looking = findStarted(context, { state: directory.path }, directory);
    await eventually('the wait is told of', () => notes.length > 0);
    await rm(directory.laboratoryFile);
    expect(await looking).toBeNull();
  });
});

describe('a laboratory that was joined', () => {
  test('is known to be gone about a second after its process died', async () => {
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20_000)']);
    await once(other, 'spawn');
    await claimLaboratory(directory, await recordOf(other.pid!, 'http://127.0.0.1:9'));
    const user = new AbortController().signal;
    const site = await openSite({ terminal, signal: user }, { state: directory.path }, 2);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(site.signal.aborted).toBe(false);
    other.kill('SIGKILL');
    await eventually('the site has noticed', () => site.signal.aborted);
    await site.close();
    expect(() => site.signal.throwIfAborted()).toThrow(
      `the laboratory that was up (process ${other.pid}) is gone`,
    );
  });
});
