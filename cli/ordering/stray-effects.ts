import type ts from 'typescript';

const TIMER = 'what it does is not in the run; set deadline, and do it in advance';
const TIME = 'is not the time of the run; take now';
const CHANCE = 'is in no seed; take group.random';
/** What reaches beyond the run, by how it is called, with what to use instead. */
const STRAY: Readonly<Record<string, string>> = {
  setTimeout: TIMER,
  setInterval: TIMER,
  setImmediate: TIMER,
  queueMicrotask: TIMER,
  'Date.now': TIME,
  'performance.now': TIME,
  'new Date': TIME,
  'Math.random': CHANCE,
  'crypto.randomUUID': CHANCE,
  'crypto.getRandomValues': CHANCE,
  await: 'what follows it is not in the run; a method is over when it returns',
};

/** A place of a file at which something reaches beyond the run, and what that is. */
export interface StrayEffect {
  readonly start: number;
  readonly text: string;
}

/** Where functions of a file use timers, the machine's clock or chance, or wait: no run shows it, or no seed repeats it. */
export function findStrayEffects(compiler: typeof ts, file: ts.SourceFile): StrayEffect[] {
  const found: StrayEffect[] = [];
  const visit = (node: ts.Node, isInFunction: boolean): void => {
    const name = isInFunction ? strayNameOf(compiler, node) : null;
    if (name !== null && Object.hasOwn(STRAY, name)) {
      found.push({ start: node.getStart(file), text: `${name}: ${STRAY[name]!}` });
    }
    const isInside = isInFunction || compiler.isFunctionLike(node);
    compiler.forEachChild(node, (child) => visit(child, isInside));
  };
  visit(file, false);
  return found;
}

/** What a node calls, makes or waits for, as `STRAY` names it; `null` for any other node. */
function strayNameOf(compiler: typeof ts, node: ts.Node): string | null {
  if (compiler.isAwaitExpression(node)) return 'await';
  // With an argument it is a date that was given, and not the time.
  const isNow = compiler.isNewExpression(node) && (node.arguments?.length ?? 0) === 0;
  if (isNow) return `new ${node.expression.getText()}`;
  return compiler.isCallExpression(node) ? node.expression.getText() : null;
}
