import { signal } from '@preact/signals';
import { formatRoute, type PageName, parseRoute } from '../routing/route.ts';

/** Where the page is. It follows the address, and nothing else changes it. */
export const route = signal(parseRoute(location.hash));

addEventListener('hashchange', () => {
  route.value = parseRoute(location.hash);
});

/** Puts what is looked at into the address, in the place of what was there. */
export function showInAddress(page: PageName, query: Readonly<Record<string, string>>): void {
  history.replaceState(null, '', formatRoute(page, query));
  route.value = parseRoute(location.hash);
}
