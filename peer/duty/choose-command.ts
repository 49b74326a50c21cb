import { type Command, commandSchema, type RunPlan } from '../../control/command.ts';

/** What a daemon does about a message from the bus. */
export type CommandChoice =
  | { readonly action: 'join'; readonly plan: RunPlan; readonly self: number }
  | { readonly action: 'exit' }
  | { readonly action: 'none' }
  | { readonly action: 'ignore'; readonly reason: string };

/** The daemon that asks, and what it remembers. */
export interface Asker {
  readonly peerId: string;
  readonly incarnation: string;
  readonly startedAtMs: number;
  /** Runs that this daemon joined, as long as their commands have not expired. */
  readonly joined: ReadonlySet<string>;
}

/**
 * The meaning of a message from the bus at time `nowMs`. Messages come at least once, late and in
 * any order, and may be anything: whatever is not a fresh command for this very daemon is ignored.
 */
export function chooseCommand(message: unknown, asker: Asker, nowMs: number): CommandChoice {
  const parsed = commandSchema.safeParse(message);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return ignore(`not a command: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  }
  switch (parsed.data.command) {
    case 'exit':
      return chooseExit(parsed.data, asker, nowMs);
    case 'run':
      return chooseRun(parsed.data.plan, asker, nowMs);
    case 'ping':
      return { action: 'none' };
  }
}

function chooseExit(
  command: Extract<Command, { command: 'exit' }>,
  asker: Asker,
  nowMs: number,
): CommandChoice {
  if (nowMs > command.expiresAtMs) return ignore('the exit command has expired');
  if (command.issuedAtMs < asker.startedAtMs) {
    return ignore('the exit command was meant for an earlier daemon');
  }
  return { action: 'exit' };
}

function chooseRun(plan: RunPlan, asker: Asker, nowMs: number): CommandChoice {
  const self = plan.members.findIndex((member) => member.peerId === asker.peerId);
  if (self < 0) return ignore('not a member of the run');
  if (plan.members[self]!.incarnation !== asker.incarnation) {
    return ignore('the member was an earlier daemon of this name');
  }
  if (asker.joined.has(plan.runId)) return ignore('the command came a second time');
  if (nowMs > Math.min(plan.joinByMs, plan.deadlineMs))
    return ignore('the run command has expired');
  return { action: 'join', plan, self };
}

function ignore(reason: string): CommandChoice {
  return { action: 'ignore', reason };
}
