import { z } from 'zod';
import { MissingError } from '../../gcp/missing-error.ts';
import { JOB_NAME } from '../check/job/cloud-job.ts';
import { gather, type Gathered } from './check.ts';
import {
  askGoogle,
  type DeploymentQuestion,
  findAtGoogle,
  lastPart,
  QUESTION_MS_MAX,
} from './google-question.ts';
import { askGroups, askProcessors, type GroupFact, type QuotaFact } from './machine-facts.ts';
import { askSecret, type SecretFact } from './secret-facts.ts';

/** A function as Google knows it. */
export interface FunctionFact {
  readonly name: string;
  /** `ACTIVE`, `FAILED`, `DEPLOYING`, ... */
  readonly state: string;
  /** What Google says of a state that is not good; empty where it says nothing. */
  readonly why: string;
  /** Name of its trigger with its path; `null` where it has none. */
  readonly trigger: string | null;
}

/** The job that checks orderings. */
export interface JobFact {
  readonly isReady: boolean;
  /** What Google says where the job is not ready; empty otherwise. */
  readonly why: string;
  /** What its tasks run in; a digest at its end pins it. */
  readonly image: string;
}

/** What Google says of a deployment, as far as this account may ask. */
export interface DeploymentFacts {
  readonly project: string;
  readonly region: string;
  readonly functions: Gathered<readonly FunctionFact[]>;
  /** Whether the trigger of compare is there; `null` where compare has none. */
  readonly trigger: Gathered<boolean | null>;
  readonly groups: Gathered<readonly GroupFact[]>;
  readonly processors: Gathered<QuotaFact>;
  readonly secret: Gathered<SecretFact>;
  /** `null` where there is none, which is what `npm run deploy` makes unless it is asked for. */
  readonly job: Gathered<JobFact | null>;
  /** Locks of Pulumi's in the state's bucket: one while a deployment is under way, or where one was killed. */
  readonly locks: Gathered<readonly string[]>;
}

export async function gatherDeploymentFacts(
  question: DeploymentQuestion,
): Promise<DeploymentFacts> {
  const { project, region } = question;
  const [functions, groups, processors, secret, job, locks] = await Promise.all([
    gather(() => askFunctions(question), QUESTION_MS_MAX),
    gather(() => askGroups(question), QUESTION_MS_MAX),
    gather(() => askProcessors(question), QUESTION_MS_MAX),
    gather(() => askSecret(question), QUESTION_MS_MAX),
    gather(() => askJob(question), QUESTION_MS_MAX),
    gather(() => askLocks(question), QUESTION_MS_MAX),
  ]);
  const trigger = await findTrigger(question, functions);
  return { project, region, functions, trigger, groups, processors, secret, job, locks };
}

/** Compare names its trigger: who may not look at the one cannot look for the other. */
async function findTrigger(
  question: DeploymentQuestion,
  functions: Gathered<readonly FunctionFact[]>,
): Promise<Gathered<boolean | null>> {
  if (!functions.known) return functions;
  const compare = functions.fact.find(({ name }) => name === 'compare');
  return gather(() => askTrigger(question, compare?.trigger ?? null), QUESTION_MS_MAX);
}

const functionsSchema = z.object({
  functions: z
    .array(
      z.object({
        name: z.string(),
        state: z.string().default('UNKNOWN'),
        stateMessages: z.array(z.object({ message: z.string().default('') })).default([]),
        eventTrigger: z.object({ trigger: z.string().optional() }).optional(),
      }),
    )
    .default([]),
});

async function askFunctions(question: DeploymentQuestion): Promise<FunctionFact[]> {
  const { project, region } = question;
  const host = 'cloudfunctions.googleapis.com';
  const path = `v2/projects/${project}/locations/${region}/functions`;
  const json = await askGoogle(question, host, path, 'roles/cloudfunctions.viewer');
  return functionsSchema.parse(json).functions.map((each) => ({
    name: lastPart(each.name),
    state: each.state,
    why: each.stateMessages.map(({ message }) => message).join('; '),
    trigger: each.eventTrigger?.trigger ?? null,
  }));
}

async function askTrigger(
  question: DeploymentQuestion,
  trigger: string | null,
): Promise<boolean | null> {
  if (trigger === null || !/^projects\/[\w./-]+$/.test(trigger)) return null;
  const found = await findAtGoogle(
    question,
    'eventarc.googleapis.com',
    `v1/${trigger}`,
    'roles/eventarc.viewer',
  );
  return found !== null;
}

const jobSchema = z.object({
  terminalCondition: z
    .object({ state: z.string().default(''), message: z.string().default('') })
    .optional(),
  template: z.object({
    template: z.object({ containers: z.array(z.object({ image: z.string().default('') })) }),
  }),
});

async function askJob(question: DeploymentQuestion): Promise<JobFact | null> {
  const { project, region } = question;
  const path = `v2/projects/${project}/locations/${region}/jobs/${JOB_NAME}`;
  const json = await findAtGoogle(question, 'run.googleapis.com', path, 'roles/run.viewer');
  if (json === null) return null;
  const { terminalCondition, template } = jobSchema.parse(json);
  return {
    isReady: terminalCondition?.state === 'CONDITION_SUCCEEDED',
    why: terminalCondition?.message ?? '',
    image: template.template.containers[0]?.image ?? '',
  };
}

const objectsSchema = z.object({ items: z.array(z.object({ name: z.string() })).default([]) });

/**
 * The locks in the bucket that `npm run deploy` uses unless it is told another one. Where Pulumi puts them is
 * in pkg/backend/diy/lock.go of pulumi/pulumi.
 */
async function askLocks(question: DeploymentQuestion): Promise<string[]> {
  const bucket = `${question.project}-mpcomm-state`;
  const prefix = encodeURIComponent('.pulumi/locks/');
  const host = 'storage.googleapis.com';
  const path = `storage/v1/b/${bucket}/o?prefix=${prefix}`;
  const json = await findAtGoogle(question, host, path, 'roles/storage.objectViewer');
  if (json === null) {
    throw new MissingError(`there is no bucket ${bucket}`, 'where is the state? --state named it');
  }
  return objectsSchema.parse(json).items.map(({ name }) => name);
}
