import { z } from 'zod';
import { describeApiError, explainRefusal } from '../../gcp/api-errors.ts';
import type { ApiAnswer, GoogleApi } from '../../gcp/google-api.ts';
import { MissingError } from '../../gcp/missing-error.ts';
import { gather, type Gathered } from './check.ts';

/** What a laboratory in a project needs enabled: all that the deployment enables (infra/project.ts). */
export const APIS: readonly string[] = [
  'artifactregistry',
  'billingbudgets',
  'cloudbuild',
  'cloudfunctions',
  'cloudresourcemanager',
  'cloudscheduler',
  'compute',
  'eventarc',
  'eventarcpublishing',
  'firebaserules',
  'firestore',
  'iam',
  'iap',
  'logging',
  'pubsub',
  'run',
  'secretmanager',
  'storage',
].map((name) => `${name}.googleapis.com`);

/**
 * The topic of commands that a peer refused too often: they have no peer, and rightly a topic of their
 * own.
 */
export const UNDELIVERED = 'mpcomm-undelivered';

export interface SubscriptionFact {
  /** Without the path of the project. */
  readonly name: string;
  /** `_deleted-topic_` when its topic is gone. */
  readonly topic: string;
  /** Seconds without a subscriber after which Pub/Sub deletes it; `null` for never. */
  readonly expiresAfterSeconds: number | null;
}

/** What Google says of a project. */
export interface ProjectFacts {
  readonly project: string;
  readonly topicName: string;
  /** APIs that are not enabled. */
  readonly disabledApis: Gathered<readonly string[]>;
  readonly topic: Gathered<boolean>;
  readonly subscriptions: Gathered<readonly SubscriptionFact[]>;
  /** How far this machine's clock is ahead of Google's, in ms; its Date header has whole seconds. */
  readonly clockMs: Gathered<number>;
}

const QUESTION_MS_MAX = 30_000;
const SUBSCRIPTIONS_MAX = 64;

export interface ProjectQuestion {
  readonly api: GoogleApi;
  readonly project: string;
  readonly topic: string;
  /** `https://pubsub.googleapis.com`, or an emulator's address. */
  readonly pubsub: string;
  /** An emulator has neither APIs to enable nor a clock of its own. */
  readonly isEmulated: boolean;
}

export async function gatherProjectFacts(question: ProjectQuestion): Promise<ProjectFacts> {
  const { project, topic: topicName, isEmulated } = question;
  const [disabledApis, topic, subscriptions, clockMs] = await Promise.all([
    gather(() => (isEmulated ? Promise.resolve([]) : askDisabledApis(question)), QUESTION_MS_MAX),
    gather(() => askTopic(question), QUESTION_MS_MAX),
    gather(() => askSubscriptions(question), QUESTION_MS_MAX),
    gather(() => askClock(question), QUESTION_MS_MAX),
  ]);
  return { project, topicName, disabledApis, topic, subscriptions, clockMs };
}

const servicesSchema = z.object({
  services: z.array(z.object({ name: z.string(), state: z.string() })).default([]),
});

async function askDisabledApis({ api, project }: ProjectQuestion): Promise<string[]> {
  const names = APIS.map((name) => `names=projects/${project}/services/${name}`).join('&');
  const host = 'serviceusage.googleapis.com';
  const answer = await api.get(`https://${host}/v1/projects/${project}/services:batchGet?${names}`);
  const { services } = servicesSchema.parse(
    expectFound(answer, { api: host, project, role: 'roles/serviceusage.serviceUsageViewer' }),
  );
  const enabled = services.filter(({ state }) => state === 'ENABLED').map(({ name }) => name);
  return APIS.filter((name) => !enabled.some((each) => each.endsWith(`/${name}`)));
}

const PUBSUB = { api: 'pubsub.googleapis.com', role: 'roles/pubsub.viewer' };

async function askTopic({ api, project, topic, pubsub }: ProjectQuestion): Promise<boolean> {
  const answer = await api.get(`${pubsub}/v1/projects/${project}/topics/${topic}`);
  if (answer.status === 404) return false;
  expectFound(answer, { ...PUBSUB, project });
  return true;
}

const listSchema = z.object({
  subscriptions: z
    .array(
      z.object({
        name: z.string(),
        topic: z.string(),
        expirationPolicy: z.object({ ttl: z.string().optional() }).optional(),
      }),
    )
    .default([]),
});

/** Those of the project that are a peer's by their name, also where their topic is gone. */
async function askSubscriptions(question: ProjectQuestion): Promise<SubscriptionFact[]> {
  const { api, project, pubsub } = question;
  const answer = await api.get(`${pubsub}/v1/projects/${project}/subscriptions?pageSize=1000`);
  const { subscriptions } = listSchema.parse(expectFound(answer, { ...PUBSUB, project }));
  return subscriptions
    .map(({ name, topic, expirationPolicy }) => ({
      name: lastPart(name),
      topic: lastPart(topic),
      expiresAfterSeconds: secondsOf(expirationPolicy?.ttl),
    }))
    .filter(({ name }) => name.startsWith('mpcomm-') && name !== UNDELIVERED)
    .slice(0, SUBSCRIPTIONS_MAX);
}

function secondsOf(duration: string | undefined): number | null {
  const seconds = Number(duration?.replace(/s$/, '') ?? Number.NaN);
  return seconds > 0 ? seconds : null;
}

async function askClock({ api, project, topic, pubsub }: ProjectQuestion): Promise<number> {
  const { serverMs, askedMs } = await api.get(`${pubsub}/v1/projects/${project}/topics/${topic}`);
  if (serverMs === null) throw new Error('the answer has no Date');
  // The header leaves out the milliseconds: half a second is the best guess.
  return askedMs - (serverMs + 500);
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function expectFound(
  answer: ApiAnswer,
  about: { api: string; project: string; role: string },
): unknown {
  if (answer.status === 200) return answer.json;
  const text = describeApiError(answer);
  throw (
    explainRefusal(text, { ...about, who: 'user:YOUR_ADDRESS' }) ??
    new MissingError(
      `${about.api} answered: ${text}`,
      'try again; if it stays so, its log says why',
    )
  );
}
