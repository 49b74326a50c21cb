import { useEffect, useState } from 'preact/hooks';
import { messageFrom } from '../shared/message-from.ts';
import { readDocument } from './dashboard-client.ts';

/** A document that is being read: `null` so far; `problem` says why it did not come. */
export interface ReadState<Document> {
  readonly document: Document | null;
  readonly problem: string;
}

/**
 * Reads what is at `path`, and again whenever `version` changes, unless what was read `isFinal`; what was there stays
 * until the new one is.
 */
export function useDocument<Document>(
  path: string,
  version = '',
  isFinal: (document: Document) => boolean = () => false,
): ReadState<Document> {
  const [state, setState] = useState<ReadState<Document> & { readonly path: string }>({
    path,
    document: null,
    problem: '',
  });
  useEffect(() => {
    const { document } = state;
    if (path === '' || (state.path === path && document !== null && isFinal(document)))
      return undefined;
    let isWanted = true;
    readDocument<Document>(path).then(
      (document) => {
        if (isWanted) setState({ path, document, problem: '' });
      },
      (error: unknown) => {
        if (isWanted) setState({ path, document: null, problem: messageFrom(error) });
      },
    );
    return () => {
      isWanted = false;
    };
  }, [path, version]);
  return state.path === path ? state : { document: null, problem: '' };
}
