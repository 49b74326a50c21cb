import { z } from 'zod';
import { describeApiError, explainRefusal } from '../../../gcp/api-errors.ts';
import type { GoogleApi } from '../../../gcp/google-api.ts';
import { MissingError } from '../../../gcp/missing-error.ts';
import type { CheckJob } from './check-part.ts';

/** The name of the job, as infra/check-job.ts has it. */
export const JOB_NAME = 'mpcomm-check';
const API = 'run.googleapis.com';

export interface CloudJobPlace {
  readonly api: GoogleApi;
  readonly project: string;
  readonly region: string;
}

const operationSchema = z.object({ metadata: z.object({ name: z.string() }) });
const executionSchema = z.object({
  failedCount: z.int().default(0),
  retriedCount: z.int().default(0),
  completionTime: z.string().optional(),
});
export type Execution = z.infer<typeof executionSchema>;

/**
 * Starts an execution of the job; gives its name. Throws `MissingError` where there is no job, or this account
 * may not start it. https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs/run
 */
export async function startExecution(
  { api, project, region }: CloudJobPlace,
  job: CheckJob,
  tasks: number,
): Promise<string> {
  const url = `https://${API}/v2/projects/${project}/locations/${region}/jobs/${JOB_NAME}:run`;
  // The program is the container's own; only what it is to check is said here.
  const args = [JSON.stringify(job)];
  const answer = await api.post(url, {
    overrides: { taskCount: tasks, containerOverrides: [{ args }] },
  });
  if (answer.status === 200) return operationSchema.parse(answer.json).metadata.name;
  if (answer.status === 404) {
    throw new MissingError(
      `there is no job ${JOB_NAME} in region ${region} of project ${project}`,
      'npm run deploy -- --check-job true makes it',
    );
  }
  const text = describeApiError(answer);
  const role = 'roles/run.jobsExecutorWithOverrides';
  throw (
    explainRefusal(text, { api: API, project, role, who: 'user:YOUR_ADDRESS' }) ??
    new MissingError(`${API} answered: ${text}`, 'try again in a minute')
  );
}

/**
 * Ends what was started and is waited for no more; gives whether that was taken. (run.executions.cancel is part of
 * the role that starts it.)
 */
export async function cancelExecution({ api }: CloudJobPlace, name: string): Promise<boolean> {
  const answer = await api.post(`https://${API}/v2/${name}:cancel`, {}).catch(() => null);
  return answer?.status === 200;
}

/** How an execution stands; `null` where this account may not look. */
export async function readExecution(
  { api }: CloudJobPlace,
  name: string,
): Promise<Execution | null> {
  const answer = await api.get(`https://${API}/v2/${name}`);
  return answer.status === 200 ? executionSchema.parse(answer.json) : null;
}
