import { assert } from '../core/base/assert.ts';
import { formatCents } from '../core/bank/bank-operation.ts';
import type { BankResult } from '../control/bank-document.ts';
import type { Comparison } from '../control/comparison-document.ts';
import { BODY_WIDTH, type ChartBody, frameChart, TEXT_PX } from './frame.ts';
import { linearScale, type LinearScale } from './linear-scale.ts';
import { paint, seriesStyle, SERIES_MAX } from './palette.ts';
import { coordinate } from '../svg/coordinate.ts';
import { escapeXml } from '../svg/escape-xml.ts';

/** Left of the lines stand the amounts, right of them who they belong to. */
const LEFT = 78;
const RIGHT = BODY_WIDTH - 194;
const TOTALS = { top: 30, bottom: 128 };
const ORDER = { top: 202, bottom: 472 };
const HEIGHT = ORDER.bottom + 46;
/** The distance between two labels, each of two lines. */
const LABEL_PX = 37;

/** Where nothing differs, an axis of this height shows how flat that is. */
const RANGE_CENTS_MIN = 100;
/** The most names that fit beside a line; of more peers the number is told. */
const NAMES_MAX = 2;
const NAME_CHARACTERS_MAX = 14;

export interface BalancesOptions {
  /** The least range of the axis of differences, in cents, so that two pictures can have one scale. */
  readonly rangeCents?: readonly [number, number];
}

/** Replicas that had the same balances all along share a line and a label. */
interface Line {
  readonly peers: readonly number[];
  readonly totalsCents: readonly number[];
  readonly byOrderCents: readonly number[];
}

/**
 * Draws balances over time as an SVG file, with a line for each replica: the totals, which look alike, and
 * below them, enlarged, the differences that the order alone made. The same comparison gives the same bytes.
 */
export function drawBalances(comparison: Comparison, options: BalancesOptions = {}): string {
  const { bank } = comparison;
  assert(bank !== null, 'balances are drawn of a run that had a bank');
  const all = groupLines(bank);
  const lines = all.slice(0, SERIES_MAX);
  const words = {
    title: describeTitle(comparison, bank),
    subtitle:
      'Each replica of a bank applied deposits and interest in the order in which it delivered them. ' +
      describeLeftOut(all, lines),
    source: describeSource(comparison),
  };
  return frameChart(words, drawBody(comparison, bank, lines, options));
}

/**
 * The greatest and smallest difference in a picture. Another picture that is given them has the same scale.
 */
export function rangeOfBalances({ bank }: Comparison): readonly [number, number] {
  return rangeOf(groupLines(bank!).flatMap(({ byOrderCents }) => byOrderCents));
}

function rangeOf(cents: readonly number[]): readonly [number, number] {
  // This does not use `Math.min(...)`, since 32,768 numbers are many arguments.
  return cents.reduce<readonly [number, number]>(
    ([least, most], each) => [Math.min(least, each), Math.max(most, each)],
    [0, 0],
  );
}

/** The line of the reference first, then those that end farthest from it. */
function groupLines({ series, perPeer, reference }: BankResult): Line[] {
  const groups = new Map<string, Line>();
  // The balances of a peer that did not take part to the end are no disagreement.
  const compared = series.filter((_, place) => perPeer[place]!.compared);
  for (const { peer, totalsCents, byOrderCents } of compared.length > 0 ? compared : series) {
    const key = `${totalsCents.join()};${byOrderCents.join()}`;
    const peers = [...(groups.get(key)?.peers ?? []), peer];
    groups.set(key, { peers, totalsCents, byOrderCents });
  }
  const farOf = ({ peers, byOrderCents }: Line): number =>
    peers.includes(reference ?? -1) ? Infinity : Math.abs(byOrderCents.at(-1) ?? 0);
  const lines = [...groups.values()];
  const farthest = lines.toSorted((a, b) => farOf(b) - farOf(a) || a.peers[0]! - b.peers[0]!);
  const shown = new Set(farthest.slice(0, SERIES_MAX));
  // Colours belong to peers, so that a peer has one colour in every picture of few peers.
  return [...lines.filter((line) => shown.has(line)), ...lines.filter((line) => !shown.has(line))];
}

function describeTitle(comparison: Comparison, bank: BankResult): string {
  const { agree, distinctStates, perPeer } = bank;
  const compared = perPeer.filter((replica) => replica.compared);
  const lacking = compared.some(({ peer }) => comparison.perPeer[peer]!.missing > 0);
  const same = lacking ? '' : `the same ${comparison.rounds.toLocaleString('en-US')} operations, `;
  const balances =
    agree === true ? 'one balance, to the cent' : `${distinctStates} different balances`;
  const replicas = `${compared.length} replica${compared.length === 1 ? '' : 's'}`;
  return agree === null ? `${replicas} of a bank` : `${replicas}, ${same}${balances}`;
}

function describeLeftOut(all: readonly Line[], shown: readonly Line[]): string {
  if (all.length === 1) return 'All delivered in one order.';
  return all.length === shown.length
    ? 'A deposit earns interest only when it came first.'
    : `Of ${all.length} different histories, one and the ${shown.length - 1} that end farthest from it are drawn.`;
}

function describeSource(comparison: Comparison): string {
  const { runId, peers, messages, ordering, seed, network, perPeer } = comparison;
  const missing = perPeer.reduce((sum, peer) => sum + peer.missing, 0);
  const lost =
    missing === 0 ? '' : `; ${missing} deliveries are missing, which moves the totals only`;
  return (
    `Source: run ${runId ?? ''}, ordering ${ordering ?? 'unknown'}, ${peers} peers x ${messages} ` +
    `messages, seed ${seed ?? 'unknown'}, ${network} network${lost}.`
  );
}

function drawBody(
  comparison: Comparison,
  bank: BankResult,
  lines: readonly Line[],
  { rangeCents }: BalancesOptions,
): ChartBody {
  const x = linearScale([0, Math.max(1, bank.positions.at(-1) ?? 1)], [LEFT, RIGHT], 8);
  const totals = scaleFor(rangeOf(lines.flatMap(({ totalsCents }) => totalsCents)), TOTALS, 3);
  const differences = lines.flatMap(({ byOrderCents }) => byOrderCents);
  const order = scaleFor(rangeOf([...differences, ...(rangeCents ?? [])]), ORDER, 7);
  const reference = comparison.perPeer[bank.reference ?? 0]?.peerId ?? '';
  const content = [
    heading(TOTALS.top - 16, describeTotals(bank)),
    axis(totals),
    ...lines.map((line, series) => drawLine(line.totalsCents, bank.positions, x, totals, series)),
    heading(
      ORDER.top - 36,
      'Close up: what the order alone has made or lost',
      `a replica's total, minus what the very same operations come to in the order of ${reference}`,
    ),
    axis(order),
    ...lines.map((line, series) => drawLine(line.byOrderCents, bank.positions, x, order, series)),
    ...drawLabels(comparison, lines, order),
    ...drawPositions(x),
  ];
  return { content: content.join('\n'), width: BODY_WIDTH, height: HEIGHT };
}

function describeTotals({ agree }: BankResult): string {
  return agree === false
    ? "Each replica's total, in money: from afar they look the same"
    : "Each replica's total, in money";
}

/** A scale in cents, upwards, with a little room above and below what it has to show. */
function scaleFor(
  [least, most]: readonly [number, number],
  { top, bottom }: { readonly top: number; readonly bottom: number },
  ticksMax: number,
): LinearScale {
  const flat = most - least < RANGE_CENTS_MIN ? RANGE_CENTS_MIN : 0;
  const room = (most - least) * 0.06;
  const min = least - flat - (least < 0 ? room : 0);
  return linearScale([min, most + flat + room], [bottom, top], ticksMax);
}

function heading(y: number, text: string, more = ''): string {
  const title = label(0, y, text, 'ink', { weight: 700 });
  return more === '' ? title : `${title}\n${label(0, y + 18, more, 'muted')}`;
}

function axis(scale: LinearScale): string {
  const ticks = scale.ticks.map((cents) => {
    const y = coordinate(scale.place(cents));
    const role = cents === 0 ? 'muted' : 'faint';
    const line = `<line x1="${LEFT}" x2="${RIGHT}" y1="${y}" y2="${y}" ${paint({ stroke: role })}/>`;
    const text = label(LEFT - 8, scale.place(cents) + 5, withMinus(formatCents(cents)), 'muted', {
      end: true,
    });
    return `${line}\n${text}`;
  });
  return ticks.join('\n');
}

function drawPositions(x: LinearScale): string[] {
  const ticks = x.ticks.map((position) => {
    const at = { middle: true };
    return label(x.place(position), ORDER.bottom + 20, String(position), 'muted', at);
  });
  const middle = (LEFT + RIGHT) / 2;
  return [
    ...ticks,
    label(middle, ORDER.bottom + 40, 'operations delivered', 'muted', { middle: true }),
  ];
}

function drawLine(
  cents: readonly number[],
  positions: readonly number[],
  x: LinearScale,
  y: LinearScale,
  series: number,
): string {
  const { role, dash } = seriesStyle(series);
  const points = cents.map(
    (each, index) => `${coordinate(x.place(positions[index]!))},${coordinate(y.place(each))}`,
  );
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  return (
    `<polyline points="${points.join(' ')}" fill="none" stroke-width="2.2" ` +
    `stroke-linejoin="round"${dashes} ${paint({ stroke: role })}/>`
  );
}

/** Labels beside the end of each line, in the order of the ends, none over another one. */
function drawLabels(comparison: Comparison, lines: readonly Line[], y: LinearScale): string[] {
  const ends = lines
    .map((line, series) => ({ line, series, at: y.place(line.byOrderCents.at(-1) ?? 0) }))
    .sort((first, second) => first.at - second.at);
  const places = spread(
    ends.map(({ at }) => at),
    LABEL_PX,
    [ORDER.top, ORDER.bottom],
  );
  return ends.map(({ line, series, at }, place) => {
    const { role } = seriesStyle(series);
    const total = formatCents(line.totalsCents.at(-1) ?? 0);
    const middle = places[place]!;
    const path = `M${RIGHT + 3},${coordinate(at)}L${RIGHT + 18},${coordinate(middle)}h6`;
    const names = `${nameOf(comparison, line)}: ${formatChange(line.byOrderCents.at(-1) ?? 0)}`;
    return [
      `<path d="${path}" fill="none" stroke-width="1.2" ${paint({ stroke: role })}/>`,
      label(RIGHT + 30, middle - 2, names, role, { weight: 700 }),
      label(RIGHT + 30, middle + 15, `total ${total}`, 'ink'),
    ].join('\n');
  });
}

function formatChange(cents: number): string {
  return cents > 0 ? `+${formatCents(cents)}` : withMinus(formatCents(cents));
}

/** A hyphen is too short to be seen from the last row. */
function withMinus(amount: string): string {
  return amount.replace('-', '\u2212');
}

function nameOf({ perPeer, bank }: Comparison, { peers }: Line): string {
  const compared = bank!.perPeer.filter((replica) => replica.compared);
  if (peers.length > 1 && peers.length === compared.length) return `all ${peers.length}`;
  if (peers.length > NAMES_MAX) return `${peers.length} replicas`;
  return peers.map((peer) => shorten(perPeer[peer]!.peerId, peers.length)).join(', ');
}

/** The end of an id tells peers apart; what does not fit beside the lines goes. */
function shorten(peerId: string, names: number): string {
  const charactersMax = Math.floor(NAME_CHARACTERS_MAX / names);
  return peerId.length <= charactersMax ? peerId : `\u2026${peerId.slice(1 - charactersMax)}`;
}

/** Moves places that increase apart until each two are `gap` from each other, within the range. */
function spread(
  wanted: readonly number[],
  gap: number,
  [min, max]: readonly [number, number],
): number[] {
  const places: number[] = [];
  for (const place of wanted) places.push(Math.max(place, (places.at(-1) ?? min - gap) + gap));
  let limit = max;
  for (let index = places.length - 1; index >= 0; index -= 1) {
    places[index] = Math.min(places[index]!, limit);
    limit = places[index]! - gap;
  }
  return places;
}

interface LabelLook {
  readonly weight?: number;
  readonly end?: boolean;
  readonly middle?: boolean;
}

function label(
  x: number,
  y: number,
  text: string,
  role: Parameters<typeof paint>[0]['fill'] & string,
  { weight = 400, end = false, middle = false }: LabelLook = {},
): string {
  const anchor = end ? ' text-anchor="end"' : middle ? ' text-anchor="middle"' : '';
  const look = `font-size="${TEXT_PX.body}" font-weight="${weight}"${anchor} ${paint({ fill: role })}`;
  return `<text x="${coordinate(x)}" y="${coordinate(y)}" ${look}>${escapeXml(text)}</text>`;
}
