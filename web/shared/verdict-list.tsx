import type { JSX } from 'preact';
import type { Comparison } from '../../control/comparison-document.ts';
import { GUARANTEE_NAMES, type GuaranteeName } from '../../core/guarantees.ts';

/** What each guarantee says, in one line for somebody who has not met it. */
export const GUARANTEE_MEANINGS: Readonly<Record<GuaranteeName, string>> = {
  integrity: 'nothing is delivered twice, or that nobody multicast',
  validity: 'a peer delivers its own messages',
  agreement: 'what one peer delivers, all deliver',
  uniformAgreement: 'even what a peer delivered that crashed',
  fifo: 'the messages of one sender in their order',
  causal: 'a message after those that its sender knew',
  total: 'no two peers deliver two messages in opposite orders',
  uniformTotal: 'not even peers that crashed',
  gapFree: 'nobody skips a message that others delivered',
};

/** Every guarantee with its verdict; the declared ones first in words, for the ordering is held to them. */
export function VerdictList({ comparison }: { readonly comparison: Comparison }): JSX.Element {
  const { guarantees, declared } = comparison;
  return (
    <ul class="verdicts">
      {GUARANTEE_NAMES.map((name) => {
        const { held, counterexample, reason } = guarantees[name];
        const state = held === null ? 'unjudged' : held ? 'held' : 'broken';
        const isDeclared = declared.includes(name);
        return (
          <li key={name} class={`${state} ${isDeclared ? 'declared' : ''}`}>
            <strong>
              {state === 'held' ? '✓' : state === 'broken' ? '✗' : '?'} {name}
            </strong>{' '}
            {state === 'unjudged' ? 'not judged' : state}
            {isDeclared ? ', promised' : ''}
            <small> {counterexample?.text ?? reason ?? GUARANTEE_MEANINGS[name]}</small>
          </li>
        );
      })}
    </ul>
  );
}
