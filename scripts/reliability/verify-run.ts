import { isDeepStrictEqual } from 'node:util';
import type { RunPlan } from '../../control/command.ts';
import { type Comparison, comparisonSchema } from '../../control/comparison-document.ts';
import { chunkSchema, paths, reportSchema } from '../../control/documents.ts';
import type { Document, Store } from '../../control/ports.ts';

/** The guarantees that hold in every run in which nothing is lost and nothing comes twice. */
const MUST_HOLD = ['integrity', 'validity', 'agreement'] as const;

/**
 * What is wrong with a run that should have gone well, read from its documents: nothing lost (every
 * member reported, and delivered every message), nothing double (no delivery twice, one report a
 * member, chunks that add up to the report), one comparison. Empty when nothing is.
 */
export async function verifyRun(
  store: Store,
  plan: RunPlan,
  comparison: Comparison,
): Promise<string[]> {
  const wrong = [...wrongInComparison(plan, comparison)];
  const [reports, chunks, stored] = await Promise.all([
    store.list(paths.reports(plan.runId)),
    store.list(paths.chunks(plan.runId), { bytes: false }),
    store.read(paths.comparison(plan.runId)),
  ]);
  wrong.push(...wrongInReports(plan, reports, chunks));
  if (!isDeepStrictEqual(comparisonSchema.parse(stored?.fields), comparison)) {
    wrong.push('the comparison changed after it was made');
  }
  return wrong.map((each) => `${plan.runId}: ${each}`);
}

function* wrongInComparison(plan: RunPlan, comparison: Comparison): Generator<string> {
  const expected = plan.members.length * plan.messages;
  for (const peer of comparison.perPeer) {
    const { peerId, standing, outcome, delivered, missing, duplicates, invented } = peer;
    if (standing !== 'reported' || outcome !== 'complete') {
      yield `${peerId} is ${standing}, ${outcome ?? 'without outcome'}: ${peer.reason ?? ''}`;
    }
    if (delivered !== expected) yield `${peerId} delivered ${delivered} of ${expected}`;
    if (missing !== 0) yield `${peerId} misses ${missing}`;
    if (duplicates !== 0) yield `${peerId} delivered ${duplicates} twice`;
    if (invented !== 0) yield `${peerId} delivered ${invented} that nobody sent`;
  }
  for (const name of MUST_HOLD) {
    if (comparison.guarantees[name].held !== true) yield `${name} was not held`;
  }
}

function* wrongInReports(
  plan: RunPlan,
  reports: readonly Document[],
  chunks: readonly Document[],
): Generator<string> {
  const parsed = reports.map(({ fields }) => reportSchema.parse(fields));
  const pieces = chunks.map(({ fields }) => chunkSchema.parse(fields));
  const members = plan.members.map(({ peerId }) => peerId);
  const reporters = parsed.map(({ peerId }) => peerId);
  if (!isDeepStrictEqual(reporters.toSorted(), members.toSorted())) {
    yield `reports of ${reporters.join(', ')}, where the members are ${members.join(', ')}`;
  }
  for (const report of parsed) {
    const own = pieces.filter(({ peerId }) => peerId === report.peerId);
    const indexes = own.map(({ index }) => index);
    if (!isDeepStrictEqual(indexes, [...Array(report.chunks).keys()])) {
      yield `${report.peerId} has chunks ${indexes.join(', ')}, where its report says ${report.chunks}`;
    }
    const deliveries = own.reduce((sum, chunk) => sum + chunk.deliveries, 0);
    if (deliveries !== report.deliveries) {
      yield `${report.peerId} uploaded ${deliveries} deliveries, its report says ${report.deliveries}`;
    }
  }
}
