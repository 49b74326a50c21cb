/** One column: its heading, and on which side its cells stand. */
export interface Column {
  readonly heading: string;
  readonly align: 'left' | 'right';
  /** Longer cells lose their beginning: of a file's path the end tells more. */
  readonly charactersMax?: number;
}

const CELL_CHARACTERS_MAX = 34;

/** The most characters of a line of a report, where its words allow that. */
export const WIDTH_MAX = 100;

/** Aligned text, two spaces between columns, without spaces at line ends. No rows: only the heading. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  indent = '  ',
): string {
  const shortened = rows.map((row) => {
    return row.map((cell, index) => shorten(cell, columns[index]?.charactersMax));
  });
  const cells = [columns.map(({ heading }) => heading), ...shortened];
  const widths = columns.map((_column, index) => {
    return Math.max(...cells.map((row) => (row[index] ?? '').length));
  });
  return cells.map((row) => indent + alignRow(row, columns, widths)).join('\n');
}

/** Breaks a text at spaces so that no line, indented, is longer than `width`. */
export function wrap(text: string, indent = '  ', width = WIDTH_MAX): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => indent + each).join('\n');
}

/**
 * 12345.6 as 12,345.6, with no more decimals than `decimals`. `toLocaleString` would say the same, but its first call loads the
 * rules of all languages: 7 MB and a tenth of the processor time that a short command takes.
 */
export function formatNumber(value: number, decimals = 0): string {
  const [whole, fraction = ''] = value.toFixed(decimals).split('.');
  const kept = fraction.replace(/0+$/, '');
  return whole!.replaceAll(/\B(?=(?:\d{3})+$)/g, ',') + (kept === '' ? '' : `.${kept}`);
}

/** "1 message", "2 messages". */
export function count(amount: number, singular: string, plural = `${singular}s`): string {
  return `${formatNumber(amount)} ${amount === 1 ? singular : plural}`;
}

/** " (12.5%)", or nothing where there is no whole. What is not nothing is never called 0%, nor what is not all 100%. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '';
  const share = (100 * part) / whole;
  if (part > 0 && share < 0.05) return ' (under 0.1%)';
  if (part < whole && share >= 99.95) return ' (over 99.9%)';
  return ` (${formatNumber(share, 1)}%)`;
}

function shorten(cell: string, charactersMax = CELL_CHARACTERS_MAX): string {
  return cell.length <= charactersMax ? cell : `…${cell.slice(1 - charactersMax)}`;
}

function alignRow(
  row: readonly string[],
  columns: readonly Column[],
  widths: readonly number[],
): string {
  const padded = columns.map(({ align }, index) => {
    const cell = row[index] ?? '';
    return align === 'left' ? cell.padEnd(widths[index]!) : cell.padStart(widths[index]!);
  });
  return padded.join('  ').trimEnd();
}
