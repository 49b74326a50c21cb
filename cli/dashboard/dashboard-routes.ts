import { z } from 'zod';
import { type GridCheck, gridRequestBodySchema } from '../../control/api/dashboard-documents.ts';
import { describeApi } from '../../control/api/openapi.ts';
import { createProblem, type Problem } from '../../control/problem.ts';
import { type FieldError, parseRunRequest } from '../../control/runs/run-request.ts';
import { runIdSchema } from '../../control/names.ts';
import { Failure } from '../shell/failure.ts';
import type { RunBody } from '../site/functions-client.ts';
import type { DashboardSource } from './dashboard-source.ts';
import type { EventStreams } from './event-stream.ts';
import { gridDocument, gridRunDetail, listGrids } from './grid-documents.ts';
import type { MeasuredGrid } from './measured-grid.ts';
import { deliveriesOf, detailOf, recordingOfRun } from './run-documents.ts';
import { RUNS_LISTED_MAX, type RunSummaries } from './run-summaries.ts';

/** What the answers are made of. */
export interface DashboardParts {
  readonly source: DashboardSource;
  readonly summaries: RunSummaries;
  readonly streams: EventStreams;
  readonly grid: MeasuredGrid;
  /** The folder in which grids lie. */
  readonly results: string;
}

/** A request that was found to be in order. */
export interface DashboardRequest {
  /** The parts of the path that the route's expression captured. */
  readonly names: readonly string[];
  readonly query: URLSearchParams;
  /** The parsed JSON body; `undefined` without one. */
  readonly body: unknown;
}

/** What is answered: a document with its status, or a problem. */
export type DashboardAnswer =
  | { readonly status: 200 | 202; readonly document: unknown }
  | { readonly problem: Problem };

export interface DashboardRoute {
  readonly method: 'GET' | 'POST';
  /** The path below /api; what its groups capture becomes `names`. */
  readonly path: RegExp;
  readonly answer: (parts: DashboardParts, request: DashboardRequest) => Promise<DashboardAnswer>;
}

const RUNS_SHOWN = 25;
const RUN_ID = '([0-9a-f-]{1,40})';
const FOLDER = '([A-Za-z0-9.-]{1,101})';

/** All routes below /api, except the stream of events. */
export const DASHBOARD_ROUTES: readonly DashboardRoute[] = [
  get('runs', async ({ source, summaries }, { query }) => {
    const limit = limitOf(query.get('limit'));
    return summaries.list(await source.archive(), query.get('search') ?? '', limit);
  }),
  get(`runs/${RUN_ID}`, async ({ source }, { names }) =>
    detailOf(await source.archive(), runIdOf(names)),
  ),
  get(`runs/${RUN_ID}/deliveries`, async ({ source }, { names }) =>
    deliveriesOf(await source.archive(), runIdOf(names)),
  ),
  get(`runs/${RUN_ID}/recording`, async ({ source }, { names }) =>
    recordingOfRun(await source.archive(), runIdOf(names)),
  ),
  get('grids', ({ results }) => listGrids(results)),
  get(`grids/${FOLDER}`, ({ results }, { names }) => gridDocument(results, names[0]!)),
  get(`grids/${FOLDER}/runs/${RUN_ID}`, ({ results }, { names }) =>
    gridRunDetail(results, names[0]!, names[1]!),
  ),
  get('openapi.json', () => Promise.resolve(describeApi())),
  post('check-run', async ({ source }, { body }) => {
    return { status: 200, document: { errors: await errorsOf(source, body) } };
  }),
  post('runs', async ({ source }, { body }) => {
    const errors = await errorsOf(source, body);
    if (errors.length > 0) return { problem: invalid(errors) };
    return { status: 202, document: { runId: await source.begin(body as RunBody) } };
  }),
  post('check-grid', async ({ grid }, { body }) => {
    return { status: 200, document: await checkGrid(grid, body) };
  }),
  post('grids', async ({ grid }, { body }) => {
    const { errors } = await checkGrid(grid, body);
    if (errors.length > 0) return { problem: invalid(errors) };
    const wanted = gridRequestBodySchema.parse(body);
    grid.begin(wanted);
    return { status: 202, document: { name: wanted.name } };
  }),
  post('stop-grid', async ({ grid }) => {
    await grid.stop();
    return { status: 202, document: {} };
  }),
];

function get(
  path: string,
  read: (parts: DashboardParts, request: DashboardRequest) => Promise<unknown>,
): DashboardRoute {
  const answer: DashboardRoute['answer'] = async (parts, request) => {
    return { status: 200, document: await read(parts, request) };
  };
  return { method: 'GET', path: pathOf(path), answer };
}

function post(path: string, answer: DashboardRoute['answer']): DashboardRoute {
  return { method: 'POST', path: pathOf(path), answer };
}

function pathOf(path: string): RegExp {
  return new RegExp(`^/api/${path.replaceAll('.json', '\\.json')}$`);
}

function limitOf(text: string | null): number {
  const limit = /^\d{1,4}$/.test(text ?? '') ? Number(text) : RUNS_SHOWN;
  return Math.min(Math.max(1, limit), RUNS_LISTED_MAX);
}

function runIdOf([runId]: readonly string[]): string {
  return runIdSchema.parse(runId);
}

async function errorsOf(source: DashboardSource, body: unknown): Promise<readonly FieldError[]> {
  const parsed = parseRunRequest(body, await source.orderings());
  return parsed.valid ? [] : parsed.errors;
}

/** What is wrong with a grid that somebody asks for, and what it would take where nothing is. */
async function checkGrid(grid: MeasuredGrid, body: unknown): Promise<GridCheck> {
  const parsed = gridRequestBodySchema.safeParse(body);
  if (!parsed.success) return { errors: toErrors(parsed.error), foreseen: '' };
  try {
    return { errors: [], foreseen: await grid.foresee(parsed.data) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const allowed = 'what "mpcomm grid" measures';
    return { errors: [{ field: '', problem: error.message, allowed }], foreseen: '' };
  }
}

function toErrors({ issues }: z.ZodError): FieldError[] {
  return issues.map(({ path, message }) => ({
    field: path.join('.'),
    problem: message,
    allowed: 'what GET /api/openapi.json says',
  }));
}

function invalid(errors: readonly FieldError[]): Problem {
  const told = errors.map(({ field, problem }) => `${field || 'body'}: ${problem}`);
  return createProblem('invalid-request', `${told.join('. ')}.`, { errors });
}
