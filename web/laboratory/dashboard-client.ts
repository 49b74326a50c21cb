import { keep, readKept } from '../shared/kept-here.ts';

/** The dashboard did not do what it was asked for; the message is a sentence for a person. */
export class DashboardError extends Error {
  override name = 'DashboardError';
  /** By field, where a request was not valid. */
  readonly errors: readonly FieldProblem[];

  constructor(message: string, errors: readonly FieldProblem[] = []) {
    super(message);
    this.errors = errors;
  }
}

/** What is wrong with one field, and what it may be. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
  readonly allowed: string;
}

/**
 * How long an answer is waited for: longer than the dashboard itself waits for the laboratory, so that its
 * words come first.
 */
const ANSWER_MS_MAX = 30_000;
const KEPT = 'dashboard-key';

/** Whether a dashboard serves this page: a plain web host has no laboratory. */
export function hasDashboard(): boolean {
  return document.querySelector('meta[name="dashboard"]') !== null;
}

/**
 * Remembers the key that came in the address, which is then shown no more, unless the dashboard refuses it: a wrong one
 * would take the place of one that is right. A dashboard that does not answer has refused nothing.
 * @returns whether it was taken.
 */
export async function takeKey(key: string): Promise<boolean> {
  if (key !== dashboardKey() && dashboardKey() !== '' && (await isRefused(key))) return false;
  keep(KEPT, key);
  return true;
}

/** Whether the dashboard takes `key` for a wrong one. */
export async function isRefused(key: string): Promise<boolean> {
  const headers = { 'x-mpcomm-key': key };
  const signal = AbortSignal.timeout(ANSWER_MS_MAX);
  const response = await fetch('api/grids', { headers, signal }).catch(() => null);
  return response?.status === 401;
}

export function dashboardKey(): string {
  return readKept(KEPT, '', (value) => typeof value === 'string');
}

/** Reads a document of the dashboard. Throws `DashboardError`. */
export async function readDocument<Document>(path: string): Promise<Document> {
  return ask<Document>(path, {});
}

/** Sends one. Throws `DashboardError`, with what is wrong by field. */
export async function sendDocument<Document>(path: string, body: unknown): Promise<Document> {
  return ask<Document>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function ask<Document>(path: string, init: RequestInit): Promise<Document> {
  const headers = { ...(init.headers as Record<string, string>), 'x-mpcomm-key': dashboardKey() };
  const signal = AbortSignal.timeout(ANSWER_MS_MAX);
  const response = await fetch(`api/${path}`, { ...init, headers, signal }).catch(
    (error: unknown) => {
      throw new DashboardError(describeSilence(error));
    },
  );
  const answer = (await response.json().catch((error: unknown) => {
    if (response.ok) throw new DashboardError(describeSilence(error));
    return null;
  })) as Record<string, unknown> | null;
  if (response.ok && answer !== null) return answer as Document;
  const { title, detail, errors } = answer ?? {};
  const said = [title, detail].filter((each) => typeof each === 'string').join(': ');
  throw new DashboardError(
    said === '' ? `The dashboard answered ${response.status}.` : said,
    Array.isArray(errors) ? (errors as FieldProblem[]) : [],
  );
}

function describeSilence(error: unknown): string {
  const isLate = error instanceof DOMException && error.name === 'TimeoutError';
  if (isLate) return `The dashboard has not answered for ${ANSWER_MS_MAX / 1_000} s.`;
  return 'The dashboard does not answer, or not to the end: has "mpcomm dashboard" ended?';
}

/** Hands a document of the dashboard over as a file. Throws `DashboardError`. */
export async function downloadDocument(path: string, name: string): Promise<void> {
  const text = JSON.stringify(await readDocument(path), null, 2);
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}
