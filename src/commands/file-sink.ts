/** The report of `-o`: a temporary file beside the target that takes its place at the end, whole or not at all. */
import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../errors.ts';
import { OutputError, type Sink } from './io.ts';

export interface FileSink extends Sink {
  /** Puts the report in place; `keep` false: leaves no trace. */
  finish(keep: boolean): void;
}

/** @throws UsageError when the file cannot be made */
export function fileSink(path: string, unique: string): FileSink {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) throw new UsageError(`-o ${path}: it is a folder`);
  // A device or a pipe is written to as it is.
  const direct = stat !== undefined && !stat.isFile();
  const target = direct ? path : join(dirname(path), `.${basename(path)}.redock-${unique}`);
  let handle: number;
  try {
    handle = openSync(target, direct ? 'w' : 'wx');
  } catch (error) {
    throw new UsageError(`-o ${path}: cannot be written: ${(error as NodeJS.ErrnoException).code}`);
  }
  return {
    closed: false,
    write(text) {
      const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
      } catch (error) {
        this.finish(false);
        throw new OutputError(`-o ${path}: cannot be written: ${(error as NodeJS.ErrnoException).code}`);
      }
    },
    finish(keep) {
      if (handle < 0) return;
      closeSync(handle);
      handle = -1;
      if (direct) return;
      if (keep) renameSync(target, path);
      else rmSync(target, { force: true });
    },
  };
}
