import type { Delay, Fault, Scenario } from '../scenario.ts';

/** What a scenario is, in a few lines for a person. */
export function describeScenario(scenario: Scenario): string[] {
  const { peers, messages, seed, intervalUs, network, faults } = scenario;
  const each = `${messages} message${messages === 1 ? '' : 's'} each${describePayloads(scenario)}`;
  const interval = `every ${rangeMs(intervalUs.min, intervalUs.max)}`;
  const troubles = [
    ...(network.loss > 0 ? [`${percent(network.loss)} lost in bursts of ${network.burst}`] : []),
    ...(network.repetition > 0 ? [`${percent(network.repetition)} repeated`] : []),
    ...(network.reordering > 0
      ? [`${percent(network.reordering)} held back up to ${ms(network.reorderingUs)}`]
      : []),
  ];
  const { calmFromUs } = network;
  const until = calmFromUs === undefined ? [] : [`until ${ms(calmFromUs)}, then calm`];
  return [
    `${peers} peers, ${each} ${interval}, seed ${seed}`,
    `network: ${[describeDelay(network.delay), ...troubles, ...until].join('; ')}`,
    ...(faults.length === 0
      ? ['crashes, pauses and cuts: none']
      : faults.map((fault) => describeFault(fault))),
  ];
}

function describePayloads({ workload = 'none', payloadBytes }: Scenario): string {
  if (workload === 'bank') return ' with an operation of the bank';
  if (payloadBytes === 0) return '';
  const atMost = workload === 'mixed' ? 'at most ' : '';
  return ` with ${atMost}${payloadBytes} byte${payloadBytes === 1 ? '' : 's'}`;
}

/** One fault with its time, such as `crash of peer 1 at 20 ms`. */
function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'crash': {
      const { member, atUs, afterSends, restartAfterUs } = fault;
      const midway = afterSends === undefined ? '' : `, ${afterSends} packets later`;
      const who = fault.admitted === true ? 'taken for the old one' : 'refused by the others';
      const back =
        restartAfterUs === undefined ? '' : `; a new process ${ms(restartAfterUs)} later, ${who}`;
      return `crash of peer ${member} at ${ms(atUs)}${midway}${back}`;
    }
    case 'pause':
      return `pause of peer ${fault.member} from ${ms(fault.atUs)} to ${ms(fault.untilUs)}`;
    case 'lateStart':
      return `peer ${fault.member} begins to multicast at ${ms(fault.atUs)}`;
    case 'clockSkew':
      return `clock of peer ${fault.member} at ${fault.rate} of true speed, ${ms(fault.offsetUs)} ahead`;
    case 'partition': {
      const arrow = fault.symmetric ? 'and' : 'does not reach';
      const sides = `${fault.from.join(',')} ${arrow} ${fault.to.join(',')}`;
      return `partition (${sides}) from ${ms(fault.atUs)} to ${ms(fault.untilUs)}`;
    }
    case 'clog':
      return (
        `path ${fault.from} > ${fault.to} takes ${ms(fault.extraUs)} longer ` +
        `from ${ms(fault.atUs)} to ${ms(fault.untilUs)}`
      );
  }
}

function describeDelay(delay: Delay): string {
  switch (delay.kind) {
    case 'zones':
      return `delays between ${delay.zones.join(', ')}${delay.jitter ? ', with jitter' : ''}`;
    case 'constant':
      return `every packet takes ${ms(delay.us)}`;
    case 'uniform':
      return `packets take ${rangeMs(delay.minUs, delay.maxUs)}`;
    case 'priorities': {
      const changes = delay.changes.length === 0 ? '' : describeChanges(delay.changes);
      return `each path takes its own time, ${rangeMs(delay.minUs, delay.maxUs)}${changes}`;
    }
    case 'exponential':
      return `packets take ${ms(delay.meanUs)} on average, exponentially distributed`;
  }
}

function describeChanges(changes: readonly number[]): string {
  const numbers = changes.map((packet) => packet + 1).join(', ');
  return `; packet ${numbers} of all comes later than the others`;
}

function ms(us: number): string {
  return `${us / 1_000} ms`;
}

function rangeMs(minUs: number, maxUs: number): string {
  return minUs === maxUs ? ms(minUs) : `${minUs / 1_000} to ${ms(maxUs)}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))}%`;
}
