import type { Server } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { paths } from '../../control/documents.ts';
import { provideBackend } from '../../functions/backend.ts';
import { createFrontServer } from '../../functions/front/front-server.ts';
import { MemoryBackend } from '../../bench/virtual-group/memory-backend.ts';
import { begunRun } from '../support/control-fixtures.ts';
import { listen, postJson, stopListening } from '../support/functions-client.ts';

/** The id of a run that comes before all others, and cannot even be read. */
const BROKEN = '20200101-000000-00000000';
const DAY_MS = 86_400_000;

let server: Server;
let url: string;

beforeAll(async () => {
  server = createFrontServer();
  url = await listen(server);
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => stopListening(server));

test('tells and logs what was closed beside a run that cannot be closed, and is 500', async () => {
  const logged: string[] = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((line) => logged.push(String(line)) > 0);
  const backend = new MemoryBackend();
  provideBackend(() => Promise.resolve(backend));
  const { runId } = await begunRun(backend, Date.now() - DAY_MS);
  await backend.store.create(paths.run(BROKEN), {});
  const read = backend.store.read.bind(backend.store);
  const defect = new TypeError('secret words');
  backend.store.read = (path) => (path.includes(BROKEN) ? Promise.reject(defect) : read(path));

  const { status, text } = await postJson(`${url}/expire`, '');
  expect(JSON.parse(text)).toMatchObject({
    type: 'urn:mpcomm:problem:internal-error',
    closed: [expect.objectContaining({ runId })],
    failed: [],
    defects: [BROKEN],
  });
  expect([status, text.includes('secret words')]).toEqual([500, false]);
  expect(logged.join('')).toContain(`run ${runId} closed`);
  expect(logged.find((line) => line.includes('secret words'))).toContain('"severity":"ERROR"');
});
