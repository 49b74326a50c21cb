import type { BeginRunOutcome } from './begin-run.ts';
import { nameSome } from '../name-some.ts';
import { createProblem, type Problem } from '../problem.ts';
import type { RunRequest } from './run-request.ts';

/** Outcomes after which there is no run to look at. */
export type Refusal = Exclude<BeginRunOutcome, { outcome: 'begun' | 'repeated' }>;

/** Tells a user why a run did not begin, and what would help. */
export function toProblem(refusal: Refusal, request: RunRequest): Problem {
  switch (refusal.outcome) {
    case 'tooFewPeers': {
      const { live, zones, missingZones, absent } = refusal;
      const asked = request.zones === null ? '' : ` with zones ${nameSome(request.zones)}`;
      const lacking =
        missingZones.length === 0 ? '' : `; there is no free peer in ${nameSome(missingZones)}`;
      const away = absent.length === 0 ? '' : ` Not there: ${absent.join('; ')}.`;
      const detail = `${request.peers} peers${asked} were asked for; ${live} are live${inZones(zones)}${lacking}.${away}`;
      return createProblem('too-few-peers', detail, { live, zones, missingZones, absent });
    }
    case 'active': {
      const until = new Date(refusal.untilMs).toISOString();
      const detail = `Run ${refusal.runId} has the laboratory until its comparison, or ${until} at the latest.`;
      return createProblem('run-active', detail, { runId: refusal.runId, until });
    }
    case 'keyReused':
      return createProblem(
        'key-reused',
        'This Idempotency-Key began a run with another body: send that body again, or take a new key.',
      );
    case 'unpublished': {
      const { runId, deadlineMs } = refusal.plan;
      const until = new Date(deadlineMs).toISOString();
      const detail =
        `Run ${runId} is recorded, but its command may not have reached the peers. They look for it themselves, so that ` +
        'it may take place all the same; a request with the same Idempotency-Key sends its command again. ' +
        `If nobody joins, it ends at ${until}.`;
      return createProblem('unavailable', detail, { runId, until });
    }
  }
}

function inZones(zones: readonly string[]): string {
  return zones.length === 0 ? '' : ` (${nameSome(zones)})`;
}
