import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import type { Artifacts } from './artifacts.ts';
import { grantDatabase, memberOf } from './identities.ts';
import { after, type Project } from './project.ts';

/** The name by which the command line starts the job (cli/check/job/cloud-job.ts). */
const JOB_NAME = 'mpcomm-check';

const MOUNT = '/artifacts';

/**
 * The variables of the environment that a task needs: its own settings, those by which Google's libraries
 * know that they are in Cloud Run, and the path by which Node is found.
 */
const VARIABLES = [
  'PATH',
  ...['MPCOMM_BACKEND', 'MPCOMM_PROJECT', 'MPCOMM_DATABASE', 'CLOUD_RUN_JOB'],
  ...['CLOUD_RUN_TASK_INDEX', 'CLOUD_RUN_TASK_COUNT', 'CLOUD_RUN_TASK_ATTEMPT'],
];

/**
 * A task checks 10,000 schedules in a minute or two, so one that takes half an hour hangs. It is retried
 * three times, which is Cloud Run's default. A retry does no work twice: it finds the part that was written.
 */
const TASK_SECONDS_MAX = 1_800;
const RETRIES_MAX = 3;

/**
 * The command of a task: it runs the bundle of this build, and refuses any other file under its name. The
 * base image and the program are each pinned by their SHA-256, which is as safe as an image of both, pinned
 * by its digest. So no image has to be built, and in a new project it is the builds that fail
 * (docs/decisions/0010-check-job-without-a-build.md). What is to be checked comes as the command's further
 * arguments. Whoever may give these may also set variables of the container (containerOverrides.env), and by
 * NODE_OPTIONS could have Node run anything as this account. So the program gets the variables that it reads,
 * and no others.
 */
export function taskCommand(object: string, sha256: string, mount = MOUNT): string[] {
  const file = `${mount}/${object}`;
  const variables = VARIABLES.map((name) => `${name}="$${name}"`).join(' ');
  const script =
    `echo '${sha256}  ${file}' | sha256sum --check --status || ` +
    `{ echo 'mpcomm: ${file} is not what was deployed' >&2; exit 1; }; ` +
    `exec env -i ${variables} node '${file}' "$@"`;
  return ['/bin/sh', '-c', script, 'check'];
}

/** The job that `mpcomm check --backend gcp` starts, where the setting asks for it. */
export function createCheckJob(
  project: Project,
  { bucket, check }: Artifacts,
  database: gcp.firestore.Database,
): void {
  const { id, labels, configuration } = project;
  const { account, granted } = createAccount(project, bucket);
  const job = new gcp.cloudrunv2.Job(
    'check-job',
    {
      project: id,
      location: configuration.region,
      name: JOB_NAME,
      deletionProtection: false,
      template: {
        taskCount: 1,
        template: {
          maxRetries: RETRIES_MAX,
          timeout: `${TASK_SECONDS_MAX}s`,
          serviceAccount: account.email,
          containers: [
            {
              image: configuration.checkImage,
              commands: check.object.name.apply((name) => taskCommand(name, check.sha256)),
              resources: { limits: { cpu: '1', memory: '1Gi' } },
              envs: [
                { name: 'MPCOMM_BACKEND', value: 'gcp' },
                { name: 'MPCOMM_PROJECT', value: id },
                { name: 'MPCOMM_DATABASE', value: database.name },
              ],
              volumeMounts: [{ name: 'artifacts', mountPath: MOUNT }],
            },
          ],
          volumes: [{ name: 'artifacts', gcs: { bucket: bucket.name, readOnly: true } }],
        },
      },
      labels,
    },
    after(project, ...granted),
  );
  allowStart(project, job);
}

/** Who the tasks are: they read their program, and write documents. */
function createAccount(
  project: Project,
  bucket: gcp.storage.Bucket,
): { account: gcp.serviceaccount.Account; granted: readonly pulumi.Resource[] } {
  const { options, id } = project;
  const account = new gcp.serviceaccount.Account(
    'account-check',
    {
      project: id,
      accountId: 'mpcomm-check',
      displayName: 'MPComm check',
      description: 'Tasks of a check: write what they found',
    },
    options,
  );
  const granted = [
    grantDatabase(project, 'check', 'roles/datastore.user', memberOf(account)),
    new gcp.storage.BucketIAMMember(
      'artifacts-check',
      { bucket: bucket.name, role: 'roles/storage.objectViewer', member: memberOf(account) },
      options,
    ),
  ];
  return { account, granted };
}

/**
 * Who begins runs may start it too. Which schedules are checked, and in how many tasks, is said when it is
 * started: that is an override. The role for it does not include a look at what was started (run.executions.get),
 * without which a task that failed for good would be waited for until its time is over.
 */
const STARTER_ROLES = {
  starter: 'roles/run.jobsExecutorWithOverrides',
  viewer: 'roles/run.viewer',
};

function allowStart({ options, id, configuration }: Project, job: gcp.cloudrunv2.Job): void {
  for (const address of configuration.invokers) {
    for (const [what, role] of Object.entries(STARTER_ROLES)) {
      new gcp.cloudrunv2.JobIamMember(
        `check-${what}-${address}`,
        {
          project: id,
          location: configuration.region,
          name: job.name,
          role,
          member: `user:${address}`,
        },
        options,
      );
    }
  }
}
