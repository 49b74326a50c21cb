import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { openDashboard } from '../../../cli/dashboard/dashboard-command.ts';
import { zonesForPeers } from '../../../network/zones.ts';
import { eventually } from '../../support/eventually.ts';
import { firstStatus } from '../../support/first-status.ts';
import { send } from '../../support/functions-client.ts';
import { useCloud } from '../../support/cloud-context.ts';

const cloud = useCloud();

test('with --backend gcp the dashboard reads and begins runs as the user, and shows no token', async () => {
  const options = { ...cloud.options(), results: cloud.state, port: 0 };
  const dashboard = await openDashboard(cloud.context().context, options);
  try {
    const { origin, hash } = new URL(dashboard.url);
    const headers = { 'x-mpcomm-key': /key=(.*)$/.exec(hash)![1]! };
    const get = async (path: string) =>
      JSON.parse((await send(`${origin}/api/${path}`, { method: 'GET', headers })).text) as object;
    expect(await get('runs')).toMatchObject({ runs: [] });
    const begun = await send(`${origin}/api/runs`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ peers: 3, messages: 2 }),
    });
    const { runId } = JSON.parse(begun.text) as { runId: string };
    expect(begun.status).toBe(202);
    expect(await get('runs')).toMatchObject({ runs: [{ runId, state: 'compared' }] });
    expect(await get(`runs/${runId}`)).toMatchObject({ comparison: { peers: 3, rounds: 6 } });
    const calls = cloud.google.requests.filter(({ target }) => target.startsWith('run-hash'));
    expect(calls.map((call) => call.headers['authorization'])).toEqual([
      expect.stringMatching(/^Bearer .+/),
    ]);
    expect(begun.text).not.toContain('Bearer');
  } finally {
    await dashboard.close();
  }
});

test('with --backend gcp a grid is measured in the cloud, after it was said what that costs', async () => {
  const results = join(cloud.state, 'results');
  const dashboard = await openDashboard(cloud.context().context, {
    ...cloud.options(),
    results,
    port: 0,
  });
  try {
    const { origin, hash } = new URL(dashboard.url);
    const key = /key=(.*)$/.exec(hash)![1]!;
    const headers = { 'x-mpcomm-key': key, 'content-type': 'application/json' };
    const post = (path: string, body: object) =>
      send(`${origin}/api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const get = async (path: string) =>
      JSON.parse((await send(`${origin}/api/${path}`, { method: 'GET', headers })).text) as object;
    const wanted = { name: 'real', orderings: ['fifo'], peers: [3], messages: [2], runs: 2 };
    expect(JSON.parse((await post('check-grid', wanted)).text)).toEqual({
      errors: [],
      foreseen: expect.stringMatching(
        /^2 runs in 1 cell, about \d+ s at least: about 0\.\d+ dollars /,
      ),
    });
    const wrong = await post('grids', { ...wanted, messages: [0] });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('messages.0')]);
    expect(cloud.callsOf('run-hash')).toEqual([]);
    // A grid of three looks for its peers in the first three of the published zones.
    cloud.zones = zonesForPeers(3, null);
    await cloud.registerPeers(Date.now());
    expect((await post('grids', wanted)).status).toBe(202);
    const look = () => firstStatus(`${origin}/api/events?key=${key}`);
    await eventually('the grid to end', async () => (await look()).grid?.state !== 'measuring');
    const { grid } = await look();
    expect(grid).toMatchObject({ name: 'real', state: 'ended' });
    const notes = grid!.notes.join('\n');
    expect(notes).toContain('Using the laboratory in project my-project');
    expect(notes).toContain('The machines cost on until npm run destroy.');
    const calls = cloud.callsOf('run-hash').map(({ body }) => JSON.parse(body) as object);
    expect(calls).toMatchObject([{ ordering: 'fifo', peers: 3, messages: 2 }, { peers: 3 }]);
    expect(await get('grids')).toMatchObject({ grids: [{ cells: 1, runs: 2, wanted: 2 }] });
  } finally {
    await dashboard.close();
  }
});
