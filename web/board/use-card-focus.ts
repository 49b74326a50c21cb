import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { TYPED_INTO } from '../shared/typed-into.ts';

/** Where the focus was: in which card, and at which of its packets. */
interface LastFocus {
  readonly card: number;
  /** -1: at none of them. */
  readonly packet: number;
}

/**
 * Keeps the keyboard where somebody plays: a packet that arrives takes its buttons with it, and the focus would fall
 * back to the beginning of the page. It goes to the packet that lies in its place then, or to the last one, or to the
 * card itself, where Enter does nothing. A digit goes to the card of that peer. `cards` picks the cards, and `packets`
 * the packets in them, in the element that the returned reference is given to; `shown` is what they show.
 */
export function useCardFocus(
  cards: string,
  packets: string,
  shown: unknown,
): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null);
  const last = useRef<LastFocus | null>(null);
  useEffect(() => {
    const { current: host } = place;
    if (host === null) return undefined;
    const note = ({ target }: Event): void => {
      const all = [...host.querySelectorAll(cards)];
      const card = all.findIndex((each) => each.contains(target as Node));
      const lying = card < 0 ? [] : [...all[card]!.querySelectorAll(packets)];
      const packet = lying.findIndex((each) => each.contains(target as Node));
      last.current = card < 0 ? null : { card, packet };
    };
    const goToCard = ({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent): void => {
      const isTyping = target instanceof Element && target.matches(TYPED_INTO);
      if (isTyping || ctrlKey || metaKey || altKey || !/^\d$/.test(key)) return;
      host.querySelectorAll<HTMLElement>(cards)[Number(key)]?.focus();
    };
    host.addEventListener('focusin', note);
    addEventListener('keydown', goToCard);
    return () => {
      host.removeEventListener('focusin', note);
      removeEventListener('keydown', goToCard);
    };
  }, [cards, packets]);
  useEffect(() => {
    const { current: host } = place;
    if (host === null || last.current === null || document.activeElement !== document.body) return;
    const { card, packet } = last.current;
    const found = host.querySelectorAll<HTMLElement>(cards)[card];
    const lying = [...(found?.querySelectorAll(packets) ?? [])];
    const next = packet < 0 ? undefined : lying[Math.min(packet, lying.length - 1)];
    const button = next?.querySelector<HTMLElement>('button:enabled') ?? found;
    button?.focus({ preventScroll: true });
  }, [shown]);
  return place;
}
