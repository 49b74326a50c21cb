import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import {
  claimLaboratory,
  findLaboratory,
  LaboratoryIsUpError,
} from '../../local/laboratory-file.ts';
import { processExists } from '../../local/process-identity.ts';
import { eventually } from '../support/eventually.ts';
import { BRISK, useLaboratory, type RealLaboratory } from '../support/real-laboratory.ts';

const LAUNCHER = fileURLToPath(new URL('../../cli/mpcomm.js', import.meta.url));

/** Kills a process of the laboratory and waits until it runs again, as another one. */
async function killAndAwait(lab: RealLaboratory, name: string): Promise<void> {
  const before = lab.laboratory.processId(name);
  lab.signal(name, 'SIGKILL');
  await eventually(`${name} runs again`, () => {
    const now = lab.laboratory.processId(name);
    return now !== before && processExists(now);
  });
}

describe('a laboratory whose functions are silent', () => {
  const lab = useLaboratory({ peers: 2 });

  test('is up all the same: it is found, its record stays, and no second one starts', async () => {
    const { directory } = lab.laboratory;
    lab.signal('functions', 'SIGSTOP');
    try {
      const record = await findLaboratory(directory);
      expect(record).toMatchObject({ pid: process.pid, url: lab.laboratory.url });
      await expect(claimLaboratory(directory, record!)).rejects.toThrow(LaboratoryIsUpError);
      expect(existsSync(directory.laboratoryFile)).toBe(true);
    } finally {
      lab.signal('functions', 'SIGCONT');
    }
  });
});

describe('a peer that was told to end, while nobody else was', () => {
  const lab = useLaboratory({ peers: 3 });

  test('stays down, and the functions and the other peers are still started again', async () => {
    const ended = lab.laboratory.processId('peer-2');
    lab.signal('peer-2', 'SIGTERM');
    await eventually('peer-2 has ended', () => !processExists(ended));
    await killAndAwait(lab, 'functions');
    await killAndAwait(lab, 'peer-1');
    await eventually(
      'peer-1 is ready again',
      () => lab.logOf('peer-1').split('"ready"').length > 2,
    );
    expect(lab.laboratory.processId('peer-2')).toBe(ended);
    await eventually('the functions answer', async () => {
      return fetch(lab.laboratory.url).then(
        () => true,
        () => false,
      );
    });
    const comparison = await lab.run({ peers: 2, messages: 10, ...BRISK });
    expect(comparison.perPeer.map(({ delivered }) => delivered)).toEqual([20, 20]);
  });

  test('after an exit command the laboratory goes down, and nothing is started again', async () => {
    expect((await lab.post('/exit', {})).status).toBe(202);
    expect((await lab.laboratory.whenDown).how).toBe('exited');
  });
});

describe('mpcomm console', () => {
  test('ends with status 0 after exit, also with the smallest loss that can be written', async () => {
    const state = mkdtempSync(join(tmpdir(), 'mpcomm-e2e-'));
    const words = ['console', '--peers', '2', '--loss', '0.0000001', '--state', state];
    const child = spawn(process.execPath, [LAUNCHER, ...words]);
    const exit = once(child, 'exit');
    let notes = '';
    child.stderr.on('data', (chunk: Buffer) => (notes += chunk.toString()));
    child.stdin.end('exit\n');
    const [status] = await exit;
    expect(notes).toContain('The peers were told to end.');
    expect({ status, notes }).toEqual({ status: 0, notes });
    rmSync(state, { recursive: true });
  });
});
