import { typescriptLanguage } from '@codemirror/lang-javascript';
import { transform } from 'sucrase';
import { guardLoops, type LoopBody } from './loop-guards.ts';

/** A file that does not parse: the message, and where, counted from 1; `null` where that is not known. */
export class CompileError extends Error {
  override name = 'CompileError';
  readonly line: number | null;

  constructor(message: string, line: number | null) {
    super(message);
    this.line = line;
  }
}

const LOOPS = new Set(['ForStatement', 'WhileStatement', 'DoStatement']);

/**
 * Strips the types, makes imports into calls of `require`, and guards loops; lines stay where they are.
 * @throws CompileError
 */
export function compileOrdering(text: string): string {
  try {
    const { code } = transform(guardLoops(text, findLoops(text)), {
      transforms: ['typescript', 'imports'],
      disableESTransforms: true,
      production: true,
    });
    return code;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const line = /\((\d+):\d+\)/.exec(message)?.[1];
    throw new CompileError(
      message.replace(/^Error transforming [^:]*: /, '').replace(/ ?\(\d+:\d+\)$/, ''),
      line === undefined ? null : Number(line),
    );
  }
}

/** The bodies of all loops of a text, by its syntax tree. */
function findLoops(text: string): LoopBody[] {
  const bodies: LoopBody[] = [];
  const tree = typescriptLanguage.parser.parse(text);
  tree.iterate({
    enter: ({ name, node, from }) => {
      if (!LOOPS.has(name)) return;
      let body = name === 'DoStatement' ? node.firstChild?.nextSibling : node.lastChild;
      while (body?.name.endsWith('Comment')) body = body.nextSibling;
      if (body == null) return;
      const line = text.slice(0, from).split('\n').length;
      bodies.push({ from: body.from, to: body.to, isBlock: body.name === 'Block', line });
    },
  });
  return bodies;
}
