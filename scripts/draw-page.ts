/**
 * Takes the pictures of the page that stand in the documents, with this machine's Chromium:
 *
 *   node scripts/draw-page.ts
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findChromium, openBrowser } from './open-browser.ts';
import { buildWeb } from '../cli/dashboard/build-web.ts';
import { servePage } from './serve-page.ts';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'docs/pictures');
const SETTLE_MS = 1_500;

/** A view of the page, and what is done there before the picture is taken. */
interface Picture {
  readonly name: string;
  readonly hash: string;
  readonly width: number;
  readonly height: number;
  readonly prepare?: (page: Page) => Promise<void>;
}

const DISAGREE = 'multicast+0;multicast+1;deliver+0%3E1%230;deliver+1%3E0%230';
const PICTURES: readonly Picture[] = [
  {
    name: 'playground.png',
    hash: '#/play?ordering=unordered&against=sequencer',
    width: 1280,
    height: 1060,
    prepare: async (page) => {
      const slider = page.getByRole('slider', { name: 'Time' });
      await slider.fill('640');
      await slider.blur();
    },
  },
  {
    name: 'board.png',
    hash: `#/board?ordering=unordered&peers=2&messages=1&puzzle=disagree&moves=${DISAGREE}`,
    width: 1280,
    height: 880,
  },
  { name: 'playground-phone.png', hash: '#/play', width: 390, height: 844 },
];

const chromium = findChromium();
if (chromium === null) throw new Error('no Chromium: install it, or set MPCOMM_CHROMIUM');
const served = await servePage(await buildWeb(ROOT));
const browser = await openBrowser(chromium);
await mkdir(FOLDER, { recursive: true });
for (const { name, hash, width, height, prepare } of PICTURES) {
  const page = await browser.newPage({ viewport: { width, height } });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(served.url + hash);
  await page.locator('.loading').waitFor({ state: 'detached' });
  await prepare?.(page);
  await page.waitForTimeout(SETTLE_MS);
  await writeFile(join(FOLDER, name), await page.screenshot());
  await page.close();
  console.log(`docs/pictures/${name}`);
}
await browser.close();
await served.close();
