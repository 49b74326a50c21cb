import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openDashboard, type OpenDashboard } from '../../cli/dashboard/dashboard-command.ts';
import type { LaboratoryStatus } from '../../control/api/dashboard-documents.ts';
import { findChromium, openBrowser } from '../../scripts/open-browser.ts';
import { sampleComparison } from '../cli/render/sample-comparison.ts';
import { recordedContext } from '../support/recorded-context.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const chromium = findChromium();
const describeInBrowser = chromium === null ? describe.skip : describe;
/** For what hangs; a busy machine takes seconds where an idle one takes none. */
const TIMEOUT_MS = 60_000;
const DIRECTORY = temporaryDirectory();

/** The pages of a dashboard that has no laboratory: what it would tell of one, the tests say. */
function describeLaboratoryPage(): void {
  let browser: Browser;
  let dashboard: OpenDashboard;
  let page: Page;

  async function open(port: number): Promise<OpenDashboard> {
    return openDashboard(recordedContext().context, { state: DIRECTORY, results: DIRECTORY, port });
  }

  beforeAll(async () => {
    browser = await openBrowser(chromium!);
    dashboard = await open(0);
  });
  afterAll(async () => {
    await browser?.close();
    await dashboard?.close();
  });
  beforeEach(async () => {
    page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(TIMEOUT_MS);
  });
  afterEach(() => page.context().close());

  /** Has the dashboard answer `document` at `path` below /api, where `null` is an answer that breaks off. */
  async function answer(path: string, document: () => object | null): Promise<void> {
    await page.route(
      (url) => url.pathname === `/api/${path}`,
      (route) => {
        const body = JSON.stringify(document() ?? '').slice(document() === null ? 1 : 0);
        return route.fulfill({ contentType: 'application/json', body });
      },
    );
  }

  /** Has it tell `status`, in a stream that ends and is opened again. */
  async function tell(status: () => Partial<LaboratoryStatus>): Promise<void> {
    await page.route(
      (url) => url.pathname === '/api/events',
      (route) => {
        const data = JSON.stringify({ ...UP, ...status() });
        const body = `retry: 100\nevent: status\ndata: ${data}\n\n`;
        return route.fulfill({ contentType: 'text/event-stream', body });
      },
    );
  }

  test('takes the key of a dashboard that began anew, and asks it for everything again', async () => {
    await page.goto(dashboard.url);
    await page.getByText('No run was found.').waitFor();
    await dashboard.close();
    dashboard = await open(Number(new URL(dashboard.url).port));
    await page.getByText('has not the right key').waitFor();
    await page.evaluate(`location.href = ${JSON.stringify(dashboard.url)}`);
    await page.getByRole('alert').getByText('No laboratory is up').waitFor();
    await page.getByText('No run was found.').waitFor();
    expect(await page.getByRole('alert').count()).toBe(1);
    expect(page.url()).not.toContain('key=');
    await page.evaluate(`location.hash = '#/laboratory?key=guessed'`);
    await page.getByText('The key in the address is not that of this dashboard').waitFor();
    await page.reload();
    await page.getByText('No run was found.').waitFor();
  });

  test('reads a run again that ended while another began, and then no more', async () => {
    let asked = 0;
    let latest = summaryOf('run-1', 'running');
    await tell(() => ({ latest }));
    await answer('runs/1-1', () => {
      asked += 1;
      const isOver = latest.runId !== 'run-1';
      return { summary: summaryOf('1-1', 'running'), comparison: isOver ? COMPARED : null };
    });
    for (const part of ['deliveries', 'recording']) await answer(`runs/1-1/${part}`, () => null);
    await page.goto(`${dashboard.url}&run=1-1&beside=1-1`);
    await page.getByText('It has no comparison: it is running.').first().waitFor();
    latest = summaryOf('run-2', 'running');
    await page.getByText('rounds unordered').first().waitFor();
    await page.getByRole('row', { name: /^unordered rounds/ }).waitFor();
    const before = asked;
    latest = summaryOf('run-3', 'running');
    await page.waitForTimeout(1_000);
    expect(asked).toBe(before);
    // What breaks off is no answer of the dashboard.
    await page
      .getByText(/does not answer, or not to the end/)
      .first()
      .waitFor();
    expect(await page.getByText('The dashboard answered 200').count()).toBe(0);
  });

  test('says how far back a search went', async () => {
    await answer('runs', () => ({ runs: [], searched: 500, more: false }));
    await page.goto(dashboard.url);
    await page.getByLabel(/^Search/).fill('lamport');
    await page.getByText('The last 500 runs were searched.').waitFor();
    expect(await page.getByRole('button', { name: 'Older runs' }).count()).toBe(0);
  });

  test('says that a worker did not start, where its answer would be', async () => {
    await tell(() => ({}));
    await answer('runs/1-1', () => ({
      summary: summaryOf('1-1', 'compared'),
      comparison: COMPARED,
    }));
    await answer('runs/1-1/deliveries', () => ({ runId: '1-1', peers: [] }));
    await answer('runs/1-1/recording', () => ({}));
    await page.route(/diagram-worker/, (route) => route.abort());
    await page.goto(`${dashboard.url}&run=1-1`);
    // Of the rounds, and of the diagram.
    await page.getByRole('alert').getByText('the worker did not start').nth(1).waitFor();
  });
}

const COMPARED = sampleComparison();
const UP: LaboratoryStatus = {
  state: 'up',
  sentence: 'It is up.',
  backend: 'embedded',
  place: 'here',
  lookedAtMs: 1,
  peers: [],
  orderings: [],
  progress: null,
  latest: null,
  grid: null,
};

function summaryOf(runId: string, state: 'running' | 'compared') {
  return {
    runId,
    state,
    backend: 'embedded',
    ordering: 'fifo',
    peers: 2,
    messages: 3,
    zones: [],
    seed: 1,
    recorded: false,
    rounds: null,
    unorderedRounds: null,
    broken: [],
  };
}

describeInBrowser('the laboratory in a browser (needs Chromium)', describeLaboratoryPage);
