/** The label of the button that takes a member's choice. */
export const MEMBER_LABELS: Readonly<Record<string, string>> = {
  multicast: 'Multicast',
  fire: 'Timer',
  crash: 'Crash',
  pause: 'Pause',
  resume: 'Go on',
};
