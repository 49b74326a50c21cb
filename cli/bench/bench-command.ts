import { access, constants } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { dirname } from 'node:path';
import { drawLatencyUnderLoad } from '../../charts/bench/latency-under-load.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { fileReason } from '../../local/state/file-error.ts';
import { count } from '../render/table.ts';
import type { Context } from '../shell/context.ts';
import { EXIT, Failure } from '../shell/failure.ts';
import { writeNamedFile } from '../shell/write-named-file.ts';
import { defaultDatagramBytes } from './default-datagram.ts';
import type { LoadFigures } from './loads.ts';
import { BenchGroup, type BenchRules } from './measure-load.ts';
import { describeFigures, renderLoads } from './render-loads.ts';

/** The options as commander hands them on; a list is absent where it was not given. */
export interface BenchOptions {
  readonly orderings: readonly string[];
  readonly payload: number;
  /** The bytes of the longest datagram; absent: what this machine's loopback carries. */
  readonly datagram?: number;
  readonly seconds: number;
  /** Shares of the peak that are offered. */
  readonly loads?: readonly number[];
  /** Multicasts a second of the whole group that are offered instead. */
  readonly rates?: readonly number[];
  readonly svg?: string;
  readonly json?: boolean;
}

const LOADS_DEFAULT = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2] as const;

/** What one ordering made of all loads. */
interface MeasuredOrdering {
  readonly ordering: string;
  /** Without a rate; `null` where the rates were given. */
  readonly peak: LoadFigures | null;
  readonly loads: readonly LoadFigures[];
}

/** `mpcomm bench`: latency against throughput, up to saturation and beyond; gives the exit status. */
export async function benchCommand(
  context: Context,
  members: number,
  options: BenchOptions,
): Promise<number> {
  const { terminal, signal } = context;
  if (options.loads !== undefined && options.rates !== undefined) {
    throw new Failure('--loads and --rates both say what is offered: give one of them');
  }
  if (options.svg !== undefined) await refuseUnwritable(options.svg);
  const { payload: payloadBytes, seconds } = options;
  const datagramBytes = options.datagram ?? (await defaultDatagramBytes());
  const rules = { members, payloadBytes, datagramBytes, seconds, signal };
  const measured: MeasuredOrdering[] = [];
  for (const ordering of options.orderings) {
    const each = await measureOrdering(context, ordering, rules, options);
    measured.push(each);
    if (options.json !== true) {
      terminal.data(`${measured.length > 1 ? '\n' : ''}${titleOf(ordering, rules)}`);
      terminal.data(renderLoads(each.peak, each.loads));
    }
  }
  if (options.json === true) terminal.data(JSON.stringify(documentOf(rules, measured), null, 2));
  if (options.svg !== undefined) {
    await writeNamedFile(options.svg, await draw(measured, rules), '--svg');
    terminal.note(`Drawn: ${options.svg}`);
  }
  return statusOf(context, measured);
}

function documentOf({ signal: _, ...rules }: BenchRules, measured: readonly MeasuredOrdering[]) {
  const machine = { cores: availableParallelism(), processor: cpus()[0]?.model ?? 'unknown' };
  return { ...rules, machine, node: process.versions.node, measured };
}

async function measureOrdering(
  { terminal }: Context,
  ordering: string,
  rules: BenchRules,
  { loads, rates }: BenchOptions,
): Promise<MeasuredOrdering> {
  const group = new BenchGroup(ordering, rules);
  try {
    let peak: LoadFigures | null = null;
    if (rates === undefined) {
      terminal.note(`${ordering}: how fast it goes at most …`);
      peak = await group.measurePeak();
      terminal.note(describeFigures(peak));
      if (peak.goodputPerSecond === 0) {
        throw new Failure(`no member delivered anything with ${ordering}`);
      }
    }
    const top = peak?.goodputPerSecond ?? 0;
    const offered = rates ?? (loads ?? LOADS_DEFAULT).map((share) => Math.max(1, share * top));
    const found: LoadFigures[] = [];
    for (const perSecond of offered) {
      terminal.note(`${ordering}: ${count(Math.round(perSecond), 'multicast')} a second …`);
      const figures = await group.measureLoad(perSecond);
      terminal.note(describeFigures(figures));
      found.push(figures);
    }
    return { ordering, peak, loads: found };
  } finally {
    group.close();
  }
}

function titleOf(ordering: string, { members, payloadBytes, datagramBytes }: BenchRules): string {
  return (
    `${ordering}: ${members} members, messages of ${payloadBytes} bytes, datagrams of ` +
    `${datagramBytes} bytes`
  );
}

function draw(measured: readonly MeasuredOrdering[], rules: BenchRules): Promise<string> {
  const points = measured.flatMap(({ ordering, loads }) =>
    loads.flatMap(({ offeredPerSecond, goodputPerSecond, ownP99Ms: latencyMs }) =>
      latencyMs === null
        ? []
        : [{ ordering, offeredPerSecond: offeredPerSecond!, goodputPerSecond, latencyMs }],
    ),
  );
  const { members, payloadBytes, seconds } = rules;
  const source =
    `${count(availableParallelism(), 'core')} of ${cpus()[0]?.model ?? 'an unknown processor'}, Node ` +
    `${process.versions.node}; all members on this machine, over loopback. Figures of other runs ` +
    'cannot be compared with these.';
  return drawLatencyUnderLoad(points, { members, payloadBytes, seconds, source });
}

/** Before minutes are spent on what then cannot be kept. */
async function refuseUnwritable(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw new Failure(`${path} cannot be written: ${fileReason(error)}`);
  }
}

/** A total order that came out as several is broken; deliveries that the deadline cut off are not. */
function statusOf({ terminal }: Context, measured: readonly MeasuredOrdering[]): number {
  const broken = measured.filter(({ ordering, peak, loads }) => {
    const isTotal = ORDERINGS.get(ordering)!.guarantees.includes('total');
    return (
      isTotal &&
      [...(peak === null ? [] : [peak]), ...loads].some(
        ({ orders, missing }) => orders > 1 && missing === 0,
      )
    );
  });
  for (const { ordering } of broken) {
    terminal.note(`mpcomm: members delivered in different orders with ${ordering}.`);
  }
  return broken.length > 0 ? EXIT.broken : EXIT.done;
}
