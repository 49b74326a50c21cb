import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { drawDiagrams } from '../../scripts/drawings/draw-diagrams.ts';

test('the diagrams of the docs are what the simulator gives, byte for byte', async () => {
  for (const [name, svg] of Object.entries(await drawDiagrams())) {
    const committed = await readFile(join(import.meta.dirname, '../../docs', name), 'utf8');
    expect(svg).toBe(committed);
  }
});
