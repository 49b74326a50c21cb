import { render } from 'preact';
import { themeSheet } from '../charts/palette.ts';
import { App } from './app.tsx';

// The colours of the charts, for the page as well: one palette, which the colour-blind tell apart.
const palette = new CSSStyleSheet();
palette.replaceSync(themeSheet(':root'));
document.adoptedStyleSheets = [palette];

const page = document.getElementById('page');
if (page !== null) {
  page.replaceChildren();
  render(<App />, page);
}
