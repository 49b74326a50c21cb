/** A stretch of time in which nothing happens that is shown, and which is therefore drawn short. */
export interface Gap {
  readonly fromUs: number;
  readonly untilUs: number;
}

interface Piece {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly fromX: number;
  readonly untilX: number;
}

/** A wait is cut short where it is this many times as long as all that is shown besides. */
const GAP_FACTOR = 3;
const GAPS_MAX = 3;
const GAP_WIDTH = 64;

/** Maps times to places from `left` to `right`: evenly, but for gaps. */
export class TimeScale {
  readonly gaps: readonly Gap[];
  readonly #pieces: readonly Piece[];

  /** `timesUs`: when anything happens that is shown, of which the least and the greatest are the ends. */
  constructor(timesUs: readonly number[], left: number, right: number) {
    const times = [...timesUs].sort((one, other) => one - other);
    this.gaps = findGaps(times);
    this.#pieces = layOut(times, this.gaps, left, right);
  }

  /** The place of a time; beyond the ends the scale goes on evenly. */
  x(atUs: number): number {
    const [first, last] = [this.#pieces[0]!, this.#pieces.at(-1)!];
    if (atUs <= first.fromUs) return first.fromX - (first.fromUs - atUs) * this.density;
    if (atUs >= last.untilUs) return last.untilX + (atUs - last.untilUs) * this.density;
    const piece = this.#pieces.find(({ untilUs }) => atUs <= untilUs)!;
    const share = (atUs - piece.fromUs) / (piece.untilUs - piece.fromUs);
    return piece.fromX + share * (piece.untilX - piece.fromX);
  }

  /** How many pixels a microsecond takes, where time is drawn evenly. */
  get density(): number {
    const isGap = ({ fromUs }: Piece): boolean => this.gaps.some((gap) => gap.fromUs === fromUs);
    const even = this.#pieces.filter((piece) => !isGap(piece));
    const { fromUs, untilUs, fromX, untilX } = even.reduce((one, other) =>
      other.untilUs - other.fromUs > one.untilUs - one.fromUs ? other : one,
    );
    return (untilX - fromX) / Math.max(untilUs - fromUs, 1);
  }
}

function findGaps(times: readonly number[]): Gap[] {
  const steps = times.slice(1).map((untilUs, index) => ({ fromUs: times[index]!, untilUs }));
  const lengthOf = ({ fromUs, untilUs }: Gap): number => untilUs - fromUs;
  steps.sort((one, other) => lengthOf(other) - lengthOf(one));
  let rest = steps.reduce((sum, step) => sum + lengthOf(step), 0);
  const gaps: Gap[] = [];
  for (const step of steps.slice(0, GAPS_MAX)) {
    rest -= lengthOf(step);
    if (rest <= 0 || lengthOf(step) < GAP_FACTOR * rest) break;
    gaps.push(step);
  }
  return gaps.sort((one, other) => one.fromUs - other.fromUs);
}

/** A stretch between two gaps gets room by its length, and a little even where it has none. */
function layOut(
  times: readonly number[],
  gaps: readonly Gap[],
  left: number,
  right: number,
): Piece[] {
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0];
  const bounds = [first, ...gaps.flatMap(({ fromUs, untilUs }) => [fromUs, untilUs]), last];
  const evenUs = bounds.reduce((sum, us, index) => sum + (index % 2 === 0 ? -us : us), 0);
  const room = right - left - gaps.length * (GAP_WIDTH + 1);
  const pieces: Piece[] = [];
  let x = left;
  for (let index = 0; index + 1 < bounds.length; index += 1) {
    const [fromUs, untilUs] = [bounds[index]!, bounds[index + 1]!];
    const isEven = index % 2 === 0;
    const share = evenUs > 0 ? (untilUs - fromUs) / evenUs : 1;
    const width = isEven ? share * room : GAP_WIDTH;
    pieces.push({ fromUs, untilUs, fromX: x, untilX: x + width });
    x += width;
  }
  return pieces;
}
