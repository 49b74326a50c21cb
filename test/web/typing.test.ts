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

let served: ServedPage;
let browser: Browser;

beforeAll(async () => {
  if (chromium === null) return;
  served = await servePage(await buildWeb(ROOT));
  browser = await openBrowser(chromium);
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

async function openPage(hash: string): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  await page.goto(served.url + hash);
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

describeInBrowser('what is typed into the editor (needs Chromium)', () => {
  test('is not lost to links, nor to a reload, and no verdict is over another', async () => {
    const page = await openPage('#/own');
    await page.locator('.cm-content').waitFor();
    expect(await page.title()).toBe('Your ordering - MPComm');
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

  test('has no place where the editor does not come, and the page says so', async () => {
    const context = await browser.newContext({ serviceWorkers: 'block' });
    const page = await context.newPage();
    await page.route(/\/editor-/, (route) => route.abort());
    await page.goto(`${served.url}#/own`);
    await page.getByText(/This page could not be loaded: .*Load it again/).waitFor();
    expect(await page.locator('.loading').count()).toBe(0);
    await context.close();
  });
});

describeInBrowser('what is typed into the playground (needs Chromium)', () => {
  test('outlasts what the page shows meanwhile', async () => {
    const page = await openPage('#/play?ordering=lamport&peers=4&messages=50&at=700');
    await page.getByText('rounds unordered').first().waitFor();
    const seed = page.getByLabel('Seed', { exact: true });
    await page.getByRole('button', { name: 'Another seed' }).waitFor();
    await seed.click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('47');
    // The address changes as it does when another run is there, and the form is shown anew with it.
    await page.evaluate(
      `location.hash = location.hash.replace('messages=50', '') + '&messages=20'`,
    );
    await page.getByText('of 80 rounds unordered').waitFor();
    await page.keyboard.type('11');
    await page.keyboard.press('Tab');
    await page.waitForURL(/seed=4711/);
    expect(await seed.inputValue()).toBe('4711');
  });

  test('is what the film and the diagram keep in the address', async () => {
    const page = await openPage('#/play?ordering=skeen-uniform&peers=8&messages=200&at=3000');
    await page.getByText('rounds unordered').first().waitFor();
    await page.getByText('3000 ms').first().waitFor();
    const seed = page.getByLabel('Seed', { exact: true });
    await seed.fill('77');
    await seed.press('Tab');
    await page.getByText('Space-time diagram', { exact: true }).click();
    await page.waitForURL(/show=diagram/);
    expect(page.url()).toContain('seed=77');
    await seed.fill('78');
    await seed.press('Tab');
    await page.getByRole('slider', { name: 'Time' }).fill('2500');
    await page.waitForURL(/at=2500/);
    expect(page.url()).toContain('seed=78');
  });
});
