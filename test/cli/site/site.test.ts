import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openSite } from '../../../cli/site/site.ts';
import { PLAIN } from '../../../cli/shell/terminal.ts';
import { claimLaboratory } from '../../../local/laboratory-file.ts';
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

describe('a laboratory that was joined', () => {
  test('is known to be gone about a second after its process died', async () => {
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20_000)']);
    await once(other, 'spawn');
    await claimLaboratory(directory, {
      pid: other.pid!,
      processStart: await processStart(other.pid!),
      startedAtMs: 1,
      backend: 'embedded',
      url: 'http://127.0.0.1:9',
      environment: { MPCOMM_BACKEND: 'embedded', MPCOMM_STATE_FILE: directory.stateFile },
      peers: [],
      loss: 0,
    });
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
