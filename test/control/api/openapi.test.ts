import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { DASHBOARD_ROUTES } from '../../../cli/dashboard/dashboard-routes.ts';
import { exitAcceptedSchema, runAcceptedSchema } from '../../../control/api/function-documents.ts';
import { API_SCHEMAS, describeApi } from '../../../control/api/openapi.ts';
import { PROBLEM_MEDIA_TYPE } from '../../../control/problem.ts';
import { provideBackend } from '../../../functions/backend.ts';
import { createFrontServer } from '../../../functions/front/front-server.ts';
import { registerPeers } from '../../support/control-fixtures.ts';
import { listen, postJson, send, stopListening } from '../../support/functions-client.ts';
import { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';

const { paths, components } = describeApi();

/**
 * The operations of the document, such as `POST /api/runs/x`, with something in the place of each parameter.
 */
const DOCUMENTED = Object.entries(paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);

describe('the OpenAPI document', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const backend = new MemoryBackend();
    provideBackend(() => Promise.resolve(backend));
    await registerPeers(backend, 3, Date.now());
    server = createFrontServer();
    url = await listen(server);
  });
  afterAll(async () => {
    await stopListening(server);
    jest.restoreAllMocks();
  });

  test('is served by the laboratory', async () => {
    const answer = await send(`${url}/openapi.json`, { method: 'GET' });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual(JSON.parse(JSON.stringify(describeApi())));
  });

  test('has what the functions answer, and what they object to', async () => {
    const begun = await postJson(`${url}/run`, { peers: 2, messages: 1 });
    expect(runAcceptedSchema.strict().parse(JSON.parse(begun.text))).toMatchObject({ peers: 2 });
    const exited = await postJson(`${url}/exit`, {});
    exitAcceptedSchema.strict().parse(JSON.parse(exited.text));
    const refused = await postJson(`${url}/run`, { peers: 'two', intervalMs: { min: 9 } });
    expect(refused.headers['content-type']).toBe(PROBLEM_MEDIA_TYPE);
    const problem = API_SCHEMAS.Problem.parse(JSON.parse(refused.text));
    expect(problem.errors?.map(({ field }) => field)).toContain('peers');
  });

  test('takes what the functions take, and names what they demand', () => {
    const { RunRequest } = components.schemas as Record<string, Record<string, unknown>>;
    expect(RunRequest).toMatchObject({
      required: ['peers', 'messages'],
      additionalProperties: false,
    });
    const { properties } = RunRequest as { properties: Record<string, { maximum?: number }> };
    expect(properties['peers']).toMatchObject({ type: 'integer', minimum: 2, maximum: 64 });
  });

  test('has every route of the dashboard, and no other', () => {
    const ours = DOCUMENTED.filter((each) => each.includes(' /api/'));
    const known = ours.map((each) => each.replaceAll('{runId}', '0-0').replaceAll('{folder}', 'x'));
    const unserved = known.filter((each) => {
      const [method, path] = each.split(' ') as [string, string];
      return !DASHBOARD_ROUTES.some((route) => route.method === method && route.path.test(path));
    });
    expect(unserved).toEqual(['GET /api/events']);
    const undescribed = DASHBOARD_ROUTES.filter(
      ({ method, path }) =>
        !known.some((each) => each.startsWith(`${method} `) && path.test(each.split(' ')[1]!)),
    );
    expect(undescribed.map(({ method, path }) => `${method} ${String(path)}`)).toEqual([]);
  });

  test('has the functions that people call, each where it is served', async () => {
    const ours = DOCUMENTED.filter((each) => !each.includes(' /api/'));
    expect(ours.sort()).toEqual(['GET /openapi.json', 'POST /exit', 'POST /run']);
    for (const each of ours) {
      const [method, path] = each.split(' ') as [string, string];
      expect((await send(`${url}${path}`, { method })).status).not.toBe(404);
    }
  });

  test('refers to nothing that it does not define', () => {
    const text = JSON.stringify(paths);
    const names = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !(name in components.schemas))).toEqual([]);
  });
});
