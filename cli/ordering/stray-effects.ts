import type ts from 'typescript';

const TIMER = 'what it does is not in the run; set deadline, and do it in advance';
const TIME = 'is not the time of the run; take now';
const CHANCE = 'is in no seed; take group.random';
const LATER = 'is not in the run; a method is over when it returns';
/** What Node's crypto draws by, imported by its name or not. */
const DRAWING = ['randomInt', 'randomBytes', 'randomUUID', 'randomFillSync', 'getRandomValues'];
/** What reaches beyond the run, by how it is called, with what to use instead. */
const STRAY: Readonly<Record<string, string>> = {
  setTimeout: TIMER,
  setInterval: TIMER,
  setImmediate: TIMER,
  queueMicrotask: TIMER,
  'Date.now': TIME,
  'performance.now': TIME,
  'new Date': TIME,
  'process.hrtime': TIME,
  'process.hrtime.bigint': TIME,
  'process.uptime': TIME,
  'Math.random': CHANCE,
  ...Object.fromEntries(
    DRAWING.flatMap((name) => [name, `crypto.${name}`, `webcrypto.${name}`]).map((name) => [
      name,
      CHANCE,
    ]),
  ),
  await: `what follows it ${LATER}`,
  '.then': `what it calls ${LATER}`,
  '.catch': `what it calls ${LATER}`,
  '.finally': `what it calls ${LATER}`,
  'new Promise': `what waits for it ${LATER}`,
  async: `what it throws is seen by nobody, and what follows an await ${LATER}`,
};

/** A place of a file at which something reaches beyond the run, and what that is. */
export interface StrayEffect {
  readonly start: number;
  readonly text: string;
}

/**
 * Whether something in a source may be a stray effect, as all of them are found by these words: what has none of them
 * need not be parsed, for which a compiler would be loaded.
 */
export function mayStray(source: string): boolean {
  return Object.keys(STRAY).some((name) => source.includes(name));
}

/** Where functions of a file use timers, the machine's clock or chance, or wait: no run shows it, or no seed repeats it. */
export function findStrayEffects(compiler: typeof ts, file: ts.SourceFile): StrayEffect[] {
  const found: StrayEffect[] = [];
  const visit = (node: ts.Node, isInFunction: boolean): void => {
    const name = isInFunction || isAsync(compiler, node) ? strayNameOf(compiler, file, node) : null;
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
function strayNameOf(compiler: typeof ts, file: ts.SourceFile, node: ts.Node): string | null {
  if (compiler.isAwaitExpression(node)) return 'await';
  if (isAsync(compiler, node)) return 'async';
  if (compiler.isNewExpression(node)) {
    const made = node.expression.getText(file);
    // With an argument it is a date that was given, and not the time.
    return made === 'Date' && (node.arguments?.length ?? 0) > 0 ? null : `new ${made}`;
  }
  if (!compiler.isCallExpression(node)) return null;
  const called = node.expression.getText(file);
  const isMethod = compiler.isPropertyAccessExpression(node.expression);
  return !isMethod || Object.hasOwn(STRAY, called)
    ? called
    : `.${node.expression.name.getText(file)}`;
}

/** Whether a function returns before it is done. */
function isAsync(compiler: typeof ts, node: ts.Node): boolean {
  if (!compiler.isFunctionLike(node) || !compiler.canHaveModifiers(node)) return false;
  const modifiers = compiler.getModifiers(node) ?? [];
  return modifiers.some(({ kind }) => kind === compiler.SyntaxKind.AsyncKeyword);
}
