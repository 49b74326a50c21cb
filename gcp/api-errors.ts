import { z } from 'zod';
import { MissingError } from './missing-error.ts';

const errorSchema = z.object({
  error: z.object({
    status: z.string().optional(),
    message: z.string().optional(),
    details: z
      .array(z.object({ reason: z.string().optional() }).catch({}))
      .optional()
      .catch(undefined),
  }),
});

/** What an answer that is no success says of its reason: the error's status, reason and message. */
export function describeApiError({ status, json }: { status: number; json: unknown }): string {
  const { error } = errorSchema.safeParse(json).data ?? {};
  const reason = error?.details?.find((detail) => detail.reason !== undefined)?.reason;
  const parts = [error?.status, reason, error?.message].filter((part) => part !== undefined);
  return parts.length === 0 ? `HTTP ${status}` : parts.join(': ');
}

/**
 * Whether an error, however worded, says that an API is not switched on. Firestore and Pub/Sub say it
 * over gRPC, the others over REST.
 */
export function saysApiIsOff(text: string): boolean {
  return /SERVICE_DISABLED|has not been used in project|it is disabled|API .* is not enabled/i.test(
    text,
  );
}

/** Whether an error says that the caller may not have its calls charged to the project. */
function saysProjectIsDenied(text: string): boolean {
  return /USER_PROJECT_DENIED|serviceusage\.services\.use/.test(text);
}

/** gcloud's own projects: calls are counted to them where credentials name no other. */
const OF_GCLOUD: readonly string[] = ['764086051850', '32555940559'];

/**
 * The project that an error names, by id or number, which need not be the one that was asked about: a
 * person's calls count to the project of their credentials. `null` where it names none.
 */
function namedProject(text: string): string | null {
  const found = /(?:in|use|for) project [#"'`]?([a-z0-9][a-z0-9:.-]*[a-z0-9])/i.exec(text);
  return found?.[1] ?? /\bconsumer\b\W+projects\/([a-z0-9-]+)/i.exec(text)?.[1] ?? null;
}

/** What a refusal by one of Google's APIs means, and what helps. `role` is what reading takes. */
export function explainRefusal(
  text: string,
  { api, project, role, who }: { api: string; project: string; role: string; who: string },
): MissingError | null {
  const wrongProject = explainQuotaProject(text, api, project);
  if (wrongProject !== null) return wrongProject;
  if (saysApiIsOff(text)) {
    return new MissingError(
      `the API ${api} is not enabled in project ${project}`,
      `gcloud services enable ${api} --project ${project}`,
    );
  }
  const grant = `gcloud projects add-iam-policy-binding ${project} --member ${who} --role`;
  if (saysProjectIsDenied(text)) {
    return new MissingError(
      `this account may not have its calls charged to project ${project}`,
      `${grant} roles/serviceusage.serviceUsageConsumer`,
    );
  }
  if (/CONSUMER_INVALID|project.*(?:not found|deleted|does not exist)/i.test(text)) {
    return new MissingError(
      `there is no project ${project}, or this account may not see it`,
      'gcloud projects list',
    );
  }
  if (/PERMISSION_DENIED|permission/i.test(text)) {
    return new MissingError(
      `this account may not use ${api} in project ${project}`,
      `${grant} ${role}`,
    );
  }
  if (/UNAUTHENTICATED/.test(text)) {
    return new MissingError(
      `${api} does not take the credentials of this machine`,
      'gcloud auth application-default login',
    );
  }
  return null;
}

/** Calls that were counted to no project, or to another than the laboratory's; `null` for all else. */
function explainQuotaProject(text: string, api: string, project: string): MissingError | null {
  const cure = `gcloud auth application-default set-quota-project ${project}`;
  const named = namedProject(text);
  if (/requires a quota project/i.test(text) || (named !== null && OF_GCLOUD.includes(named))) {
    return new MissingError(
      `the credentials of this machine name no project to which calls of ${api} are counted`,
      cure,
    );
  }
  const isAbout = saysApiIsOff(text) || saysProjectIsDenied(text);
  // A number may be that of the laboratory's own project: what is then wrong is said below.
  if (!isAbout || named === null || named === project || /^\d+$/.test(named)) return null;
  return new MissingError(
    `calls of ${api} are counted to project ${named}, which does not allow them, and not to ${project}`,
    `${cure}, or unset GOOGLE_CLOUD_QUOTA_PROJECT`,
  );
}
