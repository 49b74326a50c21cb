import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { type Comparison, comparisonSchema } from '../../control/comparison-document.ts';
import { chunkSchema, paths, runSchema } from '../../control/documents.ts';
import type { RunPlan } from '../../control/command.ts';
import {
  type Laboratory,
  type LaboratoryOptions,
  startLaboratory,
} from '../../local/laboratory.ts';
import { eventually } from './eventually.ts';

export type RunBody = Readonly<Record<string, unknown>>;

/** Messages come fast enough for a short test, and slow enough for their order to be contested. */
export const BRISK = { intervalMs: { min: 2, max: 20 } } as const;

/** A laboratory of real processes, for the tests of one suite. */
export class RealLaboratory {
  laboratory!: Laboratory;
  readonly notes: string[] = [];
  readonly #directory = mkdtempSync(join(tmpdir(), 'mpcomm-e2e-'));

  async start(options: Partial<LaboratoryOptions>): Promise<void> {
    this.laboratory = await startLaboratory({
      backend: 'embedded',
      stateDirectory: this.#directory,
      peers: 4,
      zones: null,
      loss: 0,
      onLog: (note) => this.notes.push(note),
      signal: new AbortController().signal,
      ...options,
    });
  }

  async stop(): Promise<void> {
    await this.laboratory?.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  get store() {
    return this.laboratory.backend.store;
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.laboratory.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  /** Begins a run and gives its plan. */
  async begin(body: RunBody): Promise<RunPlan> {
    const response = await this.post('/run', body);
    const answer = (await response.json()) as { runId: string };
    if (response.status !== 202) throw new Error(`refused: ${JSON.stringify(answer)}`);
    const document = await this.store.read(paths.run(answer.runId));
    return runSchema.parse(document?.fields).plan;
  }

  async comparison(runId: string): Promise<Comparison> {
    const path = paths.comparison(runId);
    await eventually(path, async () => (await this.store.read(path)) !== undefined);
    return comparisonSchema.parse((await this.store.read(path))?.fields);
  }

  async run(body: RunBody): Promise<Comparison> {
    return this.comparison((await this.begin(body)).runId);
  }

  /** Waits until `peerId` has uploaded something that it delivered in that run. */
  async uploaded(runId: string, peerId: string): Promise<void> {
    let index = 0;
    // A member on a busy machine multicasts before it delivers anything, and uploads that.
    const hasDelivery = async (): Promise<boolean> => {
      const document = await this.store.read(paths.chunk(runId, peerId, index));
      if (document === undefined) return false;
      index += 1;
      return chunkSchema.parse(document.fields).deliveries > 0;
    };
    await eventually(`a delivery of ${peerId}`, hasDelivery);
  }

  signal(name: string, signal: NodeJS.Signals): void {
    process.kill(this.laboratory.processId(name), signal);
  }

  /** Kills a process, and waits until it is dead: on a busy machine that takes longer than a request. */
  async kill(name: string): Promise<void> {
    const pid = this.laboratory.processId(name);
    process.kill(pid, 'SIGKILL');
    await eventually(`${name} is dead`, () => !isAlive(pid));
  }

  logOf(name: string): string {
    return readFileSync(this.laboratory.directory.logFile(name), 'utf8');
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** One laboratory for all tests of the `describe` block that calls this. */
export function useLaboratory(options: Partial<LaboratoryOptions>): RealLaboratory {
  const real = new RealLaboratory();
  beforeAll(() => real.start(options));
  afterAll(() => real.stop());
  return real;
}
