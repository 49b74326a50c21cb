import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { messageFrom } from '../shared/message-from.ts';
import { checkAfterTyping, typesAfterTyping } from './after-typing.ts';
import { type CheckState, type RunningCheck, startCheck } from './check-pool.ts';
import { CheckOutcome } from './check-outcome.tsx';
import { CompileError, compileOrdering } from './compile-ordering.ts';
import { openEditor, type OpenEditor } from './editor.ts';
import { OwnFiles } from './own-files.tsx';
import { keepOwnCompiled } from './kept-own.ts';
import { CopySource } from './linked-source.tsx';
import { type OpenedText, useOwnText } from './own-text.tsx';
import { TypeOutcome, useTypes } from './own-types.tsx';

const SEEDS = 1_000;

/** An ordering of one's own: typed, checked under a thousand schedules, and shown where it breaks. */
export function OwnPage({ query }: { readonly query: ReadonlyMap<string, string> }): JSX.Element {
  const editor = useRef<OpenEditor | null>(null);
  const { state, begin, stop, change } = useCheck(editor);
  const { opened, type, note } = useOwnText(query.get('source') ?? '', editor);
  const { types, check: checkTypes, change: changeTypes } = useTypes();
  const place = useEditor(editor, opened, (text) => {
    type(text);
    editor.current?.markError(null, '');
    change(checkAfterTyping);
    changeTypes(typesAfterTyping);
  });
  // Another text stands there: nothing that was found of the one before is left.
  useEffect(() => {
    stop();
    changeTypes(() => ({ phase: 'idle' }));
    return stop;
  }, [opened]);

  const isBusy = state.phase === 'running' || state.phase === 'shrinking';
  return (
    <>
      <h1>An ordering of your own</h1>
      <p>
        Type an ordering, and have it checked in {SEEDS.toLocaleString('en')} schedules with losses,
        crashes and partitions. It stays in this browser. In the editor Tab indents; <kbd>Esc</kbd>{' '}
        before it leads out.
      </p>
      <div class="playback" role="group" aria-label="Check">
        <button
          type="button"
          class="primary"
          disabled={opened === null}
          onClick={isBusy ? stop : begin}
        >
          {isBusy ? 'Stop' : 'Check it'}
        </button>
        <button
          type="button"
          disabled={opened === null || types.phase === 'checking'}
          onClick={() => checkTypes(editor.current)}
        >
          Check types
        </button>
        <OwnFiles editor={editor} />
        <CopySource editor={editor} />
      </div>
      {note}
      <TypeOutcome types={types} />
      <CheckOutcome state={state} />
      <div class="editor" ref={place}></div>
    </>
  );
}

interface OwnCheck {
  readonly state: CheckState;
  readonly begin: () => void;
  readonly stop: () => void;
  /** Ends a check that runs, as the text is another by now, and leaves what `after` does of its outcome. */
  readonly change: (after: (state: CheckState) => CheckState) => void;
}

/** Checks what stands in the editor. */
function useCheck(editor: { readonly current: OpenEditor | null }): OwnCheck {
  const [state, setState] = useState<CheckState>({ phase: 'idle' });
  const check = useRef<RunningCheck | null>(null);
  const begin = (): void => {
    if (editor.current === null) return;
    check.current?.stop();
    const javascript = compile(editor.current, setState);
    if (javascript === null) return;
    keepOwnCompiled(javascript);
    const opened = editor.current;
    check.current = startCheck(javascript, SEEDS, (next) => {
      setState(next);
      const line = lineOf(next);
      if (line !== null) opened.markError(line, textOf(next));
    });
  };
  const change: OwnCheck['change'] = (after) => {
    check.current?.stop();
    setState(after);
  };
  const stop = (): void => change(() => ({ phase: 'idle' }));
  return { state, begin, stop, change };
}

/** Opens the editor in the element of the returned reference, anew for each text that is `opened`. */
function useEditor(
  editor: { current: OpenEditor | null },
  opened: OpenedText | null,
  onType: (text: string) => void,
): { current: HTMLDivElement | null } {
  const place = useRef<HTMLDivElement>(null);
  const typed = useRef(onType);
  typed.current = onType;
  // Before the buttons can be pressed that ask it for its text.
  useLayoutEffect(() => {
    if (place.current === null || opened === null) return undefined;
    const host = document.createElement('div');
    place.current.append(host);
    const open = openEditor(host, opened.text, (text) => typed.current(text));
    editor.current = open;
    return () => {
      open.destroy();
      host.remove();
      editor.current = null;
    };
  }, [opened]);
  return place;
}

/** The ordering as JavaScript; `null`, and told, where it does not parse. */
function compile(editor: OpenEditor, tell: (state: CheckState) => void): string | null {
  try {
    editor.markError(null, '');
    return compileOrdering(editor.text());
  } catch (error) {
    const line = error instanceof CompileError ? error.line : null;
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
