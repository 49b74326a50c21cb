import type { PlannedMember, RunPlan } from '../command.ts';
import { paths, reportSchema, type Report } from '../documents.ts';
import type { Document, Store } from '../ports.ts';
import { isPrintable, quote, toPrintable } from '../printable.ts';

/**
 * What the reports of a run say. Each is checked as if a stranger wrote it: a report that cannot be
 * used makes its member rejected, and a report of no member is left out and named.
 */
export interface ReadReports {
  /** Accepted and rejected reports by peer id: a member is in at most one of the two. */
  readonly accepted: ReadonlyMap<string, AcceptedReport>;
  readonly rejected: ReadonlyMap<string, string>;
  /** Sentences about documents that were left out. */
  readonly findings: readonly string[];
}

export interface AcceptedReport {
  readonly report: Report;
  /** When the report was created, on the store's clock. */
  readonly createdAtUs: number;
}

/**
 * The most characters of a reason: a comparison repeats it, and must fit one document of 1 MiB whatever
 * the peers wrote.
 */
const REASON_CHARACTERS_MAX = 300;
const DROP_REASONS_MAX = 32;
/** A plain name: Firestore refuses others as names of fields, and the comparison repeats it. */
const DROP_REASON = /^[A-Za-z][A-Za-z0-9-]{0,39}$/;

/** The most strangers' reports that are looked at besides the members' own. */
const STRANGERS_MAX = 16;

/**
 * The documents under `runs/{runId}/reports`: those of the members, and a few of anybody else. Where
 * there are many strangers, the members' documents are read one by one, so that none is overlooked.
 */
export async function listReports(store: Store, plan: RunPlan): Promise<Document[]> {
  const first = plan.members.length + STRANGERS_MAX;
  const listed = await store.list(paths.reports(plan.runId), { first });
  if (listed.length < first) return listed;
  const own = await Promise.all(
    plan.members.map(({ peerId }) => store.read(paths.report(plan.runId, peerId))),
  );
  const known = new Set(plan.members.map(({ peerId }) => peerId));
  const strangers = listed.filter(({ path }) => !known.has(lastSegment(path)));
  return [...own.filter((document) => document !== undefined), ...strangers];
}

/** Checks the documents that `listReports` gave; those of members are accepted in the order of the plan. */
export function readReports(plan: RunPlan, documents: readonly Document[]): ReadReports {
  const accepted = new Map<string, AcceptedReport>();
  const rejected = new Map<string, string>();
  const findings: string[] = [];
  const members = new Map(plan.members.map((member) => [member.peerId, member]));
  for (const { path, fields, createdAtUs } of inOrderOf(plan, documents)) {
    const peerId = lastSegment(path);
    const member = members.get(peerId);
    if (member === undefined) {
      findings.push(`A report of ${nameStranger(peerId)}, which is no member, was left out.`);
      continue;
    }
    const checked = checkReport(plan, member, fields);
    if (typeof checked === 'string') rejected.set(peerId, checked);
    else accepted.set(peerId, { report: trim(plan, checked), createdAtUs });
  }
  return { accepted, rejected, findings };
}

/** A store lists by name, peer-10 before peer-2. Strangers come last. */
function inOrderOf({ members }: RunPlan, documents: readonly Document[]): Document[] {
  const places = new Map(members.map(({ peerId }, place) => [peerId, place]));
  const placeOf = ({ path }: Document): number => places.get(lastSegment(path)) ?? members.length;
  return documents.toSorted((one, other) => placeOf(one) - placeOf(other));
}

/** The id of a document, from its path. */
export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** An id that was never checked, short enough to be quoted. */
export function nameStranger(id: string): string {
  return quote(id, 80);
}

/** The report, or a sentence about why it cannot be used. */
function checkReport(plan: RunPlan, member: PlannedMember, fields: unknown): Report | string {
  const parsed = reportSchema.safeParse(fields);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.') ?? '';
    return `its report is not well formed: field ${quote(field, 80)}`;
  }
  const report = parsed.data;
  if (report.runId !== plan.runId) return `its report is about another run, ${report.runId}`;
  if (report.peerId !== member.peerId) return `its report is signed by ${report.peerId}`;
  if (report.incarnation !== member.incarnation) {
    return 'its report comes from another incarnation: the daemon was restarted during the run';
  }
  if (!isPrintable(report.reason ?? '')) return 'its report has control characters in its reason';
  const odd = Object.keys(report.counters.dropped).find((name) => !DROP_REASON.test(name));
  if (odd !== undefined) return `its report counts dropped datagrams as ${quote(odd, 40)}`;
  return report;
}

function trim(plan: RunPlan, report: Report): Report {
  const isMember = (peerId: string) => plan.members.some((member) => member.peerId === peerId);
  const roundTrips = Object.entries(report.roundTripMs).filter(([peerId]) => isMember(peerId));
  const { reason, blocked, ...rest } = report;
  return {
    ...rest,
    ...(blocked === undefined || !isMember(blocked.sender)
      ? {}
      : { blocked: trimBlocked(blocked, isMember) }),
    ...(reason === undefined ? {} : { reason: toPrintable(reason, REASON_CHARACTERS_MAX) }),
    missing: [...new Set(report.missing)].filter(isMember),
    roundTripMs: Object.fromEntries(roundTrips),
    counters: { ...report.counters, dropped: trimDropped(report.counters.dropped) },
  };
}

function trimBlocked(
  blocked: NonNullable<Report['blocked']>,
  isMember: (peerId: string) => boolean,
): Report['blocked'] {
  return { ...blocked, waitsFor: [...new Set(blocked.waitsFor)].filter(isMember) };
}

function trimDropped(dropped: Readonly<Record<string, number>>): Record<string, number> {
  const entries = Object.entries(dropped).slice(0, DROP_REASONS_MAX);
  return Object.fromEntries(entries);
}
