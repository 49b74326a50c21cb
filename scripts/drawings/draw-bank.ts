/**
 * Draws the two pictures of docs/bank.md from simulated runs: the same operations without an order and
 * through a sequencer, on one scale. Byte for byte the same on every machine.
 *
 *   node scripts/drawings/draw-bank.ts            writes docs/bank-unordered.svg and docs/bank-sequencer.svg
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawBankPictures } from './bank-pictures.ts';

const DOCS = join(import.meta.dirname, '../..', 'docs');
for (const [name, svg] of drawBankPictures()) writeFileSync(join(DOCS, name), svg);
