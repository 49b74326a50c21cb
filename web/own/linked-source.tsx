import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { messageFrom } from '../shared/message-from.ts';
import { showInAddress } from '../shared/navigate.ts';
import type { OpenEditor } from './editor.ts';
import { packSource, unpackSource } from './packed-source.ts';

/** An ordering that a link brought: it stands in the editor, and nothing of it is run until it is checked. */
export interface LinkedSource {
  /** `null` while the link is read, and without one. */
  readonly text: string | null;
  /** Whether there is nothing more to wait for. */
  readonly isRead: boolean;
  /** What is wrong with the link; empty for nothing. */
  readonly problem: string;
}

const NONE: LinkedSource = { text: null, isRead: true, problem: '' };

/** The ordering in the address, which is what `packSource` made of it; empty without one. */
export function useLinkedSource(packed: string): LinkedSource {
  const [read, setRead] = useState({ packed, source: packed === '' ? NONE : unread() });
  useEffect(() => {
    if (packed === '') return setRead({ packed, source: NONE });
    let isWanted = true;
    unpackSource(packed).then(
      (text) => isWanted && setRead({ packed, source: { ...NONE, text } }),
      (error: unknown) =>
        isWanted && setRead({ packed, source: { ...NONE, problem: messageFrom(error) } }),
    );
    return () => {
      isWanted = false;
    };
  }, [packed]);
  return read.packed === packed ? read.source : unread();
}

function unread(): LinkedSource {
  return { ...NONE, isRead: false };
}

interface CopySourceProps {
  readonly editor: { readonly current: OpenEditor | null };
}

/** Copies an address that holds what stands in the editor: a file that a student hands in, or asks about. */
export function CopySource({ editor }: CopySourceProps): JSX.Element {
  const [told, setTold] = useState('');
  const copy = async (): Promise<void> => {
    const text = editor.current?.text() ?? '';
    showInAddress('own', { source: await packSource(text) });
    await navigator.clipboard.writeText(location.href).then(
      () => setTold('Copied.'),
      () => setTold('The address of this page holds it.'),
    );
  };
  return (
    <>
      <button
        type="button"
        onClick={() => {
          copy().catch((error: unknown) => setTold(messageFrom(error)));
        }}
      >
        Copy as a link
      </button>
      <small role="status">{told}</small>
    </>
  );
}
