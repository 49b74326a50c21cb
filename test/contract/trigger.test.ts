import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SqliteStore } from '../../backend/sqlite-store.ts';
import { startStoreTrigger, type StoreTrigger } from '../../local/trigger.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pattern = 'runs/{runId}/reports/{peerId}';
const directory = temporaryDirectory();

/** The events that the function got, and how it answers: 204 unless a test says otherwise. */
const events: IncomingHttpHeaders[] = [];
let answerTo: (document: string) => number = () => 204;

const server = createServer((request, response) => {
  events.push(request.headers);
  request.resume();
  response.statusCode = answerTo(String(request.headers['ce-document']));
  response.end();
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
afterAll(() => new Promise((resolve) => server.close(resolve)));

const documents = () => events.map((headers) => headers['ce-document']);
let files = 0;
let stateFile: string;
let store: SqliteStore;

beforeEach(async () => {
  events.length = 0;
  answerTo = () => 204;
  files += 1;
  stateFile = join(directory, `${files}.sqlite`);
  store = await SqliteStore.open(stateFile);
});

describe('the trigger of the embedded store', () => {
  test('posts one CloudEvent for each new document that fits, and no other', async () => {
    await store.create('runs/early/reports/a', {});
    const trigger = await start();
    await store.create('runs/r', {});
    await store.create('runs/r/chunks/a.000000', {});
    await store.create('runs/r/reports/a', { outcome: 'complete' });
    await store.create('runs/r/reports/a', {});
    await store.replace('runs/r/reports/a', {});
    await store.create('runs/r/reports/a/more/x', {});
    await store.create('runs/r/reports/b', {});
    await eventually('two events', () => events.length >= 2);
    await sleep(100);
    expect(documents().sort()).toEqual(['runs/r/reports/a', 'runs/r/reports/b']);
    expect(events.find((headers) => headers['ce-document'] === 'runs/r/reports/a')).toMatchObject({
      'ce-specversion': '1.0',
      'ce-type': 'google.cloud.firestore.document.v1.created',
      'ce-subject': 'documents/runs/r/reports/a',
      'content-type': 'application/json',
    });
    await trigger.close();
  });

  test('posts again until it is taken, and meanwhile posts the others', async () => {
    const errors: Error[] = [];
    const refused = new Set(Array.from({ length: 12 }, (_, index) => `runs/r/reports/p${index}`));
    answerTo = (document) => (refused.has(document) ? 500 : 204);
    const trigger = await start(errors);
    for (const document of refused) await store.create(document, {});
    await store.create('runs/r/reports/q', {});
    await eventually('the one that is taken', () => documents().includes('runs/r/reports/q'));
    const patient = [...refused];
    const refusals = events.length;
    refused.clear();
    const since = () => new Set(documents().slice(refusals));
    await eventually('the others', () => patient.every((one) => since().has(one)));
    const ids = events.map((headers) => headers['ce-id']);
    expect(new Set(ids).size).toBe(13);
    expect(errors[0]!.message).toMatch(/answered 500 to the event of runs\/r\/reports\/p/);
    await trigger.close();
  });

  test('forgets no event when it is down, and repeats none that was taken', async () => {
    const first = await start();
    await store.create('runs/r/reports/a', {});
    await eventually('the first event', () => events.length > 0);
    answerTo = () => 503;
    await store.create('runs/r/reports/b', {});
    await eventually('a refused event', () => documents().includes('runs/r/reports/b'));
    await first.close();
    await store.create('runs/r/reports/c', {});
    events.length = 0;
    answerTo = () => 204;
    const second = await start();
    await eventually('both events', () => events.length >= 2);
    await sleep(100);
    expect(documents().sort()).toEqual(['runs/r/reports/b', 'runs/r/reports/c']);
    await second.close();
  });

  test('ends when its signal says so', async () => {
    const stop = new AbortController();
    await startStoreTrigger({ stateFile, pattern, url, signal: stop.signal });
    stop.abort();
    await sleep(50);
    await store.create('runs/r/reports/a', {});
    await sleep(100);
    expect(events).toEqual([]);
  });
});

function start(errors: Error[] = []): Promise<StoreTrigger> {
  return startStoreTrigger({ stateFile, pattern, url, onError: (error) => errors.push(error) });
}
