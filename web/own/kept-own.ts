import { isListOfText, keep, readKept } from '../shared/kept-here.ts';

const SOURCE = 'own-ordering';
const COMPILED = 'own-ordering-compiled';
const ASIDE = 'own-orderings-aside';

/** The most texts that are put aside; of more, the oldest goes. */
const ASIDE_MAX = 8;

/** The texts of one's own that this browser keeps. */
export interface OwnTexts {
  /** What was typed last; empty where nothing was. */
  readonly own: string;
  /** What had been typed before an ordering of a link, or what was typed in another tab, took its place, the last one last. */
  readonly aside: readonly string[];
}

/** What is typed goes on; `known` is what this tab found or left here. Another tab may have typed since: that is put aside. */
export function typeOn(texts: OwnTexts, text: string, known: string): OwnTexts {
  return texts.own === known ? { ...texts, own: text } : typeOver(texts, text);
}

/** Another text is changed, one that a link brought, and so is one's own from now on: what was typed last is put aside. */
export function typeOver({ own, aside }: OwnTexts, text: string): OwnTexts {
  const isLost = own !== '' && own !== text;
  return { own: text, aside: isLost ? [...aside, own].slice(-ASIDE_MAX) : aside };
}

/** Takes what was put aside last for what is typed again. */
export function takeFromAside({ own, aside }: OwnTexts): OwnTexts {
  return { own: aside.at(-1) ?? own, aside: aside.slice(0, -1) };
}

export function readOwnTexts(): OwnTexts {
  return { own: readKept(SOURCE, '', isText), aside: readKept(ASIDE, [], isListOfText) };
}

export function keepOwnTexts({ own, aside }: OwnTexts): void {
  keep(SOURCE, own);
  keep(ASIDE, aside);
}

/** What was typed last that could be compiled, for the board; empty where nothing was. */
export function readOwnCompiled(): string {
  return readKept(COMPILED, '', isText);
}

export function keepOwnCompiled(javascript: string): void {
  keep(COMPILED, javascript);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
