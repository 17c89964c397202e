/** Podman. Its images are in Docker's format, because OCI's holds no HEALTHCHECK. */
import type { BuildOutcome, BuildRequest, ContainerFacts, Containers, Engine } from '../engine.ts';
import { run, succeeded } from '../process.ts';
import { build, buildArguments, CliEngine } from './cli.ts';
import { CliContainers } from './containers.ts';
import { shortVersion } from './docker.ts';

/** Milliseconds between two health checks. */
const CHECK_INTERVAL = 1000;
const CHECK_LIMIT = 30_000;

/** Podman leaves the timing of health checks to systemd, which not every machine has: a container that is looked at is checked. */
class PodmanContainers extends CliContainers {
  private checked = 0;

  override async inspect(id: string): Promise<ContainerFacts> {
    const facts = await super.inspect(id);
    const due = performance.now() - this.checked >= CHECK_INTERVAL;
    if (facts.status !== 'running' || facts.health === undefined || facts.health === 'healthy' || !due) return facts;
    await this.call(['healthcheck', 'run', id], { timeLimit: CHECK_LIMIT });
    this.checked = performance.now();
    return super.inspect(id);
  }
}

export class PodmanEngine extends CliEngine {
  readonly name = 'podman';

  constructor(version: string) {
    super('podman', version, `podman ${version}`);
  }

  protected override makeContainers(call: Engine['call']): Containers {
    return new PodmanContainers(call);
  }

  build(request: BuildRequest): Promise<BuildOutcome> {
    const args = ['build', '--format', 'docker', '--layers', '--force-rm', ...buildArguments(request), request.context];
    return build(this.program, args, request);
  }

  /** Its `export` opens /dev/stdout anew, which fails where that is a socket, as Node's pipes are. */
  protected override archive(id: string): string[] {
    return ['cp', `${id}:/`, '-'];
  }
}

export async function findPodman(): Promise<PodmanEngine | string> {
  const asked = await run('podman', ['version', '--format', '{{.Client.Version}}'], { timeLimit: 30_000 });
  if (asked.ended === 'missing') return 'podman is not installed';
  if (!succeeded(asked)) return `podman does not answer (${asked.stderr.trim().split('\n')[0] || asked.ended})`;
  return new PodmanEngine(shortVersion(asked.stdout));
}
