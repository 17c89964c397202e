/**
 * Writing one file so that it is old or new and never half: temporary file beside it, fsync, re-read, rename.
 * Everything is synchronous, so that no signal handler runs between the steps.
 */
import * as nodeFs from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';

/** What this module needs of node:fs; tests put failures in. */
export type Files = Pick<
  typeof nodeFs,
  | 'accessSync'
  | 'closeSync'
  | 'constants'
  | 'fchmodSync'
  | 'fchownSync'
  | 'fsyncSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'realpathSync'
  | 'renameSync'
  | 'statSync'
  | 'unlinkSync'
  | 'writeSync'
>;

/** One line that says why a file was not written. The file is as it was. */
export class WriteError extends Error {}

export interface WriteJob {
  /** Absolute path; a link is followed as long as it stays below `root`. */
  readonly path: string;
  /** Absolute real path of the folder that nothing may be written outside of. */
  readonly root: string;
  /** The text that the new one was made from; undefined: the file must not exist yet. */
  readonly before: string | undefined;
  readonly after: string;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'the folder is not writable',
  EPERM: 'the folder is not writable',
  ENOENT: 'it is gone',
  ENOTDIR: 'a part of its path is not a folder',
  ELOOP: 'it is a link that leads back to itself',
  EISDIR: 'it is a folder',
  EEXIST: 'it exists meanwhile',
  EMFILE: 'too many files are open',
  EIO: 'the disk reported an error',
};

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

const isBelow = (root: string, path: string): boolean => {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !/^[A-Za-z]:|^[\\/]/.test(way);
};

let count = 0;

/**
 * Writes one file, keeping its mode, its owner where permitted, and links to it.
 * @returns a remark worth telling (hard links are separated), or undefined
 * @throws WriteError; the file is untouched then and the temporary file removed
 */
export function writeWhole(job: WriteJob, files: Files = nodeFs): string | undefined {
  try {
    return job.before === undefined ? create(job, job.after, files) : replace(job, job.before, files);
  } catch (error) {
    if (error instanceof WriteError) throw error;
    throw new WriteError(reason(error));
  }
}

function replace({ path, root, after }: WriteJob, before: string, files: Files): string | undefined {
  const target = files.realpathSync(path);
  if (!isBelow(root, target)) throw new WriteError(`it is a link out of ${root}`);
  const stat = files.statSync(target);
  if (!stat.isFile()) throw new WriteError('it is not a regular file');
  // A rename would succeed on a file that its owner protected; root passes access() whatever the mode.
  const mode = stat.mode & 0o7777;
  if ((mode & 0o222) === 0 || !mayWrite(target, files)) {
    throw new WriteError(`it is read-only (mode ${mode.toString(8).padStart(4, '0')})`);
  }
  const swap = (temporary: string): void => {
    if (!files.readFileSync(target).equals(Buffer.from(before, 'utf8'))) {
      throw new WriteError('it was changed by somebody else meanwhile');
    }
    files.renameSync(temporary, target);
  };
  viaTemporary(target, after, { mode, owner: stat }, swap, files);
  return stat.nlink > 1 ? `had ${stat.nlink - 1} more hard link(s), which keep the old text` : undefined;
}

function create({ path, root }: WriteJob, after: string, files: Files): undefined {
  let folder = dirname(path);
  while (!exists(folder, files)) folder = dirname(folder);
  const real = files.realpathSync(folder);
  if (real !== root && !isBelow(root, real)) throw new WriteError(`its folder is a link out of ${root}`);
  files.mkdirSync(dirname(path), { recursive: true });
  const swap = (temporary: string): void => {
    if (exists(path, files)) throw new WriteError('it exists meanwhile');
    files.renameSync(temporary, path);
  };
  viaTemporary(path, after, undefined, swap, files);
}

function mayWrite(path: string, files: Files): boolean {
  try {
    files.accessSync(path, files.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function exists(path: string, files: Files): boolean {
  return files.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

interface Keep {
  readonly mode: number;
  readonly owner: { readonly uid: number; readonly gid: number };
}

function viaTemporary(
  target: string,
  text: string,
  keep: Keep | undefined,
  swap: (temporary: string) => void,
  files: Files,
): void {
  const temporary = join(dirname(target), `.${basename(target)}.redock-${process.pid}-${++count}`);
  const handle = files.openSync(temporary, 'wx', 0o666);
  try {
    try {
      const bytes = Buffer.from(text, 'utf8');
      for (let at = 0; at < bytes.length; ) at += files.writeSync(handle, bytes, at);
      if (keep) {
        keepOwner(handle, keep, files);
        files.fchmodSync(handle, keep.mode);
      }
      files.fsyncSync(handle);
    } finally {
      files.closeSync(handle);
    }
    swap(temporary);
  } catch (error) {
    try {
      files.unlinkSync(temporary);
    } catch {
      // The first failure is the one to report.
    }
    throw error;
  }
  syncFolder(dirname(target), files);
}

/** Only root may give files away; anybody else becomes the owner, as with every editor that writes this way. */
function keepOwner(handle: number, { owner }: Keep, files: Files): void {
  try {
    files.fchownSync(handle, owner.uid, owner.gid);
  } catch {
    // Not permitted, or no owners on this system.
  }
}

/** Makes the rename itself durable; not every system lets a folder be opened. */
function syncFolder(folder: string, files: Files): void {
  try {
    const handle = files.openSync(folder, 'r');
    try {
      files.fsyncSync(handle);
    } finally {
      files.closeSync(handle);
    }
  } catch {
    // Nothing is lost but the guarantee across a power cut.
  }
}
