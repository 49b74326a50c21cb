import { z } from 'zod';
import { describeApiError, explainRefusal } from './api-errors.ts';
import type { GoogleApi } from './google-api.ts';
import { MissingError } from './missing-error.ts';

const API = 'cloudfunctions.googleapis.com';

const functionSchema = z.object({
  state: z.string().optional(),
  url: z.string().optional(),
  serviceConfig: z.object({ uri: z.string().optional() }).optional(),
});

export interface FunctionPlace {
  readonly project: string;
  readonly region: string;
  readonly name: string;
}

export interface FoundFunction {
  /** Where to call it. */
  readonly address: string;
  /** For whom an identity token is made: the address of the Cloud Run service under it. */
  readonly audience: string;
  /** Whether its existence was looked up; `false` when this account may not look. */
  readonly verified: boolean;
}

/** The address that a function of the 2nd generation has in every project. */
function derivedAddress({ project, region, name }: FunctionPlace): string {
  return `https://${region}-${project}.cloudfunctions.net/${name}`;
}

/**
 * Looks a function up. Who may call it need not be allowed to look at it: then its address is
 * derived. Throws `MissingError` when it is known not to be there, or not to be ready.
 */
export async function findFunction(
  api: GoogleApi,
  place: FunctionPlace,
  who: string,
): Promise<FoundFunction> {
  const { project, region, name } = place;
  const answer = await api.get(
    `https://${API}/v2/projects/${project}/locations/${region}/functions/${name}`,
  );
  if (answer.status === 200) return readFunction(place, answer.json);
  if (answer.status === 404) throw absentFunction(place);
  const text = describeApiError(answer);
  const refusal = explainRefusal(text, {
    api: API,
    project,
    role: 'roles/cloudfunctions.viewer',
    who,
  });
  if (refusal !== null && /not enabled|no project/.test(refusal.what)) throw refusal;
  const address = derivedAddress(place);
  return { address, audience: address, verified: false };
}

export function absentFunction({ project, region, name }: FunctionPlace): MissingError {
  return new MissingError(
    `there is no function ${name} in region ${region} of project ${project}`,
    `deploy the laboratory (npm run deploy), or name its region with --region: ` +
      `gcloud functions list --project ${project} tells it`,
  );
}

function readFunction(place: FunctionPlace, json: unknown): FoundFunction {
  const { state, url, serviceConfig } = functionSchema.safeParse(json).data ?? {};
  if (state !== undefined && state !== 'ACTIVE') {
    throw new MissingError(
      `the function ${place.name} is ${state}, not ACTIVE`,
      `gcloud functions describe ${place.name} --region ${place.region} --project ${place.project} says why`,
    );
  }
  const address = serviceConfig?.uri ?? url ?? derivedAddress(place);
  return { address, audience: address, verified: true };
}
