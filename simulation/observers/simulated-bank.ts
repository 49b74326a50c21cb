import { describeBank } from '../../control/comparison/judge-bank.ts';
import type { Report } from '../../control/documents.ts';
import { Bank } from '../../core/bank/bank.ts';
import { isOfTheRun } from '../../core/bank/bank-history.ts';
import { bothObservers } from './both-observers.ts';
import type { Observer } from './observer.ts';
import type { Scenario } from '../scenario.ts';

/**
 * The replicas of a simulated run: each applies what its member delivers, when it delivers it, from the
 * payload that arrived. So an ordering that delivers another payload than was multicast is found out.
 */
export class SimulatedBank {
  readonly #banks: readonly Bank[];
  readonly #scenario: Scenario;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#banks = Array.from({ length: scenario.peers }, () => new Bank());
  }

  /** Sees the run, and shows it to `next` as well. */
  observer(next: Observer | null): Observer {
    const { peers, messages } = this.#scenario;
    const replicas: Observer = {
      deliver: (_atUs, member, message) => {
        const bank = this.#banks[member]!;
        bank.deliver(isOfTheRun(message, peers, messages) ? message.payload : null);
      },
    };
    return next === null ? replicas : bothObservers(replicas, next);
  }

  /** The part of a member's report that is about its replica. */
  reportOf(self: number): Pick<Report, 'bank'> {
    return { bank: describeBank(this.#banks[self]!) };
  }
}
