import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Comparison, comparisonSchema } from '../../control/comparison-document.ts';
import type { RunPlan } from '../../control/command.ts';
import { paths, runSchema } from '../../control/documents.ts';
import { UPLOAD_GRACE_MS } from '../../control/limits.ts';
import type { Document, Store } from '../../control/ports.ts';
import {
  type Laboratory,
  type LaboratoryOptions,
  startLaboratory,
} from '../../local/laboratory.ts';
import type { TrialContext } from './trial.ts';

const POLL_MS = 50;
const ANSWER_MS_MAX = 60_000;
/**
 * The time after a run's deadline and the grace for uploads within which it is compared, if need be by the
 * schedule.
 */
const COMPARE_MS_MAX = 60_000;

/** `store`: another way to the documents than the laboratory's own. */
export type TrialLaboratoryOptions = Partial<LaboratoryOptions> & { readonly store?: Store };

export type TrialRunBody = Readonly<Record<string, unknown>>;

/**
 * A small and quick run. Its ordering is fifo, which makes up for a datagram that the machine lost under
 * load.
 */
export const SMALL_RUN = {
  peers: 3,
  messages: 5,
  ordering: 'fifo',
  intervalMs: { min: 1, max: 10 },
} as const;

export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly json: Record<string, unknown> | null;
  readonly elapsedMs: number;
}

/** A laboratory that one trial has for itself, in a directory that goes with it. */
export class TrialLaboratory {
  readonly laboratory: Laboratory;
  /** Through which documents are read: never the way whose faults are tried. */
  readonly store: Store;
  readonly #directory: string;
  readonly #context: TrialContext;

  private constructor(
    laboratory: Laboratory,
    store: Store,
    directory: string,
    context: TrialContext,
  ) {
    this.laboratory = laboratory;
    this.store = store;
    this.#directory = directory;
    this.#context = context;
  }

  static async start(
    context: TrialContext,
    options: TrialLaboratoryOptions,
  ): Promise<TrialLaboratory> {
    const directory = mkdtempSync(join(tmpdir(), 'mpcomm-trial-'));
    const { store, ...others } = options;
    const laboratory = await startLaboratory({
      backend: context.backend,
      stateDirectory: directory,
      peers: SMALL_RUN.peers,
      zones: null,
      loss: 0,
      onLog: (note) => context.say(`  laboratory: ${note}`),
      signal: context.signal,
      ...others,
    });
    const read = store ?? laboratory.backend.store;
    return new TrialLaboratory(laboratory, read, directory, context);
  }

  async stop(): Promise<void> {
    await this.laboratory.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const startedAtMs = performance.now();
    const response = await fetch(`${this.laboratory.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.any([this.#context.signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
    });
    const text = await response.text();
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      json: parseObject(text),
      elapsedMs: performance.now() - startedAtMs,
    };
  }

  /**
   * Begins a run and gives its plan. An outage may answer 503 for `msMax`: the request is repeated
   * under the same key, as a user's would be.
   */
  async begin(body: TrialRunBody, msMax = 0): Promise<RunPlan> {
    const key = { 'idempotency-key': randomUUID() };
    const deadline = performance.now() + msMax;
    for (;;) {
      const { status, json } = await this.post('/run', body, key);
      if (status === 202) return this.plan(String(json!['runId']));
      const may = status === 503 && performance.now() < deadline;
      if (!may) throw new Error(`a run was refused: ${JSON.stringify(json)}`);
      await sleep(500);
    }
  }

  async plan(runId: string): Promise<RunPlan> {
    return runSchema.parse((await this.store.read(paths.run(runId)))?.fields).plan;
  }

  /** Waits for a run's comparison, at most until the schedule must have made it. */
  async comparison(plan: RunPlan): Promise<Comparison> {
    const path = paths.comparison(plan.runId);
    const untilMs = plan.deadlineMs + UPLOAD_GRACE_MS + COMPARE_MS_MAX;
    let document: Document | undefined;
    while ((document = await this.store.read(path)) === undefined) {
      if (Date.now() > untilMs) throw new Error(`run ${plan.runId} hangs: it was never compared`);
      this.#context.signal.throwIfAborted();
      await sleep(POLL_MS);
    }
    return comparisonSchema.parse(document.fields);
  }

  async run(body: TrialRunBody, msMax = 0): Promise<{ plan: RunPlan; comparison: Comparison }> {
    const plan = await this.begin(body, msMax);
    return { plan, comparison: await this.comparison(plan) };
  }

  logOf(name: string): string {
    return readFileSync(this.laboratory.directory.logFile(name), 'utf8');
  }

  /** How often `text` is in the logs of all peers. */
  countInLogs(text: string): number {
    const logs = this.laboratory.peerIds.map((peerId) => this.logOf(peerId));
    return logs.reduce((sum, log) => sum + log.split(text).length - 1, 0);
  }
}

/** Starts a laboratory for `work`, and stops it however that ends. */
export async function withLaboratory(
  context: TrialContext,
  options: TrialLaboratoryOptions,
  work: (trial: TrialLaboratory) => Promise<void>,
): Promise<void> {
  const trial = await TrialLaboratory.start(context, options);
  try {
    await work(trial);
  } finally {
    await trial.stop();
  }
}

/** Waits until `isTrue`, and throws after `msMax`, saying what did not come about. */
export async function until(
  what: string,
  msMax: number,
  isTrue: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + msMax;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`not within ${msMax} ms: ${what}`);
    await sleep(POLL_MS);
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
