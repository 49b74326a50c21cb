import type { JSX } from 'preact';
import type { Comparison } from '../../control/comparison-document.ts';

interface PairMatrixProps {
  readonly comparison: Comparison;
  readonly peers: readonly string[];
}

/** For each two peers: how many pairs of messages they delivered in opposite orders, darker for a larger share. */
export function PairMatrix({ comparison, peers }: PairMatrixProps): JSX.Element {
  const { pairs } = comparison.kendallTau;
  const between = (one: number, other: number) =>
    pairs.find(
      ({ first, second }) => first === Math.min(one, other) && second === Math.max(one, other),
    );
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Pairs, to be scrolled">
      <table class="matrix">
        <thead>
          <tr>
            <td />
            {peers.map((name, peer) => (
              <th key={peer} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {peers.map((name, one) => (
            <tr key={one}>
              <th scope="row">{name}</th>
              {peers.map((_name, other) => {
                const pair = between(one, other);
                const share = Math.round((pair?.normalized ?? 0) * 45);
                return (
                  <td
                    key={other}
                    style={{
                      background: `color-mix(in srgb, var(--series-1) ${share}%, transparent)`,
                    }}
                  >
                    {pair === undefined ? '' : pair.discordant.toLocaleString('en')}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
