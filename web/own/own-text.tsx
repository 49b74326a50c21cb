import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Alert } from '../shared/alert.tsx';
import { route, showInAddress } from '../shared/navigate.ts';
import type { OpenEditor } from './editor.ts';
import * as kept from './kept-own.ts';
import { type LinkedSource, useLinkedSource } from './linked-source.tsx';
import { ownTemplate } from './own-template.ts';

type EditorReference = { readonly current: OpenEditor | null };

/** What an editor is opened with: another object is another text in the place of the one before. */
export interface OpenedText {
  readonly text: string;
}

/** The one place that knows what stands in the editor, whose it is, and what was put aside for it. */
export interface OwnText {
  /** `null` while a link is read. */
  readonly opened: OpenedText | null;
  /** Is to be told of every change in the editor. */
  readonly type: (text: string) => void;
  /** Says where the text comes from, when that is a link, and leads back to one's own. */
  readonly note: JSX.Element;
}

/** The text for the editor: that of the link in the address, one's own, or the template. */
export function useOwnText(packed: string, editor: EditorReference): OwnText {
  const linked = useLinkedSource(packed);
  const [opened, setOpened] = useState<OpenedText | null>(null);
  // Whether the text in the editor is a link's, and was not changed: it is kept nowhere.
  const [isLinked, setLinked] = useState(false);
  const isLinkedNow = useRef(false);
  // What this tab found or left for one's own: another tab keeps its text in the same place.
  const known = useRef('');
  const mark = (is: boolean): void => {
    isLinkedNow.current = is;
    setLinked(is);
  };
  useEffect(() => {
    if (!linked.isRead) return;
    const { own } = kept.readOwnTexts();
    known.current = own;
    if (linked.text === null) {
      if (opened !== null && !isLinkedNow.current) return;
      mark(false);
      setOpened({ text: own === '' ? ownTemplate() : own });
    } else if (linked.text !== (editor.current?.text() ?? null)) {
      mark(linked.text !== own);
      setOpened({ text: linked.text });
    }
  }, [linked.isRead, linked.text]);
  const type = (text: string): void => {
    const texts = kept.readOwnTexts();
    kept.keepOwnTexts(
      isLinkedNow.current ? kept.typeOver(texts, text) : kept.typeOn(texts, text, known.current),
    );
    known.current = text;
    mark(false);
    // The address holds another text by now: opened again, it would bring that one back.
    if (route.value.query.has('source')) showInAddress('own', {});
  };
  const back = (): void => {
    // From a link's text that was not changed, one's own is still where it was.
    if (isLinkedNow.current) return showInAddress('own', {});
    const texts = kept.takeFromAside(kept.readOwnTexts());
    kept.keepOwnTexts(texts);
    known.current = texts.own;
    editor.current?.setText(texts.own);
  };
  return { opened, type, note: <LinkNote {...{ linked, isLinked, back }} /> };
}

interface LinkNoteProps {
  readonly linked: LinkedSource;
  readonly isLinked: boolean;
  readonly back: () => void;
}

function LinkNote({ linked, isLinked, back }: LinkNoteProps): JSX.Element {
  const { own, aside } = kept.readOwnTexts();
  const canGoBack = isLinked ? own !== '' : aside.length > 0;
  return (
    <>
      <Alert text={linked.problem} />
      {isLinked || canGoBack ? (
        <p>
          {isLinked
            ? 'A link brought this ordering: nothing of it is run until you check it.'
            : 'This took the place of another text, of before a link or of another tab.'}{' '}
          {canGoBack ? (
            <button type="button" onClick={back}>
              Back to what you had typed
            </button>
          ) : null}
        </p>
      ) : null}
    </>
  );
}
