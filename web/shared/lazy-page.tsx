import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { messageFrom } from './message-from.ts';

/** A page whose code is loaded when it is opened: props are handed on to it once it is there. */
export function lazyPage<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): (props: Props) => JSX.Element {
  let loaded: ComponentType<Props> | null = null;
  return function LazyPage(props: Props): JSX.Element {
    const [Page, setPage] = useState(() => loaded);
    const [problem, setProblem] = useState('');
    useEffect(() => {
      if (Page !== null) return;
      load().then(
        (component) => {
          loaded = component;
          setPage(() => component);
        },
        (error: unknown) => setProblem(messageFrom(error)),
      );
    }, [Page]);
    if (problem !== '') {
      return <p role="alert">This page could not be loaded: {problem}. Load it again.</p>;
    }
    return Page === null ? <p class="loading">The page is loading ...</p> : <Page {...props} />;
  };
}
