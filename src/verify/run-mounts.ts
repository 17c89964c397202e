/** Gives a container what its plan mounts: new volumes and copies of the repository's files, never the files themselves. */
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Containers, EngineError } from './engine.ts';
import { lastWords, succeeded } from './process.ts';
import type { Mount, ServicePlan } from './run-plan.ts';
import type { Session } from './session.ts';

/** Milliseconds that the copy of a folder may take. */
const COPY_LIMIT = 120_000;

/** The volumes of one side, by the key that its services share them by. */
export class SideVolumes {
  private readonly session: Session;
  private readonly containers: Containers;
  /** Absolute path of the repository. */
  private readonly root: string;
  private readonly shared = new Map<string, string>();
  /** The names of all volumes that were made. */
  readonly names: string[] = [];

  constructor(session: Session, containers: Containers, root: string) {
    this.session = session;
    this.containers = containers;
    this.root = root;
  }

  /** Values for `--volume`, for one service that runs `image`. @throws EngineError */
  async mount(service: ServicePlan, image: string): Promise<string[]> {
    const values: string[] = [];
    for (const mount of service.mounts) values.push(await this.one(mount, service.name, image));
    return values;
  }

  private async one(mount: Mount, service: string, image: string): Promise<string> {
    if (mount.kind === 'volume') {
      const name = this.shared.get(mount.key) ?? (await this.create(mount.key));
      this.shared.set(mount.key, name);
      return `${name}:${mount.target}${mount.readOnly ? ':ro' : ''}`;
    }
    if (mount.kind === 'folder') {
      const name = await this.create(`${service}-${basename(mount.source)}`);
      await this.fill(name, join(this.root, mount.source), image);
      return `${name}:${mount.target}:nocopy${mount.readOnly ? ',ro' : ''}`;
    }
    const copy = join(this.session.makeFolder('mount'), basename(mount.target));
    if (mount.kind === 'text') {
      writeFileSync(copy, mount.text);
      // as compose mounts secrets: whoever runs in the container reads them
      chmodSync(copy, 0o444);
    } else copyFileSync(join(this.root, mount.source), copy);
    return `${copy}:${mount.target}${mount.kind === 'text' || mount.readOnly ? ':ro' : ''}`;
  }

  private async create(about: string): Promise<string> {
    const name = this.session.name(about);
    this.names.push(name);
    await this.containers.createVolume(name, this.session.id);
    return name;
  }

  /** Copies a folder into a volume through a container that is never started: no path of ours is mounted, owners stay. */
  private async fill(volume: string, folder: string, image: string): Promise<void> {
    const id = await this.containers.create({
      image,
      session: this.session.id,
      name: this.session.name('copy'),
      volumes: [`${volume}:/redock-copy:nocopy`],
      command: ['true'],
    });
    try {
      const copied = await this.session.engine.call(['cp', '--archive', `${folder}/.`, `${id}:/redock-copy`], {
        timeLimit: COPY_LIMIT,
        signal: this.session.signal,
      });
      if (!succeeded(copied)) throw new EngineError(`${folder} could not be copied: ${lastWords(copied)}`);
    } finally {
      await this.session.engine.remove({ kind: 'container', id, session: this.session.id });
    }
  }
}
