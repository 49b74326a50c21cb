/** What a person says of logs that these do not say themselves; `null` where nothing was said. */
export interface ToldOfLogs {
  /** How many messages each peer multicast. */
  readonly messages: number | null;
  /** The number of each sender's first message. */
  readonly first: number | null;
  /** The senders of the files, in the order of the files. */
  readonly senders: readonly string[] | null;
  /** The fields with the sender and with the number: their names, or their places counted from 1. */
  readonly fields: readonly [sender: string, number: string] | null;
  /** Peers that crashed: what the logs call them, or their files. */
  readonly crashed: readonly string[];
  /** Whether each file is of one run, and deliveries that repeat earlier ones are judged as such. */
  readonly oneRun: boolean;
}

export const NOTHING_TOLD: ToldOfLogs = {
  messages: null,
  first: null,
  senders: null,
  fields: null,
  crashed: [],
  oneRun: false,
};

/** What was told, with nothing for the rest, and names in the normal form that those of the logs have. */
export function normalTold(told: Partial<ToldOfLogs>): ToldOfLogs {
  const { senders, crashed, ...others } = { ...NOTHING_TOLD, ...told };
  return {
    ...others,
    senders: senders?.map((name) => name.normalize()) ?? null,
    crashed: crashed.map((name) => name.normalize()),
  };
}
