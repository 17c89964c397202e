/** Which engine verify works with. */
import { UsageError } from '../../errors.ts';
import { ENGINE_NAMES, type Engine, type EngineName } from '../engine.ts';
import { findBuildah } from './buildah.ts';
import { findDocker } from './docker.ts';
import { findPodman } from './podman.ts';

const HOW = `install one of them (https://docs.docker.com/engine/install, https://podman.io/docs/installation), or let DOCKER_HOST or a docker context name one that runs elsewhere`;

async function find(name: EngineName, builder: string | undefined): Promise<Engine | string> {
  if (name === 'docker') return findDocker(builder);
  if (name === 'podman') return findPodman();
  return findBuildah();
}

/**
 * The engine of `--engine`, or the first of docker, podman and buildah that answers.
 * `builder`: a builder of docker buildx; then nothing but docker will do.
 * @throws UsageError that says why each does not serve, and how to get one
 */
export async function findEngine(wanted: EngineName | undefined, builder: string | undefined): Promise<Engine> {
  if (builder !== undefined && wanted !== undefined && wanted !== 'docker') {
    throw new UsageError(`--builder names a builder of docker buildx; ${wanted} has none`);
  }
  const names = wanted !== undefined ? [wanted] : builder !== undefined ? (['docker'] as const) : ENGINE_NAMES;
  const reasons: string[] = [];
  for (const name of names) {
    const found = await find(name, builder);
    if (typeof found !== 'string') return found;
    reasons.push(found);
  }
  throw new UsageError(`no container engine: ${reasons.join('; ')}\n${HOW}`);
}
