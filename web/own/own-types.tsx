import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { TypesQuestion } from '../workers/types-worker.ts';
import { useAsker } from '../workers/use-worker.ts';
import type { TypesState } from './after-typing.ts';
import type { OpenEditor } from './editor.ts';
import type { TypeFinding } from './find-type-errors.ts';

export interface TypesCheck {
  readonly types: TypesState;
  readonly check: (editor: OpenEditor | null) => void;
  /** Is to be told that the text was changed, or that another stands in its place. */
  readonly change: (after: (types: TypesState) => TypesState) => void;
}

/** Checks the types of what is typed, by TypeScript in a worker, which is loaded the first time. */
export function useTypes(): TypesCheck {
  const [state, setState] = useState<TypesState>({ phase: 'idle' });
  const asker = useAsker<TypesQuestion, readonly TypeFinding[]>('types');
  // An answer is about the text that was asked about.
  const texts = useRef(0);
  const change: TypesCheck['change'] = (after) => {
    texts.current += 1;
    setState(after);
  };
  const check = (editor: OpenEditor | null): void => {
    if (editor === null) return;
    const asked = texts.current;
    setState({ phase: 'checking' });
    asker.ask({ text: editor.text() }).then(
      (findings) => {
        if (findings === null || asked !== texts.current) return;
        setState({ phase: 'checked', findings });
        const [first] = findings;
        if (first !== undefined) editor.markError(first.line, first.message);
      },
      (error: unknown) => {
        if (asked === texts.current) setState({ phase: 'absent', why: String(error) });
      },
    );
  };
  return { types: state, check, change };
}

const FINDINGS_SHOWN_MAX = 10;

export function TypeOutcome({ types }: { readonly types: TypesState }): JSX.Element {
  return <div role="status">{outcomeOf(types)}</div>;
}

function outcomeOf(types: TypesState): JSX.Element | null {
  switch (types.phase) {
    case 'idle':
      return null;
    case 'checking':
      return <p>TypeScript is loaded, and checks the types ...</p>;
    case 'absent':
      return <p>The types were not checked: {types.why}. TypeScript is not kept for offline.</p>;
    case 'checked':
      return types.findings.length === 0 ? (
        <p>✓ TypeScript finds no error in the types.</p>
      ) : (
        <Findings findings={types.findings} isOfBefore={types.isOfBefore === true} />
      );
  }
}

interface FindingsProps {
  readonly findings: readonly TypeFinding[];
  readonly isOfBefore: boolean;
}

function Findings({ findings, isOfBefore }: FindingsProps): JSX.Element {
  const left = findings.length - FINDINGS_SHOWN_MAX;
  return (
    <>
      <p>
        TypeScript {isOfBefore ? 'objected to the text as it was' : 'objects'}, though the ordering
        runs all the same:
      </p>
      <ul>
        {findings.slice(0, FINDINGS_SHOWN_MAX).map(({ line, message }) => (
          <li key={`${line} ${message}`}>
            line {line}: {message}
          </li>
        ))}
        {left > 0 ? <li>and {left} more</li> : null}
      </ul>
    </>
  );
}
