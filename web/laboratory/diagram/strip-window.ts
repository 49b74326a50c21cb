import { select } from 'd3-selection';
import { zoom, type ZoomBehaviour, zoomIdentity } from 'd3-zoom';
import type { Strip } from '../../../diagram/render-strip.ts';
import type { RecordingFacts } from './run-diagram.ts';
import {
  drawnAround,
  isWorn,
  leastSeen,
  placeStrip,
  seenOf,
  type TimeSpan,
  wholeOf,
  zoomMax,
  type ZoomState,
  zoomTo,
} from './strip-motion.ts';

/** Draws a stretch of time, `widthPx` wide; `null` when a later one was asked for meanwhile. */
export type DrawStretch = (stretch: TimeSpan, widthPx: number) => Promise<Strip | null>;

interface Drawn {
  readonly span: TimeSpan;
  readonly widthPx: number;
}

/** While somebody zooms, nothing is drawn anew: the picture is stretched. */
const REDRAW_AFTER_MS = 90;
const KEY_STEP = 0.2;
const KEY_ZOOM = 1.5;

/**
 * A window over a run, which is moved and zoomed by mouse, fingers and keys. What is seen is one picture, somewhat
 * wider than the window, that the browser moves without drawing it again, however many events are in it; near its
 * edge, and once somebody has zoomed, the next one is drawn by a worker and takes its place.
 */
export class StripWindow {
  readonly #element: HTMLElement;
  readonly #layer: HTMLElement;
  readonly #endUs: number;
  readonly #leastUs: number;
  readonly #draw: DrawStretch;
  readonly #onDrawn: (strip: Strip) => void;
  readonly #zoom: ZoomBehaviour;
  readonly #observer: ResizeObserver;
  #state: ZoomState = zoomIdentity;
  #drawn: Drawn | null = null;
  #wanted = 0;
  #timer = 0;
  #url = '';

  /** `layer` lies in `element` and gets the picture; `facts`: of the run. */
  constructor(
    element: HTMLElement,
    layer: HTMLElement,
    { endUs, isTimed }: RecordingFacts,
    draw: DrawStretch,
    onDrawn: (strip: Strip) => void,
  ) {
    this.#element = element;
    this.#layer = layer;
    this.#endUs = Math.max(1, endUs);
    this.#leastUs = leastSeen(isTimed);
    this.#draw = draw;
    this.#onDrawn = onDrawn;
    this.#zoom = zoom()
      .scaleExtent([1, zoomMax(endUs, this.#leastUs)])
      // The wheel alone scrolls the page, as everywhere: with Ctrl, or by two fingers, it zooms.
      .filter((event) => (event.type === 'wheel' ? event.ctrlKey || event.metaKey : !event.ctrlKey))
      .on('zoom', ({ transform }) => this.#move(transform));
    select(element).call(this.#zoom);
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(element);
    this.#resize();
  }

  get seen(): TimeSpan {
    return seenOf(this.#state, this.#endUs, this.#widthPx);
  }

  /** The time at `xPx` from the left edge. */
  timeAt(xPx: number): number {
    const { fromUs, untilUs } = this.seen;
    return fromUs + (xPx / this.#widthPx) * (untilUs - fromUs);
  }

  /** Shows that stretch of time. */
  show(span: TimeSpan): void {
    const { k, x } = zoomTo(span, this.#endUs, this.#widthPx, this.#leastUs);
    this.#apply(this.#zoom.transform, zoomIdentity.translate(x, 0).scale(k));
  }

  showAll(): void {
    this.show(wholeOf(this.#endUs));
  }

  zoomBy(factor: number): void {
    this.#apply(this.#zoom.scaleBy, factor);
  }

  /** Moves on by that share of what is seen. */
  panBy(share: number): void {
    this.#apply(this.#zoom.translateBy, (-share * this.#widthPx) / this.#state.k, 0);
  }

  /** Obeys a key; whether it meant something. */
  obey(key: string): boolean {
    const acts: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.panBy(-KEY_STEP),
      ArrowRight: () => this.panBy(KEY_STEP),
      '+': () => this.zoomBy(KEY_ZOOM),
      '-': () => this.zoomBy(1 / KEY_ZOOM),
      Home: () => this.showAll(),
    };
    acts[key]?.();
    return key in acts;
  }

  /** What is drawn is no longer what is wanted. */
  redraw(): void {
    this.#drawSoon();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#wanted = -1;
    this.#observer.disconnect();
    select(this.#element).on('.zoom', null);
    URL.revokeObjectURL(this.#url);
  }

  get #widthPx(): number {
    return Math.max(1, this.#element.clientWidth);
  }

  #apply(how: unknown, ...what: readonly unknown[]): void {
    select(this.#element).call(how, ...what);
  }

  #resize(): void {
    const [width, height] = [this.#widthPx, Math.max(1, this.#element.clientHeight)];
    const corners = [
      [0, 0],
      [width, height],
    ] as const;
    const { seen } = this;
    this.#zoom.extent(corners).translateExtent(corners);
    this.show(seen);
  }

  #move(state: ZoomState): void {
    this.#state = state;
    this.#place();
    const drawn = this.#drawn;
    if (drawn !== null && !isWorn(drawn.span, drawn.widthPx, this.seen, this.#widthPx, this.#endUs))
      return;
    this.#drawSoon();
  }

  #drawSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // What cannot be drawn stays as it is; the worker says so where it was asked for the run.
      this.#drawNow().catch(() => undefined);
    }, REDRAW_AFTER_MS);
  }

  #place(): void {
    if (this.#drawn === null) return;
    const { span, widthPx } = this.#drawn;
    const { offsetPx, stretch } = placeStrip(span, widthPx, this.seen, this.#widthPx);
    this.#layer.style.transform = `translateX(${offsetPx}px) scaleX(${stretch})`;
  }

  async #drawNow(): Promise<void> {
    this.#wanted += 1;
    const wanted = this.#wanted;
    const { seen } = this;
    const span = drawnAround(seen, this.#endUs);
    const density = this.#widthPx / (seen.untilUs - seen.fromUs);
    const widthPx = Math.max(1, Math.round((span.untilUs - span.fromUs) * density));
    const strip = await this.#draw(span, widthPx);
    if (wanted !== this.#wanted) return;
    if (strip === null) return this.#drawSoon();
    const url = URL.createObjectURL(new Blob([strip.svg], { type: 'image/svg+xml' }));
    const image = new Image(widthPx, strip.heightPx);
    image.alt = '';
    image.src = url;
    await image.decode().catch(() => undefined);
    if (wanted !== this.#wanted) return URL.revokeObjectURL(url);
    this.#layer.replaceChildren(image);
    URL.revokeObjectURL(this.#url);
    this.#url = url;
    this.#drawn = { span, widthPx };
    this.#place();
    this.#onDrawn(strip);
  }
}
