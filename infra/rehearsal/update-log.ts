/**
 * When more than this number of the same kind are made at once, one line tells of all, so that a reader
 * notices what differs.
 */
const ALIKE_MAX = 2;

interface Line {
  readonly time: string;
  readonly text: string;
  /** What was made, where that is all that the line says. */
  readonly created?: { readonly kind: string; readonly name: string };
}

/** What Pulumi prints while it works, with the minute and second of each line. */
export class UpdateLog {
  readonly #lines: Line[] = [];

  /** Something before the work begins. */
  say(text: string): void {
    this.#lines.push({ time: '', text });
  }

  note(nowMs: number, text: string): void {
    this.#lines.push({ time: timeOf(nowMs), text });
  }

  created(nowMs: number, kind: string, name: string): void {
    const text = `+  ${kind} ${name} created`;
    this.#lines.push({ time: timeOf(nowMs), text, created: { kind, name } });
  }

  /** All lines; of many that were made at once, one. */
  render(): string {
    const texts: string[] = [];
    for (let from = 0; from < this.#lines.length;) {
      const alike = this.#alikeFrom(from);
      texts.push(...(alike.length > ALIKE_MAX ? [summarise(alike)] : alike.map(textOf)));
      from += alike.length;
    }
    return texts.map((text) => `${text}\n`).join('');
  }

  #alikeFrom(from: number): Line[] {
    const first = this.#lines[from]!;
    let to = from + 1;
    const isAlike = ({ time, created }: Line) =>
      created !== undefined && time === first.time && created.kind === first.created?.kind;
    while (to < this.#lines.length && isAlike(this.#lines[to]!)) to += 1;
    return this.#lines.slice(from, to);
  }
}

function timeOf(nowMs: number): string {
  const seconds = Math.round(nowMs / 1_000);
  return `${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, '0')}`;
}

function textOf({ time, text }: Line): string {
  return time === '' ? text : `  ${time}  ${text}`;
}

function summarise(alike: readonly Line[]): string {
  const { time, created } = alike[0]!;
  const last = alike.at(-1)!.created!.name;
  const what = `+  ${created!.kind} ${created!.name} ... ${last}: ${alike.length} created`;
  return textOf({ time, text: what });
}
