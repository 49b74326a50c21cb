import { checkOf, ok, wrong, type Check } from './check.ts';
import { APIS, type ProjectFacts, type SubscriptionFact } from './google-facts.ts';
import { seconds } from './peer-checks.ts';

/** Commands expire and heartbeats count by the clock: a few seconds are harmless, more are not. */
const CLOCK_MS_MAX = 3_000;

/** Looks at what there really is first: what was deleted by hand, Pulumi believes to be there still. */
const REDEPLOY = 'npm run deploy -- --refresh';

/** Whether the project has what a laboratory needs. `peerIds` are those that ever registered. */
export function checkProject(facts: ProjectFacts, peerIds: readonly string[]): Check[] {
  const { project, topicName } = facts;
  return [
    checkOf('apis', facts.disabledApis, (disabled) =>
      disabled.length === 0
        ? ok('apis', `all ${APIS.length} that a laboratory needs are enabled in ${project}`)
        : wrong(
            'apis',
            `not enabled in ${project}: ${disabled.join(', ')}`,
            `gcloud services enable ${disabled.join(' ')} --project ${project}`,
          ),
    ),
    checkOf('topic', facts.topic, (exists) =>
      exists
        ? ok('topic', topicName)
        : wrong('topic', `there is no topic ${topicName} in ${project}`, REDEPLOY),
    ),
    checkOf('subscriptions', facts.subscriptions, (found) =>
      checkSubscriptions(found, facts, peerIds),
    ),
    checkOf('clock', facts.clockMs, checkClock),
  ];
}

function checkSubscriptions(
  found: readonly SubscriptionFact[],
  { topicName, project }: ProjectFacts,
  peerIds: readonly string[],
): Check {
  const name = 'subscriptions';
  const names = new Set(found.map((each) => each.name));
  const missing = peerIds.filter((peerId) => !names.has(`mpcomm-${peerId}`));
  const astray = found.filter(({ topic }) => topic !== topicName).map((each) => each.name);
  const mortal = found.filter((each) => each.expiresAfterSeconds !== null).map((each) => each.name);
  if (missing.length > 0) {
    const cure = `${REDEPLOY} makes it; a peer that may, on emulators, makes its own when it starts`;
    return wrong(name, `none of ${missing.join(', ')}`, cure);
  }
  if (astray.length > 0) {
    const cure = `gcloud pubsub subscriptions delete ${astray.join(' ')} --project ${project}, then ${REDEPLOY}`;
    return wrong(name, `not on topic ${topicName}: ${astray.join(', ')}`, cure);
  }
  if (mortal.length > 0) {
    const each = `gcloud pubsub subscriptions update ${mortal[0]} --expiration-period never --project ${project}`;
    return wrong(name, `expire when nobody listens: ${mortal.join(', ')}`, each);
  }
  const others = found.length - peerIds.length;
  const more = others === 0 ? '' : ` (and ${others} more)`;
  return ok(name, `one for each of ${peerIds.length} peers${more}; none ever expires`);
}

function checkClock(differenceMs: number): Check {
  const side = differenceMs > 0 ? 'ahead of' : 'behind';
  const detail = `this machine is ${seconds(Math.abs(differenceMs))} ${side} Google`;
  if (Math.abs(differenceMs) <= CLOCK_MS_MAX) return ok('clock', `${detail} (to half a second)`);
  return wrong('clock', detail, 'set the clock: timedatectl set-ntp true');
}
