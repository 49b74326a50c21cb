import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { buildWeb, type PageFile } from '../../cli/dashboard/build-web.ts';
import { findChromium, openBrowser } from '../../scripts/open-browser.ts';
import { type ServedPage, servePage } from '../../scripts/serve-page.ts';
import { listen, stopListening } from '../support/functions-client.ts';

const ROOT = join(import.meta.dirname, '../..');
const chromium = findChromium();
const describeInBrowser = chromium === null ? describe.skip : describe;
/** For what hangs; a busy machine takes seconds where an idle one takes none. */
const TIMEOUT_MS = 60_000;
const TEMPLATE = readFileSync(join(ROOT, 'examples/my-ordering.ts'), 'utf8');

/** Somebody's ordering on a plain host, which sends no policy with a file. */
function describeOwnFrame(): void {
  const asked: string[] = [];
  let other: Server;
  let elsewhere: string;
  let files: PageFile[];
  let browser: Browser;

  beforeAll(async () => {
    other = createServer((request, response) => {
      asked.push(request.url!);
      response.writeHead(200, { 'access-control-allow-origin': '*' });
      response.end();
    });
    elsewhere = await listen(other);
    files = await buildWeb(ROOT);
    browser = await openBrowser(chromium!);
  });
  afterAll(async () => {
    await browser?.close();
    await stopListening(other);
  });

  /** Opens a link with `source`, and has it checked. */
  async function check(served: ServedPage, source: string): Promise<Page> {
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(TIMEOUT_MS);
    const packed = deflateRawSync(source).toString('base64url');
    await page.goto(`${served.url}#/own?source=${packed}`);
    await page.locator('button:enabled', { hasText: 'Check it' }).click();
    return page;
  }

  test('reaches no other host, by whatever it has evaluated', async () => {
    const served = await servePage(files);
    const tries = [
      `import('${elsewhere}/import')`,
      `new FontFace('x', 'url(${elsewhere}/font)').load()`,
      `fetch('${elsewhere}/fetch')`,
    ].map((code) => `try { (0, eval)(${JSON.stringify(code)}).catch(() => {}); } catch {}`);
    const page = await check(served, [TEMPLATE, ...tries].join('\n'));
    await page.getByText('Nothing was broken in 1000 schedules').waitFor();
    expect(asked).toEqual([]);
    await page.context().close();
    await served.close();
  });

  test('does not change what it is judged with', async () => {
    const served = await servePage(files);
    const cheats = ['Array.prototype.filter = () => []', 'globalThis.Map = class {} as never'];
    for (const cheat of cheats) {
      const page = await check(served, `${cheat};\n${TEMPLATE}`);
      await page
        .getByRole('alert')
        .getByText(/\(line 1\)\s+Hint: what JavaScript has itself stays/)
        .waitFor();
      await page.context().close();
    }
    await served.close();
  });

  test('is not run where its policy is missing', async () => {
    const served = await servePage(files.filter(({ name }) => !name.includes('own-frame')));
    const page = await check(served, TEMPLATE);
    await page.getByRole('alert').getByText('the page is not whole').waitFor();
    await page.context().close();
    await served.close();
  });
}

describeInBrowser('a typed ordering in a browser (needs Chromium)', describeOwnFrame);
