import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { MessageId } from '../../../diagram/finding.ts';
import type { Strip } from '../../../diagram/render-strip.ts';
import { messageFrom } from '../../shared/message-from.ts';
import type { WorkerAsker } from '../../workers/ask-worker.ts';
import type { DiagramQuestion, DrawnRun } from '../../workers/diagram-worker.ts';
import { useAsker } from '../../workers/use-worker.ts';
import type { RecordingFacts } from './run-diagram.ts';
import { type TimeSpan, wholeOf } from './strip-motion.ts';
import { StripWindow } from './strip-window.ts';

interface SpaceTimeViewProps {
  readonly run: DrawnRun;
  readonly facts: RecordingFacts;
  readonly asker: WorkerAsker<DiagramQuestion, unknown>;
  /** A time that somebody wants to see, in microseconds. */
  readonly atUs: number | null;
}

/** What of the run is drawn. */
interface Filters {
  readonly hidden: readonly number[];
  readonly control: boolean;
  readonly routine: boolean;
  /** The filter of messages, as it was typed. */
  readonly messages: string;
}

const NO_FILTERS: Filters = { hidden: [], control: true, routine: false, messages: '' };
/** The most events of a run that is shown as a whole at first. */
const WHOLE_EVENTS_MAX = 150;
/** How much is seen around the finding, in multiples of its own length. */
const AROUND = 3;
/** How near a click must be to an event. */
const REACH_PX = 40;
const NAMES_MAX = 32;
/** The height of the window before the first picture is there. */
const HEIGHT_PX = 300;
const MOVED_BY = 'Space-time diagram: arrow keys move it, + and - zoom, Home shows all of the run';

/** The space-time diagram of a recorded run, to be moved, zoomed and filtered. */
export function SpaceTimeView({ run, facts, asker, atUs }: SpaceTimeViewProps): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const [filters, setFilters] = useState(NO_FILTERS);
  const [strip, setStrip] = useState<Strip | null>(null);
  const [told, setTold] = useState('');
  // This asker is separate, because an asker drops a question when a later one comes, and the picture would
  // be lost.
  const teller = useAsker<DiagramQuestion, string>('diagram');
  const peers = run.comparison.perPeer.length;
  const lanes = useMemo(() => lanesOf(peers, filters), [peers, filters]);
  const chosen = useRef({ lanes, filters });
  chosen.current = { lanes, filters };
  const window = useStripWindow({ element, layer, run, facts, asker, chosen, setStrip });
  useEffect(() => window.current?.redraw(), [filters, window]);
  useEffect(() => {
    if (atUs === null || window.current === null) return;
    showTime(window.current, atUs, facts.endUs);
    element.current?.scrollIntoView({ block: 'nearest' });
  }, [atUs, facts, window]);
  const tell = async (xPx: number, yPx: number): Promise<void> => {
    const lane = nearestLane(strip?.lanesPx ?? [], yPx);
    if (window.current === null || lane === null) return;
    const question = {
      want: 'nearest',
      run,
      peer: lanes[lane]!,
      ...momentAt(window.current, xPx),
    } as const;
    setTold((await teller.ask(question)) ?? 'Nothing happened near there.');
  };
  const names = lanes.map((peer) => run.comparison.perPeer[peer]?.peerId ?? '');
  return (
    <>
      <h3>Space-time diagram</h3>
      <p>{facts.sentence}</p>
      <Controls window={window} facts={facts} />
      <div class="strip-frame">
        <LaneNames names={names} lanesPx={strip?.lanesPx ?? []} />
        <div
          class="strip"
          ref={element}
          tabIndex={0}
          role="group"
          aria-label={MOVED_BY}
          style={{ height: `${strip?.heightPx ?? HEIGHT_PX}px` }}
          onKeyDown={(event) => {
            if (window.current?.obey(event.key) === true) event.preventDefault();
          }}
          onClick={(event) => {
            const { left, top } = event.currentTarget.getBoundingClientRect();
            tell(event.clientX - left, event.clientY - top).catch((error: unknown) =>
              setTold(messageFrom(error)),
            );
          }}
        >
          <div class="layer" ref={layer} />
        </div>
      </div>
      <p class="quiet" role="status">
        {told === '' ? 'Click beside a line to be told what happened there.' : told}
      </p>
      <Notes run={run} facts={facts} leftOut={strip?.leftOut ?? 0} />
      <FilterForm filters={filters} run={run} onChange={setFilters} />
    </>
  );
}

function showTime(window: StripWindow, atUs: number, endUs: number): void {
  const { fromUs, untilUs } = window.seen;
  const halfUs = Math.min(untilUs - fromUs, endUs / 8) / 2;
  window.show({ fromUs: atUs - halfUs, untilUs: atUs + halfUs });
}

function momentAt(window: StripWindow, xPx: number) {
  const atUs = window.timeAt(xPx);
  return { atUs, reachUs: window.timeAt(xPx + REACH_PX) - atUs };
}

interface LaneNamesProps {
  readonly names: readonly string[];
  readonly lanesPx: readonly number[];
}

/** The names stand still while the lines are moved. */
function LaneNames({ names, lanesPx }: LaneNamesProps): JSX.Element {
  return (
    <div class="lane-names" aria-hidden="true">
      {lanesPx.map((y, lane) => (
        <span key={names[lane]} style={{ top: `${y}px` }}>
          {names[lane]}
        </span>
      ))}
    </div>
  );
}

interface WindowParts {
  readonly element: { readonly current: HTMLDivElement | null };
  readonly layer: { readonly current: HTMLDivElement | null };
  readonly run: DrawnRun;
  readonly facts: RecordingFacts;
  readonly asker: WorkerAsker<DiagramQuestion, unknown>;
  readonly chosen: {
    readonly current: { readonly lanes: readonly number[]; readonly filters: Filters };
  };
  readonly setStrip: (strip: Strip) => void;
}

/** The window lives as long as its run is shown; what is drawn in it follows the filters. */
function useStripWindow(parts: WindowParts): { readonly current: StripWindow | null } {
  const { element, layer, run, facts, asker, chosen, setStrip } = parts;
  const window = useRef<StripWindow | null>(null);
  useEffect(() => {
    const draw = async (stretch: { fromUs: number; untilUs: number }, widthPx: number) => {
      const { lanes, filters } = chosen.current;
      const { control, routine } = filters;
      const messages = parseMessages(filters.messages);
      const choice = { ...stretch, widthPx, lanes, control, routine, messages };
      return (await asker.ask({ want: 'strip', run, choice })) as Strip | null;
    };
    const opened = new StripWindow(element.current!, layer.current!, facts, draw, setStrip);
    window.current = opened;
    opened.show(firstSeen(facts) ?? wholeOf(facts.endUs));
    return () => {
      opened.close();
      window.current = null;
    };
  }, [run, facts, asker]);
  return window;
}

/** Where the peers part; `null` for a run that is better seen as a whole. */
function firstSeen({ findingUs, events, endUs }: RecordingFacts): TimeSpan | null {
  if (findingUs === null || events <= WHOLE_EVENTS_MAX) return null;
  const [fromUs, untilUs] = findingUs;
  const aroundUs = Math.max(untilUs - fromUs, endUs / 200) * ((AROUND - 1) / 2);
  return { fromUs: fromUs - aroundUs, untilUs: untilUs + aroundUs };
}

function lanesOf(peers: number, { hidden }: Filters): number[] {
  return Array.from({ length: peers }, (_, peer) => peer)
    .filter((peer) => !hidden.includes(peer))
    .slice(0, NAMES_MAX);
}

/** Reads `1,3 0,2` as messages (sender, sequence); what is none is left out. */
function parseMessages(text: string): MessageId[] {
  return [...text.matchAll(/(\d{1,5})\s*,\s*(\d{1,9})/g)]
    .slice(0, 2)
    .map(([, sender, sequence]) => ({ sender: Number(sender), sequence: Number(sequence) }));
}

function nearestLane(lanesPx: readonly number[], yPx: number): number | null {
  if (lanesPx.length === 0) return null;
  const distances = lanesPx.map((lane) => Math.abs(lane - yPx));
  return distances.indexOf(Math.min(...distances));
}

interface ControlsProps {
  readonly window: { readonly current: StripWindow | null };
  readonly facts: RecordingFacts;
}

function Controls({ window, facts }: ControlsProps): JSX.Element {
  const button = (label: string, sign: string, act: (shown: StripWindow) => void): JSX.Element => (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={() => {
        if (window.current !== null) act(window.current);
      }}
    >
      {sign}
    </button>
  );
  return (
    <p class="acts">
      {button('Earlier', '‹', (shown) => shown.panBy(-0.5))}
      {button('Later', '›', (shown) => shown.panBy(0.5))}
      {button('Zoom in', '+', (shown) => shown.zoomBy(2))}
      {button('Zoom out', '−', (shown) => shown.zoomBy(0.5))}
      {button('All of the run', 'All of the run', (shown) => shown.showAll())}
      {button('Where they part', 'Where they part', (shown) =>
        shown.show(firstSeen(facts) ?? wholeOf(facts.endUs)),
      )}
    </p>
  );
}

interface NotesProps {
  readonly run: DrawnRun;
  readonly facts: RecordingFacts;
  readonly leftOut: number;
}

function Notes({ run, facts, leftOut }: NotesProps): JSX.Element {
  const isOwn = run.recording.clocks === 'own';
  return (
    <p class="quiet">
      {facts.events} events.{' '}
      {leftOut === 0 ? '' : `${leftOut} are too close together to be drawn here: zoom in. `}
      {isOwn ? 'The clocks of the peers were aligned by the messages that they exchanged. ' : ''}
      {run.recording.notes.join(' ')}
    </p>
  );
}

interface FilterFormProps {
  readonly filters: Filters;
  readonly run: DrawnRun;
  readonly onChange: (filters: Filters) => void;
}

function FilterForm({ filters, run, onChange }: FilterFormProps): JSX.Element {
  const { hidden, control, routine, messages } = filters;
  const check = (label: string, checked: boolean, change: (on: boolean) => Partial<Filters>) => (
    <label key={label} class="check">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange({ ...filters, ...change(event.currentTarget.checked) })}
      />{' '}
      {label}
    </label>
  );
  return (
    <details>
      <summary>What is drawn</summary>
      <div class="fields">
        {run.comparison.perPeer.map(({ peer, peerId }) =>
          check(peerId, !hidden.includes(peer), (on) => ({
            hidden: on ? hidden.filter((each) => each !== peer) : [...hidden, peer],
          })),
        )}
      </div>
      <div class="fields">
        {check("The ordering's own messages", control, (on) => ({ control: on }))}
        {check('Acknowledgements and heartbeats', routine, (on) => ({ routine: on }))}
        <label>
          In colour, such as 0,3 1,2
          <input
            type="text"
            value={messages}
            onChange={(event) => onChange({ ...filters, messages: event.currentTarget.value })}
          />
        </label>
      </div>
    </details>
  );
}
