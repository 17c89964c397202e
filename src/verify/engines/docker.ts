/** Docker: builds with buildx where it is there, else with the BuildKit inside of the engine (Docker 18.09 to 22). */
import { UsageError } from '../../errors.ts';
import type { BuildOutcome, BuildRequest } from '../engine.ts';
import { run, succeeded } from '../process.ts';
import { build, buildArguments, CliEngine } from './cli.ts';

/** Keeps the image a plain one (no index with attestations) and the output free of advice. */
const ENVIRONMENT = { BUILDX_NO_DEFAULT_ATTESTATIONS: '1', DOCKER_CLI_HINTS: 'false' };
const ANSWER_LIMIT = 30_000;

export class DockerEngine extends CliEngine {
  readonly name = 'docker';
  private readonly buildx: boolean;
  private readonly builder: string | undefined;

  constructor(version: string, buildx: string | undefined, builder: string | undefined) {
    const parts = [`docker ${version}`];
    if (buildx !== undefined) parts.push(`buildx ${buildx}`);
    if (builder !== undefined) parts.push(`builder ${builder}`);
    super('docker', version, parts.join(', '));
    this.buildx = buildx !== undefined;
    this.builder = builder;
  }

  build(request: BuildRequest): Promise<BuildOutcome> {
    const { cacheNamespace } = request;
    const args = this.buildx ? ['buildx', 'build', '--load'] : ['build'];
    if (this.builder !== undefined) args.push('--builder', this.builder);
    args.push('--progress', 'plain', ...buildArguments(request));
    // The frontend puts it before the id of each cache mount.
    if (cacheNamespace !== undefined) args.push('--build-arg', `BUILDKIT_CACHE_MOUNT_NS=${cacheNamespace}`);
    const environment = this.buildx ? ENVIRONMENT : { ...ENVIRONMENT, DOCKER_BUILDKIT: '1' };
    return build(this.program, [...args, request.context], request, environment);
  }
}

/** `28.5.2` of `28.5.2+dfsg4`. */
export const shortVersion = (text: string): string => /\d+(?:\.\d+)+/.exec(text)?.[0] ?? text.trim();

/** Looks for a docker that answers; a text says why there is none. */
export async function findDocker(builder: string | undefined): Promise<DockerEngine | string> {
  const asked = await run('docker', ['version', '--format', '{{.Server.Version}}'], { timeLimit: ANSWER_LIMIT });
  if (asked.ended === 'missing') return 'docker is not installed';
  if (!succeeded(asked)) return `docker does not answer (${asked.stderr.trim().split('\n')[0] || asked.ended})`;
  // podman-docker answers to the name of docker
  const buildx = await run('docker', ['buildx', 'version'], { timeLimit: ANSWER_LIMIT });
  // `github.com/docker/buildx 0.29.1+ds1 0.29.1+ds1-4`; buildah's imitation inside of podman has another name
  const found = succeeded(buildx) ? /docker\/buildx\s+v?(\S+)/.exec(buildx.stdout)?.[1] : undefined;
  if (builder !== undefined && found === undefined) return 'docker has no buildx, which --builder needs';
  if (builder !== undefined) {
    const known = await run('docker', ['buildx', 'inspect', builder], { timeLimit: ANSWER_LIMIT });
    if (!succeeded(known))
      throw new UsageError(`--builder ${builder}: ${known.stderr.trim().split('\n').at(-1) || known.ended}`);
  }
  return new DockerEngine(shortVersion(asked.stdout), found && shortVersion(found), builder);
}
