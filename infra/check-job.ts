import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import type { Artifacts } from './artifacts.ts';
import { grantDatabase, memberOf } from './identities.ts';
import { after, type Project } from './project.ts';

/** As the command line calls it (cli/check/job/cloud-job.ts). */
const JOB_NAME = 'mpcomm-check';

/** Node alone, of the version that the project is tested with; the program is mounted beside it. */
const IMAGE = 'docker.io/library/node:24.21.0-slim';

const MOUNT = '/artifacts';

/**
 * A task checks 10,000 schedules in a minute or two: what takes half an hour hangs. It is retried three times,
 * Cloud Run's default, which costs nothing else: a part that is written is found there.
 */
const TASK_SECONDS_MAX = 1_800;
const RETRIES_MAX = 3;

/**
 * The job that `mpcomm check --backend gcp` starts, where the setting asks for it. It runs the bundle of this
 * build, from the bucket of everything else that is deployed, so that no image is built for it.
 */
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
              image: IMAGE,
              commands: ['node', check.object.name.apply((name) => `${MOUNT}/${name}`)],
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

/** Who begins runs may start it too. */
function allowStart({ options, id, configuration }: Project, job: gcp.cloudrunv2.Job): void {
  for (const [index, address] of configuration.invokers.entries()) {
    new gcp.cloudrunv2.JobIamMember(
      `check-starter-${index}`,
      {
        project: id,
        location: configuration.region,
        name: job.name,
        // Which schedules are checked, and in how many tasks, is said when it is started.
        role: 'roles/run.jobsExecutorWithOverrides',
        member: `user:${address}`,
      },
      options,
    );
  }
}
