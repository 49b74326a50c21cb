import { z } from 'zod';
import { describeApiError, explainRefusal } from '../../gcp/api-errors.ts';
import type { GoogleApi } from '../../gcp/google-api.ts';
import { MissingError } from '../../gcp/missing-error.ts';
import { gather, type Gathered } from './check.ts';

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

/** The group that keeps a peer's machine. */
export interface GroupFact {
  readonly name: string;
  readonly zone: string;
  /** Whether its one machine is there and nothing is being done about it. */
  readonly isStable: boolean;
  /** Such as `creating`; empty for none. */
  readonly doing: string;
}

export interface QuotaFact {
  readonly limit: number;
  readonly used: number;
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
}

const QUESTION_MS_MAX = 30_000;
const COMPUTE = 'compute.googleapis.com';

export interface DeploymentQuestion {
  readonly api: GoogleApi;
  readonly project: string;
  readonly region: string;
}

export async function gatherDeploymentFacts(
  question: DeploymentQuestion,
): Promise<DeploymentFacts> {
  const { project, region } = question;
  const [functions, groups, processors] = await Promise.all([
    gather(() => askFunctions(question), QUESTION_MS_MAX),
    gather(() => askGroups(question), QUESTION_MS_MAX),
    gather(() => askProcessors(question), QUESTION_MS_MAX),
  ]);
  const trigger = await findTrigger(question, functions);
  return { project, region, functions, trigger, groups, processors };
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
  const json = await ask(question, host, path, 'roles/cloudfunctions.viewer');
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
  const host = 'eventarc.googleapis.com';
  const answer = await question.api.get(`https://${host}/v1/${trigger}`);
  if (answer.status === 404) return false;
  if (answer.status === 200) return true;
  throw refusal(question, describeApiError(answer), host, 'roles/eventarc.viewer');
}

const groupsSchema = z.object({
  items: z
    .record(
      z.string(),
      z.object({
        instanceGroupManagers: z
          .array(
            z.object({
              name: z.string(),
              zone: z.string().default(''),
              status: z.object({ isStable: z.boolean().default(false) }).optional(),
              currentActions: z.record(z.string(), z.number()).default({}),
            }),
          )
          .default([]),
      }),
    )
    .default({}),
});

async function askGroups(question: DeploymentQuestion): Promise<GroupFact[]> {
  const filter = encodeURIComponent('name eq mpcomm-peer-.*');
  const path = `compute/v1/projects/${question.project}/aggregated/instanceGroupManagers?filter=${filter}`;
  const json = await ask(question, COMPUTE, path, 'roles/compute.viewer');
  return Object.values(groupsSchema.parse(json).items).flatMap(({ instanceGroupManagers }) =>
    instanceGroupManagers.map(({ name, zone, status, currentActions }) => ({
      name,
      zone: lastPart(zone),
      isStable: status?.isStable ?? false,
      doing: Object.entries(currentActions)
        .filter(([action, count]) => action !== 'none' && count > 0)
        .map(([action]) => action)
        .join(', '),
    })),
  );
}

const quotaSchema = z.object({
  quotas: z.array(
    z.object({ metric: z.string(), limit: z.number(), usage: z.number().default(0) }),
  ),
});

async function askProcessors(question: DeploymentQuestion): Promise<QuotaFact> {
  const path = `compute/v1/projects/${question.project}?fields=quotas`;
  const json = await ask(question, COMPUTE, path, 'roles/compute.viewer');
  const found = quotaSchema.parse(json).quotas.find(({ metric }) => metric === 'CPUS_ALL_REGIONS');
  if (found === undefined) throw new Error('Google names no quota CPUS_ALL_REGIONS');
  return { limit: found.limit, used: found.usage };
}

async function ask(
  question: DeploymentQuestion,
  host: string,
  path: string,
  role: string,
): Promise<unknown> {
  const answer = await question.api.get(`https://${host}/${path}`);
  if (answer.status === 200) return answer.json;
  throw refusal(question, describeApiError(answer), host, role);
}

function refusal(
  { project }: DeploymentQuestion,
  text: string,
  api: string,
  role: string,
): MissingError {
  const explained = explainRefusal(text, { api, project, role, who: 'user:YOUR_ADDRESS' });
  return explained ?? new MissingError(`${api} answered: ${text}`, 'try again in a minute');
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
