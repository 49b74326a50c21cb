import type { CheckState } from './check-pool.ts';
import type { TypeFinding } from './find-type-errors.ts';

/** How far a check of the types is; they are advice, because the ordering runs without them. */
export type TypesState =
  | { readonly phase: 'idle' | 'checking' }
  | {
      readonly phase: 'checked';
      readonly findings: readonly TypeFinding[];
      /** Whether the text was changed since, so that this is about what it was before. */
      readonly isOfBefore?: boolean;
    }
  | { readonly phase: 'absent'; readonly why: string };

/**
 * What is left of a check once the text that it was about is changed. A counterexample stays, marked: whoever mends what
 * it shows has it before their eyes. Everything else would be taken for a word on the text as it is now.
 */
export function checkAfterTyping(state: CheckState): CheckState {
  return state.phase === 'failed' ? { ...state, isOfBefore: true } : { phase: 'idle' };
}

/** What is left of a check of types: the errors, marked as well. */
export function typesAfterTyping(types: TypesState): TypesState {
  const hasFound = types.phase === 'checked' && types.findings.length > 0;
  return hasFound ? { ...types, isOfBefore: true } : { phase: 'idle' };
}
