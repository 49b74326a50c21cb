import { GUARANTEE_NAMES, type GuaranteeName } from '../../core/guarantees.ts';
import type { Comparison, VerdictDocument } from '../../control/comparison-document.ts';
import { renderTable, wrap, type Column } from './table.ts';
import type { Paint } from '../shell/terminal.ts';

/** What each guarantee says, in a few words. */
const MEANINGS: Readonly<Record<GuaranteeName, string>> = {
  integrity: 'no message twice, none invented',
  validity: 'a peer delivers what it multicasts',
  agreement: 'all peers deliver the same messages',
  uniformAgreement: 'the same, also counting peers that crashed',
  fifo: "each sender's messages in its order",
  causal: 'no message before one that its sender knew',
  total: 'no two messages in opposite orders',
  uniformTotal: 'the same, also counting peers that crashed',
  gapFree: "one peer's sequence begins with another's",
};

/** What integrity says where it is known what was delivered, and not only of which message. */
const INTEGRITY_OF_CONTENTS = 'none twice, invented, altered or too early';

/** A stronger guarantee breaks wherever its weaker one does: its own counterexample adds nothing. */
const IMPLIED_BY: Readonly<Partial<Record<GuaranteeName, GuaranteeName>>> = {
  uniformAgreement: 'agreement',
  uniformTotal: 'total',
  gapFree: 'total',
};

const COLUMNS: readonly Column[] = [
  { heading: 'guarantee', align: 'left' },
  { heading: 'verdict', align: 'left' },
  { heading: 'declared', align: 'left' },
  { heading: 'meaning', align: 'left', charactersMax: 50 },
];

/** The guarantees as a table, then why some were not judged, then the first counterexamples. */
export function renderGuarantees(comparison: Comparison, paint: Paint): string[] {
  const rows = GUARANTEE_NAMES.map((name) => [
    name,
    verdictWord(comparison.guarantees[name]),
    comparison.declared.includes(name) ? 'declared' : '',
    meaningOf(name, comparison),
  ]);
  const [heading, ...lines] = renderTable(COLUMNS, rows).split('\n');
  const painted = lines.map((line, index) => {
    return paintVerdict(line, GUARANTEE_NAMES[index]!, comparison, paint);
  });
  return [
    [paint.dim(heading!), ...painted].join('\n'),
    ...renderReasons(comparison),
    ...renderCounterexamples(comparison, paint),
  ];
}

function meaningOf(name: GuaranteeName, { contentsJudged }: Comparison): string {
  return name === 'integrity' && contentsJudged ? INTEGRITY_OF_CONTENTS : MEANINGS[name];
}

/** Broken guarantees whose counterexample is worth a sentence: each declared one, and each root of others. */
export function remarkableGuarantees(comparison: Comparison): GuaranteeName[] {
  const isBroken = (name: GuaranteeName) => comparison.guarantees[name].held === false;
  return GUARANTEE_NAMES.filter((name) => {
    const root = IMPLIED_BY[name];
    const isImplied = root !== undefined && isBroken(root);
    return isBroken(name) && (comparison.declared.includes(name) || !isImplied);
  });
}

function verdictWord({ held }: VerdictDocument): string {
  if (held === null) return 'not judged';
  return held ? 'held' : 'BROKEN';
}

// Red says that something is wrong: breaking what nobody promised is only worth knowing.
function paintVerdict(
  line: string,
  name: GuaranteeName,
  comparison: Comparison,
  paint: Paint,
): string {
  const { held } = comparison.guarantees[name];
  if (held === true) return line.replace(/ held /, ` ${paint.good('held')} `);
  const isFault = held === false && comparison.declared.includes(name);
  return isFault ? line.replace('BROKEN', paint.bad('BROKEN')) : line;
}

function renderReasons({ guarantees }: Comparison): string[] {
  const byReason = new Map<string, GuaranteeName[]>();
  for (const name of GUARANTEE_NAMES) {
    const { held, reason } = guarantees[name];
    if (held !== null || reason === undefined) continue;
    byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  }
  return [...byReason].map(([reason, names]) =>
    wrap(`Not judged (${names.join(', ')}): ${reason}`),
  );
}

/** Names broken guarantees without a counterexample of their own, and the one that shows them broken, too. */
function impliedBroken(comparison: Comparison): string[] {
  const told = remarkableGuarantees(comparison);
  const untold = GUARANTEE_NAMES.filter((name) => {
    return comparison.guarantees[name].held === false && !told.includes(name);
  });
  return told.flatMap((root) => {
    const names = untold.filter((name) => IMPLIED_BY[name] === root);
    if (names.length === 0) return [];
    return [`${names.join(', ')}: broken wherever ${root} is, by the same counterexample`];
  });
}

function renderCounterexamples(comparison: Comparison, paint: Paint): string[] {
  const sentences = remarkableGuarantees(comparison).flatMap((name) => {
    const text = comparison.guarantees[name].counterexample?.text;
    if (text === undefined) return [];
    const isFault = comparison.declared.includes(name);
    const wrapped = wrap(`${name}: ${text}`);
    return [isFault ? wrapped.replace(name, paint.bad(name)) : wrapped];
  });
  const all = [...sentences, ...impliedBroken(comparison).map((text) => wrap(text))];
  return sentences.length === 0 ? [] : [`First counterexamples\n${all.join('\n')}`];
}
