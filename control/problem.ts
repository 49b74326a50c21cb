/** The media type of a problem document (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Every problem that the functions answer with: its HTTP status and its title, by name. */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'malformed-http': { status: 400, title: 'The request is not HTTP' },
  'malformed-json': { status: 400, title: 'The body is not a JSON object' },
  'missing-key': { status: 401, title: 'The key of the dashboard is missing or not the right one' },
  'foreign-host': { status: 403, title: 'The request is for another host' },
  'foreign-origin': { status: 403, title: 'The request comes from another site' },
  'not-found': { status: 404, title: 'There is no such endpoint' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed' },
  'request-timeout': { status: 408, title: 'The request took too long' },
  'too-few-peers': { status: 409, title: 'Fewer peers are live than were asked for' },
  'run-active': { status: 409, title: 'Another run is active' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The media type is not supported' },
  'expectation-failed': { status: 417, title: 'The expectation cannot be met' },
  'key-reused': { status: 422, title: 'The Idempotency-Key belongs to another request' },
  'header-too-large': { status: 431, title: 'The header is too large' },
  'internal-error': { status: 500, title: 'The function failed' },
  'laboratory-refused': { status: 502, title: 'The laboratory did not do it' },
  unavailable: { status: 503, title: 'The store or the bus is not available' },
} as const;
export type ProblemName = keyof typeof PROBLEMS;

/**
 * Problem details as in RFC 9457. Besides the members of the standard it may carry extensions:
 * `errors` (400), `live`, `zones`, `missingZones` and `absent` (409 of too few peers), `runId` and `until` (409 of an active
 * run, 503 of one that was not published), `closed` and `failed` (503 and 500 of `expire`), `defects` (500 of `expire`), `endpoints` (404), `allowed` (405, 415),
 * `limitBytes` (413).
 */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** One sentence for a person: what was wrong in this case, and what is allowed. */
  readonly detail: string;
  readonly [extension: string]: unknown;
}

/** The problem called `name`, with `detail` for this case and `extensions` for programs. */
export function createProblem(
  name: ProblemName,
  detail: string,
  extensions: Readonly<Record<string, unknown>> = {},
): Problem {
  const { status, title } = PROBLEMS[name];
  return { ...extensions, type: `urn:mpcomm:problem:${name}`, title, status, detail };
}
