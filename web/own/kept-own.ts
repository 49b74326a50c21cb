import { keep, readKept } from '../shared/kept-here.ts';

const SOURCE = 'own-ordering';
const COMPILED = 'own-ordering-compiled';

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

/** What was typed last that could be compiled, for the board; empty where nothing was. */
export function readOwnCompiled(): string {
  return readKept(COMPILED, '', isText);
}

export function keepOwnCompiled(javascript: string): void {
  keep(COMPILED, javascript);
}
