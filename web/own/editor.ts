import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** An editor in an element of the page. */
export interface OpenEditor {
  text(): string;
  setText(text: string): void;
  /** Marks a line, counted from 1, with what is wrong there; `null` takes all marks away. */
  markError(line: number | null, message: string): void;
  focus(): void;
  destroy(): void;
}

const COLOURS_OF_CODE = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier], color: 'var(--series-6)' },
  { tag: [tags.string, tags.regexp], color: 'var(--series-2)' },
  { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--series-1)' },
  { tag: [tags.typeName, tags.className], color: 'var(--series-0)' },
]);

const LOOK = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--paper)', fontSize: '14px', height: '100%' },
  '.cm-scroller': { fontFamily: 'ui-monospace, Menlo, Consolas, monospace' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': {
    backgroundColor: 'var(--paper)',
    color: 'var(--muted)',
    borderColor: 'var(--faint)',
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--series-0) 9%, transparent)' },
  '.cm-tooltip': { backgroundColor: 'var(--paper)', color: 'var(--ink)' },
});

/**
 * Opens CodeMirror in `parent`. It lives in a shadow root, where its styles are constructed: the page's policy
 * allows no style elements.
 */
export function openEditor(
  parent: HTMLElement,
  text: string,
  onChange: (text: string) => void,
): OpenEditor {
  const root = parent.shadowRoot ?? parent.attachShadow({ mode: 'open' });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        indentOnInput(),
        bracketMatching(),
        highlightActiveLine(),
        lintGutter(),
        javascript({ typescript: true }),
        syntaxHighlighting(COLOURS_OF_CODE),
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.contentAttributes.of({ 'aria-label': 'The ordering, in TypeScript' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
        LOOK,
      ],
    }),
  });
  // This lets the keyboard reach long lines as well.
  view.scrollDOM.tabIndex = 0;
  return {
    text: () => view.state.doc.toString(),
    setText: (changed) => {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: changed } });
    },
    markError: (line, message) =>
      view.dispatch(setDiagnostics(view.state, diagnosticsAt(view, line, message))),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

function diagnosticsAt(view: EditorView, line: number | null, message: string): Diagnostic[] {
  if (line === null || line < 1 || line > view.state.doc.lines) return [];
  const { from, to } = view.state.doc.line(line);
  return [{ from, to, message, severity: 'error' }];
}
