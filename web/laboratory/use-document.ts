import { useEffect, useState } from 'preact/hooks';
import { readDocument } from './dashboard-client.ts';

/** A document that is being read: `null` so far; `problem` says why it did not come. */
export interface ReadState<Document> {
  readonly document: Document | null;
  readonly problem: string;
}

/** Reads what is at `path`, and again whenever `version` changes; what was there stays until the new one is. */
export function useDocument<Document>(path: string, version: unknown = ''): ReadState<Document> {
  const [state, setState] = useState<ReadState<Document> & { readonly path: string }>({
    path,
    document: null,
    problem: '',
  });
  useEffect(() => {
    let isWanted = path !== '';
    if (!isWanted) return undefined;
    readDocument<Document>(path).then(
      (document) => {
        if (isWanted) setState({ path, document, problem: '' });
      },
      (error: unknown) => {
        const problem = error instanceof Error ? error.message : String(error);
        if (isWanted) setState({ path, document: null, problem });
      },
    );
    return () => {
      isWanted = false;
    };
  }, [path, version]);
  return state.path === path ? state : { document: null, problem: '' };
}
