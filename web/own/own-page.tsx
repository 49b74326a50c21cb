import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatRoute } from '../routing/route.ts';
import { Alert } from '../shared/alert.tsx';
import { messageFrom } from '../shared/message-from.ts';
import { type CheckState, type RunningCheck, startCheck } from './check-pool.ts';
import { CheckOutcome } from './check-outcome.tsx';
import type { OpenEditor } from './editor.ts';
import {
  keepLinkedSource,
  keepOwnCompiled,
  keepOwnSource,
  readOwnSource,
  readSourceAside,
  takeSourceFromAside,
} from './kept-own.ts';
import { CopySource, type LinkedSource, useLinkedSource } from './linked-source.tsx';
import { OwnFiles } from './own-files.tsx';
import { ownTemplate } from './own-template.ts';
import { TypeOutcome, useTypes } from './own-types.tsx';

const SEEDS = 1_000;

type EditorModule = typeof import('./editor.ts');

/** An ordering of one's own: typed, checked under a thousand schedules, and shown where it breaks. */
export function OwnPage({ query }: { readonly query: ReadonlyMap<string, string> }): JSX.Element {
  const [module, setModule] = useState<EditorModule | null>(null);
  const [state, setState] = useState<CheckState>({ phase: 'idle' });
  const editor = useRef<OpenEditor | null>(null);
  const check = useRef<RunningCheck | null>(null);
  const linked = useLinkedSource(query.get('source') ?? '');
  const place = useEditor(module, setModule, editor, linked);
  const [types, checkTypes] = useTypes();
  useEffect(() => () => check.current?.stop(), []);

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
      <LinkNote linked={linked} editor={editor} />
      <TypeOutcome types={types} />
      <CheckOutcome state={state} />
      <div class="editor" ref={place}>
        {module === null ? <p class="loading">The editor is loading ...</p> : null}
      </div>
    </>
  );
}

interface LinkNoteProps {
  readonly linked: LinkedSource;
  readonly editor: { readonly current: OpenEditor | null };
}

/** Where the text in the editor comes from, when that is a link, and the way back to one's own. */
function LinkNote({ linked, editor }: LinkNoteProps): JSX.Element {
  const [isBack, setBack] = useState(false);
  useEffect(() => setBack(false), [linked.text]);
  const aside = readSourceAside();
  const own = aside === '' ? readOwnSource('') : aside;
  const back = (): void => {
    const text = aside === '' ? own : takeSourceFromAside();
    history.replaceState(null, '', formatRoute('own', {}));
    editor.current?.setText(text);
    setBack(true);
  };
  const isForeign = (linked.text !== null || aside !== '') && !isBack;
  return (
    <>
      <Alert text={linked.problem} />
      {isForeign ? (
        <p>
          {linked.text === null ? 'This ordering came with a link' : 'A link brought this ordering'}
          : nothing of it is run until you check it.{' '}
          {own === '' ? null : (
            <button type="button" onClick={back}>
              Back to what you had typed
            </button>
          )}
        </p>
      ) : null}
    </>
  );
}

/** Loads the editor's code, and opens it in the element of the returned reference. */
function useEditor(
  module: EditorModule | null,
  setModule: (module: EditorModule) => void,
  editor: { current: OpenEditor | null },
  linked: LinkedSource,
): { current: HTMLDivElement | null } {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    void import('./editor.ts').then((loaded) => setModule(loaded));
  }, []);
  useEffect(() => {
    if (module === null || place.current === null || !linked.isRead) return undefined;
    const host = document.createElement('div');
    place.current.append(host);
    const text = linked.text ?? readOwnSource(ownTemplate());
    let isLinked = linked.text !== null;
    const opened = module.openEditor(host, text, (changed) => {
      if (isLinked) {
        keepLinkedSource(changed);
        // The address held another text: opened again, it would bring that one back.
        history.replaceState(null, '', formatRoute('own', {}));
      } else keepOwnSource(changed);
      isLinked = false;
      editor.current?.markError(null, '');
    });
    editor.current = opened;
    return () => {
      opened.destroy();
      host.remove();
      editor.current = null;
    };
  }, [module, linked.isRead, linked.text]);
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
