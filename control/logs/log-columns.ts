import { grown } from '../../core/base/grown.ts';
import { HAPPENING, type Happening } from './fields/happenings.ts';
import type { Remarks } from './forms/form.ts';
import type { SenderNames } from './senders/sender-names.ts';
import type { LogText } from './text/log-text.ts';

/** The number of a message, where a line about something else has none. */
export const NO_NUMBER = -1;
/** The sender of a message, where a line tells of a multicast by the peer that writes. */
export const NO_SENDER = -1;

/**
 * What one log says, line by line or message by message, as columns of numbers: senders by their place
 * among all senders' names, numbers as the log has them, and where in the text it stands.
 */
export class LogColumns {
  readonly source: LogText;
  /** What the log is; `null` for an empty one, which may be in any form. */
  remarks: Remarks | null = null;
  /** The layers that deliver by the words of the log, such as `urb`, each with the place of its first delivery. */
  readonly layers = new Map<string, number>();
  /** What the log says of messages besides that they were delivered, by their places in the text. */
  readonly doubts = new Map<number, string>();
  #senders = new Int32Array(64);
  #numbers = new Float64Array(64);
  #places = new Uint32Array(64);
  #happenings = new Uint8Array(64);
  #length = 0;

  constructor(source: LogText) {
    this.source = source;
  }

  get length(): number {
    return this.#length;
  }

  get senders(): Int32Array {
    return this.#senders.subarray(0, this.#length);
  }

  get numbers(): Float64Array {
    return this.#numbers.subarray(0, this.#length);
  }

  /** The place in the text where each message begins. */
  get places(): Uint32Array {
    return this.#places.subarray(0, this.#length);
  }

  get happenings(): Uint8Array {
    return this.#happenings.subarray(0, this.#length);
  }

  append(sender: number, number: number, happening: Happening, place: number): void {
    const index = this.#length;
    if (index === this.#senders.length) this.#grow();
    this.#senders[index] = sender;
    this.#numbers[index] = number;
    this.#places[index] = place;
    this.#happenings[index] = happening;
    this.#length += 1;
  }

  noteLayer(layer: string, place: number): void {
    if (!this.layers.has(layer)) this.layers.set(layer, place);
  }

  /** Keeps only what `keeps` accepts, in its order. */
  keep(keeps: (happening: Happening) => boolean): void {
    let length = 0;
    for (let index = 0; index < this.#length; index += 1) {
      const happening = this.#happenings[index] as Happening;
      if (!keeps(happening)) continue;
      this.#senders[length] = this.#senders[index]!;
      this.#numbers[length] = this.#numbers[index]!;
      this.#places[length] = this.#places[index]!;
      this.#happenings[length] = happening;
      length += 1;
    }
    this.#length = length;
  }

  /** Takes the numbers for senders and the senders, which have to be numbers, for numbers. */
  swap(names: SenderNames): void {
    for (let index = 0; index < this.#length; index += 1) {
      const sender = Number(names.name(this.#senders[index]!));
      this.#senders[index] = names.placeOfNumber(this.#numbers[index]!);
      this.#numbers[index] = sender;
    }
  }

  /** How many lines say `happening`. */
  count(happening: Happening): number {
    let count = 0;
    for (let index = 0; index < this.#length; index += 1) {
      if (this.#happenings[index] === happening) count += 1;
    }
    return count;
  }

  /** Makes everything a delivery. */
  takeAllForDeliveries(): void {
    this.#happenings.fill(HAPPENING.delivery, 0, this.#length);
  }

  #grow(): void {
    const length = this.#length * 2;
    this.#senders = grown(this.#senders, length);
    this.#numbers = grown(this.#numbers, length);
    this.#places = grown(this.#places, length);
    this.#happenings = grown(this.#happenings, length);
  }
}
