/**
 * An hour of an `e2-micro` in US dollars, list price and Spot, from the data of
 * github.com/Cyclenerd/google-cloud-pricing-cost-calculator as of 6 March 2025; docs/deploy.md has the same
 * table. Spot prices change every month.
 */
const MACHINE_HOUR: Readonly<Record<string, readonly [list: number, spot: number]>> = {
  'northamerica-northeast1': [0.00922, 0.003],
  'southamerica-east1': [0.0133, 0.00226],
  'us-west1': [0.00838, 0.00335],
  'europe-north1': [0.00922, 0.00362],
  'europe-west9': [0.00972, 0.00388],
  'me-west1': [0.00921, 0.00369],
  'asia-south2': [0.01006, 0.00342],
  'asia-east1': [0.0097, 0.00388],
};
export const PRICES_OF = '6 March 2025';

/** The cost in a region that is not in the table: its dearest row. Assumed. */
const MACHINE_HOUR_OTHERWISE = [0.0133, 0.00388] as const;

/** A disk of 10 GiB at an assumed 0.15 a GiB and month, and 720 heartbeats; for each peer. Assumed. */
const PEER_HOUR = 0.0021 + 0.0011;
/** The schedule, which looks every minute. Assumed. */
const LABORATORY_HOUR = 0.003;
/**
 * The cost of datagrams, documents and calls of a run of 8 peers with 100 messages each; a smaller run
 * costs less.
 */
const RUN_MAX = 0.001;

export interface Cost {
  /**
   * Dollars an hour with Spot machines, and with others; both run by the hour, whether anything is
   * measured or not.
   */
  readonly spot: number;
  readonly list: number;
  /** Dollars that the runs add at most. */
  readonly runsMax: number;
}

/** What a laboratory with a peer in each of `zones` costs in `ms`, and what `runs` runs add. */
export function costOf(zones: readonly string[], ms: number, runs: number): Cost {
  const hours = ms / 3_600_000;
  const machines = zones.map(
    (zone) => MACHINE_HOUR[zone.slice(0, zone.lastIndexOf('-'))] ?? MACHINE_HOUR_OTHERWISE,
  );
  const rest = zones.length * PEER_HOUR + LABORATORY_HOUR;
  const sum = (which: 0 | 1) => machines.reduce((total, prices) => total + prices[which], rest);
  return { list: hours * sum(0), spot: hours * sum(1), runsMax: runs * RUN_MAX };
}

/** "0.02 dollars (0.03 without Spot) for e2-micro machines, and below 0.15 for 150 runs; ..." */
export function describeCost({ spot, list, runsMax }: Cost, runs: number): string {
  const dollars = (amount: number) => amount.toFixed(amount < 0.995 ? 2 : 1);
  return (
    `about ${dollars(spot)} dollars for e2-micro Spot machines (${dollars(list)} for others), and below ` +
    `${dollars(runsMax)} for ${runs} runs; prices of ${PRICES_OF}, partly assumed (docs/deploy.md)`
  );
}
