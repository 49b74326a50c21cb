import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/**
 * A chart as charts/ draws it, put into the page so that its points can be followed as links. Its own style sheet
 * is left out, because the page has the same colours; its styles of single elements are set one by one, because
 * the page's policy allows none in markup.
 */
export function ChartView({ svg }: { readonly svg: string }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const [title, setTitle] = useState('');
  useEffect(() => {
    const chart = new DOMParser().parseFromString(
      withoutStyles(svg),
      'image/svg+xml',
    ).documentElement;
    for (const element of [chart, ...chart.querySelectorAll(`[${SET_ASIDE}]`)]) {
      keepStyles(element as SVGElement);
    }
    setTitle(chart.querySelector('title')?.textContent ?? '');
    // A picture has no parts to be followed; one with links is a group of them.
    if (chart.querySelector('a') !== null) chart.setAttribute('role', 'group');
    place.current?.replaceChildren(chart);
  }, [svg]);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`Chart, to be scrolled: ${title}`}>
      <div class="chart" ref={place} />
    </div>
  );
}

const SET_ASIDE = 'data-style';

/** Even where it is only parsed, markup with styles in it is refused by the policy. */
function withoutStyles(svg: string): string {
  return svg.replaceAll(/<style>[^<]*<\/style>/g, '').replaceAll(' style="', ` ${SET_ASIDE}="`);
}

/** Sets what stood in the attribute by hand: the same, without markup that a policy would have to trust. */
function keepStyles(element: SVGElement): void {
  const text = element.getAttribute(SET_ASIDE) ?? '';
  element.removeAttribute(SET_ASIDE);
  for (const declaration of text.split(';')) {
    const [name, value] = declaration.split(/:(.*)/s);
    if (name !== undefined && value !== undefined) element.style.setProperty(name.trim(), value);
  }
}
