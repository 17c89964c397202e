/** Reads a tar stream (ustar, pax and GNU names and sizes) for its regular files; their content is passed over and never held. */
import { Writable } from 'node:stream';
import type { ImageFile } from './engine.ts';

const BLOCK = 512;
/** Largest pax or long-name record that is read: names are some kilobytes at most. */
const RECORD_LIMIT = 1024 * 1024;

/** A text field: up to its first NUL. */
function textAt(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

/** A number: octal digits, or base 256 when the first bit is set (GNU, files of 8 GB and more). */
function numberAt(block: Buffer, start: number, length: number): number {
  if ((block[start] as number) < 0x80) return Number.parseInt(textAt(block, start, length).trim() || '0', 8);
  let value = (block[start] as number) & 0x7f;
  for (let i = 1; i < length; i++) value = value * 256 + (block[start + i] as number);
  return value;
}

/** `30 path=some/long/name\n` records. */
function paxOf(content: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < content.length; ) {
    const blank = content.indexOf(32, at);
    const length = Number(content.toString('utf8', at, blank));
    if (blank < 0 || !(length > 0)) break;
    const record = content.toString('utf8', blank + 1, at + length - 1);
    const equals = record.indexOf('=');
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

function checkSum(block: Buffer): boolean {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : (block[i] as number);
  return sum === numberAt(block, 148, 8);
}

/** `./usr//bin/` as `usr/bin`. */
const clean = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');

/** Takes a tar stream and tells each regular file once: links count nothing. Fails with an Error for what is no tar. */
export class TarReader extends Writable {
  private readonly each: (file: ImageFile) => void;
  private header = Buffer.alloc(0);
  /** Bytes of content and padding still to come, and where they go. */
  private left = 0;
  private padding = 0;
  private record: Buffer[] | undefined;
  private recordKind = '';
  private name: string | undefined;
  private size: number | undefined;
  private ended = false;

  constructor(each: (file: ImageFile) => void) {
    super();
    this.each = each;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    try {
      for (let at = 0; at < chunk.length; ) at = this.take(chunk, at);
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _final(done: (error?: Error) => void): void {
    const whole = this.ended || (this.left === 0 && this.header.length === 0);
    done(whole ? undefined : new Error('the tar stream ends in the middle of a file'));
  }

  /** Uses some of the chunk from `at` and gives where it stopped. */
  private take(chunk: Buffer, at: number): number {
    if (this.ended) return chunk.length;
    if (this.left > 0) {
      const end = Math.min(chunk.length, at + this.left);
      this.record?.push(chunk.subarray(at, end));
      this.left -= end - at;
      if (this.left === 0) this.finish();
      return end;
    }
    if (this.padding > 0) {
      const end = Math.min(chunk.length, at + this.padding);
      this.padding -= end - at;
      return end;
    }
    const end = Math.min(chunk.length, at + BLOCK - this.header.length);
    this.header = Buffer.concat([this.header, chunk.subarray(at, end)]);
    if (this.header.length === BLOCK) {
      const block = this.header;
      this.header = Buffer.alloc(0);
      this.begin(block);
    }
    return end;
  }

  private begin(block: Buffer): void {
    if (block.every((byte) => byte === 0)) {
      this.ended = true;
      return;
    }
    if (!checkSum(block)) throw new Error('this is no tar stream');
    const kind = String.fromCharCode(block[156] as number);
    const size = numberAt(block, 124, 12);
    if ('xgLK'.includes(kind)) {
      if (size > RECORD_LIMIT) throw new Error('a tar record is too large');
      this.record = [];
      this.recordKind = kind;
      this.expect(size);
      return;
    }
    const prefix = textAt(block, 257, 5) === 'ustar' ? textAt(block, 345, 155) : '';
    const path = this.name ?? (prefix === '' ? textAt(block, 0, 100) : `${prefix}/${textAt(block, 0, 100)}`);
    const length = this.size ?? size;
    this.name = undefined;
    this.size = undefined;
    // '0' and NUL are files, '7' is a contiguous file; '1' (hard link) to '6' have no content of their own.
    const regular = kind === '0' || kind === '\0' || kind === '7';
    if (regular && !path.endsWith('/')) this.each({ path: clean(path), size: length });
    this.expect('123456'.includes(kind) ? 0 : length);
  }

  private expect(size: number): void {
    this.left = size;
    this.padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (size === 0) this.finish();
  }

  /** The end of some content: what a record says about the next file. */
  private finish(): void {
    if (!this.record) return;
    const content = Buffer.concat(this.record);
    this.record = undefined;
    if (this.recordKind === 'L') this.name = textAt(content, 0, content.length);
    if (this.recordKind !== 'x') return;
    const pax = paxOf(content);
    this.name = pax.get('path') ?? this.name;
    const size = pax.get('size');
    if (size !== undefined) this.size = Number(size);
  }
}
