/** Text for SVG: escaped, broken into lines by an estimate of its width, and short numbers. */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** What XML cannot hold even escaped: control characters, and halves of surrogate pairs. */
// eslint-disable-next-line no-control-regex
const IMPOSSIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** `text` as the content of an element, or of an attribute in double quotes. */
export function escapeXml(text: string): string {
  return text.replace(IMPOSSIBLE, '\ufffd').replace(/[&<>"]/g, (character) => ESCAPES[character]!);
}

const NARROW = /[iljtfr.,:;'|!()[\] ]/;
const WIDE = /[mwMW@%—]/;

/**
 * Estimates the width of a text in pixels. No font can be measured where a chart is drawn, and which one
 * the reader has is not known: this is for a common sans serif, and errs to the wide side.
 */
export function textWidth(text: string, sizePx: number): number {
  let ems = 0;
  for (const character of text) {
    if (NARROW.test(character)) ems += 0.34;
    else if (WIDE.test(character)) ems += 0.9;
    else ems += /[A-Z0-9]/.test(character) ? 0.66 : 0.55;
  }
  return ems * sizePx;
}

/**
 * Breaks a text at spaces so that no line is estimated wider than `widthPx`, if its words allow that; at a
 * no-break space it never does.
 */
export function wrapText(text: string, sizePx: number, widthPx: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/[ \n]+/).filter((each) => each !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, sizePx) > widthPx) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** A coordinate with at most two decimals: a hundredth of a pixel is nothing that anyone sees. */
export function coordinate(value: number): string {
  // Adding 0 makes -0 a 0.
  return String(Math.round(value * 100) / 100 + 0);
}

/** Every number in a list of coordinates, such as a path, rounded likewise. */
export function roundCoordinates(text: string): string {
  return text.replace(/-?\d*\.\d+(?:e-?\d+)?/g, (number) => coordinate(Number(number)));
}
