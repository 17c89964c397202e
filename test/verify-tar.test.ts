import { describe, expect, test } from 'vitest';
import type { ImageFile } from '../src/verify/engine.ts';
import { TarReader } from '../src/verify/tar.ts';

interface Entry {
  readonly name: string;
  readonly kind?: string;
  readonly content?: string;
  readonly prefix?: string;
  /** The size as the header says it, where it is not that of the content. */
  readonly size?: Buffer;
}

/** A tar file as POSIX.1-1988 lays it out: a header of 512 bytes, the content, zeros up to the next 512. */
function pack(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ name, kind = '0', content = '', prefix = '', size }) => {
    const body = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    if (size) size.copy(header, 124);
    else header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write(kind, 156);
    header.write('ustar\x0000', 257);
    header.write(prefix, 345);
    header.write('        ', 148);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** What the reader tells of a stream that comes in pieces of `step` bytes. */
function read(tar: Buffer, step: number): Promise<ImageFile[]> {
  const files: ImageFile[] = [];
  const reader = new TarReader((file) => files.push(file));
  return new Promise((done, fail) => {
    reader.on('error', fail);
    reader.on('finish', () => done(files));
    for (let at = 0; at < tar.length; at += step) reader.write(tar.subarray(at, at + step));
    reader.end();
  });
}

const pax = (key: string, value: string): string => {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest) + 1;
  while (String(length).length + Buffer.byteLength(rest) !== length) length++;
  return length + rest;
};

describe('a tar stream', () => {
  const long = `${'deep/'.repeat(60)}é.js`;
  const tar = pack([
    { name: './etc/', kind: '5' },
    { name: './etc/hosts', content: 'a'.repeat(700) },
    { name: 'bin/sh', kind: '2' },
    { name: 'bin/hard', kind: '1' },
    { name: 'passwd', prefix: 'very/long/folder', content: 'x' },
    { name: 'pax', kind: 'x', content: pax('mtime', '1.5') + pax('path', long) },
    { name: 'cut', content: 'yy' },
    { name: '././@LongLink', kind: 'L', content: `${long}.gnu\0` },
    { name: 'cut', content: 'zzz' },
    { name: 'empty' },
    { name: 'dev/null', kind: '3' },
  ]);
  const expected = [
    { path: 'etc/hosts', size: 700 },
    { path: 'very/long/folder/passwd', size: 1 },
    { path: long, size: 2 },
    { path: `${long}.gnu`, size: 3 },
    { path: 'empty', size: 0 },
  ];

  test.each([1, 7, 511, 512, 513, 1 << 20])('in pieces of %i bytes', async (step) => {
    expect(await read(tar, step)).toEqual(expected);
  });

  test('sizes of 8 GB and more', async () => {
    const size = Buffer.alloc(12);
    size[0] = 0x80;
    size.writeUIntBE(9 * 2 ** 30, 6, 6);
    const files: ImageFile[] = [];
    new TarReader((file) => files.push(file)).write(pack([{ name: 'big', size }]).subarray(0, 512));
    expect(files).toEqual([{ path: 'big', size: 9 * 2 ** 30 }]);
  });

  test('what is no tar, or only half of one, fails', async () => {
    await expect(read(Buffer.from('Error: no such container '.repeat(40)), 100)).rejects.toThrow('no tar');
    await expect(read(tar.subarray(0, 1100), 100)).rejects.toThrow('in the middle');
  });
});
