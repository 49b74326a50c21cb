/** How a command is written, and what it does: the lines of `help`, in its order. */
export interface CommandHelp {
  readonly name: string;
  readonly usage: string;
  readonly text: string;
  /** Further sentences, for `help NAME`. */
  readonly more: string;
}

export const COMMAND_HELP: readonly CommandHelp[] = [
  {
    name: 'state',
    usage: 'state',
    text: 'how things stand: what each peer delivered, holds and waits for; packets under way',
    more: 'Each packet has a number, which it keeps as long as it is under way; deliver, lose and repeat take it.',
  },
  {
    name: 'multicast',
    usage: 'multicast 0',
    text: 'peer 0 multicasts its next message',
    more:
      'Several peers may be named: multicast 0 1. multicast 0*3 stands for the next three of peer 0 at one instant, ' +
      'which share a pack if the game was made of a simulated run (--from). How many messages each has to multicast is set by --messages.',
  },
  {
    name: 'deliver',
    usage: 'deliver 3',
    text: 'packet 3 arrives at the peer that it is for',
    more:
      'Several, one after the other: deliver 3 5; the oldest on a path: deliver 0>1, also one that an arrival before ' +
      'it has sent; all that can arrive now: deliver all. ' +
      'Whether the peer then delivers a message to its application is for its ordering to decide.',
  },
  {
    name: 'lose',
    usage: 'lose 3',
    text: 'packet 3 never arrives',
    more: 'An ordering that retransmits sends it again once the timer of its sender goes off: see fire.',
  },
  {
    name: 'repeat',
    usage: 'repeat 3',
    text: 'a second copy of packet 3 is under way',
    more: 'The copy has a number of its own. By UDP a packet may come twice.',
  },
  {
    name: 'fire',
    usage: 'fire 2',
    text: 'the timer of peer 2 goes off, and its clock goes to that time',
    more:
      'Retransmissions, heartbeats and suspicions come of timers. Each peer has a clock of its own, which stands ' +
      'still between: in an asynchronous system any of them may be slow.',
  },
  {
    name: 'crash',
    usage: 'crash 1',
    text: 'peer 1 stops for ever; crash 1+2: in its next step, after sending 2 packets',
    more:
      'Several at once: crash 1 2. What it sent is still under way, and may arrive. With --reliable the others learn ' +
      'of the crash when you say so: see close.',
  },
  {
    name: 'pause',
    usage: 'pause 1',
    text: 'peer 1 does nothing until revive 1; what is for it waits',
    more: '',
  },
  { name: 'revive', usage: 'revive 1', text: 'peer 1 goes on', more: '' },
  {
    name: 'cut',
    usage: 'cut 0>1',
    text: 'what 0 sends to 1 from now on is lost; cut 0|1,2: both ways, between two sides',
    more: 'What is under way already may still be delivered, or lost.',
  },
  { name: 'heal', usage: 'heal 0>1', text: 'the path lets packets through again', more: '' },
  {
    name: 'close',
    usage: 'close 0>1',
    text: 'with --reliable: peer 1 is told that peer 0, which crashed, is gone; what it sent to 1 is lost',
    more:
      'Several at once: close 0>1,2; with 3 and 4 crashed, close 3,4>0,1,2. ' +
      'Over reliable channels nothing is lost but what somebody sent before it crashed. Whoever is told of a crash ' +
      'hears no more from there. An ordering that goes on without the crashed peers often begins to when a timer ' +
      'goes off: state shows who has one; fire. Without --reliable, timers find out who is silent.',
  },
  {
    name: 'auto',
    usage: 'auto',
    text: 'let all that is under way arrive; auto 10, or auto until broken, see help auto',
    more:
      'auto lets whatever is under way arrive, what was sent first first. auto 10 takes ten steps of a kind ' +
      'network, which also multicasts what is left, and lets timers go off when nothing else can happen. ' +
      'auto until delivered (everybody has everything), auto until broken (a guarantee that the ordering ' +
      'declares), auto until uniformTotal (that one, declared or not), auto until 1 delivers 0,2 (peer 1 delivers ' +
      'message 2 of peer 0). It gives up after 1,000 steps.',
  },
  {
    name: 'undo',
    usage: 'undo',
    text: 'take the last step back; undo 3: the last three',
    more: 'redo takes them again.',
  },
  {
    name: 'back',
    usage: 'back 5',
    text: 'take five steps back',
    more: 'The same as undo 5. back all begins anew.',
  },
  {
    name: 'redo',
    usage: 'redo',
    text: 'take again what was taken back last; redo 3: three steps of it',
    more: 'redo all takes all of it again. Until another step is taken.',
  },
  {
    name: 'judge',
    usage: 'judge',
    text: 'every guarantee that is broken now, and since which step',
    more: '',
  },
  { name: 'steps', usage: 'steps', text: 'what was done so far, as a file has it', more: '' },
  {
    name: 'story',
    usage: 'story',
    text: 'the run as a diagram in text, time downwards',
    more:
      'Once something is broken, only what concerns it. What orders a message stands behind it: t5 its timestamp, #2 ' +
      'its position, e3 its epoch, [1 0 2] its vector.',
  },
  {
    name: 'save',
    usage: 'save FILE',
    text: 'keep the game; mpcomm play --from FILE opens it again',
    more: 'Without FILE it goes into the state directory, and you are told where.',
  },
  {
    name: 'svg',
    usage: 'svg FILE',
    text: 'draw the run as a space-time diagram',
    more: 'Without FILE it goes into the state directory, and you are told where.',
  },
  { name: 'help', usage: 'help', text: 'this; help deliver: more of one command', more: '' },
  { name: 'quit', usage: 'quit', text: 'leave the game; so does Ctrl-D', more: '' },
];
