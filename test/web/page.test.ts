import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { buildWeb, type PageFile } from '../../cli/dashboard/build-web.ts';
import { type ServedPage, servePage } from '../../scripts/serve-page.ts';
import { findChromium, openBrowser } from '../../scripts/open-browser.ts';

const ROOT = join(import.meta.dirname, '../..');
const chromium = findChromium();
const describeInBrowser = chromium === null ? describe.skip : describe;
/** For what hangs; a busy machine takes seconds where an idle one takes none. */
const TIMEOUT_MS = 60_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TEMPLATE = readFileSync(join(ROOT, 'examples/my-ordering.ts'), 'utf8');

/** What is written above each page. */
const HEADINGS: Readonly<Record<string, string>> = {
  play: 'Who delivers what, and in which order?',
  board: 'You are the network',
  own: 'An ordering of your own',
  compare: 'Compare',
};

function describePages(): void {
  let files: PageFile[];
  let served: ServedPage;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let asked: string[];
  let complaints: string[];

  beforeAll(async () => {
    files = await buildWeb(ROOT);
    served = await servePage(files);
    browser = await openBrowser(chromium!);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    [asked, complaints] = [[], []];
  });
  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
    expect(
      asked.filter((url) => !/^(?:data|blob):/.test(url) && !url.startsWith(served.url)),
    ).toEqual([]);
  });

  async function openPage(hash: string, url = served.url): Promise<Page> {
    const opened = await context.newPage();
    opened.setDefaultTimeout(TIMEOUT_MS);
    opened.on('request', (request) => asked.push(request.url()));
    opened.on('pageerror', (error) => complaints.push(error.message));
    opened.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await opened.goto(url + hash);
    return opened;
  }

  test('runs a scenario of the playground, finds the verdict, and keeps it in the address', async () => {
    page = await openPage('');
    await page.getByText('200 of 200 rounds unordered').waitFor();
    await page.getByLabel('Beside it').selectOption('sequencer');
    await page.getByText('0 of 200 rounds unordered', { exact: true }).waitFor();
    await page.getByLabel('Messages each').fill('20');
    await page.getByLabel('Messages each').press('Tab');
    await page.getByText('0 of 80 rounds unordered', { exact: true }).waitFor();
    expect(page.url()).toContain('against=sequencer');
    const other = await openPage(new URL(page.url()).hash);
    await other.getByText('0 of 80 rounds unordered', { exact: true }).waitFor();
    const total = other.getByRole('region', { name: 'Run of unordered' }).getByText('✗ total');
    await total.waitFor();
  });

  test('moves messages while it plays, and shows what peers wait for where it stands', async () => {
    page = await openPage('#/play?ordering=lamport');
    await page.locator('.stage .packet').first().waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('slider', { name: 'Time' }).fill('700');
    await page
      .getByText(/waits for a word of peer/)
      .first()
      .waitFor();
  });

  test('lets a puzzle be solved by keyboard, undone, and shared', async () => {
    page = await openPage('#/board');
    await page.getByRole('button', { name: /Make two disagree/ }).press('Enter');
    await page.getByRole('button', { name: 'Multicast: peer 0' }).press('Enter');
    await page.getByRole('button', { name: 'Multicast: peer 1' }).press('Enter');
    await page.getByRole('button', { name: /let 0>1#0 arrive/ }).press('Enter');
    await page.getByRole('button', { name: /let 1>0#0 arrive/ }).press('Enter');
    await page.getByText('★ Solved in 4 moves.').waitFor();
    expect(await page.locator('.chip.lit').count()).toBe(4);
    const focused = (): Promise<string> =>
      page.evaluate<string>(`document.activeElement.closest('.member')?.ariaLabel ?? 'nowhere'`);
    // The packet that arrived took its button with it: the keyboard stays where it was played.
    expect(await focused()).toBe('Peer 0');
    await page.keyboard.press('1');
    expect(await focused()).toBe('Peer 1');
    await page.keyboard.press('u');
    await page.getByText('3 moves', { exact: true }).waitFor();
    await page.keyboard.press('r');
    await page.getByText('★ Solved in 4 moves.').waitFor();
    const link = new URL(page.url()).hash;
    const elsewhere = await browser.newContext();
    const other = await elsewhere.newPage();
    await other.goto(served.url + link);
    await other.getByText('★ Solved in 4 moves.').waitFor({ timeout: TIMEOUT_MS });
    await elsewhere.close();
    await page.reload();
    await page.getByRole('button', { name: '★ Make two disagree' }).waitFor();
  });

  test('keeps a branch beside the game, and says of a wrong link what is wrong', async () => {
    page = await openPage('#/board?ordering=unordered&peers=2&messages=1&moves=multicast+0');
    await page.getByRole('button', { name: 'Keep as a branch' }).click();
    await page.getByRole('button', { name: 'Multicast: peer 1' }).click();
    await page.getByRole('button', { name: 'Go on from it' }).click();
    await page.getByText('1 move', { exact: true }).waitFor();
    page = await openPage('#/board?moves=dance+0');
    await page.getByText(/"dance 0" is no choice; allowed/).waitFor();
  });

  test('shows a typed ordering where it breaks, and the same on the board', async () => {
    page = await openPage('#/own');
    await type(TEMPLATE.replace('if (this.#group.self === SEQUENCER)', 'if (sender >= SEQUENCER)'));
    await page.getByText('✗ It breaks total.').waitFor();
    await page.getByRole('img', { name: /Space-time diagram/ }).waitFor();
    await page.getByRole('link', { name: 'Play it on the board' }).click();
    await page.getByText('✗ total').first().waitFor();
  });

  test('ends a typed ordering that does not come to an end, and tells the line', async () => {
    page = await openPage('#/own');
    await type(TEMPLATE.replace('    this.#out.multicast(message);\n', '    while (true);\n'));
    await page.getByText(/the loop in line 49 does not end/).waitFor();
    await type('export const create = ;');
    await page
      .getByText(/line 1: Unexpected token/)
      .first()
      .waitFor();
  });

  test('checks the types of what was typed, and tells where they are wrong', async () => {
    page = await openPage('#/own');
    await page.locator('.cm-content').waitFor();
    await page.getByRole('button', { name: 'Check types' }).click();
    await page.getByText('TypeScript finds no error in the types.').waitFor();
    await type(TEMPLATE.replace('const SEQUENCER = 0', "const SEQUENCER: number = 'first'"));
    await page.getByRole('button', { name: 'Check types' }).click();
    await page.getByText(/^line \d+: Type 'string' is not assignable to type 'number'/).waitFor();
  });

  async function type(text: string): Promise<void> {
    await page.locator('.cm-content').click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(text);
    await page.getByRole('button', { name: 'Check it' }).click();
  }

  test('keeps the editor in step with a file on disk', async () => {
    await context.addInitScript(`
      globalThis.saved = { text: 'const first = 1;', at: 1 };
      globalThis.showOpenFilePicker = async () => [{ name: 'mine.ts', getFile: async () =>
        new File([saved.text], 'mine.ts', { lastModified: saved.at }) }];`);
    page = await openPage('#/own');
    await page.locator('.cm-content').waitFor();
    await page.getByRole('button', { name: 'Follow a file on disk' }).click();
    await page.getByText('const first = 1;').waitFor();
    await page.evaluate(`saved = { text: 'const second = 2;', at: 2 }`);
    await page.getByText('const second = 2;').waitFor();
    await page.getByRole('button', { name: 'Stop following mine.ts' }).click();
    await page.getByRole('button', { name: 'Follow a file on disk' }).waitFor();
  });

  test('opens without its host once it was opened', async () => {
    const passing = await servePage(files);
    page = await openPage('', passing.url);
    await page.evaluate('navigator.serviceWorker.ready');
    await page.reload();
    await passing.close();
    await page.goto(`${passing.url}#/own`);
    await page.reload();
    await page.locator('.cm-content').waitFor();
    await page.getByRole('link', { name: 'Playground' }).click();
    await page.getByText('200 of 200 rounds unordered').waitFor();
    // The browser complains of the host that is gone, which is what was asked of it.
    [asked, complaints] = [[], []];
  });

  test('compares files that are chosen', async () => {
    page = await openPage('#/compare');
    const texts = ['[(0, 0), (1, 0)]', '[(1, 0), (0, 0)]'];
    await page.locator('input[type=file]').setInputFiles(
      texts.map((text, index) => ({
        name: `logfile${index}.log`,
        mimeType: 'text/plain',
        buffer: Buffer.from(text),
      })),
    );
    await page.getByText('2 of 2 rounds unordered').waitFor();
    await page.getByText('✗ total').waitFor();
    await page.getByText('What the logs do not say themselves').click();
    await page.getByLabel('Messages each (--messages)').fill('2');
    await page.getByLabel('Messages each (--messages)').press('Tab');
    await page.getByText('4 of 4 rounds unordered').waitFor();
  });

  test('opens every link of the course', async () => {
    page = await openPage('#/course');
    const links = page.locator('.session a');
    await links.first().waitFor();
    const addresses = await links.evaluateAll((all: { hash: string }[]) =>
      all.map(({ hash }) => hash),
    );
    expect(addresses.length).toBeGreaterThan(15);
    for (const [place, address] of addresses.entries()) {
      await links.nth(place).click();
      await page.locator('h1', { hasText: HEADINGS[/[a-z]+/.exec(address)![0]]! }).waitFor();
      await page.locator('.loading').waitFor({ state: 'detached' });
      expect(await page.getByRole('alert').allTextContents()).toEqual([]);
      expect(new URL(page.url()).hash.slice(0, address.length)).toBe(address);
      await page.getByRole('link', { name: 'Course' }).click();
    }
  });

  test('keeps where the film stands in the address, and opens there', async () => {
    page = await openPage('#/play?ordering=lamport&at=700&show=diagram');
    const slider = page.getByRole('slider', { name: 'Time' });
    await page.getByText('700 ms').first().waitFor();
    await page.getByRole('img', { name: /Space-time diagram/ }).waitFor();
    await slider.fill('900');
    await page.waitForURL(/at=900/);
    await page.reload();
    await page.getByText('900 ms').first().waitFor();
  });

  test("takes an ordering from a link, runs nothing of it unasked, and gives back one's own", async () => {
    page = await openPage('#/own');
    await type('export const create = 1;');
    await page.getByRole('alert').first().waitFor();
    await page.getByRole('link', { name: 'Course' }).click();
    await page.getByRole('link', { name: 'A file that was handed in' }).click();
    await page.getByText('OwnEntryIncremented').first().waitFor();
    await page.getByText('A link brought this ordering').waitFor();
    await page.getByRole('button', { name: 'Check it' }).click();
    await page.getByText(/^✗ It breaks agreement|^✗ It breaks liveness/).waitFor();
    await page.getByRole('button', { name: 'Back to what you had typed' }).click();
    await page.getByText('export const create = 1;').waitFor();
    expect(new URL(page.url()).hash).toBe('#/own');
  });

  // A board with packets on it, promises broken, and branches.
  const played =
    '#/board?ordering=lamport&peers=3&messages=2&moves=multicast+0;multicast+1;deliver+0%3E1%230;deliver+1%3E0%230;crash+2&branches=1:3:';
  test.each(['#/play?against=sequencer', '#/board', played, '#/own', '#/compare', '#/course'])(
    '%s fits a phone, and axe finds nothing in light and dark',
    async (hash) => {
      page = await openPage(hash);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width: 390, height: 844 });
        await page.locator('.loading').waitFor({ state: 'detached' });
        const width = await page.evaluate<number>('document.documentElement.scrollWidth');
        expect(width).toBeLessThanOrEqual(390);
        await page.evaluate(AXE);
        const found = await page.evaluate<string[]>(
          `axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.map(
            ({ id, impact, nodes }) => impact + ' ' + id + ': ' + nodes.map(({ target }) => target).join(' | ')))`,
        );
        expect(found).toEqual([]);
      }
    },
  );
}

describeInBrowser('the page in a browser (needs Chromium)', describePages);
