import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { BoardPage } from './board/board-page.tsx';
import { ComparePage } from './compare/compare-page.tsx';
import { hasDashboard } from './laboratory/dashboard-client.ts';
import { NoLaboratory } from './laboratory/no-laboratory.tsx';
import { PlaygroundPage } from './playground/playground-page.tsx';
import type { PageName } from './routing/route.ts';
import { lazyPage } from './shared/lazy-page.tsx';
import { route } from './shared/navigate.ts';

const CoursePage = lazyPage(async () => (await import('./course/course-page.tsx')).CoursePage);
const OwnPage = lazyPage(async () => (await import('./own/editor-page.tsx')).OwnPage);
const LaboratoryPage = lazyPage(
  async () => (await import('./laboratory/laboratory-page.tsx')).LaboratoryPage,
);
const GridsPage = lazyPage(async () => (await import('./grids/grids-page.tsx')).GridsPage);

/** The pages that there are, in the order of the navigation. */
const SHOWN: readonly (readonly [PageName, string])[] = [
  ['play', 'Playground'],
  ['board', 'Board'],
  ['own', 'Your ordering'],
  ['compare', 'Compare logs'],
  ['course', 'Course'],
];

/** Those that there are besides where a dashboard serves the page. */
const SHOWN_WITH_LABORATORY: typeof SHOWN = [
  ['laboratory', 'Laboratory'],
  ['grids', 'Grids'],
];

export function App(): JSX.Element {
  const { page, query } = route.value;
  useEffect(() => {
    const [, title] = [...SHOWN, ...SHOWN_WITH_LABORATORY].find(([name]) => name === page)!;
    document.title = `${title} - MPComm`;
  }, [page]);
  return (
    <>
      <header class="top">
        <a class="name" href="#/play">
          MPComm
        </a>
        <nav aria-label="Pages">
          {[...SHOWN, ...(hasDashboard() ? SHOWN_WITH_LABORATORY : [])].map(([name, title]) => (
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
      return <OwnPage query={query} />;
    case 'compare':
      return <ComparePage />;
    case 'course':
      return <CoursePage />;
    case 'laboratory':
      return hasDashboard() ? <LaboratoryPage query={query} /> : <NoLaboratory />;
    case 'grids':
      return hasDashboard() ? <GridsPage query={query} /> : <NoLaboratory />;
    default:
      return <PlaygroundPage query={query} />;
  }
}
