import { expect, test } from '@jest/globals';
import { openDashboard } from '../../../cli/dashboard/dashboard-command.ts';
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
