import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Workload } from '../../control/workload.ts';
import { Failure, messageOf } from '../shell/failure.ts';

/** The JSON body of POST /run, as `parseRunRequest` checks it. */
export interface RunBody {
  readonly peers: number;
  readonly messages: number;
  readonly ordering?: string;
  readonly intervalMs?: { readonly min: number; readonly max: number };
  readonly payloadBytes?: number;
  readonly workload?: Workload;
  readonly deadlineMs?: number;
  readonly seed?: number;
  readonly record?: boolean;
  readonly zones?: readonly string[];
}

/** The functions that a command calls. */
export type FunctionName = 'run' | 'exit';

/** What a function, or something in front of it, answered. */
export interface FunctionAnswer {
  /** 0 when there was none; then `json` is the reason. */
  readonly status: number;
  readonly json: unknown;
}

/** Functions that are not on this machine: each has an address of its own and asks who calls. */
export interface RemoteFunctions {
  readonly fetch: typeof globalThis.fetch;
  /** Where to call, and with which headers besides those of JSON. */
  prepare(name: FunctionName): Promise<{ address: string; headers: Record<string, string> }>;
  /**
   * Hears of a refusal that the function itself did not give, and throws what it means; `again` when
   * another attempt has better prospects, `null` when it means nothing special.
   */
  refused(name: FunctionName, answer: FunctionAnswer): Promise<'again' | null>;
}

/** The base address of functions on this machine, or functions elsewhere. */
export type FunctionsAddress = string | RemoteFunctions;

/** How long a command goes on asking. */
export interface Patience {
  /** The functions may just be (re)starting; the key makes a second request harmless. */
  readonly attemptsMax: number;
  readonly answerMsMax: number;
}

/** An answer may take as long as a crashed peer takes to come back (functions/returning-peers.ts). */
const PATIENCE_DEFAULT: Patience = { attemptsMax: 4, answerMsMax: 25_000 };
const ATTEMPT_PAUSE_MS = 500;

const acceptedSchema = z.object({ runId: z.string() });
const problemSchema = z.object({
  type: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
});

/** Begins a run and gives its id. Throws `Failure` with what the function objected to. */
export async function postRun(
  functions: FunctionsAddress,
  body: RunBody,
  signal: AbortSignal,
  patience = PATIENCE_DEFAULT,
): Promise<string> {
  const answer = await post(functions, 'run', body, signal, patience);
  const accepted = acceptedSchema.safeParse(answer);
  if (!accepted.success) throw new Failure("POST /run answered without a run's id");
  return accepted.data.runId;
}

/** Tells every peer to end. Throws `Failure`. */
export async function postExit(
  functions: FunctionsAddress,
  signal: AbortSignal,
  patience = PATIENCE_DEFAULT,
): Promise<void> {
  await post(functions, 'exit', {}, signal, patience);
}

async function post(
  functions: FunctionsAddress,
  name: FunctionName,
  body: unknown,
  signal: AbortSignal,
  { attemptsMax, answerMsMax } = PATIENCE_DEFAULT,
): Promise<unknown> {
  const key = randomUUID();
  for (let attempt = 1; ; attempt += 1) {
    const { fetch, address, headers } = await prepare(functions, name);
    const keyed = { ...headers, 'idempotency-key': key };
    const answer = await attemptPost(fetch, address, keyed, body, answerMsMax, signal);
    if (answer.status >= 200 && answer.status < 300) return answer.json;
    const again = await isWorthAnother(functions, name, answer);
    if (!again || attempt === attemptsMax) throw new Failure(describeProblem(address, answer));
    await sleep(ATTEMPT_PAUSE_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

async function prepare(functions: FunctionsAddress, name: FunctionName) {
  if (typeof functions === 'string') {
    return { fetch: globalThis.fetch, address: `${functions}/${name}`, headers: {} };
  }
  return { fetch: functions.fetch, ...(await functions.prepare(name)) };
}

/** There was no answer, or one that says that the function is not ready: it may be ready in a moment. */
const PASSING: readonly number[] = [0, 503];
/** Said in front of a function in the cloud: no instance was free, or it was just being replaced. */
const PASSING_REMOTELY: readonly number[] = [...PASSING, 429, 502];

async function isWorthAnother(
  functions: FunctionsAddress,
  name: FunctionName,
  answer: FunctionAnswer,
): Promise<boolean> {
  if (typeof functions === 'string') return PASSING.includes(answer.status);
  if (isOwnProblem(answer.json)) return PASSING.includes(answer.status);
  if ((await functions.refused(name, answer)) === 'again') return true;
  return PASSING_REMOTELY.includes(answer.status);
}

/** Whether the function itself said it, and not what stands in front of it. */
function isOwnProblem(json: unknown): boolean {
  return problemSchema.safeParse(json).data?.type?.startsWith('urn:mpcomm:') ?? false;
}

async function attemptPost(
  fetch: typeof globalThis.fetch,
  address: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
  answerMsMax: number,
  signal: AbortSignal,
): Promise<FunctionAnswer> {
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      // A redirection would take the token elsewhere.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerMsMax)]),
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

function describeProblem(address: string, { status, json }: FunctionAnswer): string {
  if (status === 0) return `${address} does not answer: ${String(json)}`;
  const problem = problemSchema.safeParse(json).data ?? {};
  const text = [problem.title, problem.detail].filter((part) => part !== undefined).join(': ');
  return text || `${address} answered ${status}`;
}
