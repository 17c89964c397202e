/**
 * A temporary copy of what a build reads, laid out as below the root: the context, the Dockerfile and the ignore files.
 * Both versions are built from the same copy; the working tree is only read.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { copyFile, lstat, mkdir, readdir, readlink, symlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DockerIgnore, parseDockerignore } from '../dockerignore.ts';
import type { BuildPlan } from './plan.ts';

/** Files that are copied at the same time. */
const WIDTH = 16;

const join2 = (a: string, b: string): string => (a === '' ? b : `${a}/${b}`);

/** Blank lines of some width that nobody has had before. */
function blanks(): string {
  const bits = [...randomBytes(8)].map((byte) => byte.toString(2)).join('');
  return `\n${bits.replaceAll('0', ' ').replaceAll('1', '\n')}\n`;
}

/** The files that hold the rules for a build, the winner first. */
export const ignoreFiles = ({ dockerfile, context }: Pick<BuildPlan, 'dockerfile' | 'context'>): string[] => [
  `${dockerfile}.dockerignore`,
  join2(context, '.dockerignore'),
];

export class Snapshot {
  /** Absolute path of the copy: what is relative to the root is relative to it. */
  readonly folder: string;
  private readonly changed = new Map<string, Buffer | undefined>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Copies what reaches the builder: before, or after with the ignore files among `planned` (by path relative to the root).
   * @param root absolute path. @param folder an empty folder
   */
  static async take(
    root: string,
    folder: string,
    plan: Pick<BuildPlan, 'dockerfile' | 'context'>,
    planned: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ): Promise<Snapshot> {
    const rules = (read: (path: string) => string | undefined): DockerIgnore =>
      parseDockerignore(
        ignoreFiles(plan)
          .map(read)
          .find((text) => text !== undefined) ?? '',
      );
    const disk = (path: string): string | undefined => {
      try {
        return fs.readFileSync(join(root, path), 'utf8');
      } catch {
        return undefined;
      }
    };
    const versions = [rules(disk), rules((path) => planned.get(path) ?? disk(path))];
    const from = join(root, plan.context);
    const to = join(folder, plan.context);
    await mkdir(to, { recursive: true });
    await copyFolder(from, to, '', versions, signal);
    for (const path of [plan.dockerfile, ...ignoreFiles(plan)]) {
      if (!fs.statSync(join(root, path), { throwIfNoEntry: false })?.isFile()) continue;
      await mkdir(dirname(join(folder, path)), { recursive: true });
      fs.rmSync(join(folder, path), { force: true });
      await copyFile(join(root, path), join(folder, path));
    }
    return new Snapshot(folder);
  }

  /** Puts the copy into the state in which exactly these files (path relative to the root) differ from what was copied. */
  set(files: ReadonlyMap<string, string>): void {
    this.restore();
    for (const [path, text] of files) this.write(path, Buffer.from(text));
  }

  /**
   * Adds blanks and line breaks to the end of a file until the function has done its work: others each time, or the
   * engine would take the layers of an earlier run for this one's.
   */
  async touched<T>(path: string, work: () => Promise<T>): Promise<T> {
    const full = join(this.folder, path);
    const content = fs.readFileSync(full);
    this.replace(full, Buffer.concat([content, Buffer.from(blanks())]));
    try {
      return await work();
    } finally {
      this.replace(full, content);
    }
  }

  private restore(): void {
    for (const [path, content] of this.changed) {
      const full = join(this.folder, path);
      if (content === undefined) fs.rmSync(full, { force: true });
      else this.replace(full, content);
    }
    this.changed.clear();
  }

  private write(path: string, content: Buffer): void {
    const full = join(this.folder, path);
    const there = fs.statSync(full, { throwIfNoEntry: false });
    this.changed.set(path, there ? fs.readFileSync(full) : undefined);
    fs.mkdirSync(dirname(full), { recursive: true });
    this.replace(full, content);
  }

  /** With the mode that the file had; a link in its place gives way. */
  private replace(full: string, content: Buffer): void {
    const mode = (fs.statSync(full, { throwIfNoEntry: false })?.mode ?? 0o644) & 0o7777;
    fs.rmSync(full, { force: true });
    fs.writeFileSync(full, content, { mode });
    fs.chmodSync(full, mode);
  }
}

/** Whether any version of the rules lets a path through, or something below it. */
function wanted(path: string, isFolder: boolean, versions: readonly DockerIgnore[]): boolean {
  return versions.some((rules) => !rules.ignores(path) || (isFolder && rules.reincludes));
}

/** Copies files, folders and links with their modes and times; sockets and devices are no part of a context. */
async function copyFolder(
  from: string,
  to: string,
  path: string,
  versions: readonly DockerIgnore[],
  signal: AbortSignal,
): Promise<void> {
  const entries = await readdir(join(from, path), { withFileTypes: true });
  const copyOne = async (entry: fs.Dirent): Promise<void> => {
    signal.throwIfAborted();
    const below = join2(path, entry.name);
    if (!wanted(below, entry.isDirectory(), versions)) return;
    const [source, target] = [join(from, below), join(to, below)];
    if (entry.isDirectory()) {
      await mkdir(target, { recursive: true });
      await copyFolder(from, to, below, versions, signal);
      const { mode } = await lstat(source);
      // Its files are in it: now it may be a folder that nobody writes to, but for what we change in it ourselves.
      fs.chmodSync(target, (mode & 0o7777) | 0o200);
    } else if (entry.isSymbolicLink()) {
      await symlink(await readlink(source), target);
    } else if (entry.isFile()) {
      await copyFile(source, target, fs.constants.COPYFILE_FICLONE);
      const { atime, mtime } = await lstat(source);
      await utimes(target, atime, mtime);
    }
  };
  const waiting = [...entries];
  const worker = async (): Promise<void> => {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) await copyOne(entry);
  };
  // Folders below work on their own entries, so that a few workers at each level are enough.
  await Promise.all(Array.from({ length: Math.min(WIDTH, entries.length) }, worker));
}
