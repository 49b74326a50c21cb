import { WIDTH_MAX, wrap } from '../render/table.ts';
import { COMMAND_HELP } from './command-help.ts';

const INTRODUCTION =
  'You are the network. Peers multicast messages to each other; each delivers them to its application in the order ' +
  'that its ordering decides on. Nothing arrives unless you let it. After each step a judge says whether a ' +
  'guarantee broke: try to make two peers disagree about the order.';

const CLOSING =
  'Peers and messages are counted from 0: (1,0) is the first message of peer 1. A command may be shortened (del 3). ' +
  'Every step can be taken back.';

/** All commands, or more of one of them. */
export function renderHelp(about: string | null): string {
  if (about !== null) return describeCommand(about);
  const usages = COMMAND_HELP.map(({ usage }) => usage.length);
  const column = Math.max(...usages) + 4;
  const lines = COMMAND_HELP.map(({ usage, text }) => {
    const [first, ...rest] = wrap(text, '', WIDTH_MAX - column).split('\n');
    const indented = rest.map((line) => ' '.repeat(column) + line);
    return [`  ${usage.padEnd(column - 2)}${first}`, ...indented].join('\n');
  });
  return [wrap(INTRODUCTION, ''), '', ...lines, '', wrap(CLOSING, '')].join('\n');
}

function describeCommand(name: string): string {
  const { usage, text, more } = COMMAND_HELP.find((each) => each.name === name)!;
  return [`${usage}: ${text}`, ...(more === '' ? [] : [wrap(more)])].join('\n');
}
