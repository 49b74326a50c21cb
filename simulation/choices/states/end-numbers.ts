/** Numbers for texts: the same for the same text, as long as the texts are not forgotten. */
export class EndNumbers {
  readonly #numbers = new Map<string, number>();
  #next = 0;

  of(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#next;
    this.#next += 1;
    this.#numbers.set(text, number);
    return number;
  }

  /** No number is given out again, so that whoever kept one does not mistake another end for it. */
  forget(): void {
    this.#numbers.clear();
  }
}
