import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import type { Configuration } from './configuration.ts';

/** What every file here that creates something is given. */
export interface Project {
  readonly configuration: Configuration;
  readonly id: string;
  /** Google's own number of the project: names of its service agents and its budget need it. */
  readonly number: pulumi.Output<string>;
  /** For each resource that takes labels, so that a bill can be split by them. */
  readonly labels: Readonly<Record<string, string>>;
  /** For each resource: the provider, and the APIs that must be on before it. */
  readonly options: pulumi.CustomResourceOptions;
}

/** The APIs that the laboratory uses; what each is for. */
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
    // Quotas and errors of a person's own credentials then belong to this project; the API of
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
    // Not before the API that knows is on: this would otherwise be the first call of all.
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
