/** The pages of the application, by the first part of the address behind `#`. */
export const PAGES = ['play', 'board', 'own', 'compare', 'course', 'laboratory', 'grids'] as const;
export type PageName = (typeof PAGES)[number];

/** Where somebody is: a page, and everything that is needed to see the same there. */
export interface Route {
  readonly page: PageName;
  readonly query: ReadonlyMap<string, string>;
}

const HOME: PageName = 'play';

/** Reads `#/board?ordering=fifo`; what names no page leads to the playground. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const page = PAGES.find((each) => each === path) ?? HOME;
  return { page, query: new Map(new URLSearchParams(search)) };
}

/** The address that leads to `page` with what `query` holds; empty values are left out. */
export function formatRoute(page: PageName, query: Readonly<Record<string, string>>): string {
  const filled = Object.entries(query).filter(([, value]) => value !== '');
  const search = new URLSearchParams(filled).toString();
  return search === '' ? `#/${page}` : `#/${page}?${search}`;
}
