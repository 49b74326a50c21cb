/** A request as far as its body is counted. */
export interface BodySource {
  readonly socket: { destroy(): unknown };
}

/** A response as far as it tells when its request is done with. */
export interface BodyUse {
  readonly closed: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/**
 * Bounds what the bodies of all requests hold in memory together: each may be as large as an event, and there are as
 * many as there are connections.
 *
 * What would be too much ends the request that has been sent for the longest time, as `ConnectionLimit` ends the connection
 * that has waited the longest: whoever sends a small body at once is not kept away by many who send large ones slowly. Where
 * that is not enough, because the others came whole and are being worked on, the new one is refused.
 */
export class BodyBudget {
  readonly #bytesMax: number;
  #bytes = 0;
  /** Requests whose bodies are still being read, with the bytes so far; the oldest first. */
  readonly #reading = new Map<BodySource, number>();

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** What all bodies hold now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Counts `bytes` more of a body; gives whether there is room for them. */
  grow(request: BodySource, bytes: number): boolean {
    for (const [each, held] of this.#reading) {
      if (this.#bytes + bytes <= this.#bytesMax) break;
      if (each === request) continue;
      this.#forget(each, held);
      each.socket.destroy();
    }
    if (this.#bytes + bytes > this.#bytesMax) return false;
    this.#bytes += bytes;
    this.#reading.set(request, (this.#reading.get(request) ?? 0) + bytes);
    return true;
  }

  /** The body is held no longer. */
  release(request: BodySource): void {
    const held = this.#reading.get(request);
    if (held !== undefined) this.#forget(request, held);
  }

  /** The body came whole: nobody ends the request any more, and its bytes count until `response` is done. */
  keep(request: BodySource, response: BodyUse): void {
    const held = this.#reading.get(request);
    if (held === undefined) return;
    if (response.closed) return this.#forget(request, held);
    this.#reading.delete(request);
    response.once('close', () => {
      this.#bytes -= held;
    });
  }

  #forget(request: BodySource, held: number): void {
    this.#reading.delete(request);
    this.#bytes -= held;
  }
}
