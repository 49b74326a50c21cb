import { afterEach, describe, expect, test } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { type HealthServer, openHealthServer } from '../../../peer/duty/health-server.ts';
import { send } from '../../support/functions-client.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const LOOPBACK = '127.0.0.1';
const MAIN = join(import.meta.dirname, '../../../peer/main.ts');

describe('the health endpoint', () => {
  let health: HealthServer | undefined;

  afterEach(async () => {
    await health?.close();
    health = undefined;
  });

  async function ask(path: string, method = 'GET') {
    health ??= await openHealthServer(LOOPBACK, 0, () => ({ status: 'running' }));
    return send(`http://${LOOPBACK}:${health.port}${path}`, { method });
  }

  test('answers 200 with what it is told to say', async () => {
    const answer = await ask('/health');
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({ status: 'running' });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('knows no other path, and only reading', async () => {
    expect((await ask('/')).status).toBe(404);
    expect((await ask('/health?x=1')).status).toBe(404);
    const refused = await ask('/health', 'POST');
    expect([refused.status, refused.headers.allow]).toEqual([405, 'GET, HEAD']);
    expect((await ask('/health', 'HEAD')).status).toBe(200);
  });

  test('says that a port is taken', async () => {
    health = await openHealthServer(LOOPBACK, 0, () => ({}));
    await expect(openHealthServer(LOOPBACK, health.port, () => ({}))).rejects.toThrow('EADDRINUSE');
  });
});

describe('a daemon process', () => {
  const directory = temporaryDirectory();
  const running: ChildProcess[] = [];

  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
  });

  function start(change: Record<string, string>, ...options: string[]): ChildProcess {
    const env = {
      PATH: process.env['PATH'] ?? '',
      MPCOMM_PEER_ID: 'peer-0',
      MPCOMM_ZONE: 'us-west1-b',
      MPCOMM_STATE_FILE: join(directory, 'state.sqlite'),
      MPCOMM_HEALTH_PORT: '0',
      ...change,
    };
    const child = spawn(process.execPath, ['--no-warnings', MAIN, ...options], { env });
    running.push(child);
    return child;
  }

  /** The port that the process says it answers health checks on. */
  async function healthPortOf(child: ChildProcess): Promise<number> {
    for await (const line of createInterface({ input: child.stdout! })) {
      const { healthPort } = JSON.parse(line) as { healthPort?: number };
      if (healthPort !== undefined) return healthPort;
    }
    throw new Error('the process ended without a health endpoint');
  }

  async function statusOf(child: ChildProcess): Promise<unknown> {
    const url = `http://${LOOPBACK}:${await healthPortOf(child)}/health`;
    return JSON.parse((await send(url, { method: 'GET' })).text);
  }

  test('answers while it lives', async () => {
    const child = start({ MPCOMM_SECRET: 's'.repeat(32) });
    expect(await statusOf(child)).toMatchObject({ status: 'running', zone: 'us-west1-b' });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('is stood in for, without the secret, after it was told to exit', async () => {
    const child = start({}, '--exited');
    expect(await statusOf(child)).toEqual({ status: 'exited', peerId: 'peer-0' });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('cannot be stood in for where nothing asks', async () => {
    const child = start({ MPCOMM_HEALTH_PORT: '' }, '--exited');
    let text = '';
    child.stderr!.on('data', (part: Buffer) => (text += part.toString()));
    expect(await once(child, 'exit')).toEqual([78, null]);
    expect(text).toContain('MPCOMM_HEALTH_PORT: must be a whole number in 0..65535');
  });
});
