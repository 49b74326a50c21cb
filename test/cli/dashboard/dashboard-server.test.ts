import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  gridDocumentSchema,
  gridListSchema,
  runListSchema,
} from '../../../control/api/dashboard-documents.ts';
import { openDashboard, type OpenDashboard } from '../../../cli/dashboard/dashboard-command.ts';
import { firstStatus } from '../../support/first-status.ts';
import { type Answer, send } from '../../support/functions-client.ts';
import { recordedContext } from '../../support/recorded-context.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const RESULTS = join(import.meta.dirname, '../../../results');
const DIRECTORY = temporaryDirectory();
const RUN = { peers: 2, messages: 1 };

describe('a dashboard without a laboratory', () => {
  let dashboard: OpenDashboard;
  let base: string;
  let key: string;

  beforeAll(async () => {
    // The command hands over all of its options, of which `peers` has a default.
    const options = { state: join(DIRECTORY, 'state'), results: RESULTS, port: 0, peers: 8 };
    dashboard = await openDashboard(recordedContext().context, options);
    const url = new URL(dashboard.url);
    base = url.origin;
    key = /key=([\w-]+)$/.exec(url.hash)![1]!;
  });
  afterAll(() => dashboard?.close());

  function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return send(base + path, { method: 'GET', headers: { 'x-mpcomm-key': key, ...headers } });
  }

  function post(path: string, body: unknown, headers: Record<string, string> = {}) {
    const json = { 'content-type': 'application/json', 'x-mpcomm-key': key, ...headers };
    return send(base + path, { method: 'POST', headers: json, body: JSON.stringify(body) });
  }

  function problemOf({ text }: Answer): string {
    return (JSON.parse(text) as { type: string }).type.replace('urn:mpcomm:problem:', '');
  }

  test.each([
    ['another site', { origin: 'https://example.org' }, 'foreign-origin'],
    ['another port of this machine', { origin: 'http://127.0.0.1:9' }, 'foreign-origin'],
    ['a site without an origin', { 'sec-fetch-site': 'cross-site' }, 'foreign-origin'],
    ['another port without an origin', { 'sec-fetch-site': 'same-site' }, 'foreign-origin'],
    ['a name that leads here', { host: 'rebound.example.org' }, 'foreign-host'],
    ['whoever has no key', { 'x-mpcomm-key': '' }, 'missing-key'],
    ['whoever guesses a key', { 'x-mpcomm-key': 'x'.repeat(32) }, 'missing-key'],
  ])('tells %s nothing, and begins nothing for it', async (_who, headers, problem) => {
    for (const path of ['/api/runs', '/api/events', '/api/grids']) {
      expect(problemOf(await get(path, headers))).toBe(problem);
    }
    expect(problemOf(await post('/api/runs', RUN, headers))).toBe(problem);
  });

  test('does not answer a form, which another site could send', async () => {
    const answer = await post('/api/runs', RUN, { 'content-type': 'text/plain' });
    expect([answer.status, problemOf(answer)]).toEqual([415, 'unsupported-media-type']);
  });

  test('serves the page with a policy that runs no script in it, and nothing that outlives it', async () => {
    const page = await send(`${base}/`, { method: 'GET' });
    expect(page.headers['content-security-policy']).toMatch(
      /default-src 'none'; script-src 'self';.*frame-ancestors 'none'/,
    );
    expect(page.text).toContain('<meta name="dashboard"');
    expect(page.text).not.toContain(key);
    const names = [/frame=([^\s"]+)/, /simulation=([^\s"]+)/, /src="([^"]+)"/];
    const policies = await Promise.all(
      names.map(async (name) => {
        const path = name.exec(page.text)![1]!;
        const { headers } = await send(`${base}/${path}`, { method: 'GET' });
        return String(headers['content-security-policy']).includes("'unsafe-eval'");
      }),
    );
    expect(policies).toEqual([true, false, false]);
    for (const path of ['/offline.js', '/../package.json', '/assets/', '/api/nothing', '//']) {
      expect((await get(path)).status).toBe(404);
    }
  });

  test('says that no laboratory is up: to who listens, and to who begins a run', async () => {
    const status = await firstStatus(`${base}/api/events?key=${key}`);
    expect(status).toMatchObject({ state: 'down', peers: [], progress: null });
    expect(status.sentence).toContain('mpcomm up');
    const answer = await post('/api/runs', RUN);
    expect(answer.status).toBe(502);
    expect(answer.text).toContain('No laboratory is up');
    expect(runListSchema.parse(JSON.parse((await get('/api/runs')).text)).runs).toEqual([]);
    expect((await get('/api/runs/20260131-235959-0a1b2c3d')).text).toContain('cannot be read');
    expect((await get('/api/runs/0-0')).text).toContain('no id of a run');
  });

  test('objects to a run as the API does, field by field', async () => {
    const wrong = { peers: 1, messages: 5, zones: ['us-west1-b'] };
    const { text } = await post('/api/check-run', wrong);
    const { errors } = JSON.parse(text) as { errors: { field: string; allowed: string }[] };
    expect(errors.map(({ field }) => field)).toEqual(['peers']);
    expect((await post('/api/check-run', { ...wrong, peers: 2 })).text).toContain(
      'there are 1 zones for 2 peers',
    );
    expect(problemOf(await post('/api/runs', wrong))).toBe('invalid-request');
    expect(JSON.parse((await post('/api/check-run', RUN)).text)).toEqual({ errors: [] });
  });

  test('draws the grids of a folder, each run a link', async () => {
    const list = gridListSchema.parse(JSON.parse((await get('/api/grids')).text));
    const folder = '2026-11-26-orderings';
    expect(list.grids.map((grid) => grid.folder)).toContain(folder);
    const grid = gridDocumentSchema.parse(JSON.parse((await get(`/api/grids/${folder}`)).text));
    const { runId } = grid.cells[0]!.runs[0]!;
    expect(grid.charts[0]!.name).toBe('every-run.svg');
    expect(grid.charts[0]!.svg).toContain(`href="#/laboratory?run=${runId}&amp;grid=${folder}"`);
    const run = await get(`/api/grids/${folder}/runs/${runId}`);
    expect(JSON.parse(run.text)).toMatchObject({ summary: { runId, state: 'compared' } });
    expect((await get('/api/grids/...')).text).toContain('There is no grid');
  });

  test('says how many runs a grid is', async () => {
    const body = { name: 'g', orderings: ['fifo'], peers: [2, 4], messages: [5], runs: 3 };
    expect(JSON.parse((await post('/api/check-grid', body)).text)).toEqual({
      errors: [],
      foreseen: expect.stringMatching(/^6 runs in 2 cells/),
    });
  });

  test('refuses a grid that is none, with what is wrong', async () => {
    const body = { name: '../up', orderings: ['best'], peers: [1], messages: [1], runs: 1 };
    const answer = await post('/api/grids', body);
    expect(problemOf(answer)).toBe('invalid-request');
    for (const field of ['name', 'orderings', 'peers']) expect(answer.text).toContain(`"${field}`);
  });
});

test('a dashboard over a damaged store says what is wrong with it, and what helps', async () => {
  const state = join(DIRECTORY, 'damaged');
  mkdirSync(state);
  writeFileSync(join(state, 'state.sqlite'), 'this is no database at all');
  const options = { state, results: RESULTS, port: 0 };
  const dashboard = await openDashboard(recordedContext().context, options);
  const { origin, hash } = new URL(dashboard.url);
  const status = await firstStatus(`${origin}/api/events?${hash.split('?')[1]}`);
  await dashboard.close();
  expect(status.state).toBe('slow');
  expect(status.sentence).toMatch(/is not an SQLite file.*move it away/);
});
