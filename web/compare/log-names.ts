import type { Comparison } from '../../control/comparison-document.ts';

/** What the page calls a message, from its sender's place and its own. */
export type MessageNamer = (sender: number, sequence: number) => string;

/** What each peer is called: by its logs where they tell, else by its file. */
export function peerNames({ perPeer }: Comparison): string[] {
  return perPeer.map(({ called, peerId }) => called ?? peerId);
}

/** Messages as the logs name them: their senders, and numbers counted as the logs count. */
export function messageNamer({ reading }: Comparison): MessageNamer {
  return (sender, sequence) => {
    const name = reading?.senders[sender] ?? String(sender);
    return `(${name},${sequence + (reading?.first ?? 0)})`;
  };
}
