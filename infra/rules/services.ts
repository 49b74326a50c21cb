import { isOwnAccount } from './machines.ts';
import { at, listAt, type Rule, unless } from './resource.ts';

/** The most instances of a function: more would make a mistake, or an attack, expensive. */
const INSTANCES_MAX = 10;

const subscription: Rule = ({ inputs }) => [
  // Where this is absent, a subscription expires after 31 days.
  ...unless(at(inputs, 'expirationPolicy', 'ttl') === '', 'expires when nobody uses it'),
  ...unless(at(inputs, 'messageRetentionDuration') !== undefined, 'keeps messages for a week'),
];

const bucket: Rule = ({ inputs }) => [
  ...unless(at(inputs, 'uniformBucketLevelAccess') === true, 'has access lists of objects'),
  ...unless(at(inputs, 'publicAccessPrevention') === 'enforced', 'could be made public'),
  ...unless(at(inputs, 'versioning', 'enabled') === true, 'keeps no versions'),
  ...unless(at(inputs, 'forceDestroy') === true, 'outlives the stack'),
];

const cloudFunction: Rule = ({ inputs }) => {
  const service = at(inputs, 'serviceConfig');
  const instances = Number(at(service, 'maxInstanceCount'));
  const trigger = at(inputs, 'eventTrigger');
  return [
    ...unless(instances >= 1 && instances <= INSTANCES_MAX, 'has no bound on its instances'),
    ...unless(isOwnAccount(at(service, 'serviceAccountEmail')), 'runs as no account of ours'),
    ...unless(
      /\/serviceAccounts\/mpcomm-build@/.test(String(at(inputs, 'buildConfig', 'serviceAccount'))),
      'is built by no account of ours',
    ),
    ...unless(at(inputs, 'buildConfig', 'runtime') === 'nodejs24', 'does not run on Node 24'),
    ...unless(
      trigger === undefined || at(trigger, 'retryPolicy') === 'RETRY_POLICY_RETRY',
      'does not say that an event is to be repeated',
    ),
    ...unless(
      trigger === undefined || isOwnAccount(at(trigger, 'serviceAccountEmail')),
      'is triggered by no account of ours',
    ),
  ];
};

const job: Rule = ({ inputs }) => [
  ...unless(
    isOwnAccount(at(inputs, 'httpTarget', 'oidcToken', 'serviceAccountEmail')),
    'calls without an identity of ours',
  ),
  ...unless(Number(at(inputs, 'retryConfig', 'retryCount')) <= 5, 'has no bound on its retries'),
];

const database: Rule = ({ inputs }) => [
  ...unless(at(inputs, 'type') === 'FIRESTORE_NATIVE', 'is no native Firestore'),
  ...unless(at(inputs, 'deletionPolicy') === 'DELETE', 'outlives the stack'),
  ...unless(
    at(inputs, 'deleteProtectionState') === 'DELETE_PROTECTION_DISABLED',
    'is protected from deletion',
  ),
];

const ruleset: Rule = ({ inputs }) => {
  const content = String(at(inputs, 'source', 'files', 0, 'content'));
  const allows = [...content.matchAll(/allow\b[^;]*;/g)].map(([statement]) => statement);
  return unless(
    allows.length > 0 && allows.every((statement) => /: if false;$/.test(statement)),
    'lets clients into the database',
  );
};

const secret: Rule = ({ inputs }) =>
  unless(at(inputs, 'deletionProtection') !== true, 'is protected from deletion');

const budget: Rule = ({ inputs }) => [
  ...unless(listAt(inputs, 'thresholdRules').length > 0, 'tells nobody'),
  ...unless(listAt(inputs, 'budgetFilter', 'projects').length === 1, 'is not of this project'),
];

const api: Rule = ({ inputs }) =>
  unless(at(inputs, 'disableOnDestroy') === false, 'would be turned off for others too');

const nothing: Rule = () => [];

/** Attempts of one task: more would make a program that always fails expensive. */
const RETRIES_MAX = 3;

const checkJob: Rule = ({ inputs }) => {
  const task = at(inputs, 'template', 'template');
  return [
    ...unless(isOwnAccount(at(task, 'serviceAccount')), 'runs as no account of ours'),
    ...unless(Number(at(task, 'maxRetries')) <= RETRIES_MAX, 'is retried without a bound'),
    ...unless(/^\d{1,4}s$/.test(String(at(task, 'timeout'))), 'may run for hours'),
    ...unless(at(inputs, 'deletionProtection') === false, 'outlives the stack'),
    ...unless(
      at(task, 'volumes', 0, 'gcs', 'readOnly') === true,
      'may write where what is deployed lies',
    ),
  ];
};

/**
 * The one dynamic resource that is allowed: it waits, and creates nothing. Nobody has looked at what another
 * one would run.
 */
const propagation: Rule = ({ name }) =>
  unless(name === 'propagation', 'runs code that no rule knows');

/** Kinds of managed services. */
export const SERVICE_RULES: Readonly<Record<string, Rule>> = {
  'serviceaccount.Account': nothing,
  'storage.Bucket': bucket,
  'storage.BucketObject': nothing,
  'billing.Budget': budget,
  'firestore.Database': database,
  'firestore.Field': nothing,
  'cloudfunctionsv2.Function': cloudFunction,
  'cloudscheduler.Job': job,
  'cloudrunv2.Job': checkJob,
  'firebaserules.Release': nothing,
  'artifactregistry.Repository': nothing,
  'firebaserules.Ruleset': ruleset,
  'secretmanager.Secret': secret,
  'projects.Service': api,
  'projects.ServiceIdentity': nothing,
  'pubsub.Subscription': subscription,
  'pubsub.Topic': nothing,
  'pulumi-nodejs:dynamic:Resource': propagation,
};
