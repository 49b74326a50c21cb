import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openDashboard, type OpenDashboard } from '../../cli/dashboard/dashboard-command.ts';
import { findChromium, openBrowser } from '../../scripts/open-browser.ts';
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
  });
}

describeInBrowser('the laboratory in a browser (needs Chromium)', describeLaboratoryPage);
