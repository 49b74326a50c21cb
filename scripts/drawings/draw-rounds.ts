/**
 * Draws the first rounds of a run as SVG: a row a peer, a column a round, a cell the message that the
 * peer delivered there, coloured by its sender. Where a column has one colour and number, the peers
 * agree.
 *
 *   npm run mpcomm -- run 4 50 --seed 2026
 *   node scripts/drawings/draw-rounds.ts RUN [STATE_FILE] > docs/rounds.svg
 */
import { comparisonSchema } from '../../control/comparison-document.ts';
import { paths } from '../../control/documents.ts';
import { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import { decodeChunk } from '../../core/records/sequence-codec.ts';
import { openBackend } from '../../backend/open-backend.ts';

const ROUNDS = 20;
const CELL = 34;
const LEFT = 232;
const TOP = 56;
/** Okabe and Ito's palette, told apart by most colour-blind readers, dark enough for white text. */
const COLOURS = [
  '#0072b2',
  '#c44e00',
  '#007d5c',
  '#a8478a',
  '#5b5b5b',
  '#8a6d00',
  '#3d56b8',
  '#8c2d19',
];

const [runId, stateFile = '.mpcomm/state.sqlite'] = process.argv.slice(2);
if (runId === undefined) {
  process.stderr.write('usage: npx node scripts/drawings/draw-rounds.ts RUN [STATE_FILE]\n');
  process.exit(2);
}
const backend = await openBackend({ MPCOMM_BACKEND: 'embedded', MPCOMM_STATE_FILE: stateFile });
const document = await backend.store.read(paths.comparison(runId));
const comparison = comparisonSchema.parse(document?.fields);
const logs = new Map(comparison.perPeer.map(({ peerId }) => [peerId, new DeliveredSequence()]));
const limits = { deliveries: 2 * comparison.rounds, multicasts: comparison.messages };
for (const { fields, bytes } of await backend.store.list(paths.chunks(runId))) {
  decodeChunk(bytes, logs.get(String(fields['peerId']))!, limits);
}
await backend.close();
process.stdout.write(draw());

function draw(): string {
  const { perPeer, unorderedRounds, rounds, ordering, seed } = comparison;
  const width = LEFT + ROUNDS * CELL + 12;
  const height = TOP + perPeer.length * CELL + 44;
  const rows = perPeer.map((peer, row) => {
    const y = TOP + row * CELL;
    const label = `<text x="${LEFT - 12}" y="${y + 22}" text-anchor="end">${peer.zone ?? peer.peerId}</text>`;
    const log = logs.get(peer.peerId)!;
    const cells = Array.from({ length: ROUNDS }, (_, round) =>
      cell(round, y, log.senders[round], log.sequences[round]),
    );
    return `${label}\n${cells.join('\n')}`;
  });
  const title = `${unorderedRounds} of ${rounds} rounds unordered`;
  const caption =
    `First ${ROUNDS} rounds of one run: ${perPeer.length} peers, ${comparison.messages} messages each, ` +
    `${ordering ?? ''}, seed ${seed ?? ''}, emulated zones. Colour and letter: sender; number: its message.`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}" font-family="system-ui, sans-serif" font-size="13">
<style>text{fill:#24292f}.m{fill:#fff;font-weight:600;font-size:12px}.t{font-size:17px;font-weight:700}.c{font-size:11.5px}@media(prefers-color-scheme:dark){text{fill:#e6edf3}.m{fill:#fff}}</style>
<text class="t" x="12" y="26">${title}: what each peer delivered, in order</text>
<text x="${LEFT}" y="47" class="c">round 0</text>
<text x="${LEFT + ROUNDS * CELL}" y="47" text-anchor="end" class="c">round ${ROUNDS - 1}</text>
${rows.join('\n')}
<text class="c" x="12" y="${height - 16}">${caption}</text>
</svg>
`;
}

function cell(round: number, y: number, sender?: number, sequence?: number): string {
  if (sender === undefined || sequence === undefined) return '';
  const x = LEFT + round * CELL;
  const colour = COLOURS[sender % COLOURS.length]!;
  const name = `${String.fromCharCode(65 + sender)}${sequence}`;
  return `<rect x="${x + 1}" y="${y + 1}" width="${CELL - 2}" height="${CELL - 4}" rx="4" fill="${colour}"/><text class="m" x="${x + CELL / 2}" y="${y + 21}" text-anchor="middle">${name}</text>`;
}
