import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { processExists } from '../../local/process-identity.ts';
import { eventually } from '../support/eventually.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { BRISK, RealLaboratory } from '../support/real-laboratory.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const PRELOAD = join(import.meta.dirname, '..', 'support', 'stepping-clock.ts');
const HOUR_MS = 3_600_000;
const directory = temporaryDirectory();

let lab: RealLaboratory;
beforeEach(() => {
  lab = new RealLaboratory();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await lab.stop();
});

/** Publishes an exit command; gives how the laboratory ended, or `null` when it did not. */
async function exit(): Promise<string | null> {
  expect((await lab.post('/exit', {})).status).toBe(202);
  const late = new AbortController();
  const end = await Promise.race([
    lab.laboratory.whenDown,
    sleep(PATIENCE_MS, null, { signal: late.signal }).catch(() => null),
  ]);
  late.abort();
  return end?.how ?? null;
}

describe('an exit command', () => {
  test.each([0, 600])(
    '%i ms after a crash ends the laboratory, and nothing is started any more',
    async (delayMs) => {
      await lab.start({ peers: 2 });
      const killed = lab.laboratory.processId('peer-1');
      lab.signal('peer-1', 'SIGKILL');
      await eventually('the crash was seen', () => !processExists(killed));
      await sleep(delayMs);
      expect(await exit()).toBe('exited');
      const pids = ['functions', 'peer-0', 'peer-1'].map((name) => lab.laboratory.processId(name));
      expect(pids.filter(processExists)).toEqual([]);
    },
  );

  test('ends a peer that is paused and hears nothing', async () => {
    await lab.start({ peers: 2 });
    const paused = lab.laboratory.processId('peer-1');
    lab.signal('peer-1', 'SIGSTOP');
    expect(await exit()).toBe('exited');
    expect(processExists(paused)).toBe(false);
  });

  test('ends a laboratory that is still starting', async () => {
    const started = lab.start({
      peers: 3,
      onLog: (note) => lab.notes.push(note),
      prepare: async (name, directory, onLog) => {
        const { prepareBackend } = await import('../../local/prepared-backend.ts');
        const prepared = await prepareBackend(name, directory, onLog);
        const { openBackend } = await import('../../backend/open-backend.ts');
        const backend = await openBackend(prepared.environment);
        // As soon as somebody has subscribed, which the laboratory itself does first.
        setTimeout(() => {
          const issuedAtMs = Date.now();
          const command = { command: 'exit', issuedAtMs, expiresAtMs: issuedAtMs + 60_000 };
          void backend.bus.publish(command as never).then(() => backend.close());
        }, 300);
        return prepared;
      },
    });
    await expect(started).rejects.toThrow('the laboratory was told to exit');
  });
});

describe('the clock of the machine', () => {
  /** Sets the time of day of the laboratory's processes, and of this one, which holds it. */
  function setClock(file: string, stepMs: number): void {
    writeFileSync(file, String(stepMs));
    jest.restoreAllMocks();
    const real = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => real() + stepMs);
  }

  test.each([HOUR_MS, -HOUR_MS])(
    'may be set by %i ms: a run goes on, others follow, a peer comes back, exit ends it',
    async (stepMs) => {
      const file = join(directory, `step-${stepMs}`);
      const environment = {
        NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import ${pathToFileURL(PRELOAD).href}`,
        STEPPING_CLOCK_FILE: file,
      };
      await lab.start({ peers: 3, environment });
      const plan = await lab.begin({ peers: 3, messages: 60, ordering: 'sequencer' });
      await lab.uploaded(plan.runId, 'peer-1');
      setClock(file, stepMs);
      const comparison = await lab.comparison(plan.runId);
      expect(comparison.perPeer.map(({ outcome }) => outcome)).toEqual(Array(3).fill('complete'));
      lab.signal('peer-1', 'SIGKILL');
      await eventually(
        'peer-1 is ready again',
        () => lab.logOf('peer-1').split('"ready"').length > 2,
      );
      const next = await lab.run({ peers: 3, messages: 10, ordering: 'fifo', ...BRISK });
      expect(next.perPeer.map(({ outcome }) => outcome)).toEqual(Array(3).fill('complete'));
      expect(await exit()).toBe('exited');
    },
  );
});
