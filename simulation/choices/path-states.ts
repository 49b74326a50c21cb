import type { Fault } from '../scenario.ts';

/** A path from one member to another. */
export interface ChosenPath {
  readonly from: number;
  readonly to: number;
}

/** Which paths between the members of a chosen run are cut for a while, and which are closed for good. */
export class PathStates {
  readonly #peers: number;
  readonly #cuts = new Set<string>();
  readonly #closed = new Set<string>();

  constructor(peers: number) {
    this.#peers = peers;
  }

  exists({ from, to }: ChosenPath): boolean {
    return from !== to && from < this.#peers && to < this.#peers;
  }

  setCut(path: ChosenPath, isCut: boolean): void {
    if (isCut) this.#cuts.add(nameOfPath(path));
    else this.#cuts.delete(nameOfPath(path));
  }

  isCut(path: ChosenPath): boolean {
    return this.#cuts.size > 0 && this.#cuts.has(nameOfPath(path));
  }

  close(path: ChosenPath): void {
    this.#closed.add(nameOfPath(path));
  }

  isClosed(path: ChosenPath): boolean {
    return this.#closed.size > 0 && this.#closed.has(nameOfPath(path));
  }
}

function nameOfPath({ from, to }: ChosenPath): string {
  return `${from}>${to}`;
}

/** A cut as an observer is told of it: in a chosen run nobody knows how long it will last. */
export function cutOf({ from, to }: ChosenPath, atUs: number): Fault {
  return {
    kind: 'partition',
    from: [from],
    to: [to],
    symmetric: false,
    atUs,
    untilUs: atUs,
  };
}
