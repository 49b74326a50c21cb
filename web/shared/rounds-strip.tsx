import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type DeliveredColumns, isUnordered, RoundMark } from './rounds-view.ts';
import { describeRound, findUnordered, roundWithin } from './round-detail.ts';

interface RoundsStripProps {
  readonly peers: readonly string[];
  readonly columns: readonly DeliveredColumns[];
  readonly marks: Uint8Array;
  readonly rounds: number;
  readonly firstUnordered: number | null;
  /** What a message is called; (sender,sequence) where nothing is said. */
  readonly nameOf?: (sender: number, sequence: number) => string;
  /** Shows the chosen round, instead of one line of words. */
  readonly renderRound?: (round: number) => JSX.Element;
}

const CELL_HEIGHT = 16;
const CELL_WIDTH_MIN = 3;
const CELL_WIDTH_MAX = 14;

/** One row a peer, one column a round, coloured by whether the peers agree; the chosen round in words. */
export function RoundsStrip(props: RoundsStripProps): JSX.Element {
  const { columns, rounds, peers, marks } = props;
  const [round, setRound] = useState(props.firstUnordered ?? 0);
  useEffect(() => setRound(props.firstUnordered ?? 0), [marks]);
  const chosen = roundWithin(round, rounds);
  const messages = describeRound(columns, chosen, props.nameOf ?? plainName);
  const agree = isUnordered(marks, peers.length, chosen) ? 'not agreed' : 'agreed';
  return (
    <div class="rounds">
      <StripCanvas {...props} chosen={chosen} onChoose={setRound} />
      <p class="legend">
        <span class="key agreed" /> all agree <span class="key leading" /> what most delivered{' '}
        <span class="key other" /> another message <span class="key nothing" /> nothing
      </p>
      <label>
        Round{' '}
        <input
          type="number"
          min={0}
          max={rounds - 1}
          value={chosen}
          onInput={(event) => setRound(Number(event.currentTarget.value))}
        />
      </label>{' '}
      <StepButton step={-1} marks={marks} peers={peers.length} round={chosen} onChoose={setRound} />{' '}
      <StepButton step={1} marks={marks} peers={peers.length} round={chosen} onChoose={setRound} />{' '}
      {props.renderRound === undefined ? (
        <span>
          {agree}:{' '}
          {messages.map((message, peer) => `${peers[peer] ?? peer} ${message}`).join(' · ')}
        </span>
      ) : (
        <>
          <span>{agree}</span>
          {props.renderRound(chosen)}
        </>
      )}
    </div>
  );
}

function plainName(sender: number, sequence: number): string {
  return `(${sender},${sequence})`;
}

interface StepButtonProps {
  readonly step: 1 | -1;
  readonly marks: Uint8Array;
  readonly peers: number;
  readonly round: number;
  readonly onChoose: (round: number) => void;
}

/** Goes to the next round, or the one before, in which the peers disagree. */
function StepButton({ step, marks, peers, round, onChoose }: StepButtonProps): JSX.Element {
  const target = useMemo(
    () => findUnordered(marks, peers, round, step),
    [marks, peers, round, step],
  );
  return (
    <button
      type="button"
      disabled={target === null}
      aria-label={step > 0 ? 'Next unordered round' : 'Previous unordered round'}
      onClick={() => {
        if (target !== null) onChoose(target);
      }}
    >
      {step > 0 ? '›' : '‹'}
    </button>
  );
}

type StripCanvasProps = RoundsStripProps & {
  readonly chosen: number;
  readonly onChoose: (round: number) => void;
};

/** Draws the rounds around the chosen one that there is room for, so that any number stays smooth. */
function StripCanvas(props: StripCanvasProps): JSX.Element {
  const { peers, rounds, chosen, onChoose } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const element = canvas.current?.parentElement;
    if (element === undefined || element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);
  const cell = Math.min(CELL_WIDTH_MAX, Math.max(CELL_WIDTH_MIN, Math.floor(width / rounds)));
  const visible = Math.max(1, Math.floor(width / cell));
  const first = Math.max(0, Math.min(chosen - Math.floor(visible / 2), rounds - visible));
  useEffect(() => {
    if (canvas.current !== null) paintStrip(canvas.current, props, { first, visible, cell, width });
  });
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={`Rounds ${first} to ${Math.min(rounds, first + visible) - 1} of ${rounds}, a row for each of ${peers.length} peers`}
      onClick={(event) => {
        const round = first + Math.floor(event.offsetX / cell);
        if (round < rounds) onChoose(round);
      }}
    />
  );
}

interface StripView {
  readonly first: number;
  readonly visible: number;
  readonly cell: number;
  readonly width: number;
}

function paintStrip(canvas: HTMLCanvasElement, props: StripCanvasProps, view: StripView): void {
  const { peers, marks, rounds, chosen } = props;
  const { first, visible, cell, width } = view;
  const height = peers.length * CELL_HEIGHT;
  const scale = devicePixelRatio;
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(scale, scale);
  const colours = stripColours(canvas);
  const gap = cell > 4 ? 1 : 0;
  for (let round = first; round < Math.min(rounds, first + visible); round += 1) {
    const x = (round - first) * cell;
    for (let peer = 0; peer < peers.length; peer += 1) {
      const mark = marks[round * peers.length + peer]!;
      context.fillStyle = colours.marks[mark]!;
      const isLow = mark === RoundMark.nothing;
      // A missing delivery is a low bar, an other message a shorter one: not told by colour alone.
      const top = isLow ? CELL_HEIGHT - 4 : mark === RoundMark.other ? 4 : 1;
      context.fillRect(x, peer * CELL_HEIGHT + top, cell - gap, CELL_HEIGHT - top - 1);
    }
  }
  context.strokeStyle = colours.ink;
  context.lineWidth = 2;
  context.strokeRect((chosen - first) * cell + 0.5, 1, Math.max(cell, 3) - 1, height - 2);
}

function stripColours(element: Element): {
  readonly marks: readonly string[];
  readonly ink: string;
} {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const marks = ['--faint', '--series-0', '--series-1', '--muted'].map(colour);
  return { marks, ink: colour('--ink') };
}
