/** Bytes of one file, and whether they are text. */
import { isUtf8 } from 'node:buffer';
import * as fs from 'node:fs';

/** The code of a system error: ENOENT. */
export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException)?.code ?? 'unknown error';

/** Reads up to `limit` bytes of a regular file; no bytes when it is something else. O_NONBLOCK: opening a pipe must not wait. */
export function readRegular(full: string, limit: number): { bytes: Uint8Array | undefined; stats: fs.Stats } {
  const before = fs.statSync(full);
  if (!before.isFile()) return { bytes: undefined, stats: before };
  const file = fs.openSync(full, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  try {
    const stats = fs.fstatSync(file);
    if (!stats.isFile()) return { bytes: undefined, stats };
    // One byte more than the size, so that the end is seen; a file that grows meanwhile is read on.
    let bytes = Buffer.allocUnsafe(Math.min(limit, stats.size + 1));
    let length = 0;
    while (length < limit) {
      if (length === bytes.length) bytes = Buffer.concat([bytes], Math.min(limit, bytes.length * 2 + 1024));
      const got = fs.readSync(file, bytes, length, bytes.length - length, null);
      if (got === 0) break;
      length += got;
    }
    return { bytes: bytes.subarray(0, length), stats };
  } finally {
    fs.closeSync(file);
  }
}

/** Why bytes are no UTF-8 text, as the end of a sentence; undefined: they are. */
export function whyNotText(bytes: Uint8Array): string | undefined {
  const mark = `${bytes[0]},${bytes[1]}`;
  if (mark === '255,254' || mark === '254,255') return 'is UTF-16, not UTF-8';
  const nul = bytes.indexOf(0);
  if (nul >= 0) return `is binary (a NUL byte at offset ${nul})`;
  return isUtf8(bytes) ? undefined : firstBadByte(bytes);
}

/** Says where the first byte stands that is no part of a UTF-8 character. */
function firstBadByte(bytes: Uint8Array): string {
  let line = 1;
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] as number;
    const length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    if (length > 1 && (at + length > bytes.length || !isUtf8(bytes.subarray(at, at + length)))) break;
    if (byte === 0x0a) line++;
    at += length;
  }
  return `is not UTF-8 (line ${line}, byte offset ${at})`;
}

/** Why a path that exists has no place below the root. */
export function whyNowhere(full: string, link: fs.Stats): string {
  try {
    fs.realpathSync.native(full);
    return link.isSymbolicLink()
      ? 'is a link that leads out of the root folder'
      : 'lies behind a link that leads out of the root folder';
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ELOOP') return 'is a link that leads to itself';
    if (code === 'EACCES') return 'cannot be read: permission denied';
    return link.isSymbolicLink() ? 'is a broken link' : `cannot be read: ${code}`;
  }
}
