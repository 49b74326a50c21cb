import type { Observer } from './observer.ts';

/** An observer that tells two others everything, the first one first. */
export function bothObservers(first: Observer, second: Observer): Observer {
  return {
    burst: (...event) => {
      first.burst?.(...event);
      second.burst?.(...event);
    },
    multicast: (...event) => {
      first.multicast?.(...event);
      second.multicast?.(...event);
    },
    send: (...event) => {
      first.send?.(...event);
      second.send?.(...event);
    },
    repeat: (...event) => {
      first.repeat?.(...event);
      second.repeat?.(...event);
    },
    arrive: (...event) => {
      first.arrive?.(...event);
      second.arrive?.(...event);
    },
    hand: (...event) => {
      first.hand?.(...event);
      second.hand?.(...event);
    },
    drop: (...event) => {
      first.drop?.(...event);
      second.drop?.(...event);
    },
    deliver: (...event) => {
      first.deliver?.(...event);
      second.deliver?.(...event);
    },
    advance: (...event) => {
      first.advance?.(...event);
      second.advance?.(...event);
    },
    crash: (...event) => {
      first.crash?.(...event);
      second.crash?.(...event);
    },
    restart: (...event) => {
      first.restart?.(...event);
      second.restart?.(...event);
    },
    pause: (...event) => {
      first.pause?.(...event);
      second.pause?.(...event);
    },
    resume: (...event) => {
      first.resume?.(...event);
      second.resume?.(...event);
    },
    pathFault: (...event) => {
      first.pathFault?.(...event);
      second.pathFault?.(...event);
    },
    fail: (...event) => {
      first.fail?.(...event);
      second.fail?.(...event);
    },
  };
}
