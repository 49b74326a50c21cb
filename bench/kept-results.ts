import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Plain results by their names, in a file if one is named, so that a bench of hours can be stopped at any time and goes on there. */
export class KeptResults<Result> {
  readonly #path: string | null;
  readonly #nameOf: (result: Result) => string;
  readonly #results: Map<string, Result>;

  constructor(path: string | null, nameOf: (result: Result) => string) {
    this.#path = path;
    this.#nameOf = nameOf;
    const kept =
      path !== null && existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Result[]) : [];
    this.#results = new Map(kept.map((result) => [nameOf(result), result]));
  }

  get(name: string): Result | undefined {
    return this.#results.get(name);
  }

  set(result: Result): void {
    this.#results.set(this.#nameOf(result), result);
    if (this.#path === null) return;
    const lines = [...this.#results.values()].map((each) => JSON.stringify(each));
    writeFileSync(`${this.#path}.new`, `[\n${lines.join(',\n')}\n]\n`);
    renameSync(`${this.#path}.new`, this.#path);
  }
}
