/** Packets as columns of numbers, so that a worker hands over tens of thousands without a copy of each. */
export interface PacketColumns {
  readonly from: Uint16Array;
  readonly to: Uint16Array;
  readonly kinds: Uint8Array;
  readonly senders: Uint16Array;
  readonly sequences: Uint32Array;
  /** Never goes back from one packet to the next. */
  readonly sentAtUs: Float64Array;
  /** `Infinity` for a packet that was lost. */
  readonly arrivesAtUs: Float64Array;
}

const BEGIN = 1_024;

/** Columns that grow, up to `packetsMax` packets. */
export class PacketColumnsWriter {
  readonly #packetsMax: number;
  #columns = emptyColumns(BEGIN);
  #length = 0;

  constructor(packetsMax: number) {
    this.#packetsMax = packetsMax;
  }

  /** Writes one packet; `false` when there is no more room. */
  add(
    from: number,
    to: number,
    { kind, sender, sequence }: { kind: number; sender: number; sequence: number },
    sentAtUs: number,
    arrivesAtUs: number,
  ): boolean {
    if (this.#length >= this.#packetsMax) return false;
    if (this.#length >= this.#columns.from.length) this.#grow();
    const [columns, place] = [this.#columns, this.#length];
    columns.from[place] = from;
    columns.to[place] = to;
    columns.kinds[place] = kind;
    columns.senders[place] = sender;
    columns.sequences[place] = sequence;
    columns.sentAtUs[place] = sentAtUs;
    columns.arrivesAtUs[place] = arrivesAtUs;
    this.#length += 1;
    return true;
  }

  /** What was written, in arrays of its length. */
  columns(): PacketColumns {
    const { from, to, kinds, senders, sequences, sentAtUs, arrivesAtUs } = this.#columns;
    const length = this.#length;
    return {
      from: from.slice(0, length),
      to: to.slice(0, length),
      kinds: kinds.slice(0, length),
      senders: senders.slice(0, length),
      sequences: sequences.slice(0, length),
      sentAtUs: sentAtUs.slice(0, length),
      arrivesAtUs: arrivesAtUs.slice(0, length),
    };
  }

  #grow(): void {
    const larger = emptyColumns(2 * this.#columns.from.length);
    for (const name of Object.keys(larger) as (keyof PacketColumns)[]) {
      larger[name].set(this.#columns[name]);
    }
    this.#columns = larger;
  }
}

function emptyColumns(length: number): PacketColumns {
  return {
    from: new Uint16Array(length),
    to: new Uint16Array(length),
    kinds: new Uint8Array(length),
    senders: new Uint16Array(length),
    sequences: new Uint32Array(length),
    sentAtUs: new Float64Array(length),
    arrivesAtUs: new Float64Array(length),
  };
}
