import { z } from 'zod';
import { ORDERING_NAMES } from '../../core/orderings/registry.ts';
import { PROBLEM_MEDIA_TYPE } from '../problem.ts';
import { runBodySchema } from '../runs/run-request.ts';
import {
  deliveriesSchema,
  gridCheckSchema,
  gridDocumentSchema,
  gridListSchema,
  gridRequestBodySchema,
  laboratoryStatusSchema,
  recordingSchema,
  runDetailSchema,
  runListSchema,
} from './dashboard-documents.ts';
import {
  exitAcceptedSchema,
  fieldErrorSchema,
  problemDocumentSchema,
  runAcceptedSchema,
} from './function-documents.ts';

/** An OpenAPI document, as far as its reader has to know it. */
export interface ApiDescription {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
  readonly [further: string]: unknown;
}

export interface ApiOperation {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly responses: Readonly<Record<string, unknown>>;
  readonly [further: string]: unknown;
}

/** Every body that travels, by its name in the document. */
export const API_SCHEMAS = {
  RunRequest: runBodySchema(ORDERING_NAMES),
  RunAccepted: runAcceptedSchema,
  RunBegun: z.object({ runId: z.string() }),
  ExitAccepted: exitAcceptedSchema,
  RunCheck: z.object({ errors: z.array(fieldErrorSchema) }),
  RunList: runListSchema,
  RunDetail: runDetailSchema,
  Deliveries: deliveriesSchema,
  Recording: recordingSchema,
  LaboratoryStatus: laboratoryStatusSchema,
  GridList: gridListSchema,
  Grid: gridDocumentSchema,
  GridRequest: gridRequestBodySchema,
  GridCheck: gridCheckSchema,
  GridBegun: z.object({ name: z.string() }),
  Nothing: z.object({}),
  Problem: problemDocumentSchema,
} as const;
export type ApiSchemaName = keyof typeof API_SCHEMAS;

/**
 * The interface of the laboratory as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0), made from
 * the schemas that check the requests. What they check beyond JSON Schema, such as that there are as many zones
 * as peers, is in the descriptions.
 */
export function describeApi(): ApiDescription {
  return {
    openapi: '3.1.0',
    info: {
      title: 'MPComm',
      version: '1',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'A laboratory for the order of multicast messages. Paths below /api are those of "mpcomm dashboard", ' +
        'which serves them on 127.0.0.1 and wants its key with each; the others are functions, on this machine ' +
        'at the address that "mpcomm up" prints, and in the cloud each at its own.',
    },
    paths: { ...FUNCTION_PATHS, ...DASHBOARD_PATHS },
    components: {
      schemas: Object.fromEntries(
        Object.entries(API_SCHEMAS).map(([name, schema]) => [name, toJsonSchema(schema)]),
      ),
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-MPComm-Key' } },
    },
  };
}

function toJsonSchema(schema: z.ZodType): unknown {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}

const FUNCTION_PATHS = {
  '/run': {
    post: {
      ...operation('functions', 'Begin a run', { 202: 'RunAccepted' }),
      description:
        'Takes the first live peers of the registry, or one of each of the zones that are named: as many zones ' +
        'as peers. peers x (peers - 1) x messages is bounded. With an Idempotency-Key a repeated request gives ' +
        'the run that the first one made.',
      parameters: [header('Idempotency-Key', '1 to 255 visible ASCII characters')],
      requestBody: bodyOf('RunRequest'),
    },
  },
  '/exit': {
    post: {
      ...operation('functions', 'Tell every peer to end', { 202: 'ExitAccepted' }),
      requestBody: bodyOf('Nothing'),
    },
  },
  '/openapi.json': {
    get: operation('functions', 'This document', { 200: null }),
  },
};

const DASHBOARD_PATHS = {
  '/api/events': {
    get: {
      ...dashboard('What stands behind the page, pushed', {}),
      parameters: [
        parameter('key', 'query', 'the key, which an EventSource cannot say in a header'),
      ],
      responses: {
        200: {
          description:
            'Server-sent events: "status" whenever something is new, with a LaboratoryStatus as its data, and ' +
            '"beat" every two seconds.',
          content: { 'text/event-stream': { schema: reference('LaboratoryStatus') } },
        },
        default: problemResponse(),
      },
    },
  },
  '/api/runs': {
    get: {
      ...dashboard('Earlier runs, the newest first', { 200: 'RunList' }),
      parameters: [
        parameter('search', 'query', 'words that all occur in the line of a run'),
        parameter('limit', 'query', 'how many, 25 unless told, 500 at most'),
      ],
    },
    post: {
      ...dashboard('Begin a run', { 202: 'RunBegun' }),
      requestBody: bodyOf('RunRequest'),
    },
  },
  '/api/check-run': {
    post: {
      ...dashboard('What POST /api/runs would object to', { 200: 'RunCheck' }),
      requestBody: bodyOf('RunRequest'),
    },
  },
  '/api/runs/{runId}': ofRun('One run and its comparison', 'RunDetail'),
  '/api/runs/{runId}/deliveries': ofRun('What each member delivered, in its order', 'Deliveries'),
  '/api/runs/{runId}/recording': ofRun('What each member wrote down', 'Recording'),
  '/api/grids': {
    get: dashboard('The grids in the results folder', { 200: 'GridList' }),
    post: {
      ...dashboard('Begin to measure a grid', { 202: 'GridBegun' }),
      requestBody: bodyOf('GridRequest'),
    },
  },
  '/api/check-grid': {
    post: {
      ...dashboard('What POST /api/grids would object to, and what the grid would take', {
        200: 'GridCheck',
      }),
      requestBody: bodyOf('GridRequest'),
    },
  },
  '/api/stop-grid': {
    post: {
      ...dashboard('Stop the grid that is measured', { 202: 'Nothing' }),
      requestBody: bodyOf('Nothing'),
    },
  },
  '/api/grids/{folder}': {
    get: {
      ...dashboard('One grid with its charts', { 200: 'Grid' }),
      parameters: [parameter('folder', 'path', 'the name of its folder')],
    },
  },
  '/api/grids/{folder}/runs/{runId}': {
    get: {
      ...dashboard('One run of a grid', { 200: 'RunDetail' }),
      parameters: [
        parameter('folder', 'path', 'the name of its folder'),
        parameter('runId', 'path', 'such as 20260131-235959-0a1b2c3d'),
      ],
    },
  },
  '/api/openapi.json': {
    get: dashboard('This document', { 200: null }),
  },
};

function ofRun(summary: string, schema: ApiSchemaName) {
  const parameters = [parameter('runId', 'path', 'such as 20260131-235959-0a1b2c3d')];
  return { get: { ...dashboard(summary, { 200: schema }), parameters } };
}

function dashboard(
  summary: string,
  answers: Readonly<Record<number, ApiSchemaName | null>>,
): ApiOperation {
  return { ...operation('dashboard', summary, answers), security: [{ key: [] }] };
}

/** `answers`: the schema of each status; `null` for JSON of no schema of ours. */
function operation(
  tag: 'functions' | 'dashboard',
  summary: string,
  answers: Readonly<Record<number, ApiSchemaName | null>>,
): ApiOperation {
  const responses = Object.entries(answers).map(([status, name]): [string, unknown] => [
    status,
    {
      description: summary,
      content: { 'application/json': name === null ? {} : { schema: reference(name) } },
    },
  ]);
  return {
    summary,
    tags: [tag],
    responses: { ...Object.fromEntries(responses), default: problemResponse() },
  };
}

function problemResponse() {
  return {
    description: 'What was wrong, and what is allowed',
    content: { [PROBLEM_MEDIA_TYPE]: { schema: reference('Problem') } },
  };
}

function bodyOf(name: ApiSchemaName) {
  return { required: true, content: { 'application/json': { schema: reference(name) } } };
}

function reference(name: ApiSchemaName) {
  return { $ref: `#/components/schemas/${name}` };
}

function header(name: string, description: string) {
  return { name, in: 'header', description, required: false, schema: { type: 'string' } };
}

function parameter(name: string, place: 'path' | 'query', description: string) {
  return {
    name,
    in: place,
    description,
    required: place === 'path',
    schema: { type: 'string' },
  };
}
