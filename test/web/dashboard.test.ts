import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openDashboard, type OpenDashboard } from '../../cli/dashboard/dashboard-command.ts';
import { findChromium, openBrowser } from '../../scripts/open-browser.ts';
import { eventually } from '../support/eventually.ts';
import { listen, stopListening } from '../support/functions-client.ts';
import { BRISK, useLaboratory } from '../support/real-laboratory.ts';
import { recordedContext } from '../support/recorded-context.ts';

const ROOT = join(import.meta.dirname, '../..');
const chromium = findChromium();
const describeInBrowser = chromium === null ? describe.skip : describe;
/** For what hangs; a busy machine takes seconds where an idle one takes none. */
const TIMEOUT_MS = 60_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const GRID = '2026-11-26-orderings';

/** The tests share a laboratory and its runs, and stand in the order in which somebody would do this. */
function describeDashboard(): void {
  const real = useLaboratory({ peers: 3 });
  let dashboard: OpenDashboard;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let runId: string;
  let besideId: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    const { directory } = real.laboratory;
    const options = { state: directory.path, results: join(ROOT, 'results'), port: 0 };
    dashboard = await openDashboard(recordedContext().context, options);
    browser = await openBrowser(chromium!);
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT_MS);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(dashboard.url);
  });
  afterAll(async () => {
    await browser?.close();
    await dashboard?.close();
  });
  afterEach(() => {
    expect(complaints.splice(0)).toEqual([]);
  });

  test('begins a run from the form by keyboard, after the API has checked it', async () => {
    await page.getByText('3 of 3 peers are live').waitFor();
    expect(page.url()).not.toContain('key=');
    const messages = page.getByLabel('Messages each');
    await messages.fill('0');
    await page.getByText(/0 is not allowed; allowed is an integer from 1/).waitFor();
    expect(await page.getByRole('button', { name: 'Begin the run' }).isDisabled()).toBe(true);
    await messages.fill('20');
    await page.getByLabel('Peers', { exact: true }).fill('3');
    await page.getByText('Intervals, contents, zones, deadline').click();
    await page.getByLabel('Interval from, ms').fill(String(BRISK.intervalMs.min));
    await page.getByLabel('to, ms', { exact: true }).fill(String(BRISK.intervalMs.max));
    await page.locator('button:enabled', { hasText: 'Begin the run' }).waitFor();
    await page.getByLabel('Seed', { exact: true }).press('Enter');
    await page.getByRole('region', { name: /^Run 2/ }).waitFor();
    runId = /run=([\w-]+)/.exec(page.url())![1]!;
  });

  test('is told of its end, and tells who delivered what, and when', async () => {
    await page.getByText(/of 60 rounds unordered/).waitFor();
    const comparison = await real.comparison(runId);
    const { position, deliveries } = comparison.firstDivergence!;
    const table = page.locator('table.round');
    await table.getByText(`delivered in round ${position}`).waitFor();
    for (const { peer, message } of deliveries) {
      const row = table.getByRole('row', { name: new RegExp(`^peer-${peer} `) });
      await row.getByText(`message ${message!.sequence} of peer ${message!.sender}`).waitFor();
      await row.getByText(/[\d.]+ ms$/).waitFor();
    }
    const canvas = page.getByRole('img', { name: /^Rounds 0 to 59 of 60/ });
    const { width } = (await canvas.boundingBox())!;
    const cell = Math.min(14, Math.floor(width / 60));
    await canvas.click({ position: { x: 10.5 * cell, y: 5 } });
    await table.getByText('delivered in round 10').waitFor();
  });

  test('moves the diagram by keys, and says what happened where it was clicked', async () => {
    const strip = page.getByRole('group', { name: /^Space-time diagram/ });
    await strip.locator('img').waitFor();
    const placed = (): Promise<string> =>
      page.evaluate<string>(`document.querySelector('.layer').style.transform`);
    const before = await placed();
    await strip.focus();
    await page.keyboard.press('+');
    await page.keyboard.press('ArrowRight');
    expect(await placed()).not.toBe(before);
    await page.keyboard.press('Home');
    // Where something happened is another place in each run.
    const told = page.getByText(/ms: peer 0 (?:multicasts|delivers|sends|gets)/);
    let x = 500;
    await eventually('a click near an event', async () => {
      x = x < 100 ? 500 : x - 35;
      await strip.click({ position: { x, y: 60 } });
      return told.waitFor({ timeout: 2_000 }).then(
        () => true,
        () => false,
      );
    });
    const whole = await placed();
    await page.getByRole('button', { name: 'Show it in the diagram' }).click();
    await eventually('the diagram to show that time', async () => (await placed()) !== whole);
  });

  test('opens the run on the board, where the same was delivered', async () => {
    await page.getByRole('link', { name: 'Open it on the board' }).click();
    await page.getByText(/^\d+ moves$/).waitFor();
    const comparison = await real.comparison(runId);
    const logs = page.locator('.member .log');
    await logs.first().waitFor();
    expect(await logs.count()).toBe(comparison.peers);
    for (const { peer, delivered } of comparison.perPeer) {
      expect(await logs.nth(peer).locator('.chip').count()).toBe(delivered);
    }
    expect(await page.getByRole('alert').count()).toBe(0);
    const slider = page.getByRole('slider', { name: /^Step/ });
    await slider.focus();
    await slider.press('Home');
    await page.getByText('0 moves').waitFor();
    await slider.press('ArrowRight');
    await page.getByText('1 move', { exact: true }).waitFor();
    expect(page.url()).toContain(`board?run=${runId}&kept=1`);
    await page.reload();
    await page.getByText('1 move', { exact: true }).waitFor();
    await page.getByRole('link', { name: `Run ${runId}` }).click();
  });

  test('finds the run again, and lays another beside it', async () => {
    const other = await real.run({ peers: 2, messages: 5, ordering: 'sequencer', ...BRISK });
    besideId = other.runId!;
    await page.getByRole('link', { name: 'All runs' }).click();
    await page.getByRole('link', { name: other.runId! }).waitFor();
    await page.getByLabel(/^Search/).fill('unordered 3x20');
    await page.getByRole('link', { name: other.runId! }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: runId }).click();
    await page.getByLabel('Beside it').selectOption(other.runId);
    const beside = page.getByRole('region', { name: `Run ${other.runId}` });
    await beside.getByText('0 of 10 rounds unordered').waitFor();
    const both = page.getByRole('row', { name: /^unordered rounds/ });
    await both.getByText('0 of 10').waitFor();
    await both.getByText('of 60').waitFor();
    await beside.getByText('When is not known: the run was not recorded.').waitFor();
  });

  test('shows a grid, each point a link to its run', async () => {
    await page.getByRole('link', { name: 'Grids' }).click();
    await page.getByRole('link', { name: GRID }).click();
    await page.locator('.chart a').first().waitFor();
    const link = page.locator('.chart a').first();
    const href = await link.getAttribute('href');
    await link.press('Enter');
    await page.getByText(/rounds unordered/).waitFor();
    expect(page.url()).toContain(href!.slice(1));
  });

  test('tells the page of another site nothing, and begins nothing for it', async () => {
    const { origin, hash } = new URL(dashboard.url);
    const key = /key=([\w-]+)/.exec(hash)![1]!;
    const before = (await real.store.list('runs')).length;
    const server: Server = createServer((_request, response) => response.end('<!doctype html>'));
    const site = await listen(server);
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(site);
    const answers = await stranger.evaluate<string[]>(`(async () => {
      const tries = [
        ['/api/runs?key=${key}', {}],
        ['/api/runs?key=${key}', { mode: 'no-cors' }],
        ['/api/events?key=${key}', {}],
        ['/', {}],
        ['/api/runs', { method: 'POST', body: '{"peers":2,"messages":1}',
          headers: { 'content-type': 'application/json', 'x-mpcomm-key': '${key}' } }],
        ['/api/runs?key=${key}', { method: 'POST', mode: 'no-cors', body: '{"peers":2,"messages":1}' }],
      ];
      return Promise.all(tries.map(([path, init]) => fetch('${origin}' + path, init)
        .then((response) => response.type === 'opaque' ? 'opaque' : response.text(), () => 'failed')));
    })()`);
    expect(answers.filter((answer) => answer !== 'failed' && answer !== 'opaque')).toEqual([]);
    expect(await real.store.list('runs')).toHaveLength(before);
    await stranger.context().close();
    await stopListening(server);
  });

  test.each(['#/laboratory', 'run', 'board', '#/grids', `#/grids?grid=${GRID}`])(
    '%s fits a phone, and axe finds nothing in light and dark',
    async (where) => {
      const hashes: Readonly<Record<string, string>> = {
        run: `#/laboratory?run=${runId}&beside=${besideId}`,
        board: `#/board?run=${runId}&kept=40`,
      };
      const hash = hashes[where] ?? where;
      await page.goto(`${new URL(dashboard.url).origin}/${hash}`);
      await page.setViewportSize({ width: 390, height: 844 });
      await page
        .locator(SETTLED[where] ?? '.chart svg')
        .first()
        .waitFor();
      await page.evaluate(AXE);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        const width = await page.evaluate<number>('document.documentElement.scrollWidth');
        expect(width).toBeLessThanOrEqual(390);
        const found = await page.evaluate<string[]>(
          `axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.map(
            ({ id, impact, nodes }) => impact + ' ' + id + ': ' + nodes.map(({ target }) => target).join(' | ')))`,
        );
        expect(found).toEqual([]);
      }
    },
  );

  test('says so when the functions do not answer any more, and when nobody is there', async () => {
    await page.goto(`${new URL(dashboard.url).origin}/#/laboratory`);
    real.signal('functions', 'SIGSTOP');
    await page.getByRole('alert').getByText('do not answer within 2 s').waitFor();
    real.signal('functions', 'SIGCONT');
    await page.getByText(/^The laboratory .* is up\.$/).waitFor();
    await real.laboratory.stop();
    await page.getByRole('alert').getByText('No laboratory is up').waitFor();
    await page.getByRole('link', { name: runId }).waitFor();
    await dashboard.close();
    await page.getByRole('alert').getByText('The dashboard is not heard any more').waitFor();
    // The browser complains of what is gone, which is what was asked of it.
    complaints.length = 0;
  });
}

/** What is there once a view is whole. */
const SETTLED: Readonly<Record<string, string>> = {
  '#/laboratory': 'td a, th a',
  run: '.strip img',
  board: '.member .packets',
  '#/grids': 'main li a',
};

describeInBrowser('the dashboard in a browser (needs Chromium)', describeDashboard);
