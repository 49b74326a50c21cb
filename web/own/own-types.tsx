import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { TypesQuestion } from '../workers/types-worker.ts';
import { useAsker } from '../workers/use-worker.ts';
import type { OpenEditor } from './editor.ts';
import type { TypeFinding } from './find-type-errors.ts';

/** How far a check of the types is; they are advice, because the ordering runs without them. */
export type TypesState =
  | { readonly phase: 'idle' | 'checking' }
  | { readonly phase: 'checked'; readonly findings: readonly TypeFinding[] }
  | { readonly phase: 'absent'; readonly why: string };

/** Checks the types of what is typed, by TypeScript in a worker, which is loaded the first time. */
export function useTypes(): [TypesState, (editor: OpenEditor | null) => void] {
  const [state, setState] = useState<TypesState>({ phase: 'idle' });
  const asker = useAsker<TypesQuestion, readonly TypeFinding[]>('types');
  const check = (editor: OpenEditor | null): void => {
    if (editor === null) return;
    setState({ phase: 'checking' });
    asker.ask({ text: editor.text() }).then(
      (findings) => {
        if (findings === null) return;
        setState({ phase: 'checked', findings });
        const [first] = findings;
        if (first !== undefined) editor.markError(first.line, first.message);
      },
      (error: unknown) => setState({ phase: 'absent', why: String(error) }),
    );
  };
  return [state, check];
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
        <Findings findings={types.findings} />
      );
  }
}

function Findings({ findings }: { readonly findings: readonly TypeFinding[] }): JSX.Element {
  const left = findings.length - FINDINGS_SHOWN_MAX;
  return (
    <>
      <p>TypeScript objects, though the ordering runs all the same:</p>
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
