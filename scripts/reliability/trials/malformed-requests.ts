import fc from 'fast-check';
import { PROBLEM_MEDIA_TYPE } from '../../../control/problem.ts';
import { autocannon } from '../autocannon.ts';
import { ABORTED_REQUESTS, BROKEN_REQUESTS, sendAndLeave, sendRaw } from '../broken-http.ts';
import { malformedRequest, type MalformedRequest } from '../malformed-bodies.ts';
import { SMALL_RUN, type TrialLaboratory, withLaboratory } from '../trial-laboratory.ts';
import type { Trial, TrialContext } from '../trial.ts';
import { verifyRun } from '../verify-run.ts';

const REQUESTS = 1_000;
const CONNECTIONS = 20;
const TIMEOUT_S = 20;

export const malformedRequests: Trial = {
  name: 'malformed-requests',
  summary: `${REQUESTS} malformed requests, and broken HTTP, must each get a 4xx in problem details`,
  backends: ['embedded', 'emulators'],
  runsDefault: 1,
  msMax: (runs) => 120_000 + runs * 120_000,
  run: (context) => withLaboratory(context, {}, (trial) => tryAll(context, trial)),
};

async function tryAll(context: TrialContext, trial: TrialLaboratory): Promise<void> {
  const pid = trial.laboratory.processId('functions');
  for (let round = 1; round <= context.runs; round += 1) {
    await tryMalformed(context, trial, round);
    await tryBroken(context, trial);
  }
  const isSame = trial.laboratory.processId('functions') === pid;
  context.check(isSame, 'the process of the functions is the one that it was');
  const { plan, comparison } = await trial.run(SMALL_RUN);
  const wrong = await verifyRun(trial.store, plan, comparison);
  context.check(wrong.length === 0, `a good request after all that is served: ${wrong.join('; ')}`);
}

/** Well-formed HTTP around what no function accepts, drawn from the round's number as a seed. */
async function tryMalformed(
  context: TrialContext,
  trial: TrialLaboratory,
  seed: number,
): Promise<void> {
  const drawn = fc.sample(malformedRequest, { numRuns: REQUESTS, seed });
  const statuses = new Map<number, number>();
  let answered = 0;
  const requests = drawn.map((request) => ({
    ...request,
    onResponse: (status: number, body: string, _: object, headers: Record<string, string>) => {
      answered += 1;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type');
      const problem = faultOf(status, type?.[1], body);
      context.check(problem === null, `${describe(request)}: ${problem ?? ''}`);
    },
  }));
  let clients = 0;
  const result = await autocannon({
    url: trial.laboratory.url,
    connections: CONNECTIONS,
    amount: REQUESTS,
    timeout: TIMEOUT_S,
    setupClient: (client) => {
      const own = clients;
      client.setRequests(requests.filter((_, index) => index % CONNECTIONS === own));
      clients += 1;
    },
  });
  context.check(result.errors === 0, `no connection failed, and not ${result.errors}`);
  context.check(answered === REQUESTS, `${REQUESTS} answers came, and not ${answered}`);
  const counts = [...statuses].sort(([a], [b]) => a - b);
  context.measured('answers', counts.map(([status, count]) => `${count} x ${status}`).join(', '));
  context.measured(
    'answered after (median, last)',
    `${result.latency.p50} ms, ${result.latency.max} ms`,
  );
}

async function tryBroken(context: TrialContext, { laboratory }: TrialLaboratory): Promise<void> {
  for (const { kind, bytes } of BROKEN_REQUESTS) {
    const answer = await sendRaw(laboratory.url, bytes).catch(String);
    const [head = '', body = ''] = answer.split('\r\n\r\n', 2);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
    const type = /^content-type: (.*)$/im.exec(head)?.[1]?.trim();
    const problem = faultOf(status, type, body);
    context.check(problem === null, `${kind}: ${problem ?? ''}`);
  }
  for (const { bytes } of ABORTED_REQUESTS) await sendAndLeave(laboratory.url, bytes);
  context.measured('broken HTTP', `${BROKEN_REQUESTS.length} kinds`);
}

/** What keeps an answer from being a refusal in good form; `null` when nothing does. */
function faultOf(status: number, type: string | undefined, body: string): string | null {
  if (!(status >= 400 && status < 500)) return `answered ${status}: ${body.slice(0, 200)}`;
  if (type !== PROBLEM_MEDIA_TYPE) return `${status} came as ${String(type)}`;
  try {
    const problem = JSON.parse(body) as Record<string, unknown>;
    const isWhole =
      problem['status'] === status &&
      /^urn:mpcomm:problem:[a-z-]+$/.test(String(problem['type'])) &&
      typeof problem['title'] === 'string' &&
      typeof problem['detail'] === 'string';
    return isWhole ? null : `${status} lacks members of a problem: ${body.slice(0, 200)}`;
  } catch {
    return `${status} is not JSON: ${body.slice(0, 200)}`;
  }
}

function describe({ kind, method, path, body }: MalformedRequest): string {
  return `${kind} (${method} ${path} ${JSON.stringify(body.toString('latin1').slice(0, 100))})`;
}
