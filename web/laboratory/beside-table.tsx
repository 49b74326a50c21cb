import type { JSX } from 'preact';
import type { Comparison } from '../../control/comparison-document.ts';
import { useRun } from './use-run.ts';

interface BesideTableProps {
  readonly runs: readonly string[];
}

/** What two runs differ in, number by number; nothing until both were compared. */
export function BesideTable({ runs }: BesideTableProps): JSX.Element | null {
  const [one, other] = runs;
  const first = useRun(`runs/${one}`).document?.comparison ?? null;
  const second = useRun(`runs/${other}`).document?.comparison ?? null;
  if (first === null || second === null) return null;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Both runs, to be scrolled">
      <table>
        <thead>
          <tr>
            <th scope="col">Of both</th>
            <th scope="col">{first.ordering}</th>
            <th scope="col">{second.ordering}</th>
          </tr>
        </thead>
        <tbody>
          {FIGURES.map(([name, figure]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{figure(first)}</td>
              <td>{figure(second)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const FIGURES: readonly (readonly [string, (comparison: Comparison) => string])[] = [
  ['peers x messages', ({ peers, messages }) => `${peers} x ${messages}`],
  ['unordered rounds', ({ unorderedRounds, rounds }) => `${unorderedRounds} of ${rounds}`],
  ['pairs in opposite orders', ({ kendallTau }) => percent(kendallTau.mean)],
  ['broken promises', describeBroken],
  ['datagrams a multicast', ({ cost }) => decimal(cost?.datagramsPerMulticast)],
  ['bytes a multicast', ({ cost }) => decimal(cost?.bytesPerMulticast)],
  ["ms to one's own delivery, at worst", (comparison) => decimal(worstLatency(comparison))],
];

function describeBroken({ declared, guarantees }: Comparison): string {
  const broken = declared.filter((name) => guarantees[name].held === false);
  return broken.length === 0 ? 'none' : broken.join(', ');
}

/** The greatest of the peers' medians; `undefined` where none was measured. */
export function worstLatency({ perPeer }: Comparison): number | undefined {
  const medians = perPeer.flatMap(({ ownLatencyMs }) => ownLatencyMs?.p50 ?? []);
  return medians.length === 0 ? undefined : Math.max(...medians);
}

function percent(share: number | null): string {
  return share === null ? 'unknown' : `${(100 * share).toFixed(1)} %`;
}

function decimal(value: number | undefined): string {
  return value === undefined ? 'unknown' : value.toFixed(1);
}
