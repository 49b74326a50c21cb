import { keep, readKept } from '../shared/kept-here.ts';

const SOURCE = 'own-ordering';
const COMPILED = 'own-ordering-compiled';
const ASIDE = 'own-ordering-aside';

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** What was typed last in this browser; `template` where nothing was. */
export function readOwnSource(template: string): string {
  return readKept(SOURCE, template, isText);
}

export function keepOwnSource(text: string): void {
  keep(SOURCE, text);
}

/** Takes an ordering that a link brought, and that is being changed, for what is typed; what was there is put aside. */
export function keepLinkedSource(text: string): void {
  const own = readOwnSource('');
  if (text !== own && readSourceAside() === '') keep(ASIDE, own);
  keepOwnSource(text);
}

/** What had been typed here before a link's ordering took its place; empty where that was nothing. */
export function readSourceAside(): string {
  return readKept(ASIDE, '', isText);
}

/** Takes what was put aside for what is typed again, and gives it. */
export function takeSourceFromAside(): string {
  const text = readSourceAside();
  keep(ASIDE, '');
  keepOwnSource(text);
  return text;
}

/** What was typed last that could be compiled, for the board; empty where nothing was. */
export function readOwnCompiled(): string {
  return readKept(COMPILED, '', isText);
}

export function keepOwnCompiled(javascript: string): void {
  keep(COMPILED, javascript);
}
