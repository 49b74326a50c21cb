import { CongestionWindow, WINDOW_MIN } from './congestion-window.ts';

/**
 * The congestion windows of one member's channels, each named by the member at its other end. There is an object only for
 * those that ever filled the least window, or were congested: a large group has a million channels.
 */
export class CongestionWindows {
  readonly #windows: (CongestionWindow | null)[];

  constructor(channels: number) {
    this.#windows = new Array<null>(channels).fill(null);
  }

  /** How many messages may be under way to `to`. */
  size(to: number): number {
    return this.#windows[to]?.size ?? WINDOW_MIN;
  }

  /** See `CongestionWindow.arrived`. */
  arrived(to: number, count: number, underWay: number): void {
    if (underWay >= WINDOW_MIN) this.#windowOf(to).arrived(count, underWay);
  }

  /** See `CongestionWindow.lost`. */
  lost(to: number, number: number, newest: number): void {
    this.#windowOf(to).lost(number, newest);
  }

  /** See `CongestionWindow.onlyLate`. */
  onlyLate(to: number, number: number): void {
    this.#windows[to]?.onlyLate(number);
  }

  /** See `CongestionWindow.expired`. */
  expired(to: number): void {
    this.#windowOf(to).expired();
  }

  #windowOf(to: number): CongestionWindow {
    return (this.#windows[to] ??= new CongestionWindow());
  }
}
