/**
 * Takes the pictures of the page that stand in the documents, with this machine's Chromium:
 *
 *   node scripts/drawings/draw-page.ts            all of them
 *   node scripts/drawings/draw-page.ts run.webp   only those
 *
 * Those of the laboratory are of a run that is made for them.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { buildWeb } from '../../cli/dashboard/build-web.ts';
import { findChromium, openBrowser } from '../open-browser.ts';
import { openTrialDashboard } from '../trial-dashboard.ts';
import { servePage } from '../serve-page.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'docs/pictures');
const SETTLE_MS = 1_500;
const QUALITY = 0.8;

/** A view of the page, and what is done there before the picture is taken. */
interface Picture {
  readonly name: string;
  readonly hash: string;
  readonly width: number;
  readonly height: number;
  readonly dark?: boolean;
  readonly prepare?: (page: Page) => Promise<void>;
}

const DISAGREE = 'multicast+0;multicast+1;deliver+0%3E1%230;deliver+1%3E0%230';
const PICTURES: readonly Picture[] = [
  {
    name: 'playground.webp',
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
    name: 'board.webp',
    hash: `#/board?ordering=unordered&peers=2&messages=1&puzzle=disagree&moves=${DISAGREE}`,
    width: 1280,
    height: 880,
  },
  { name: 'course.webp', hash: '#/course', width: 1280, height: 900 },
  { name: 'playground-phone.webp', hash: '#/play', width: 390, height: 844 },
];

/** The pictures of the laboratory; the id of a run takes the place of RUN. */
const LABORATORY_PICTURES: readonly Picture[] = [
  { name: 'laboratory.webp', hash: '#/laboratory', width: 1280, height: 820, prepare: settled },
  { name: 'run.webp', hash: '#/laboratory?run=RUN', width: 1280, height: 1340, prepare: drawn },
  {
    name: 'run-dark.webp',
    hash: '#/laboratory?run=RUN',
    width: 1280,
    height: 1340,
    dark: true,
    prepare: drawn,
  },
  {
    name: 'run-phone.webp',
    hash: '#/laboratory?run=RUN',
    width: 390,
    height: 1500,
    prepare: drawn,
  },
  {
    name: 'grids.webp',
    hash: '#/grids?grid=2026-11-26-orderings',
    width: 1280,
    height: 860,
    prepare: async (page) => page.locator('.chart svg').first().waitFor(),
  },
];

const RUN = { peers: 4, messages: 50, ordering: 'unordered', seed: 7, record: true };

async function settled(page: Page): Promise<void> {
  await page.locator('th a').first().waitFor();
}

async function drawn(page: Page): Promise<void> {
  await page.locator('.strip img').waitFor();
}

const chromium = findChromium();
if (chromium === null) throw new Error('no Chromium: install it, or set MPCOMM_CHROMIUM');
const wanted = process.argv.slice(2);
const isWanted = ({ name }: Picture): boolean => wanted.length === 0 || wanted.includes(name);
const browser = await openBrowser(chromium);
await mkdir(FOLDER, { recursive: true });
await takeStatic(browser, PICTURES.filter(isWanted));
await takeLaboratory(browser, LABORATORY_PICTURES.filter(isWanted));
await browser.close();

async function takeStatic(opened: Browser, pictures: readonly Picture[]): Promise<void> {
  const served = await servePage(await buildWeb(ROOT));
  for (const picture of pictures) await take(opened, picture, served.url, served.url);
  await served.close();
}

async function takeLaboratory(opened: Browser, pictures: readonly Picture[]): Promise<void> {
  if (pictures.length === 0) return;
  const state = await mkdtemp(join(tmpdir(), 'mpcomm-pictures-'));
  const trial = await openTrialDashboard(state, RUN.peers);
  try {
    const run = await trial.run(RUN);
    await trial.run({ ...RUN, ordering: 'sequencer' });
    const { origin } = new URL(trial.url);
    for (const picture of pictures) {
      const hash = picture.hash.replace('RUN', run);
      await take(opened, { ...picture, hash }, `${origin}/`, trial.url);
    }
  } finally {
    await trial.close();
    await rm(state, { recursive: true, force: true });
  }
}

/** `entrance`: what is opened first, where a key has to be taken along. */
async function take(
  opened: Browser,
  { name, hash, width, height, dark = false, prepare }: Picture,
  base: string,
  entrance: string,
): Promise<void> {
  const page = await opened.newPage({ viewport: { width, height } });
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: dark ? 'dark' : 'light' });
  await page.goto(entrance);
  await page.locator('.loading').waitFor({ state: 'detached' });
  await page.goto(base + hash);
  await prepare?.(page);
  await page.waitForTimeout(SETTLE_MS);
  await writeFile(join(FOLDER, name), await toWebp(opened, await page.screenshot()));
  await page.close();
  console.log(`docs/pictures/${name}`);
}

/** A third of the bytes of a PNG; the browser that took the picture writes it. */
async function toWebp(opened: Browser, png: Buffer): Promise<Buffer> {
  // This needs a page of its own, because the policy of the pictured page lets nothing in.
  const blank = await opened.newPage();
  const url = await blank.evaluate<string>(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${png.toString('base64')}';
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', ${QUALITY});
  })()`);
  await blank.close();
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}
