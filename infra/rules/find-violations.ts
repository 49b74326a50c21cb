import { everybodyProblems, grantProblems } from './grants.ts';
import { MACHINE_RULES } from './machines.ts';
import { at, kindOf, type Resource, type Rule, unless } from './resource.ts';
import { SERVICE_RULES } from './services.ts';

const RULES: Readonly<Record<string, Rule>> = { ...MACHINE_RULES, ...SERVICE_RULES };

/** Kinds that take labels. A disk's are in its template. */
const LABELLED: readonly string[] = [
  'storage.Bucket',
  'cloudfunctionsv2.Function',
  'compute.InstanceTemplate',
  'compute.Instance',
  'artifactregistry.Repository',
  'secretmanager.Secret',
  'pubsub.Subscription',
  'pubsub.Topic',
];

/** Kinds of resources that every complete laboratory has. */
const NEEDED: readonly string[] = [
  'billing.Budget',
  'firebaserules.Ruleset',
  'compute.HealthCheck',
  'firestore.Database',
  'secretmanager.Secret',
  'cloudscheduler.Job',
];

/**
 * What is wrong with a stack, as `kind name: problem`; empty when nothing is. Every resource is
 * looked at, and one of a kind that no rule knows is itself a violation: what nobody thought about
 * is not to be deployed in passing.
 */
export function findViolations(resources: readonly Resource[]): string[] {
  // Pulumi's own are the stack and the provider; whatever else there is must be known to a rule.
  const created = resources.filter(({ type }) => !type.startsWith('pulumi:'));
  const present = new Set(created.map(kindOf));
  return [
    ...created.flatMap((resource) =>
      problemsOf(resource).map((problem) => `${kindOf(resource)} ${resource.name}: ${problem}`),
    ),
    ...NEEDED.filter((kind) => !present.has(kind)).map((kind) => `${kind}: there is none`),
    ...accountProblems(created),
  ];
}

function problemsOf(resource: Resource): string[] {
  const kind = kindOf(resource);
  const rule = RULES[kind];
  const isGrant = /(?:Iam|IAM)(?:Member|Policy|Binding)$/.test(kind);
  return [
    ...everybodyProblems(resource),
    ...grantProblems(kind, resource),
    ...(rule === undefined ? unless(isGrant, 'is of a kind that no rule knows') : rule(resource)),
    ...unless(
      !LABELLED.includes(kind) || at(resource.inputs, 'labels', 'app') === 'mpcomm',
      'has no label',
    ),
  ];
}

/** Each function has an account of its own, so that what one may do is not what all may do. */
function accountProblems(resources: readonly Resource[]): string[] {
  const functions = resources.filter(
    (resource) => kindOf(resource) === 'cloudfunctionsv2.Function',
  );
  const accountOf = ({ inputs }: Resource) => at(inputs, 'serviceConfig', 'serviceAccountEmail');
  const accounts = functions.map(accountOf);
  return functions
    .filter((each) => accounts.filter((account) => account === accountOf(each)).length > 1)
    .map(({ name }) => `cloudfunctionsv2.Function ${name}: shares its account with another`);
}
