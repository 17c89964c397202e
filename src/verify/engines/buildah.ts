/** Buildah: it builds only. Its images are in Docker's format, because OCI's holds no HEALTHCHECK. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BuildOutcome,
  type BuildRequest,
  type Engine,
  EngineError,
  type ImageFacts,
  type ImageFile,
  LABEL,
  type Made,
} from '../engine.ts';
import { lastWords, type Outcome, type RunOptions, run, succeeded } from '../process.ts';
import { ask, build, buildArguments } from './cli.ts';
import { shortVersion } from './docker.ts';
import { configFacts } from './inspect.ts';

/** Begins the names of its working containers, which have no label that could be asked for; the session's id follows. */
const CONTAINER = 'redock-verify-';
/** A session's id ends with an underscore and eight hexadecimal digits. */
const CONTAINER_NAME = /^redock-verify-(.+_[0-9a-f]{8})\./;

interface Inspected {
  readonly FromImageID?: string;
  readonly Manifest?: string;
  readonly Docker?: { readonly config?: Record<string, unknown>; readonly rootfs?: { readonly diff_ids?: unknown[] } };
}

export class BuildahEngine implements Engine {
  readonly name = 'buildah';
  readonly version: string;
  readonly title: string;
  readonly containers = undefined;

  constructor(version: string) {
    this.version = version;
    this.title = `buildah ${version}`;
  }

  call(args: readonly string[], options?: RunOptions): Promise<Outcome> {
    return run('buildah', args, options);
  }

  private ask(args: readonly string[], options?: RunOptions): Promise<string> {
    return ask((words, more) => this.call(words, more), args, options);
  }

  build(request: BuildRequest): Promise<BuildOutcome> {
    const args = ['build', '--format', 'docker', '--layers', '--force-rm', ...buildArguments(request), request.context];
    return build('buildah', args, request);
  }

  async image(name: string): Promise<ImageFacts | undefined> {
    const outcome = await this.call(['inspect', '--type', 'image', name], { timeLimit: 60_000 });
    if (!succeeded(outcome)) return undefined;
    const found = JSON.parse(outcome.stdout) as Inspected;
    const config = found.Docker?.config ?? {};
    const manifest = JSON.parse(found.Manifest ?? '{}') as { layers?: { size?: number }[] };
    return {
      id: found.FromImageID ?? name,
      size: (manifest.layers ?? []).reduce((sum, { size }) => sum + (size ?? 0), 0),
      layers: found.Docker?.rootfs?.diff_ids?.length ?? 0,
      ...configFacts(config, config.Healthcheck),
    };
  }

  /** Mounts a working container and walks it. */
  async files(image: string, session: string, each: (file: ImageFile) => void, signal?: AbortSignal): Promise<void> {
    const name = `${CONTAINER}${session}.${image.replace(/[^A-Za-z0-9]/g, '-')}`;
    await this.ask(['from', '--pull-never', '--name', name, image]);
    try {
      const folder = (await this.ask(['mount', name])).trim();
      walk(folder, '', each, new Set(), signal);
    } finally {
      await this.remove({ kind: 'container', id: name, session });
    }
  }

  async made(session?: string): Promise<readonly Made[]> {
    const filter = session === undefined ? LABEL : `${LABEL}=${session}`;
    const containers = await this.ask(['containers', '--format', '{{.ContainerName}}']);
    const ids = await this.ask(['images', '--quiet', '--no-trunc', '--filter', `label=${filter}`]);
    const made: Made[] = [];
    for (const name of containers.split('\n')) {
      const owner = CONTAINER_NAME.exec(name)?.[1];
      if (owner !== undefined && (session ?? owner) === owner)
        made.push({ kind: 'container', id: name, session: owner });
    }
    for (const id of new Set(ids.split('\n').filter(Boolean))) {
      const owner = (await this.image(id))?.labels[LABEL];
      if (owner !== undefined) made.push({ kind: 'image', id, session: owner });
    }
    return made;
  }

  async remove({ kind, id }: Made): Promise<void> {
    const outcome = await this.call(kind === 'container' ? ['rm', id] : ['rmi', '--force', id], { timeLimit: 60_000 });
    if (!succeeded(outcome) && !/no such|not known|not found/i.test(outcome.stderr)) {
      throw new EngineError(lastWords(outcome));
    }
  }
}

/** Every regular file below a folder once, whatever the number of its names. */
function walk(
  root: string,
  folder: string,
  each: (file: ImageFile) => void,
  seen: Set<number>,
  signal: AbortSignal | undefined,
): void {
  if (signal?.aborted) throw new EngineError('stopped');
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) walk(root, path, each, seen, signal);
    if (!entry.isFile()) continue;
    const { size, nlink, ino } = lstatSync(join(root, path));
    if (nlink > 1 && seen.has(ino)) continue;
    if (nlink > 1) seen.add(ino);
    each({ path, size });
  }
}

export async function findBuildah(): Promise<BuildahEngine | string> {
  const asked = await run('buildah', ['--version'], { timeLimit: 30_000 });
  if (asked.ended === 'missing') return 'buildah is not installed';
  if (!succeeded(asked)) return `buildah does not answer (${asked.stderr.trim().split('\n')[0] || asked.ended})`;
  return new BuildahEngine(shortVersion(asked.stdout));
}
