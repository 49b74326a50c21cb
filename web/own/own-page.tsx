import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Alert } from '../shared/alert.tsx';
import { messageFrom } from '../shared/message-from.ts';
import { checkAfterTyping, typesAfterTyping } from './after-typing.ts';
import { type CheckState, type RunningCheck, startCheck } from './check-pool.ts';
import { CheckOutcome } from './check-outcome.tsx';
import type { OpenEditor } from './editor.ts';
import { keepOwnCompiled } from './kept-own.ts';
import { CopySource } from './linked-source.tsx';
import { OwnFiles } from './own-files.tsx';
import { type OpenedText, useOwnText } from './own-text.tsx';
import { TypeOutcome, useTypes } from './own-types.tsx';

const SEEDS = 1_000;

type EditorModule = typeof import('./editor.ts');

/** An ordering of one's own: typed, checked under a thousand schedules, and shown where it breaks. */
export function OwnPage({ query }: { readonly query: ReadonlyMap<string, string> }): JSX.Element {
  const [module, missing] = useEditorModule();
  const [state, setState] = useState<CheckState>({ phase: 'idle' });
  const editor = useRef<OpenEditor | null>(null);
  const check = useRef<RunningCheck | null>(null);
  const { opened, type, note } = useOwnText(query.get('source') ?? '', editor);
  const { types, check: checkTypes, change: changeTypes } = useTypes();
  const place = useEditor(module, editor, opened, (text) => {
    type(text);
    check.current?.stop();
    editor.current?.markError(null, '');
    setState(checkAfterTyping);
    changeTypes(typesAfterTyping);
  });
  // Another text stands there: nothing that was found of the one before is left.
  useEffect(() => {
    setState({ phase: 'idle' });
    changeTypes(() => ({ phase: 'idle' }));
    return () => check.current?.stop();
  }, [opened]);

  const begin = (): void => {
    if (module === null || editor.current === null) return;
    check.current?.stop();
    const javascript = compile(module, editor.current, setState);
    if (javascript === null) return;
    keepOwnCompiled(javascript);
    const opened = editor.current;
    check.current = startCheck(javascript, SEEDS, (next) => {
      setState(next);
      const line = lineOf(next);
      if (line !== null) opened.markError(line, textOf(next));
    });
  };
  const stop = (): void => {
    check.current?.stop();
    setState({ phase: 'idle' });
  };
  const isBusy = state.phase === 'running' || state.phase === 'shrinking';
  return (
    <>
      <h1>An ordering of your own</h1>
      <p>
        Type an ordering, and have it checked in {SEEDS.toLocaleString('en')} schedules with losses,
        crashes and partitions. It stays in this browser.
      </p>
      <div class="playback" role="group" aria-label="Check">
        <button
          type="button"
          class="primary"
          disabled={module === null}
          onClick={isBusy ? stop : begin}
        >
          {isBusy ? 'Stop' : 'Check it'}
        </button>
        <button
          type="button"
          disabled={module === null || types.phase === 'checking'}
          onClick={() => checkTypes(editor.current)}
        >
          Check types
        </button>
        <OwnFiles editor={editor} />
        <CopySource editor={editor} />
      </div>
      {note}
      <Alert text={missing} />
      <TypeOutcome types={types} />
      <CheckOutcome state={state} />
      <div class="editor" ref={place}>
        {module === null && missing === '' ? (
          <p class="loading">The editor is loading ...</p>
        ) : null}
      </div>
    </>
  );
}

/** Loads the editor's code; `null` until it is there. What went wrong is said by the second part. */
function useEditorModule(): [EditorModule | null, string] {
  const [module, setModule] = useState<EditorModule | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    import('./editor.ts').then(setModule, (error: unknown) => {
      const why = `The editor could not be loaded: ${messageFrom(error)}.`;
      setProblem(`${why} Load this page again; what you had typed is kept.`);
    });
  }, []);
  return [module, problem];
}

/** Opens the editor in the element of the returned reference, anew for each text that is `opened`. */
function useEditor(
  module: EditorModule | null,
  editor: { current: OpenEditor | null },
  opened: OpenedText | null,
  onType: (text: string) => void,
): { current: HTMLDivElement | null } {
  const place = useRef<HTMLDivElement>(null);
  const typed = useRef(onType);
  typed.current = onType;
  useEffect(() => {
    if (module === null || place.current === null || opened === null) return undefined;
    const host = document.createElement('div');
    place.current.append(host);
    const open = module.openEditor(host, opened.text, (text) => typed.current(text));
    editor.current = open;
    return () => {
      open.destroy();
      host.remove();
      editor.current = null;
    };
  }, [module, opened]);
  return place;
}

/** The ordering as JavaScript; `null`, and told, where it does not parse. */
function compile(
  module: EditorModule,
  editor: OpenEditor,
  tell: (state: CheckState) => void,
): string | null {
  try {
    editor.markError(null, '');
    return module.compileOrdering(editor.text());
  } catch (error) {
    const line = error instanceof module.CompileError ? error.line : null;
    const message = messageFrom(error);
    editor.markError(line, message);
    tell({ phase: 'refused', message: line === null ? message : `line ${line}: ${message}` });
    return null;
  }
}

function textOf(state: CheckState): string {
  if (state.phase === 'refused') return state.message;
  return state.phase === 'failed' ? state.shown.text : '';
}

/** The line that an outcome names. */
function lineOf(state: CheckState): number | null {
  const line = /\bline (\d+)/.exec(textOf(state))?.[1];
  return line === undefined ? null : Number(line);
}
