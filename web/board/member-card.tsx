import type { JSX } from 'preact';
import type { Choice } from '../../simulation/choices/choice.ts';
import type { GameMember, TablePacket } from '../../simulation/play/game-view.ts';
import { MEMBER_LABELS } from './member-labels.ts';

interface MemberCardProps {
  readonly index: number;
  readonly member: GameMember;
  /** What is under way to this member. */
  readonly packets: readonly TablePacket[];
  /** Positions of the log that are part of what broke. */
  readonly lit: readonly number[];
  readonly onTake: (choice: Choice) => void;
}

/** One member: its log, what it holds and waits for, what it may do, and what is under way to it. */
export function MemberCard(props: MemberCardProps): JSX.Element {
  const { index, member, packets, lit, onTake } = props;
  // The application's messages come first, as the game is about them; messages about them lie below.
  const sorted = [...packets].sort((a, b) => Number(b.isData) - Number(a.isData));
  return (
    <section
      class={`member ${member.state}`}
      tabIndex={-1}
      aria-label={`Peer ${index}`}
      style={{ '--colour': `var(--series-${index % 8})` }}
    >
      <h2>
        Peer {index} {member.state === 'running' ? '' : <small>{member.state}</small>}
      </h2>
      {member.failure === '' ? null : <p role="alert">It threw: {member.failure}</p>}
      <div class="acts">
        {member.acts.map((choice) => (
          <button
            key={choice.act}
            type="button"
            class={choice.act === 'multicast' ? 'primary' : ''}
            aria-label={`${MEMBER_LABELS[choice.act] ?? choice.act}: peer ${index}`}
            onClick={() => onTake(choice)}
          >
            {MEMBER_LABELS[choice.act]}
          </button>
        ))}
      </div>
      <h3>Delivered</h3>
      {member.log.length === 0 ? <p class="quiet">nothing yet</p> : null}
      <ol class="log">
        {member.log.map(({ sender, sequence }, position) => (
          <li
            key={position}
            class={lit.includes(position) ? 'chip lit' : 'chip'}
            style={{ '--colour': `var(--series-${sender % 8})` }}
          >
            {sender},{sequence}
          </li>
        ))}
      </ol>
      <p class="quiet">
        {member.held > 0 ? `holds ${member.held}` : ''}
        {member.waits === '' ? '' : `${member.held > 0 ? '; ' : ''}${member.waits}`}
      </p>
      <h3>Under way to it</h3>
      {sorted.length === 0 ? <p class="quiet">nothing</p> : null}
      <ul class="packets">
        {sorted.map((packet) => (
          <PacketCard key={packet.name} packet={packet} onTake={onTake} />
        ))}
      </ul>
    </section>
  );
}

interface PacketCardProps {
  readonly packet: TablePacket;
  readonly onTake: (choice: Choice) => void;
}

function PacketCard({ packet, onTake }: PacketCardProps): JSX.Element {
  const { name, from, sender, isData, text, mayBeDelivered } = packet;
  return (
    <li
      class={isData ? 'card' : 'card control'}
      style={{ '--colour': `var(--series-${sender % 8})` }}
    >
      <button
        type="button"
        class="deliver"
        disabled={!mayBeDelivered}
        aria-label={`${text} from peer ${from}: let ${name} arrive`}
        onClick={() => onTake({ act: 'deliver', packet: name })}
      >
        <b>{text}</b> <small>from peer {from}</small>
      </button>
      <button
        type="button"
        title="Lose it"
        aria-label={`Lose ${name}`}
        onClick={() => onTake({ act: 'lose', packet: name })}
      >
        lose
      </button>
      <button
        type="button"
        title="Repeat it"
        aria-label={`×2: repeat ${name}`}
        onClick={() => onTake({ act: 'repeat', packet: name })}
      >
        ×2
      </button>
    </li>
  );
}
