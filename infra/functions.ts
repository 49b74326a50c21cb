import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { Artifacts } from './artifacts.ts';
import { type Identities, memberOf } from './identities.ts';
import { createImages } from './images.ts';
import { after, type Project } from './project.ts';
import { Propagation } from './propagation.ts';

/** Node 24, as everywhere in the project. */
const RUNTIME = 'nodejs24';

/** The documents whose creation calls `compare`. */
const REPORT_PATTERN = 'runs/{runId}/reports/{peerId}';

export type FunctionName = 'run' | 'exit' | 'compare' | 'expire';
export type Functions = Readonly<Record<FunctionName, gcp.cloudfunctionsv2.Function>>;

/** What one function is given, beyond what all have in common. */
interface Shape {
  readonly description: string;
  readonly memory: string;
  readonly instancesMax: number;
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  /** Whether the internet may knock: IAM decides then who is let in. */
  readonly ingress: 'ALLOW_ALL' | 'ALLOW_INTERNAL_ONLY';
}

/**
 * A bound on instances is a bound on what an attack can cost. One CPU each, because an instance with
 * less answers one request at a time.
 */
const SHAPES: Readonly<Record<FunctionName, Shape>> = {
  run: {
    description: 'Begins a run: POST /run',
    memory: '512Mi',
    instancesMax: 3,
    concurrency: 20,
    timeoutSeconds: 60,
    ingress: 'ALLOW_ALL',
  },
  exit: {
    description: 'Tells every peer daemon to end: POST /exit',
    memory: '512Mi',
    instancesMax: 2,
    concurrency: 20,
    timeoutSeconds: 60,
    ingress: 'ALLOW_ALL',
  },
  compare: {
    description: 'Compares a run once its last report is there',
    memory: '1Gi',
    // The reports of one run come within a second, and one instance takes them in turn.
    instancesMax: 2,
    concurrency: 32,
    timeoutSeconds: 300,
    ingress: 'ALLOW_INTERNAL_ONLY',
  },
  expire: {
    description: 'Closes runs whose time is over',
    memory: '1Gi',
    instancesMax: 1,
    concurrency: 4,
    timeoutSeconds: 300,
    ingress: 'ALLOW_INTERNAL_ONLY',
  },
};

/** The four functions, who may call them, the trigger of compare and the schedule of expire. */
export function createFunctions(
  project: Project,
  identities: Identities,
  artifacts: Artifacts,
  needed: FunctionsNeed,
): Functions {
  const trigger = createTrigger(project, identities, needed.database);
  const images = createImages(project, identities);
  // The grants without which a build and a trigger are refused, given time to be known everywhere.
  const granted = new Propagation('propagation', [...images.granted, ...trigger.granted]);
  const build = createBuild(project, identities, artifacts, images.repository, [granted], needed);
  const functions: Functions = {
    run: build('run'),
    exit: build('exit'),
    compare: build('compare', trigger),
    expire: build('expire'),
  };
  const { invokers } = project.configuration;
  for (const name of ['run', 'exit'] as const) {
    for (const address of invokers) {
      allowCall(project, functions[name], `${name}-${address}`, `user:${address}`);
    }
  }
  allowCall(project, functions.compare, 'compare-events', memberOf(identities.events));
  allowCall(project, functions.expire, 'expire-schedule', memberOf(identities.schedule));
  createSchedule(project, identities, functions.expire);
  return functions;
}

export interface FunctionsNeed {
  readonly topic: gcp.pubsub.Topic;
  readonly database: gcp.firestore.Database;
  /** The policies of the database, which take minutes: while they are made, roles become known. */
  readonly policies: readonly pulumi.Resource[];
}

interface Trigger {
  readonly eventTrigger: gcp.types.input.cloudfunctionsv2.FunctionEventTrigger;
  readonly granted: readonly pulumi.Resource[];
}

/**
 * Events of new reports, of this database alone. A call that fails is repeated, with growing pauses
 * and for a day: compare fails only when the database does not answer, and acknowledges what it
 * cannot digest; whatever is lost all the same, the schedule finds.
 */
function createTrigger(
  { options, id, configuration }: Project,
  { events }: Identities,
  database: gcp.firestore.Database,
): Trigger {
  const receiver = new gcp.projects.IAMMember(
    'events-receiver',
    { project: id, role: 'roles/eventarc.eventReceiver', member: memberOf(events) },
    options,
  );
  // Eventarc's own agent. Enabling the API makes it and grants it its role, but only some minutes
  // later. Asking for both is no wait either: the role is granted at once, and a trigger that is
  // validated then is refused (`Propagation` waits; `npm run deploy` repeats where that was too short, and where
  // the agent gets what it needs only once it was refused: github.com/pulumi/pulumi-gcp/issues/1290).
  const agent = new gcp.projects.ServiceIdentity(
    'agent-eventarc',
    { project: id, service: 'eventarc.googleapis.com' },
    options,
  );
  const agentRole = new gcp.projects.IAMMember(
    'agent-eventarc-role',
    { project: id, role: 'roles/eventarc.serviceAgent', member: agent.member },
    // The agent belongs to the API, which stays on: taking it away would break the triggers of others.
    { ...options, retainOnDelete: true },
  );
  return {
    eventTrigger: {
      eventType: 'google.cloud.firestore.document.v1.created',
      // Firestore's events are delivered from where the database is.
      triggerRegion: configuration.region,
      eventFilters: [
        { attribute: 'database', value: database.name },
        { attribute: 'document', value: REPORT_PATTERN, operator: 'match-path-pattern' },
      ],
      retryPolicy: 'RETRY_POLICY_RETRY',
      serviceAccountEmail: events.email,
    },
    granted: [receiver, agentRole],
  };
}

/**
 * A function whose first build failed exists, in the state FAILED, and Pulumi keeps it with an error of its
 * initialization. By itself its next update would be an empty one: the provider sends an empty mask, reads the
 * function that failed, and reports success (resource_cloudfunctions2_function.go in
 * hashicorp/terraform-provider-google). Named as a reason for a replacement, that error has the function deleted
 * and built again, with what refers to it; `#initerror` is the engine's name for it (applyReplaceOnChanges in
 * pkg/resource/deploy/step_generator.go of pulumi/pulumi). Two functions of one name cannot be: the old goes first.
 */
const REBUILT_AFTER_FAILURE = { replaceOnChanges: ['#initerror'], deleteBeforeReplace: true };

/** Gives what creates one function; all are built from the same source, which has all four. */
function createBuild(
  project: Project,
  identities: Identities,
  { bucket, functions }: Artifacts,
  repository: gcp.artifactregistry.Repository,
  granted: readonly pulumi.Resource[],
  needed: FunctionsNeed,
): (name: FunctionName, trigger?: Trigger) => gcp.cloudfunctionsv2.Function {
  const { id, labels, configuration } = project;
  const create = (name: FunctionName, trigger?: Trigger) => {
    const shape = SHAPES[name];
    return new gcp.cloudfunctionsv2.Function(
      `function-${name}`,
      {
        project: id,
        name,
        location: configuration.region,
        description: shape.description,
        buildConfig: {
          runtime: RUNTIME,
          entryPoint: name,
          serviceAccount: identities.build.name,
          dockerRepository: repository.id,
          source: {
            storageSource: {
              bucket: bucket.name,
              object: functions.object.name,
              generation: functions.object.generation,
            },
          },
        },
        serviceConfig: {
          serviceAccountEmail: identities[name].email,
          minInstanceCount: 0,
          maxInstanceCount: shape.instancesMax,
          maxInstanceRequestConcurrency: shape.concurrency,
          availableCpu: '1',
          availableMemory: shape.memory,
          timeoutSeconds: shape.timeoutSeconds,
          ingressSettings: shape.ingress,
          allTrafficOnLatestRevision: true,
          environmentVariables: {
            MPCOMM_BACKEND: 'gcp',
            MPCOMM_PROJECT: id,
            MPCOMM_TOPIC: needed.topic.name,
            MPCOMM_DATABASE: needed.database.name,
          },
        },
        ...(trigger === undefined ? {} : { eventTrigger: trigger.eventTrigger }),
        labels,
      },
      { ...after(project, ...granted, ...needed.policies), ...REBUILT_AFTER_FAILURE },
    );
  };
  return create;
}

/** A function of the second generation is a service of Cloud Run: that is what callers need. */
function allowCall(
  { options, id, configuration }: Project,
  target: gcp.cloudfunctionsv2.Function,
  name: string,
  member: pulumi.Input<string>,
): void {
  new gcp.cloudrunv2.ServiceIamMember(
    `invoker-${name}`,
    {
      project: id,
      location: configuration.region,
      name: target.name,
      role: 'roles/run.invoker',
      member,
    },
    options,
  );
}

/**
 * Creates the schedule of `expire`, a call every minute: a run whose last report, or its event, was
 * lost is closed a minute later at most.
 */
function createSchedule(
  { options, id, configuration }: Project,
  { schedule }: Identities,
  expire: gcp.cloudfunctionsv2.Function,
): void {
  const uri = expire.serviceConfig.apply((service) => service?.uri ?? '');
  new gcp.cloudscheduler.Job(
    'schedule-expire',
    {
      project: id,
      region: configuration.region,
      name: 'mpcomm-expire',
      description: 'Closes runs whose time is over',
      schedule: '* * * * *',
      timeZone: 'Etc/UTC',
      attemptDeadline: '60s',
      // Few retries are enough, since the next minute comes anyway.
      retryConfig: { retryCount: 1, minBackoffDuration: '5s', maxBackoffDuration: '10s' },
      httpTarget: {
        uri,
        httpMethod: 'POST',
        oidcToken: { serviceAccountEmail: schedule.email, audience: uri },
      },
    },
    options,
  );
}
