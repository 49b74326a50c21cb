import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GridDirectory } from '../../../cli/grid/grid-directory.ts';
import type { GridOptions } from '../../../cli/grid/grid-request.ts';
import { gridCommand } from '../../../cli/grid/grid-command.ts';
import { malformedXml } from '../../support/malformed-xml.ts';
import { recordedContext } from '../../support/recorded-context.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { recordOf, sampleParameters } from './sample-grid.ts';

const root = temporaryDirectory();
const HERE = import.meta.filename;
const REAL = { backend: 'gcp' } as const;

/** A measured grid in a folder of its own; gives its path. */
async function measured(name: string, changes: Partial<GridOptions> = {}): Promise<string> {
  const parameters = sampleParameters({ name, orderings: ['unordered'], ...changes });
  const directory = new GridDirectory(join(root, `2026-01-31-${name}`));
  await directory.create(parameters);
  for (const { deadlineMs: _deadlineMs, ...cell } of parameters.cells) {
    for (const run of [0, 1]) await directory.appendRun(recordOf(cell, run));
  }
  return directory.path;
}

/** `mpcomm grid --summarise FOLDER --beside OTHER`; gives the status and the picture. */
async function draw(folder: string, other: string): Promise<string> {
  const options = { name: 'grid', out: root, state: join(root, 'state') };
  const command = { ...options, summarise: folder, beside: other };
  expect(await gridCommand(recordedContext().context, command)).toBe(0);
  return readFileSync(join(folder, 'real-and-emulated.svg'), 'utf8');
}

describe('a grid beside another one', () => {
  test('is a picture of both, the real zones first, and part of the summary', async () => {
    const [real, emulated] = [await measured('real', REAL), await measured('emulated')];
    const svg = await draw(real, emulated);
    expect(malformedXml(svg)).toBeNull();
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(svg).toContain('<title>Real zones and emulated ones, side by side</title>');
    expect(svg).toMatch(/real zones \(2026-01-31-real\).*emulated zones \(2026-01-31-emulated\)/s);
    // Whichever of the two it is asked of, the same is drawn.
    expect(await draw(emulated, real)).toBe(svg);
    const summary = () => readFileSync(join(real, 'summary.md'), 'utf8');
    expect(summary()).toContain('](real-and-emulated.svg)');
    const again = { name: 'grid', out: root, state: root, summarise: real };
    await gridCommand(recordedContext().context, again);
    expect(summary()).toContain('](real-and-emulated.svg)');
  });

  test('has a point for each size that both have, with the most messages that both have', async () => {
    const real = await measured('more', { ...REAL, peers: [2, 3, 4], messages: [10, 50] });
    const emulated = await measured('fewer', { peers: [2, 3], messages: [10, 20] });
    const svg = await draw(real, emulated);
    expect(svg).toContain('with 10 messages a peer');
    const axis = [...svg.matchAll(/>(\d+)<\/text>/g)].map(([, text]) => text);
    expect(axis).toEqual(expect.arrayContaining(['2', '3']));
    expect(axis.filter((text) => text === '4')).toEqual([]);
  });

  test('is called what it is where both are emulated', async () => {
    const [one, other] = [await measured('one'), await measured('other')];
    expect(await draw(one, other)).toContain('Two grids of emulated zones, side by side');
  });

  test.each<[string, Partial<GridOptions>, RegExp]>([
    ['other orderings', { orderings: ['fifo'] }, /no cell of "unordered" in common/],
    ['other messages', { messages: [20] }, /no cell of "unordered" in common/],
    ['other intervals', { intervals: [{ min: 1, max: 2 }] }, /no cell of "unordered" in common/],
    ['other zones', { zones: ['us-west1-b', 'me-west1-a', 'asia-east1-b'] }, /compare places/],
  ])('is refused with %s, and nothing is drawn', async (what, changes, why) => {
    const name = what.replace(' ', '-');
    const real = await measured(`real-${name}`, REAL);
    const other = await measured(name, changes);
    await expect(draw(real, other)).rejects.toThrow(why);
    expect(() => readFileSync(join(real, 'real-and-emulated.svg'))).toThrow('ENOENT');
  });

  test('is refused where there is no other grid', async () => {
    const real = await measured('alone', REAL);
    await expect(draw(real, join(root, 'nothing'))).rejects.toThrow(/no parameters\.json/);
  });

  test('is refused before anything is measured, where there is no other grid', async () => {
    const out = join(root, 'new');
    const options = {
      name: 'grid',
      out,
      state: join(root, 'state'),
      beside: join(root, 'nothing'),
    };
    const { context, notes } = recordedContext();
    await expect(gridCommand(context, options)).rejects.toThrow(
      /^--beside: .* no parameters\.json/,
    );
    expect({ notes, isBegun: existsSync(out) }).toEqual({ notes: [], isBegun: false });
  });

  test('takes nothing from the summary where the two have no cell in common', async () => {
    const real = await measured('uncommon', REAL);
    const other = await measured('uncommon-other', { messages: [20] });
    await expect(draw(real, other)).rejects.toThrow(
      'has its summary, but no real-and-emulated.svg',
    );
    expect(existsSync(join(real, 'summary.md'))).toBe(true);
  });
});

describe('a place for results that is none', () => {
  const options = { name: 'grid', state: join(root, 'state') };

  test.each([
    [HERE, `--out ${HERE} is no folder`],
    [join(HERE, 'results'), 'a part of that path is no directory; --out DIRECTORY chooses'],
    ['/proc/results', 'nothing can be created there; --out DIRECTORY chooses another place'],
  ])('%s is refused in a sentence that names --out', async (out, why) => {
    await expect(gridCommand(recordedContext().context, { ...options, out })).rejects.toThrow(why);
  });
});
