import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import type { Configuration } from './configuration.ts';

/** What every file of this folder needs to create resources. */
export interface Project {
  readonly configuration: Configuration;
  readonly id: string;
  /** The project's number at Google, which is part of the names of its service agents and of its budget. */
  readonly number: pulumi.Output<string>;
  /** The labels of each resource that takes any, so that a bill can be split by them. */
  readonly labels: Readonly<Record<string, string>>;
  /** The options of each resource: the provider, and the APIs that must be on before it. */
  readonly options: pulumi.CustomResourceOptions;
}

/** The APIs that the laboratory uses, and what it uses each for. */
const APIS = {
  'artifactregistry.googleapis.com': 'images of the functions',
  'billingbudgets.googleapis.com': 'the budget',
  'cloudbuild.googleapis.com': 'building the functions',
  'cloudfunctions.googleapis.com': 'the functions',
  'cloudresourcemanager.googleapis.com': 'roles on the project',
  'cloudscheduler.googleapis.com': 'the schedule that calls expire',
  'compute.googleapis.com': 'peers and their network',
  'eventarc.googleapis.com': 'the trigger of compare',
  'eventarcpublishing.googleapis.com': 'events from Firestore',
  'firebaserules.googleapis.com': 'the rules that deny every client of the database',
  'firestore.googleapis.com': 'documents',
  'iam.googleapis.com': 'service accounts',
  'iap.googleapis.com': 'SSH to a peer that has no address outside',
  'logging.googleapis.com': 'logs',
  'pubsub.googleapis.com': 'commands',
  'run.googleapis.com': 'what functions of the second generation run on',
  'secretmanager.googleapis.com': 'the secret of the datagrams',
  'storage.googleapis.com': 'sources and bundles',
} as const;

/** Turns the APIs on. They stay on when the laboratory is destroyed: others may use them too. */
export function openProject(configuration: Configuration): Project {
  const { project, region } = configuration;
  const provider = new gcp.Provider('google', {
    project,
    region,
    // With this, calls under a person's own credentials count against the quotas of this project; the API of
    // budgets accepts such credentials in no other way.
    userProjectOverride: true,
    billingProject: project,
  });
  const services = Object.keys(APIS).map(
    (service) =>
      new gcp.projects.Service(
        `api-${service.slice(0, service.indexOf('.'))}`,
        { project, service, disableOnDestroy: false },
        { provider },
      ),
  );
  const found = gcp.organizations.getProjectOutput(
    { projectId: project },
    // The API that is asked has to be on before; otherwise this would be the first call of all, and fail.
    { provider, dependsOn: services },
  );
  return {
    configuration,
    id: project,
    number: found.number,
    labels: { app: 'mpcomm', 'managed-by': 'pulumi' },
    options: { provider, dependsOn: services },
  };
}

/** The options of `project`, for a resource that also needs `others` to be there first. */
export function after(
  { options }: Project,
  ...others: readonly pulumi.Resource[]
): pulumi.CustomResourceOptions {
  const needed = options.dependsOn as readonly pulumi.Resource[];
  return { ...options, dependsOn: [...needed, ...others] };
}
