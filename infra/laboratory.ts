import type * as pulumi from '@pulumi/pulumi';
import { type Builds, createArtifacts } from './artifacts.ts';
import { createBudget } from './budget.ts';
import type { Configuration } from './configuration.ts';
import { createCheckJob } from './check-job.ts';
import { createDatabase } from './database.ts';
import { createFunctions } from './functions.ts';
import { createIdentities } from './identities.ts';
import { createMessaging } from './messaging.ts';
import { createNetwork } from './network.ts';
import { createPeers } from './peers.ts';
import { openProject } from './project.ts';
import { createSecret } from './secret.ts';

/** What a person or a program needs to know of a laboratory that is there (docs/deploy.md). */
export interface Outputs {
  readonly project: string;
  readonly region: string;
  readonly runUrl: pulumi.Output<string>;
  readonly exitUrl: pulumi.Output<string>;
  readonly topic: pulumi.Output<string>;
  readonly database: pulumi.Output<string>;
  readonly secret: pulumi.Output<string>;
  /** `peer-0 in us-west1-b`, one a peer. */
  readonly peers: readonly string[];
  /** SHA-256 of what was deployed, to be compared with what a build printed. */
  readonly digests: Readonly<Record<keyof Builds, string>>;
}

/** Creates everything, in one stack: what is created here is destroyed with it. */
export function createLaboratory(configuration: Configuration, builds: Builds): Outputs {
  const project = openProject(configuration);
  createBudget(project);
  const identities = createIdentities(project);
  const network = createNetwork(project, identities);
  const messaging = createMessaging(project, identities);
  const { database, policies } = createDatabase(project, identities);
  const datagramSecret = createSecret(project, identities);
  const artifacts = createArtifacts(project, identities, builds);
  if (configuration.checkJob) createCheckJob(project, artifacts, database);
  const { topic } = messaging;
  const functions = createFunctions(project, identities, artifacts, {
    topic,
    database,
    policies,
  });
  // Machines come last: the secret, for which they wait, gets its value when all else is there.
  const others = [...Object.values(functions), ...policies];
  const need = { identities, network, messaging, database, artifacts, datagramSecret, others };
  createPeers(project, need);
  const urlOf = (name: 'run' | 'exit') =>
    functions[name].serviceConfig.apply((service) => service?.uri ?? '');
  return {
    project: configuration.project,
    region: configuration.region,
    runUrl: urlOf('run'),
    exitUrl: urlOf('exit'),
    topic: topic.name,
    database: database.name,
    secret: datagramSecret.secret.secretId,
    peers: configuration.peers.map(({ id, zone }) => `${id} in ${zone}`),
    digests: {
      functions: builds.functions.sha256,
      peer: builds.peer.sha256,
      node: builds.node.sha256,
      check: builds.check.sha256,
    },
  };
}
