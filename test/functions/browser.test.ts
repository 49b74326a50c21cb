import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { provideBackend } from '../../functions/backend.ts';
import { createFrontServer } from '../../functions/front/front-server.ts';
import type { Browser } from 'playwright-core';
import { findChromium, openBrowser } from '../../scripts/open-browser.ts';
import { registerPeers } from '../support/control-fixtures.ts';
import { eventually } from '../support/eventually.ts';
import { listen, stopListening } from '../support/functions-client.ts';
import { MemoryBackend } from '../../bench/virtual-group/memory-backend.ts';

/**
 * A page that tries to use a laboratory which is none of its own, by every way that a page has (`fetch`
 * with and without asking first, a beacon, a form), and then tells its own server what it saw.
 */
function pageAgainst(functions: string): string {
  return `<!doctype html><meta charset="utf-8"><iframe name="elsewhere"></iframe><script>
    const functions = ${JSON.stringify(functions)};
    const run = JSON.stringify({ peers: 3, messages: 2 });
    const seen = {};
    async function attempt(name, work) {
      try {
        const answer = await work();
        seen[name] = answer === undefined ? 'sent' : answer.type + ' ' + answer.status;
      } catch (error) {
        seen[name] = String(error.name);
      }
    }
    function submit(path, type) {
      const form = document.createElement('form');
      Object.assign(form, { method: 'POST', action: functions + path, enctype: type, target: 'elsewhere' });
      form.innerHTML = '<input name="{&quot;peers&quot;:3,&quot;x&quot;:&quot;" value="&quot;}">';
      document.body.append(form);
      form.submit();
    }
    async function tryAll() {
      for (const path of ['/exit', '/expire', '/run', '/compare']) {
        const body = path === '/run' ? run : '';
        const post = (mode, headers) => fetch(functions + path, { method: 'POST', mode, headers, body });
        await attempt(path + ' simple', () => post('no-cors', {}));
        await attempt(path + ' text', () => post('no-cors', { 'content-type': 'text/plain' }));
        await attempt(path + ' json', () => post('cors', { 'content-type': 'application/json' }));
        await attempt(path + ' beacon', () => void navigator.sendBeacon(functions + path, body));
        await attempt(path + ' form', () => void submit(path, 'text/plain'));
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      await attempt('/ read', () => fetch(functions + '/'));
      await fetch('/seen', { method: 'POST', body: JSON.stringify(seen) });
    }
    window.addEventListener('load', tryAll);
  </script>`;
}

/** Serves one page and notes what it reports; `served` counts how often it was asked for. */
class PageServer {
  seen: Record<string, string> | null = null;
  readonly #server: Server;
  url = '';

  constructor(page: () => string) {
    this.#server = createServer((request, response) => {
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => {
        if (request.url === '/seen') this.seen = JSON.parse(text) as Record<string, string>;
        response.writeHead(200, { 'content-type': 'text/html' }).end(page());
      });
    });
  }

  async start(): Promise<void> {
    this.url = await listen(this.#server);
  }

  stop(): Promise<void> {
    return stopListening(this.#server);
  }
}

const chromium = findChromium();
const inBrowser = chromium === null ? describe.skip : describe;

let server: Server;
let functions: string;
let backend: MemoryBackend;
let pages: PageServer;
let browser: Browser | undefined;
/** What the functions were asked, and what they answered. */
const answered: string[] = [];

beforeAll(async () => {
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  backend = new MemoryBackend();
  provideBackend(() => Promise.resolve(backend));
  await registerPeers(backend, 3, Date.now());
  server = createFrontServer();
  server.on('request', (request, response) => {
    response.on('close', () => {
      const { 'sec-fetch-site': site, host } = request.headers;
      const from = `${String(site)} at ${host!.replace(/:\d+$/, '')}`;
      answered.push(`${request.method} ${request.url} ${from}: ${response.statusCode}`);
    });
  });
  functions = await listen(server);
  pages = new PageServer(() => pageAgainst(functions));
  await pages.start();
  // It takes every name under .test for this machine.
  if (chromium !== null) browser = await openBrowser(chromium, ['*.test']);
});

afterAll(async () => {
  jest.restoreAllMocks();
  await browser?.close();
  await pages.stop();
  await stopListening(server);
});

/** Shows `page` until `isDone`. */
async function showUntil(page: string, what: string, isDone: () => boolean): Promise<void> {
  pages.seen = null;
  answered.length = 0;
  const context = await browser!.newContext();
  try {
    await (await context.newPage()).goto(page);
    await eventually(what, isDone);
  } finally {
    await context.close();
  }
}

async function expectHarmless(page: string, site: string): Promise<void> {
  await showUntil(page, 'the page has tried everything', () => pages.seen !== null);
  // The page did reach the functions, as what it is, and each time was refused.
  expect(answered).toContain(`POST /exit ${site} at 127.0.0.1: 403`);
  expect(answered.filter((line) => !line.endsWith(': 403'))).toEqual([]);
  expect(backend.bus.published).toEqual([]);
  expect(Object.keys(pages.seen!)).toHaveLength(21);
}

inBrowser('in a browser (skipped where there is no Chromium)', () => {
  test('a page of another site ends no laboratory, begins no run and reads nothing', () =>
    expectHarmless(`http://example.test:${new URL(pages.url).port}/`, 'cross-site'));

  test('nor does a page of another port of this machine', () =>
    expectHarmless(pages.url, 'same-site'));

  test('a name that was made to point here (DNS rebinding) is not answered', async () => {
    const page = `http://rebound.test:${new URL(functions).port}/`;
    await showUntil(page, 'the functions were asked', () => answered.length > 0);
    expect(answered[0]).toMatch(/^GET \/ \w+ at rebound\.test: 403$/);
  });
});
