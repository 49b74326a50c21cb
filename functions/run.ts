import { createHash, webcrypto } from 'node:crypto';
import type { Request, Response } from '@google-cloud/functions-framework';
import { toProblem } from '../control/runs/begin-run-problem.ts';
import { beginRun, joinActiveRun } from '../control/runs/begin-run.ts';
import type { RunPlan } from '../control/command.ts';
import { paths } from '../control/documents.ts';
import { LIMITS } from '../control/limits.ts';
import { createProblem, type Problem } from '../control/problem.ts';
import { parseRunRequest } from '../control/runs/run-request.ts';
import {
  answering,
  isJson,
  notJsonProblem,
  refusedMethod,
  sendJson,
  sendProblem,
  tooLargeProblem,
} from './answer.ts';
import { getBackend } from './backend.ts';
import { log } from './log.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { getOrderings } from './orderings.ts';
import { presentPeers } from './present-peers.ts';
import { whilePeersReturn } from './returning-peers.ts';

const KEY_FORM = new RegExp(`^[\\x21-\\x7e]{1,${LIMITS.idempotencyKeyCharactersMax}}$`);

/**
 * `POST /run` begins a run and answers 202 with its id. The Location, `/runs/<runId>`, is the path of
 * the run's document in the store.
 */
export async function run(request: Request, response: Response): Promise<void> {
  if (refusedMethod(request, response)) return;
  const problem = checkRequest(request);
  if (problem !== null) sendProblem(response, problem);
  else await answering(response, () => begin(request, response));
}

function checkRequest(request: Request): Problem | null {
  const contentType = request.headers['content-type'];
  if (!isJson(contentType)) return notJsonProblem(contentType);
  if ((request.rawBody?.length ?? 0) > LIMITS.requestBytesMax) return tooLargeProblem();
  const key = request.get('idempotency-key');
  if (key === undefined || KEY_FORM.test(key)) return null;
  const allowed = `1 to ${LIMITS.idempotencyKeyCharactersMax} visible ASCII characters`;
  return createProblem('invalid-request', 'The Idempotency-Key is not valid.', {
    errors: [{ field: 'Idempotency-Key', problem: 'not allowed', allowed }],
  });
}

async function begin(request: Request, response: Response): Promise<void> {
  const orderings = await getOrderings();
  const parsed = parseRunRequest(request.body, [...orderings.keys()]);
  if (!parsed.valid) {
    const { errors } = parsed;
    const detail = errors
      .map(({ field, problem, allowed }) => `${field || 'body'}: ${problem}; allowed is ${allowed}`)
      .join('. ');
    return sendProblem(response, createProblem('invalid-request', `${detail}.`, { errors }));
  }
  const backend = await getBackend();
  const key = request.get('idempotency-key') ?? null;
  const context = {
    backend,
    clock: backend.clock,
    random,
    sha256Hex,
    orderings,
    present: presentPeers,
  };
  const begun = await whilePeersReturn(parsed.request.peers, () =>
    oneAtATime(
      () => joinActiveRun(context, parsed.request, key),
      () => beginRun(context, parsed.request, key),
    ),
  );
  if (begun.outcome === 'begun' || begun.outcome === 'repeated') {
    log('INFO', `run ${begun.plan.runId} ${begun.outcome}`, { runId: begun.plan.runId });
    return sendRun(response, begun.plan);
  }
  const problem = toProblem(begun, parsed.request);
  log('WARNING', problem.detail, { outcome: begun.outcome });
  const retryAfterS =
    begun.outcome === 'active' ? secondsFor(begun.untilMs - backend.clock()) : null;
  sendProblem(response, problem, retryAfterS === null ? {} : { 'retry-after': retryAfterS });
}

function sendRun(response: Response, plan: RunPlan): void {
  const { runId, ordering, messages, seed, members, deadlineMs } = plan;
  const body = {
    runId,
    ordering,
    peers: members.length,
    messages,
    seed,
    zones: members.map(({ zone }) => zone),
    members: members.map(({ peerId }) => peerId),
    deadline: new Date(deadlineMs).toISOString(),
    run: paths.run(runId),
    comparison: paths.comparison(runId),
  };
  sendJson(response, 202, body, { location: `/${paths.run(runId)}` });
}

function secondsFor(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1_000)));
}

function random(): number {
  return webcrypto.getRandomValues(new Uint32Array(1))[0]! / 0x1_0000_0000;
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
