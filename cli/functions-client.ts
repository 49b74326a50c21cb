import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Failure, messageOf } from './failure.ts';

/** The JSON body of POST /run, as `parseRunRequest` checks it. */
export interface RunBody {
  readonly peers: number;
  readonly messages: number;
  readonly ordering?: string;
  readonly intervalMs?: { readonly min: number; readonly max: number };
  readonly payloadBytes?: number;
  readonly deadlineMs?: number;
  readonly seed?: number;
  readonly record?: boolean;
  readonly zones?: readonly string[];
}

const ANSWER_MS_MAX = 15_000;
/** The functions may just be restarting; the key makes a second request harmless. */
const ATTEMPTS_MAX = 4;
const ATTEMPT_PAUSE_MS = 500;

const acceptedSchema = z.object({ runId: z.string() });
const problemSchema = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
});

/** Begins a run and gives its id. Throws `Failure` with what the function objected to. */
export async function postRun(url: string, body: RunBody, signal: AbortSignal): Promise<string> {
  const answer = await post(`${url}/run`, body, signal);
  const accepted = acceptedSchema.safeParse(answer);
  if (!accepted.success) throw new Failure(`POST ${url}/run answered without a run's id`);
  return accepted.data.runId;
}

/** Tells every peer to end. Throws `Failure`. */
export async function postExit(url: string, signal: AbortSignal): Promise<void> {
  await post(`${url}/exit`, {}, signal);
}

async function post(address: string, body: unknown, signal: AbortSignal): Promise<unknown> {
  const key = randomUUID();
  for (let attempt = 1; ; attempt += 1) {
    const answer = await attemptPost(address, body, key, signal);
    const mayPass = answer.status === 0 || answer.status === 503;
    if (answer.status >= 200 && answer.status < 300) return answer.json;
    if (!mayPass || attempt === ATTEMPTS_MAX) throw new Failure(describeProblem(address, answer));
    await sleep(ATTEMPT_PAUSE_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

interface Answer {
  /** 0 when there was none; then `json` is the reason. */
  readonly status: number;
  readonly json: unknown;
}

async function attemptPost(
  address: string,
  body: unknown,
  key: string,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
    });
    return { status: response.status, json: parseJson(await response.text()) };
  } catch (error) {
    signal.throwIfAborted();
    return { status: 0, json: reasonOf(error) };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// fetch says only "fetch failed"; what failed is its cause.
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return messageOf(cause ?? error);
}

function describeProblem(address: string, { status, json }: Answer): string {
  if (status === 0) return `${address} does not answer: ${String(json)}`;
  const problem = problemSchema.safeParse(json).data ?? {};
  const text = [problem.title, problem.detail].filter((part) => part !== undefined).join(': ');
  return text || `${address} answered ${status}`;
}
