/** Podman. Its images are in Docker's format, because OCI's holds no HEALTHCHECK. */
import type { BuildOutcome, BuildRequest } from '../engine.ts';
import { run, succeeded } from '../process.ts';
import { build, buildArguments, CliEngine } from './cli.ts';
import { shortVersion } from './docker.ts';

export class PodmanEngine extends CliEngine {
  readonly name = 'podman';

  constructor(version: string) {
    super('podman', version, `podman ${version}`);
  }

  build(request: BuildRequest): Promise<BuildOutcome> {
    const args = ['build', '--format', 'docker', '--layers', '--force-rm', ...buildArguments(request), request.context];
    return build(this.program, args, request);
  }
}

export async function findPodman(): Promise<PodmanEngine | string> {
  const asked = await run('podman', ['version', '--format', '{{.Client.Version}}'], { timeLimit: 30_000 });
  if (asked.ended === 'missing') return 'podman is not installed';
  if (!succeeded(asked)) return `podman does not answer (${asked.stderr.trim().split('\n')[0] || asked.ended})`;
  return new PodmanEngine(shortVersion(asked.stdout));
}
