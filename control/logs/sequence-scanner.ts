/**
 * Reads a text character by character, in one pass, and says line and column of what it did not
 * expect. It has no recursion, so that no nesting of brackets can exhaust the stack.
 */
export class SequenceScanner {
  readonly #text: string;
  readonly #name: string;
  #at = 0;

  /** `name` is what errors call the text. */
  constructor(name: string, text: string) {
    this.#name = name;
    this.#text = text;
  }

  /** The next character that is not white space, unread; `''` at the end. */
  peek(): string {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1;
    return this.#text.charAt(this.#at);
  }

  /** Reads `character` if it is next. */
  accept(character: string): boolean {
    if (this.peek() !== character) return false;
    this.#at += 1;
    return true;
  }

  /** Reads one of `characters`, which must be next; `allowed` says what may stand here. */
  expect(characters: string, allowed: string): string {
    const found = this.peek();
    if (found === '' || !characters.includes(found)) throw this.unexpected(allowed);
    this.#at += 1;
    return found;
  }

  /** Reads an integer from 0 to `max`. */
  integer(max: number, what: string): number {
    const allowed = `${what}, an integer from 0 to ${max}`;
    this.peek();
    const start = this.#at;
    let value = 0;
    for (;;) {
      const digit = this.#text.charCodeAt(this.#at) - 48;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
      this.#at += 1;
    }
    const isWhole = this.#at > start && !/^[.\w]/.test(this.#text.charAt(this.#at));
    if (isWhole && value <= max) return value;
    this.#at = start;
    throw this.unexpected(allowed);
  }

  /** Reads a name in single or double quotes, one of `names`. */
  key<Name extends string>(names: readonly Name[]): Name {
    const allowed = names.map((name) => `"${name}"`).join(' or ');
    const quote = this.expect('"\'', allowed);
    const found = names.find((name) => this.#text.startsWith(name + quote, this.#at));
    if (found !== undefined) {
      this.#at += found.length + 1;
      return found;
    }
    this.#at -= 1;
    throw this.unexpected(allowed);
  }

  /** An error at the place reached: what was found there, and what is allowed. */
  unexpected(allowed: string): SequenceFileError {
    const rest = this.#text.slice(this.#at, this.#at + 40);
    const token = /^(?:[-+.\w]+|["'][^"'\n]*["']?|[^])/u.exec(rest)?.[0];
    const found = token === undefined ? 'the end of the file' : JSON.stringify(token);
    return this.error(`found ${found}; allowed is ${allowed}`);
  }

  /** An error at the place reached. */
  error(message: string): SequenceFileError {
    const lines = this.#text.slice(0, this.#at).split('\n');
    const place = `line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
    return new SequenceFileError(`${this.#name}, ${place}: ${message}`);
  }
}

/** Space, tab, line ends, and the two that editors put in unasked: no-break space and byte order mark. */
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff;
}

/** A file that holds no delivered sequence; the message says where, what was found and what is allowed. */
export class SequenceFileError extends Error {
  override name = 'SequenceFileError';
}
