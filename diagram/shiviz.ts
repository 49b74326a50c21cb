import { EventType } from '../core/records/event-log.ts';
import { nameOfKind } from '../core/orderings/registry.ts';
import { messageName } from './finding.ts';
import type { TimedEvent, Timeline } from './timeline.ts';
import { vectorClocks } from './vector-clocks.ts';

/** ShiViz's own default; the first line of a file that is opened in it is taken for the expression. */
export const SHIVIZ_EXPRESSION = String.raw`(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`;

const HOST_CHARACTERS_MAX = 64;

export interface ShivizLog {
  readonly text: string;
  readonly events: number;
  /** How many of the last events are left out, in a run that has more than ShiViz could show. */
  readonly leftOut: number;
}

/**
 * The log format of ShiViz (Beschastnikh and others 2016), which draws what happened before what: a line with
 * the regular expression, an empty one (there is one execution, and so no delimiter), then two
 * lines an event: what happened, and host and vector clock.
 */
export function toShiviz(timeline: Timeline, names: readonly string[]): ShivizLog {
  const hosts = hostNames(names);
  const lines = [SHIVIZ_EXPRESSION, ''];
  const clocked = vectorClocks(timeline);
  for (const { timed, clock } of clocked) {
    const entries = clock.flatMap((count, peer) => (count > 0 ? [[hosts[peer]!, count]] : []));
    lines.push(describe(timed, hosts));
    lines.push(`${hosts[timed.peer]!} ${JSON.stringify(Object.fromEntries(entries))}`);
  }
  const happened = timeline.events.filter(({ event }) => event.type !== EventType.drop);
  return {
    text: `${lines.join('\n')}\n`,
    events: clocked.length,
    leftOut: happened.length - clocked.length,
  };
}

/** One word each, all different, whatever the peers are called. */
function hostNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, peer) => {
    const word = name.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, HOST_CHARACTERS_MAX);
    // A clock is an object to ShiViz, in which some names mean something else.
    const isGood = /^[A-Za-z]/.test(word) && !taken.has(word) && !(word in Object.prototype);
    const host = isGood ? word : `peer-${peer}-${word}`;
    taken.add(host);
    return host;
  });
}

function describe({ event, atUs }: TimedEvent, hosts: readonly string[]): string {
  const { type, kind, other } = event;
  const what = `${nameOfKind(kind)} ${messageName(event)}`;
  const at = `at ${(atUs / 1_000).toFixed(3)} ms`;
  const peer = hosts[other] ?? `member ${other}`;
  switch (type) {
    case EventType.multicast:
      return `multicast ${messageName(event)} ${at}`;
    case EventType.deliver:
      return `deliver ${messageName(event)} ${at}`;
    case EventType.send:
      return `send ${what} to ${peer} ${at}`;
    case EventType.arrive:
      return `receive ${what} from ${peer} ${at}`;
    case EventType.crash:
      return `crash ${at}`;
    case EventType.pause:
      return `pause ${at}`;
    default:
      return `resume ${at}`;
  }
}
