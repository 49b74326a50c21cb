import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { tellToExit } from '../../../cli/laboratory/tell-to-exit.ts';
import { listen, stopListening } from '../../support/functions-client.ts';
import { recordedContext } from '../../support/recorded-context.ts';

let laboratory: ChildProcess;
let server: Server | null;

beforeEach(async () => {
  server = null;
  // A process that stays until it is told to end.
  laboratory = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)']);
  await once(laboratory.stdout!, 'data');
});

afterEach(async () => {
  laboratory.kill('SIGKILL');
  if (server !== null) await stopListening(server);
});

/** Functions that answer everything with `status`; gives how often they were asked. */
async function serve(status: number) {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(request.url!);
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ title: 'The store is damaged' }));
  });
  return { url: await listen(server), asked };
}

describe('a laboratory that is told to exit', () => {
  test('by functions that pass it on gets no signal', async () => {
    const { url, asked } = await serve(202);
    const { context, notes } = recordedContext();
    await tellToExit(context, { pid: laboratory.pid!, url });
    expect(asked).toEqual(['/exit']);
    expect(notes).toEqual([]);
    expect(laboratory.exitCode ?? laboratory.signalCode).toBeNull();
  });

  test.each([503, 500, 404])(
    'by functions that answer %i gets SIGTERM, and says why',
    async (status) => {
      const { url } = await serve(status);
      const { context, notes } = recordedContext();
      const ended = once(laboratory, 'exit');
      await tellToExit(context, { pid: laboratory.pid!, url });
      expect(await ended).toEqual([null, 'SIGTERM']);
      expect(notes.join()).toMatch(
        /could not be published: The store is damaged\nprocess \d+, .* SIGTERM/,
      );
    },
  );

  test('by functions that are not there gets SIGTERM', async () => {
    const { context, notes } = recordedContext();
    const ended = once(laboratory, 'exit');
    await tellToExit(context, { pid: laboratory.pid!, url: 'http://127.0.0.1:1' });
    expect(await ended).toEqual([null, 'SIGTERM']);
    expect(notes.join()).toContain('does not answer');
  });

  test('and has ended meanwhile is no trouble', async () => {
    laboratory.kill('SIGKILL');
    await once(laboratory, 'exit');
    const { context } = recordedContext();
    await tellToExit(context, { pid: laboratory.pid!, url: 'http://127.0.0.1:1' });
  });
});
