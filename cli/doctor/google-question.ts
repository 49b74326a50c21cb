import { describeApiError, explainRefusal } from '../../gcp/api-errors.ts';
import type { ApiAnswer, GoogleApi } from '../../gcp/google-api.ts';
import { MissingError } from '../../gcp/missing-error.ts';

/** Where a deployment is, and through what it is asked about. */
export interface DeploymentQuestion {
  readonly api: GoogleApi;
  readonly project: string;
  readonly region: string;
}

/** The longest that one fact is waited for. */
export const QUESTION_MS_MAX = 30_000;

/** What an API of Google tells. Throws a `MissingError`, which names `role` where this account may not ask. */
export async function askGoogle(
  question: DeploymentQuestion,
  host: string,
  path: string,
  role: string,
): Promise<unknown> {
  const found = await findAtGoogle(question, host, path, role);
  if (found !== null) return found;
  throw new MissingError(`${host} does not know ${path}`, 'npm run deploy -- --refresh');
}

/** The same, and `null` where there is no such thing. */
export async function findAtGoogle(
  { api, project }: DeploymentQuestion,
  host: string,
  path: string,
  role: string,
): Promise<unknown> {
  const answer = await api.get(`https://${host}/${path}`);
  if (answer.status === 200) return answer.json;
  if (answer.status === 404) return null;
  throw refusalOf(answer, host, project, role);
}

function refusalOf(answer: ApiAnswer, api: string, project: string, role: string): MissingError {
  const text = describeApiError(answer);
  const explained = explainRefusal(text, { api, project, role, who: 'user:YOUR_ADDRESS' });
  return explained ?? new MissingError(`${api} answered: ${text}`, 'try again in a minute');
}

/** `b` of `a/b`. */
export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
