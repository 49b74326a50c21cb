import { type Choice, formatChoice } from '../../../simulation/choices/choice.ts';

/** Enough for schedules of some hundred choices. */
const BYTES_MAX = 8_192;

/** In place of choices, while a member is made: `create 1` for member 1. */
const CREATE = 'create ';

/** The schedule that one thread tries, where another can read it when the first does not come back. */
export class TriedSchedule {
  /** To be given to the other thread. */
  readonly memory: SharedArrayBuffer;
  readonly #bytes: Uint8Array;
  readonly #length: Uint32Array;

  constructor(memory = new SharedArrayBuffer(4 + BYTES_MAX)) {
    this.memory = memory;
    this.#length = new Uint32Array(memory, 0, 1);
    this.#bytes = new Uint8Array(memory, 4);
  }

  /** A schedule for which there is no room is not noted. */
  note(choices: readonly Choice[]): void {
    this.#write(choices.map(formatChoice).join('\n'));
  }

  /** Notes that `member` is being made, before there are any choices. */
  noteCreation(member: number): void {
    this.#write(`${CREATE}${member}`);
  }

  #write(words: string): void {
    const text = Buffer.from(words);
    this.#length[0] = text.length > BYTES_MAX ? 0 : text.length;
    if (text.length <= BYTES_MAX) this.#bytes.set(text);
  }

  clear(): void {
    this.#length[0] = 0;
  }

  /** The choices as texts; empty where none were noted, or a member was being made. */
  read(): string[] {
    const text = this.#text;
    return text === '' || text.startsWith(CREATE) ? [] : text.split('\n');
  }

  /** The member that was being made; `null` where none was. */
  readCreation(): number | null {
    const text = this.#text;
    return text.startsWith(CREATE) ? Number(text.slice(CREATE.length)) : null;
  }

  get #text(): string {
    return Buffer.from(this.#bytes.slice(0, this.#length[0])).toString();
  }
}
