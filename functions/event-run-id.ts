import { peerIdSchema, runIdSchema } from '../control/names.ts';

/** A report's path at the end of whatever names a document. */
const REPORT_PATH = /(?:^|\/)runs\/([^/]+)\/reports\/([^/]+)$/;

/**
 * The run whose report an event is about, or `null`.
 *
 * Eventarc's events carry the path in the attribute `document` (`runs/R/reports/P`) and in `subject`
 * (`documents/runs/R/reports/P`). The older events of the Firestore emulator reach a function as a
 * CloudEvent that has only the subject or, when the Functions Framework does not know their type, as
 * they are: with a `resource` that ends in the path.
 */
export function runIdOfEvent(event: unknown): string | null {
  if (typeof event !== 'object' || event === null) return null;
  const { document, subject, resource, context } = event as Record<string, unknown>;
  const names = [document, subject, nameOf(resource), nameOf(resourceOf(context))];
  for (const name of names) {
    const runId = typeof name === 'string' ? runIdOfPath(name) : null;
    if (runId !== null) return runId;
  }
  return null;
}

function runIdOfPath(path: string): string | null {
  const [, runId, peerId] = REPORT_PATH.exec(path) ?? [];
  const isReport = runIdSchema.safeParse(runId).success && peerIdSchema.safeParse(peerId).success;
  return isReport ? runId! : null;
}

function resourceOf(context: unknown): unknown {
  return typeof context === 'object' && context !== null
    ? (context as Record<string, unknown>)['resource']
    : undefined;
}

function nameOf(resource: unknown): unknown {
  return typeof resource === 'object' && resource !== null
    ? (resource as Record<string, unknown>)['name']
    : resource;
}
