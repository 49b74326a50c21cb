import { expect, test } from '@jest/globals';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { renderStrip } from '../../diagram/render-strip.ts';
import { buildTimeline } from '../../diagram/timeline.ts';
import { EventRecorder } from '../../simulation/observers/event-recorder.ts';
import { simulate } from '../../simulation/simulate.ts';
import { scenarioOf } from '../support/simulated-run.ts';

const PEERS = 3;
const recorder = new EventRecorder(PEERS);
const scenario = scenarioOf({ peers: PEERS, messages: 3 });
simulate(ORDERINGS.get('lamport')!.create, scenario, recorder);
const timeline = buildTimeline(recorder.logs, 'one');

function draw(control: boolean, routine: boolean) {
  const untilUs = timeline.events.at(-1)!.atUs;
  const finding = { sentence: '', messages: [], peers: [] };
  const lanes = Array.from({ length: PEERS }, (_, peer) => peer);
  const view = { fromUs: 0, untilUs, widthPx: 1_000, lanes, finding, control, routine };
  const { svg, leftOut } = renderStrip(timeline, { ...view, isTimed: true });
  return { arrows: svg.split('<line').length + svg.split('<path').length, leftOut };
}

test('what a reader does not want to see is not told to be too much', () => {
  const [all, without, routineAlone] = [draw(true, true), draw(false, false), draw(false, true)];
  expect([all.leftOut, without.leftOut, routineAlone.leftOut]).toEqual([0, 0, 0]);
  expect(without.arrows).toBeLessThan(routineAlone.arrows);
  expect(routineAlone.arrows).toBeLessThan(all.arrows);
});
