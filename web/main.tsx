import { render } from 'preact';
import { themeSheet } from '../charts/palette.ts';
import { App } from './app.tsx';
import { hasDashboard } from './laboratory/dashboard-client.ts';

// The colours of the charts, for the page as well: one palette, which the colour-blind tell apart.
const palette = new CSSStyleSheet();
palette.replaceSync(themeSheet(':root'));
document.adoptedStyleSheets = [palette];

const page = document.getElementById('page');
if (page !== null) {
  page.replaceChildren();
  render(<App />, page);
}

// A dashboard is there or it is not; a plain page opens without a network the next time, where the browser can; what is said of it here is for developers.
if ('serviceWorker' in navigator && !hasDashboard()) {
  navigator.serviceWorker.register('offline.js').catch((error: unknown) => {
    console.warn('The page will not open without a network:', error);
  });
}
