import type { IncomingMessage, ServerResponse } from 'node:http';
import { LIMITS } from '../../control/limits.ts';
import { createProblem, type Problem } from '../../control/problem.ts';
import {
  isJson,
  notJsonProblem,
  quoteHeader,
  refusedMethod,
  sendProblem,
  tooLargeProblem,
} from '../answer.ts';
import { BodyBudget } from './body-budget.ts';
import { readBody, replay, type Unread } from './bounded-body.ts';

/** The most bytes of an event, which carries the document that was created, of up to 1 MiB. */
const EVENT_BYTES_MAX = 1_048_576;

/** The most bytes of all bodies together that this process holds: as many as 64 of the largest events. */
const BODIES_BYTES_MAX = 64 * EVENT_BYTES_MAX;
const budget = new BodyBudget(BODIES_BYTES_MAX);

/** The media types of events: legacy ones and structured ones are JSON, Eventarc's data is protobuf. */
const EVENT_TYPES = /^application\/(json|cloudevents\+json|protobuf|x-protobuf)\s*(;|$)/;

/** A character set that JSON does not have (RFC 8259), and the framework's parsers do not take. */
const OTHER_CHARSET = /;\s*charset\s*=(?!\s*"?utf-8"?\s*(;|$))/;

/** What a body must be before a function sees it. */
export interface BodyRule {
  readonly bytesMax: number;
  /** What is wrong with this body; `null` for nothing. */
  readonly check: (request: IncomingMessage, body: Buffer) => Problem | null;
}

/**
 * The rule of a function, by its name: `compare` takes events, all others requests. `demandsJson`: an empty
 * body has to be called JSON as well, for a server that other sites' pages can reach: what a page may send to
 * another site without being asked whether it may is a form or text, and never JSON. In the cloud a token is
 * demanded instead, and the scheduler sends empty bodies without a type.
 */
export function bodyRuleOf(name: string, { demandsJson = false } = {}): BodyRule {
  if (name === 'compare') return { bytesMax: EVENT_BYTES_MAX, check: checkEventBody };
  return {
    bytesMax: LIMITS.requestBytesMax,
    check: (request, body) => {
      return body.length === 0 && !demandsJson ? null : checkRequestBody(request, body);
    },
  };
}

/**
 * Reads a request to its end and looks at it before the Functions Framework does, which takes bodies of a
 * gigabyte and answers malformed ones in HTML. Gives the request, to be read again; `null` when it was refused,
 * in problem details. Rejects when the client goes away.
 */
export async function checkedRequest(
  { bytesMax, check }: BodyRule,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<IncomingMessage | null> {
  if (refusedMethod(request, response)) return null;
  const body = await readBody(request, bytesMax, budget);
  budget.keep(request, response);
  const problem = typeof body === 'string' ? unreadProblem(body, bytesMax) : check(request, body);
  if (typeof body !== 'string' && problem === null) return replay(request, body);
  sendProblem(response, problem!);
  return null;
}

function unreadProblem(why: Unread, bytesMax: number): Problem {
  if (why === 'too large') return tooLargeProblem(bytesMax);
  return createProblem(
    'unavailable',
    'Nothing was done because too much is being sent by others; try again later.',
  );
}

function checkRequestBody(request: IncomingMessage, body: Buffer): Problem | null {
  const contentType = request.headers['content-type'];
  if (isEncoded(request) || !isJson(contentType)) {
    return notJsonProblem(contentType, request.headers['content-encoding']);
  }
  if (body.length === 0) return null;
  // The framework's parser takes no others, and would say so in HTML.
  return isObject(parseJson(body)) ? null : malformedProblem();
}

function checkEventBody(request: IncomingMessage, body: Buffer): Problem | null {
  const contentType = request.headers['content-type']?.toLowerCase() ?? '';
  if (isEncoded(request) || !EVENT_TYPES.test(contentType) || OTHER_CHARSET.test(contentType)) {
    const allowed = ['application/json', 'application/cloudevents+json', 'application/protobuf'];
    const detail =
      `The event came with ${quoteHeader('Content-Type', request.headers['content-type'])}; send ` +
      `one of ${allowed.join(', ')}, in UTF-8, without Content-Encoding.`;
    return createProblem('unsupported-media-type', detail, { allowed });
  }
  if (body.length > 0 && contentType.includes('protobuf')) return null;
  return isEvent(parseJson(body)) ? null : malformedProblem();
}

/** Whether a body is compressed: it could grow beyond every bound. */
function isEncoded({ headers }: IncomingMessage): boolean {
  return (headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity';
}

/** A body as JSON; `undefined`, which JSON does not know, when it is none. */
function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The framework looks into an event, and into its context, as into objects. */
function isEvent(event: unknown): boolean {
  if (!isObject(event) || ('context' in event && !isObject(event.context))) return false;
  const context = 'context' in event ? (event.context as object) : event;
  return !('data' in event && 'eventType' in context && 'resource' in context) || isLegacy(context);
}

/** A document's name as the framework expects it in a legacy event; it knows no other database. */
const LEGACY_RESOURCE = /^projects\/[^/]+\/databases\/\(default\)\/documents\/.+$/;

/**
 * Whether the context of a legacy event is one of Firestore's: from another one the framework would make a CloudEvent
 * in its own ways, and fail with an answer in HTML.
 */
function isLegacy({ eventType, resource }: { eventType?: unknown; resource?: unknown }): boolean {
  const parts = isObject(resource) ? (resource as { name?: unknown; service?: unknown }) : null;
  const name = parts === null ? resource : parts.name;
  return (
    typeof eventType === 'string' &&
    eventType.includes('firestore') &&
    (parts?.service === undefined || parts.service === 'firestore.googleapis.com') &&
    typeof name === 'string' &&
    LEGACY_RESOURCE.test(name)
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function malformedProblem(): Problem {
  return createProblem('malformed-json', 'The body is not a well-formed JSON object.');
}
