import { BUILD_REGIONS } from '../../gcp/build-regions.ts';
import { note, ok, wrong, type Check, type Gathered } from './check.ts';
import type { DeploymentFacts, FunctionFact, JobFact } from './deployment-facts.ts';
import type { SubscriptionFact } from './google-facts.ts';
import type { GroupFact, QuotaFact } from './machine-facts.ts';
import { checkSecret } from './secret-check.ts';

const FUNCTIONS: readonly string[] = ['run', 'exit', 'compare', 'expire'];

/**
 * Whether what was deployed is there: what `npm run deploy` made, looked at from outside. Who may call the
 * functions need not be allowed to look at them; then a line is a note, which says what was not looked at.
 */
export function checkDeployment(facts: DeploymentFacts): Check[] {
  return [
    noteOf('functions', facts.functions, (found) => checkFunctionStates(found, facts)),
    noteOf('trigger', facts.trigger, (exists) => checkTrigger(exists)),
    noteOf('machines', facts.groups, (groups) => checkGroups(groups, facts.project)),
    noteOf('vCPUs', facts.processors, checkProcessors),
    noteOf('secret', facts.secret, (secret) => checkSecret(secret, facts.project)),
    noteOf('check job', facts.job, checkJob),
    noteOf('deployment', facts.locks, (locks) => checkLocks(locks, facts.project)),
  ];
}

function noteOf<Fact>(name: string, gathered: Gathered<Fact>, judge: (fact: Fact) => Check): Check {
  return gathered.known
    ? judge(gathered.fact)
    : note(name, `not looked at: ${gathered.why}`, gathered.cure);
}

function checkFunctionStates(
  found: readonly FunctionFact[],
  { project, region }: DeploymentFacts,
): Check {
  const absent = FUNCTIONS.filter((name) => !found.some((each) => each.name === name));
  if (absent.length > 0) {
    const cure = 'npm run deploy -- --refresh makes them; --region names another region';
    return wrong('functions', `none of ${absent.join(', ')} in ${region}`, cure);
  }
  const bad = found.filter(({ name, state }) => FUNCTIONS.includes(name) && state !== 'ACTIVE');
  if (bad.length === 0) {
    return ok('functions', `all ${FUNCTIONS.length} are active in ${region}`);
  }
  const which = bad.map(({ name, state, why }) => `${name} is ${state}${why && ` (${why})`}`);
  const first = bad[0]!.name;
  return wrong(
    'functions',
    which.join(', '),
    'npm run deploy builds one that is FAILED anew; by hand: gcloud functions delete ' +
      `${first} --v2 --region ${region} --project ${project}, then npm run deploy -- --refresh` +
      describeRegion(region),
  );
}

/** A build that this region refuses fails whenever it is repeated. */
function describeRegion(region: string): string {
  if (BUILD_REGIONS.includes(region)) return '';
  return `. (Some projects may not build in ${region}; all may in ${BUILD_REGIONS.join(', ')}.)`;
}

function checkTrigger(exists: boolean | null): Check {
  const cure = 'npm run deploy -- --refresh; until then the schedule closes runs, a minute late';
  if (exists === true) return ok('trigger', 'new reports call compare');
  return wrong(
    'trigger',
    exists === null ? 'compare has none' : 'the one that compare names is not there',
    cure,
  );
}

function checkGroups(groups: readonly GroupFact[], project: string): Check {
  if (groups.length === 0) return wrong('machines', 'there is no group of one', 'npm run deploy');
  const bad = groups.filter(({ isStable }) => !isStable);
  if (bad.length === 0) return ok('machines', `each of ${groups.length} groups has its machine`);
  const which = bad.map(({ name, doing }) => `${name}${doing && ` (${doing})`}`).join(', ');
  const { name, zone } = bad[0]!;
  return wrong(
    'machines',
    `${groups.length - bad.length} of ${groups.length} groups are at rest; not ${which}`,
    `gcloud compute instance-groups managed list-errors ${name} --zone ${zone} --project ${project} ` +
      'says why; a machine that was made a moment ago needs two minutes',
  );
}

function checkProcessors({ limit, used }: QuotaFact): Check {
  const detail = `${used} of ${limit} that this project may have in all regions (CPUS_ALL_REGIONS)`;
  if (used < limit) return ok('vCPUs', detail);
  const cure = 'what else is asked for waits; --peers takes fewer, and the quota can be raised';
  return note('vCPUs', detail, cure);
}

function checkJob(job: JobFact | null): Check {
  const name = 'check job';
  if (job === null) {
    const cure =
      'npm run deploy -- --check-job true makes it, for mpcomm check --backend gcp alone';
    return note(name, 'there is none', cure);
  }
  if (!job.isReady) {
    const why = job.why === '' ? '' : `: ${job.why}`;
    return wrong(name, `it is not ready${why}`, 'npm run deploy -- --refresh');
  }
  if (/@sha256:[0-9a-f]{64}$/.test(job.image)) return ok(name, `its tasks run in ${job.image}`);
  const detail = `its tasks run in ${job.image}, whatever that tag means on the day`;
  return note(name, detail, 'npm run deploy pins it, where Docker Hub answers');
}

function checkLocks(locks: readonly string[], project: string): Check {
  const name = 'deployment';
  if (locks.length === 0) return ok(name, 'none is under way, and none left its lock');
  // .pulumi/locks/organization/PROJECT/STACK/ID.json
  const stack = locks[0]!.split('/').at(-2)!;
  return note(
    name,
    `the stack ${stack} is locked: one is under way, or was killed`,
    `if none is under way: cd infra && PULUMI_BACKEND_URL=gs://${project}-mpcomm-state pulumi cancel ` +
      `--stack ${stack} --yes; then npm run deploy -- --refresh`,
  );
}

/**
 * Whether every peer that was deployed has ever been heard of. The registry knows only those that came up:
 * four of four live where eight were deployed. `registered` are ids.
 */
export function checkDeployedPeers(
  subscriptions: Gathered<readonly SubscriptionFact[]>,
  registered: readonly string[],
  project: string,
): Check[] {
  if (!subscriptions.known) return [];
  const deployed = subscriptions.fact.map(({ name }) => name.replace(/^mpcomm-/, ''));
  const silent = deployed.filter((peerId) => !registered.includes(peerId));
  const name = 'deployed peers';
  if (silent.length === 0) return [ok(name, `all ${deployed.length} have registered`)];
  const heard = `${deployed.length - silent.length} of ${deployed.length} have registered`;
  return [
    wrong(
      name,
      `${heard}; never heard of ${silent.join(', ')}`,
      `gcloud compute instance-groups managed list --project ${project} tells their groups, and list-errors why ` +
        'one has no machine (a quota, a zone without room)',
    ),
  ];
}
