import type { Message } from '../../core/message.ts';
import type { Deliver } from '../../core/ordering.ts';

/** Who takes what an ordering delivers. */
export interface Delivering {
  delivered(message: Message): void;
  deliveredPack(packed: Message): void;
}

/** Where a member's ordering delivers, message by message. */
export function deliverTo(member: Delivering): Deliver {
  return (message) => {
    member.delivered(message);
  };
}

/** The same, with packs as they are. */
export function deliverPacksTo(member: Delivering): Deliver {
  const pack = (packed: Message): void => {
    member.deliveredPack(packed);
  };
  return Object.assign(deliverTo(member), { pack });
}
