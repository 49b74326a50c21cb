import * as pulumi from '@pulumi/pulumi';

type Monitor = NonNullable<ReturnType<typeof pulumi.runtime.getMonitor>>;
type RegisterRequest = Parameters<Monitor['registerResource']>[0];

/**
 * Notes the option `replaceOnChanges` of each resource that the program registers from now on, by its type and name
 * with a space between: Pulumi's mocks are told inputs, and no options.
 */
export function noteReplacements(replaceOn: Map<string, readonly string[]>): void {
  const monitor = pulumi.runtime.getMonitor()!;
  const register = monitor.registerResource.bind(monitor) as (...all: unknown[]) => unknown;
  monitor.registerResource = ((request: RegisterRequest, ...others: unknown[]) => {
    const asked = request as unknown as {
      getType(): string;
      getName(): string;
      getReplaceonchangesList(): string[];
    };
    replaceOn.set(`${asked.getType()} ${asked.getName()}`, asked.getReplaceonchangesList());
    return register(request, ...others);
  }) as Monitor['registerResource'];
}
