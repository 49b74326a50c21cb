/** The log of one peer, as another program wrote it. */
export interface LogFile {
  readonly name: string;
  readonly text: string;
}

/** Logs that cannot be read or compared; the message says where, what was found and what is allowed. */
export class LogError extends Error {
  override name = 'LogError';
}

const BYTE_ORDER_MARK = 0xfeff;

/** What colours a text in a terminal, or moves its cursor (ECMA-48, control sequences): it says nothing of messages. */
// oxlint-disable-next-line no-control-regex -- The sequences begin with a control character.
const CONTROL_SEQUENCES = /\u001b\[[0-?]*[ -/]*[@-~]/g;

/** The lines between the columns of a table that is drawn in a terminal. */
const BARS = /[\u2502\u2503\u2506\u2551]/g;

/** The text of one log, and errors that name a place in it by file, line and column. */
export class LogText {
  readonly name: string;
  /** The text that is read. */
  readonly text: string;
  /** What stands in the file: the same, unless what is not to be read was replaced by spaces. */
  readonly #whole: string;

  constructor({ name, text }: LogFile, whole?: string) {
    this.name = name;
    const plain = text.includes('\u001b') ? text.replace(CONTROL_SEQUENCES, '') : text;
    const barred = BARS.test(plain) ? plain.replace(BARS, '|') : plain;
    const marked = barred.charCodeAt(0) === BYTE_ORDER_MARK ? barred.slice(1) : barred;
    // Carriage returns alone end lines as well, on old machines.
    this.text = marked.includes('\n') ? marked : marked.replaceAll('\r', '\n');
    this.#whole = whole ?? this.text;
  }

  /** The same file with another text of the same length to be read, so that places stay what they are. */
  replaced(text: string): LogText {
    return new LogText({ name: this.name, text }, this.#whole);
  }

  /** What stands at `at`, and what is allowed there. */
  unexpected(at: number, allowed: string): LogError {
    return this.error(at, `found ${this.found(at)}; allowed is ${allowed}`);
  }

  /** The word, number, string or character at `at`, in quotes. */
  found(at: number): string {
    const rest = this.#whole.slice(at, at + 40);
    // A time is one word with its colons.
    const token = /^(?:\d[-+.\w]*(?::\d[-+.\w]*)+|[-+.\w]+|["'][^"'\n]*["']?|[^])/u.exec(rest)?.[0];
    return token === undefined ? 'the end of the file' : JSON.stringify(token);
  }

  error(at: number, message: string): LogError {
    return new LogError(`${this.name}, ${this.position(at)}: ${message}`);
  }

  /** Such as `line 3, column 8`, both counted from 1. */
  position(at: number): string {
    const lines = this.text.slice(0, at).split('\n');
    return `line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
  }
}

/** Space, tab, line ends, and the two that editors put in unasked: no-break space and byte order mark. */
export function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === BYTE_ORDER_MARK;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** A letter, an underscore, or anything beyond ASCII: what a name may begin with. */
export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code > 0xa0;
}
