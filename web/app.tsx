import type { JSX } from 'preact';
import { BoardPage } from './board/board-page.tsx';
import { ComparePage } from './compare/compare-page.tsx';
import { OwnPage } from './own/own-page.tsx';
import { PlaygroundPage } from './playground/playground-page.tsx';
import type { PageName } from './routing/route.ts';
import { route } from './shared/navigate.ts';

/** The pages that there are, in the order of the navigation. */
const SHOWN: readonly (readonly [PageName, string])[] = [
  ['play', 'Playground'],
  ['board', 'Board'],
  ['own', 'Your ordering'],
  ['compare', 'Compare logs'],
];

export function App(): JSX.Element {
  const { page, query } = route.value;
  return (
    <>
      <header class="top">
        <a class="name" href="#/play">
          MPComm
        </a>
        <nav aria-label="Pages">
          {SHOWN.map(([name, title]) => (
            <a key={name} href={`#/${name}`} aria-current={name === page ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
      </header>
      <main id="main">{pageOf(page, query)}</main>
    </>
  );
}

function pageOf(page: PageName, query: ReadonlyMap<string, string>): JSX.Element {
  switch (page) {
    case 'board':
      return <BoardPage query={query} />;
    case 'own':
      return <OwnPage />;
    case 'compare':
      return <ComparePage />;
    default:
      return <PlaygroundPage query={query} />;
  }
}
