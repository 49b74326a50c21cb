import * as pulumi from '@pulumi/pulumi';

type Monitor = NonNullable<ReturnType<typeof pulumi.runtime.getMonitor>>;
type RegisterRequest = Parameters<Monitor['registerResource']>[0];

/** When a resource is replaced, besides changes that cannot be made in place, and in which order. */
export interface Replacement {
  readonly replaceOn: readonly string[];
  /** Whether the old one goes before the new one comes. */
  readonly isDeletedFirst: boolean;
}

/**
 * Notes how each resource that the program registers from now on is replaced, by its type and name with a space
 * between: Pulumi's mocks are told inputs, and no options.
 */
export function noteReplacements(replacements: Map<string, Replacement>): void {
  const monitor = pulumi.runtime.getMonitor()!;
  const register = monitor.registerResource.bind(monitor) as (...all: unknown[]) => unknown;
  monitor.registerResource = ((request: RegisterRequest, ...others: unknown[]) => {
    const asked = request as unknown as {
      getType(): string;
      getName(): string;
      getReplaceonchangesList(): string[];
      getDeletebeforereplace(): boolean;
    };
    replacements.set(`${asked.getType()} ${asked.getName()}`, {
      replaceOn: asked.getReplaceonchangesList(),
      isDeletedFirst: asked.getDeletebeforereplace(),
    });
    return register(request, ...others);
  }) as Monitor['registerResource'];
}
