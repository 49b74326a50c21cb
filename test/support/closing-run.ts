import { closeRun } from '../../control/runs/close-run.ts';
import type { RunPlan } from '../../control/command.ts';
import { comparisonSchema, type Comparison } from '../../control/comparison-document.ts';
import { paths } from '../../control/documents.ts';
import { UPLOAD_GRACE_MS } from '../../control/limits.ts';
import { begunRun, NOW_MS } from './control-fixtures.ts';
import { MemoryBackend } from '../../bench/virtual-group/memory-backend.ts';

/** A run that has begun on a backend in memory, and what a test does to close it. */
export class ClosingRun {
  readonly backend: MemoryBackend;
  readonly plan: RunPlan;

  private constructor(backend: MemoryBackend, plan: RunPlan) {
    this.backend = backend;
    this.plan = plan;
  }

  static async begin(): Promise<ClosingRun> {
    const backend = new MemoryBackend();
    return new ClosingRun(backend, await begunRun(backend));
  }

  close(nowMs = NOW_MS) {
    return closeRun({ store: this.backend.store, nowMs }, this.plan.runId);
  }

  /** Closes it when nobody can add to it any more. */
  closeLate() {
    return this.close(this.plan.deadlineMs + UPLOAD_GRACE_MS);
  }

  async comparison(): Promise<Comparison> {
    const document = await this.backend.store.read(paths.comparison(this.plan.runId));
    return comparisonSchema.parse(document?.fields);
  }
}

export function standings({ perPeer }: Comparison) {
  return perPeer.map(({ standing }) => standing);
}
