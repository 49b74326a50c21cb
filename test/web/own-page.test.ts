import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { buildWeb } from '../../cli/dashboard/build-web.ts';
import { type ServedPage, servePage } from '../../scripts/serve-page.ts';
import { findChromium, openBrowser } from '../../scripts/open-browser.ts';
import { packSource } from '../../web/own/packed-source.ts';

const ROOT = join(import.meta.dirname, '../..');
const chromium = findChromium();
const describeInBrowser = chromium === null ? describe.skip : describe;
/** For what hangs; a busy machine takes seconds where an idle one takes none. */
const TIMEOUT_MS = 60_000;
const TEMPLATE = readFileSync(join(ROOT, 'examples/my-ordering.ts'), 'utf8');

describeInBrowser('texts in the editor (needs Chromium)', () => {
  let served: ServedPage;
  let browser: Browser;

  beforeAll(async () => {
    served = await servePage(await buildWeb(ROOT));
    browser = await openBrowser(chromium!);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  async function openPage(): Promise<Page> {
    const page = await browser.newPage();
    page.setDefaultTimeout(TIMEOUT_MS);
    await page.goto(`${served.url}#/own`);
    await page.locator('.cm-content').waitFor();
    return page;
  }

  async function follow(page: Page, text: string): Promise<void> {
    const [line] = text.split('\n');
    await page.evaluate(`location.hash = '#/own?source=${await packSource(text)}'`);
    await page.getByText(line!, { exact: true }).waitFor();
  }

  async function typeInFront(page: Page, text: string): Promise<void> {
    await page.locator('.cm-content').click();
    await page.keyboard.press('ControlOrMeta+Home');
    await page.keyboard.insertText(`${text}\n`);
    await page.getByText(text, { exact: true }).waitFor();
  }

  test('are not lost to links, nor to a reload, and no verdict stands over another', async () => {
    const page = await openPage();
    const back = page.getByRole('button', { name: 'Back to what you had typed' });
    await typeInFront(page, '// mine');
    await follow(page, `// link A\n${TEMPLATE}`);
    await typeInFront(page, '// an hour on A');
    await follow(page, `// link B\n${TEMPLATE}`);
    await back.click();
    await page.getByText('// an hour on A', { exact: true }).waitFor();
    await follow(page, `// link B\n${TEMPLATE}`);
    await typeInFront(page, '// a moment on B');
    await back.click();
    await page.getByText('// an hour on A', { exact: true }).waitFor();
    await back.click();
    await page.getByText('// mine', { exact: true }).waitFor();
    expect(await back.count()).toBe(0);

    await page.getByRole('button', { name: 'Copy as a link' }).click();
    await page.waitForURL(/source=/);
    await typeInFront(page, '// and on');
    await page.reload();
    await page.getByText('// and on', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Check it' }).click();
    await page.getByText('Nothing was broken').waitFor();
    await typeInFront(page, '// after the check');
    await page.getByText('Nothing was broken').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Check it' }).click();
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    await follow(page, `// link C\n${TEMPLATE}`);
    await page.getByRole('button', { name: 'Check it' }).waitFor();
    expect(await page.locator('.outcome').textContent()).toBe('');
  });

  test('say so where the editor does not come', async () => {
    const context = await browser.newContext({ serviceWorkers: 'block' });
    const page = await context.newPage();
    await page.route(/\/editor-/, (route) => route.abort());
    await page.goto(`${served.url}#/own`);
    await page.getByText(/The editor could not be loaded: .*Load this page again/).waitFor();
    expect(await page.locator('.loading').count()).toBe(0);
    await context.close();
  });
});
