/**
 * Measures the page with this machine's Chromium, and prints what it found:
 *
 *   node scripts/measure-page.ts
 *
 * Sizes are the same everywhere, and test/web/budget.test.ts holds them. Times are this machine's, and mean something
 * on an idle one only: nothing tests them.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import {
  buildWeb,
  LABORATORY_FILES,
  type PageFile,
  TYPES_FILES,
  zippedBytes,
} from '../cli/dashboard/build-web.ts';
import { findChromium, openBrowser } from './open-browser.ts';
import { servePage } from './serve-page.ts';
import { openTrialDashboard } from './trial-dashboard.ts';

const ROOT = join(import.meta.dirname, '..');
const STARTS = 5;
const CHANGES = 12;
const PAN_MS = 3_000;
/** Some 11,000 events: each message is multicast, sent, got and delivered at four peers. */
const LARGE_RUN = { peers: 4, messages: 250, record: true, intervalMs: { min: 1, max: 8 } };

const chromium = findChromium();
if (chromium === null) throw new Error('no Chromium: install it, or set MPCOMM_CHROMIUM');
const files = await buildWeb(ROOT);
printSizes(files);
const browser = await openBrowser(chromium);
try {
  await measureStatic(browser, files);
  await measureDiagram(browser);
} finally {
  await browser.close();
}

function printSizes(built: readonly PageFile[]): void {
  const kinds = { editor: /\/editor-/, laboratory: LABORATORY_FILES, TypeScript: TYPES_FILES };
  const code = built.filter(({ name }) => name !== 'licences.txt');
  const isOther = ({ name }: PageFile): boolean =>
    !Object.values(kinds).some((kind) => kind.test(name));
  console.log(`gzipped bytes, without those below: ${zippedBytes(code.filter(isOther))}`);
  for (const [kind, pattern] of Object.entries(kinds)) {
    const bytes = zippedBytes(code.filter(({ name }) => pattern.test(name)));
    console.log(`gzipped bytes, ${kind}: ${bytes}`);
  }
}

/** First paint and the first run, from nothing; then each change until its answer is there. */
async function measureStatic(opened: Browser, built: readonly PageFile[]): Promise<void> {
  const served = await servePage(built);
  const paints: number[] = [];
  const answers: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const context = await opened.newContext();
    const page = await context.newPage();
    await page.goto(served.url);
    await page.getByText(/rounds unordered/).waitFor();
    answers.push(await page.evaluate<number>('performance.now()'));
    paints.push(
      await page.evaluate<number>(
        `performance.getEntriesByName('first-contentful-paint')[0].startTime`,
      ),
    );
    await context.close();
  }
  print('first paint, cold', paints, 'ms');
  print('the first run is there, cold', answers, 'ms');
  print('two orderings, 4 x 50, after a change', await measureChanges(opened, served.url), 'ms');
  await served.close();
}

async function measureChanges(opened: Browser, url: string): Promise<number[]> {
  const page = await opened.newPage();
  await page.goto(`${url}#/play?against=sequencer`);
  await page.getByText('0 of 200 rounds unordered', { exact: true }).waitFor();
  await page.waitForTimeout(1_000);
  const found: number[] = [];
  const told = page.locator('.playback small');
  for (let seed = 2; seed < 2 + CHANGES; seed += 1) {
    await page.evaluate(`location.hash = '#/play?against=sequencer&seed=${seed}'`);
    await page.waitForTimeout(500);
    found.push(Number(/in (\d+) ms/.exec((await told.textContent()) ?? '')?.[1]));
  }
  await page.close();
  return found;
}

/** Frames while the diagram of a run of more than 10,000 events is moved, in full view and from close by. */
async function measureDiagram(opened: Browser): Promise<void> {
  const state = await mkdtemp(join(tmpdir(), 'mpcomm-measure-'));
  const trial = await openTrialDashboard(state, LARGE_RUN.peers);
  try {
    const run = await trial.run(LARGE_RUN);
    const page = await opened.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(trial.url);
    await page.getByText('peers are live').waitFor();
    await page.goto(`${new URL(trial.url).origin}/#/laboratory?run=${run}`);
    await page.locator('.strip img').waitFor();
    console.log((await page.getByText(/ events\./).textContent())?.split('.', 1)[0]);
    await measurePans(page);
  } finally {
    await trial.close();
    await rm(state, { recursive: true, force: true });
  }
}

async function measurePans(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'All of the run' }).click();
  for (const [name, clicks] of [
    ['twice as close', 1],
    ['16 times as close', 3],
  ] as const) {
    for (let click = 0; click < clicks; click += 1) {
      await page.getByRole('button', { name: 'Zoom in' }).click();
    }
    await page.waitForTimeout(1_500);
    print(`moving it, ${name}`, await framesOfPan(page), 'ms a frame');
  }
}

/** Drags it to and fro; gives how long each frame took. */
async function framesOfPan(page: Page): Promise<number[]> {
  const { x, y, width } = (await page.locator('.strip').boundingBox())!;
  await page.evaluate(`(() => {
    globalThis.frames = []; let last = performance.now();
    const next = (now) => { frames.push(now - last); last = now; globalThis.watch = requestAnimationFrame(next); };
    globalThis.watch = requestAnimationFrame(next);
  })()`);
  await page.mouse.move(x + width / 2, y + 100);
  await page.mouse.down();
  const untilMs = performance.now() + PAN_MS;
  for (let step = 0; performance.now() < untilMs; step += 1) {
    await page.mouse.move(x + width / 2 + (width / 3) * Math.sin(step / 25), y + 100);
  }
  await page.mouse.up();
  const frames = await page.evaluate<number[]>('cancelAnimationFrame(watch), frames');
  return frames.slice(2);
}

function print(what: string, values: readonly number[], unit: string): void {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number): string =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(0);
  console.log(
    `${what}: median ${at(0.5)}, 90 % ${at(0.9)}, most ${at(1)} ${unit} (n = ${sorted.length})`,
  );
}
