import { setTimeout as sleep } from 'node:timers/promises';
import { findLaboratory, type LaboratoryRecord } from '../../local/laboratory-file.ts';
import { readyMsMaxFor } from '../../local/readiness.ts';
import type { StateDirectory } from '../../local/state-directory.ts';
import { checkOrderingFile } from '../ordering/file-ordering.ts';
import type { Context, SiteOptions } from '../shell/context.ts';
import { Failure } from '../shell/failure.ts';

const POLL_MS = 100;

/** What may pass before its processes start: the emulators are there after 60 s, or never. */
const PREPARING_MS_MAX = 60_000;

/** A laboratory that is up, and so has an address. */
export type StartedLaboratory = LaboratoryRecord & { readonly url: string };

/**
 * The laboratory that is up in the directory, once it is if it is just starting; `null` where there is none. Throws
 * `Failure` at once for another kind of laboratory than the options ask for, and for one that has not started when its own
 * time for that is over.
 */
export async function findStarted(
  { terminal, signal }: Context,
  options: SiteOptions,
  directory: StateDirectory,
  preparingMsMax = PREPARING_MS_MAX,
): Promise<StartedLaboratory | null> {
  const beganMs = performance.now();
  for (let isTold = false; ; isTold = true) {
    const record = await findLaboratory(directory);
    if (record === null) return null;
    if (isStarted(record)) return record;
    checkKind(options, record);
    const { pid, peers } = record;
    const waitMs = preparingMsMax + readyMsMaxFor(peers.length);
    if (performance.now() - beganMs > waitMs) {
      throw new Failure(
        `the laboratory of process ${pid} is still starting after ${waitMs / 1_000} s; end that process, ` +
          'or use another --state directory',
      );
    }
    if (!isTold) terminal.note(`Waiting for the laboratory that process ${pid} is starting ...`);
    await sleep(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

export function isStarted(record: LaboratoryRecord): record is StartedLaboratory {
  return record.url !== null;
}

/** Throws `Failure` when a laboratory that has started is not what the options ask for. */
export function checkJoinable(options: SiteOptions, record: StartedLaboratory): void {
  checkKind(options, record);
  checkOrderingFile(options, record);
}

function checkKind(options: SiteOptions, record: LaboratoryRecord): void {
  const up = `the laboratory that is up (process ${record.pid})`;
  if (options.backend !== undefined && options.backend !== record.backend) {
    throw new Failure(
      `${up} is on the ${record.backend} backend, not on ${options.backend}; ` +
        'end it with "mpcomm exit", or use another --state directory',
    );
  }
  if (options.loss !== undefined && options.loss !== record.loss) {
    throw new Failure(
      `${up} loses ${record.loss} of its datagrams; --loss is for a laboratory that is started`,
    );
  }
}
