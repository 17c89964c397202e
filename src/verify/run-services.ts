/** The containers of one side: what is needed is made, what is made is removed. */
import { type Containers, EngineError, type ImageFacts, type Made } from './engine.ts';
import { SideVolumes } from './run-mounts.ts';
import { doorsOf, hostDoor, networkOf } from './run-network.ts';
import type { ServicePlan } from './run-plan.ts';
import type { SideInput } from './run-result.ts';
import { type Door, openAt, type Waited, waitFor } from './run-wait.ts';

const LOG_LINES = 20;

export interface Started {
  readonly id: string;
  readonly doors: readonly Door[];
  /**
   * Where others of the side reach it. Names are written into their /etc/hosts: the machine's own network knows none,
   * and the engine's name server fails where it may not set up its packet filter.
   */
  readonly address: string | undefined;
}

export class SideServices {
  private readonly input: SideInput;
  private readonly volumes: SideVolumes;
  /** The network that the user or compose names; undefined: the side makes its own. */
  readonly network: string | undefined;
  private own: string | undefined;
  /** Addresses of the services that run, by each of their names. */
  private readonly addresses = new Map<string, string>();
  private readonly containers: string[] = [];

  constructor(input: SideInput) {
    this.input = input;
    this.volumes = new SideVolumes(input.session, input.containers, input.root);
    this.network = networkOf(input.plan, input.user);
  }

  /**
   * Starts everything and the service last, without waiting for it. Gives why its surroundings cannot be made.
   * @throws EngineError when the engine refuses the service itself
   */
  async up(): Promise<Started | string> {
    const { plan, image, facts } = this.input;
    const ports = [...new Set([...this.input.ports, ...this.input.morePorts])];
    let volumes: string[];
    try {
      const why = (await this.surroundings()) ?? (await this.takenPort(ports));
      if (why !== undefined) return why;
      volumes = await this.volumes.mount(plan.app, image);
    } catch (error) {
      if (error instanceof EngineError) return error.message;
      throw error;
    }
    return this.start(plan.app, image, facts, ports, volumes);
  }

  /** The network and the dependencies. Gives why they cannot be made. @throws EngineError */
  private async surroundings(): Promise<string | undefined> {
    const { session, plan, label, images, containers } = this.input;
    if (this.network === undefined) {
      const name = session.name(`${label}-net`);
      await containers.createNetwork(name, session.id);
      this.own = name;
    }
    for (const dependency of plan.dependencies) {
      const found = images.get(dependency.name);
      const why = found && (await this.dependency(dependency, found.name, found.facts));
      if (why !== undefined) return why;
    }
    return undefined;
  }

  /** Starts a dependency and waits for what the services that need it wait for. Gives why that failed. */
  private async dependency(service: ServicePlan, image: string, facts: ImageFacts): Promise<string | undefined> {
    const { containers, plan, limits, session } = this.input;
    const ports = service.ports.length > 0 ? service.ports : tcpPorts(facts);
    const taken = await this.takenPort(ports);
    if (taken !== undefined) return `${service.name}: ${taken}`;
    const needs = [plan.app, ...plan.dependencies].flatMap(({ dependsOn }) =>
      dependsOn.filter((one) => one.service === service.name && !one.optional).map(({ condition }) => condition),
    );
    const completes = needs.includes('completed');
    const volumes = await this.volumes.mount(service, image);
    const { id, doors, address } = await this.start(service, image, facts, ports, volumes);
    for (const name of [service.name, ...service.aliases]) if (address !== undefined) this.addresses.set(name, address);
    const waited = await waitFor(containers, id, {
      doors: completes ? [] : doors,
      checked: !completes && hasCheck(service, facts),
      limit: limits.ready,
      alive: completes ? limits.ready : 0,
      signal: session.signal,
    });
    if (needs.length === 0) return undefined;
    // It ends because something that it needs itself is not here: who needs no more than its start may do without it.
    const lacking = service.dependsOn.some((one) => !this.input.images.has(one.service));
    if (lacking && needs.every((condition) => condition === 'started')) return undefined;
    const reached = completes ? waited.facts.exitCode === 0 : !waited.ended;
    if (reached && (!needs.includes('healthy') || waited.healthy !== undefined)) return undefined;
    return `${service.name}, on which it depends, ${howItEnded(waited)}${await lastLine(containers, id)}`;
  }

  /** On the machine's own network somebody else may have the port: we would ask a stranger. */
  private async takenPort(ports: readonly number[]): Promise<string | undefined> {
    for (const port of this.network === 'host' ? ports : []) {
      if ((await openAt(hostDoor(port))) !== undefined)
        return `port ${port} of this machine is in use by another program`;
    }
    return undefined;
  }

  private async start(
    service: ServicePlan,
    image: string,
    facts: ImageFacts,
    ports: readonly number[],
    volumes: readonly string[],
  ): Promise<Started> {
    const { session, containers, user, plan, label } = this.input;
    const onHost = this.network === 'host';
    const id = await containers.create({
      image,
      session: session.id,
      name: session.name(`${label}-${service.name}`),
      environment: service.environment,
      network: this.own ?? this.network,
      volumes,
      ...(this.own === undefined ? {} : { aliases: [service.name, ...service.aliases] }),
      ...(onHost ? {} : { publish: ports.map((port) => `127.0.0.1::${port}`) }),
      ...(service.entrypoint === undefined ? {} : { entrypoint: service.entrypoint }),
      ...(service.command === undefined ? {} : { command: service.command }),
      options: [
        ...service.options,
        // The verdict of the health check is wanted, not its timing: it is asked from the start, every second.
        ...(hasCheck(service, facts) ? ['--health-interval', '1s', '--health-start-period', '1ms'] : []),
        ...[...this.addresses].flatMap(([name, address]) => ['--add-host', `${name}:${address}`]),
        ...(service === plan.app ? user.others : []),
      ],
    });
    this.containers.push(id);
    session.signal.throwIfAborted();
    await containers.start(id);
    const running = await containers.inspect(id);
    return {
      id,
      doors: doorsOf(ports, this.network, running),
      address: onHost ? '127.0.0.1' : Object.values(running.addresses)[0],
    };
  }

  /** Removes what this side made. What cannot be removed now is removed at the session's end. */
  async down(): Promise<void> {
    const { session } = this.input;
    const made: Made[] = [...this.containers].reverse().map((id) => ({ kind: 'container', id, session: session.id }));
    if (this.own !== undefined) made.push({ kind: 'network', id: this.own, session: session.id });
    for (const id of this.volumes.names) made.push({ kind: 'volume', id, session: session.id });
    for (const one of made) {
      try {
        await session.engine.remove(one);
      } catch (error) {
        // Session.close tries again and says what is left.
        if (!(error instanceof EngineError)) throw error;
      }
    }
  }
}

/** TCP ports that an image names with EXPOSE. */
export const tcpPorts = ({ ports }: ImageFacts): number[] =>
  ports.filter((port) => !/\/(?:udp|sctp)$/.test(port)).map((port) => Number.parseInt(port, 10));

/** Whether the engine will ask a health check. */
export const hasCheck = ({ health }: ServicePlan, facts: ImageFacts): boolean =>
  health === undefined ? facts.healthcheck !== undefined : health[0] !== 'NONE';

/** The last lines of what a container printed. */
export async function lastLines(containers: Containers, id: string): Promise<string> {
  const text = await containers.logs(id, LOG_LINES);
  return text.trimEnd().split('\n').slice(-LOG_LINES).join('\n');
}

const howItEnded = ({ ended, facts }: Waited): string =>
  ended ? `ended with exit code ${facts.exitCode ?? 'unknown'}` : 'did not become ready';

async function lastLine(containers: Containers, id: string): Promise<string> {
  const line = (await lastLines(containers, id)).split('\n').at(-1);
  return line ? `: ${line}` : '';
}
