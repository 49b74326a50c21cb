/** The most datagrams that the kernel cuts out of one piece, and the most bytes of a piece (UDP has 65,507). */
const SEGMENTS_MAX = 64;
const BYTES_MAX = 65_000;
/** The most pieces of a batch. */
const PIECES_MAX = 64;

/** Sizes of Linux's structures where a pointer has 8 bytes, and places of their fields in words of 4 bytes. */
const HEADER = { bytes: 64, vector: 4, vectors: 6, control: 8, controlBytes: 10 } as const;
const VECTOR = { bytes: 16, base: 0, length: 2 } as const;
const CONTROL = { bytes: 24, length: 0, level: 2, type: 3, segmentBytes: 4 } as const;
/** Its length without the padding at its end: a header of 16 bytes and a u16. */
const CONTROL_LENGTH = 18;
const SOL_UDP = 17;
const UDP_SEGMENT = 103;

const VECTORS_AT = PIECES_MAX * HEADER.bytes;
const CONTROLS_AT = VECTORS_AT + PIECES_MAX * VECTOR.bytes;
const CONTENTS_AT = CONTROLS_AT + PIECES_MAX * CONTROL.bytes;
const WORD = Uint32Array.BYTES_PER_ELEMENT;

/**
 * Datagrams to one receiver, laid out as Linux's `sendmmsg` wants them: a `struct mmsghdr` for each piece.
 * A piece is several datagrams of one length, of which the last may be shorter; the kernel takes it through
 * its layers at once, and cuts it at the end of its way (UDP_SEGMENT: "generic segmentation offload", GSO).
 *
 * Everything is in one ArrayBuffer, whose contents never move, and which lives as long as this object: the
 * kernel reads it by addresses, which the collector of garbage does not see.
 */
export class SegmentBatch {
  readonly #memory = new ArrayBuffer(CONTENTS_AT + BYTES_MAX);
  readonly #words = new Uint32Array(this.#memory, 0, CONTENTS_AT / WORD);
  readonly #contents = new Uint8Array(this.#memory, CONTENTS_AT);
  readonly #address: number;
  /** For each piece, where it begins in the contents, how many bytes it has, and how many each datagram has. */
  readonly #starts = new Uint32Array(PIECES_MAX);
  readonly #bytes = new Uint32Array(PIECES_MAX);
  readonly #segmentBytes = new Uint32Array(PIECES_MAX);
  #used = 0;
  #segments = 0;
  /** Whether the last piece may become longer: not once it ends with a shorter datagram. */
  #isOpen = false;
  /** How many pieces there are. */
  pieces = 0;

  /** `addressOf`: where the contents of an ArrayBuffer are. */
  constructor(addressOf: (memory: ArrayBuffer) => number) {
    this.#address = addressOf(this.#memory);
    for (let piece = 0; piece < PIECES_MAX; piece += 1) {
      const header = headerOf(piece);
      this.#putAddress(header + HEADER.vector, VECTORS_AT + piece * VECTOR.bytes);
      this.#words[header + HEADER.vectors] = 1;
      const control = controlOf(piece);
      this.#words[control + CONTROL.length] = CONTROL_LENGTH;
      this.#words[control + CONTROL.level] = SOL_UDP;
      this.#words[control + CONTROL.type] = UDP_SEGMENT;
    }
  }

  /** The address of the header of piece `piece`; those of the pieces after it follow. */
  addressOfHeader(piece: number): number {
    return this.#address + piece * HEADER.bytes;
  }

  /** Copies `datagram`; false, and nothing is added, when there is no room. */
  add(datagram: Uint8Array): boolean {
    const { length } = datagram;
    if (this.#used + length > BYTES_MAX) return false;
    const last = this.pieces - 1;
    const joinsLast = this.#isOpen && length <= this.#segmentBytes[last]!;
    if (!joinsLast && this.pieces === PIECES_MAX) return false;
    this.#contents.set(datagram, this.#used);
    if (joinsLast) this.#lengthen(last, length);
    else this.#begin(length);
    this.#used += length;
    return true;
  }

  /** Copies of the datagrams of all pieces from `piece` on. */
  datagramsFrom(piece: number): Uint8Array[] {
    const datagrams: Uint8Array[] = [];
    for (let index = piece; index < this.pieces; index += 1) {
      const end = this.#starts[index]! + this.#bytes[index]!;
      const step = this.#segmentBytes[index]!;
      for (let at = this.#starts[index]!; at < end; at += step) {
        datagrams.push(this.#contents.slice(at, Math.min(at + step, end)));
      }
    }
    return datagrams;
  }

  clear(): void {
    this.pieces = 0;
    this.#used = 0;
    this.#isOpen = false;
  }

  #begin(length: number): void {
    const piece = this.pieces;
    this.pieces += 1;
    this.#starts[piece] = this.#used;
    this.#bytes[piece] = length;
    this.#segmentBytes[piece] = length;
    this.#segments = 1;
    this.#isOpen = true;
    const vector = vectorOf(piece);
    this.#putAddress(vector + VECTOR.base, CONTENTS_AT + this.#used);
    this.#words[vector + VECTOR.length] = length;
    const header = headerOf(piece);
    this.#words.fill(0, header + HEADER.control, header + HEADER.controlBytes + 1);
  }

  #lengthen(piece: number, length: number): void {
    const segmentBytes = this.#segmentBytes[piece]!;
    this.#bytes[piece]! += length;
    this.#words[vectorOf(piece) + VECTOR.length] = this.#bytes[piece]!;
    this.#segments += 1;
    this.#isOpen = length === segmentBytes && this.#segments < SEGMENTS_MAX;
    if (this.#segments > 2) return;
    const header = headerOf(piece);
    this.#putAddress(header + HEADER.control, CONTROLS_AT + piece * CONTROL.bytes);
    this.#words[header + HEADER.controlBytes] = CONTROL.bytes;
    this.#words[controlOf(piece) + CONTROL.segmentBytes] = segmentBytes;
  }

  /** Writes the address of what is `offset` bytes into the memory, the lower half first. */
  #putAddress(word: number, offset: number): void {
    const address = this.#address + offset;
    this.#words[word] = address % 2 ** 32;
    this.#words[word + 1] = Math.floor(address / 2 ** 32);
  }
}

function headerOf(piece: number): number {
  return (piece * HEADER.bytes) / WORD;
}

function vectorOf(piece: number): number {
  return (VECTORS_AT + piece * VECTOR.bytes) / WORD;
}

function controlOf(piece: number): number {
  return (CONTROLS_AT + piece * CONTROL.bytes) / WORD;
}
