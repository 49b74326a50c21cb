import { expect, test } from '@jest/globals';
import { executeRun } from '../../../cli/run/run-command.ts';
import { Interrupted } from '../../../cli/shell/failure.ts';
import type { RemoteFunctions } from '../../../cli/site/functions-client.ts';
import type { Site } from '../../../cli/site/site.ts';
import { stateDirectoryAt } from '../../../local/state-directory.ts';
import { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';
import { begunRun } from '../../support/control-fixtures.ts';
import { recordedContext } from '../../support/recorded-context.ts';

test.each([
  ['goes on in a laboratory that stays, and says so', null, 1],
  ['ends with a laboratory of its own', {} as Site['laboratory'], 0],
])('a run that is interrupted %s', async (_what, laboratory, told) => {
  const backend = new MemoryBackend();
  const { runId } = await begunRun(backend, Date.now());
  const functions: RemoteFunctions = {
    fetch: async () => Response.json({ runId }, { status: 202 }),
    prepare: async () => ({ address: 'http://127.0.0.1:1/run', headers: {} }),
    refused: async () => null,
  };
  const abort = new AbortController();
  const site: Site = {
    url: functions,
    store: backend.store,
    clock: Date.now,
    directory: stateDirectoryAt('unused'),
    pollMs: 1,
    whyUnwritable: async () => {
      abort.abort(new Interrupted('SIGINT'));
      return null;
    },
    signal: abort.signal,
    laboratory,
    close: async () => undefined,
  };
  const { context, notes } = recordedContext();
  await expect(executeRun(context, site, { peers: 3, messages: 2 })).rejects.toThrow(Interrupted);
  const leaving = notes.filter((note) => note.startsWith(`Run ${runId} goes on without this`));
  expect(leaving).toHaveLength(told);
});
