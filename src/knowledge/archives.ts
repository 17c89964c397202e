/**
 * How an archive is recognised that ADD unpacks: the builder looks at the content, never at the name, and unpacks tar
 * files, plain or compressed. Names count here as well, because the file at hand may be a placeholder.
 */

/** First bytes of the compressions that ADD reads. Source: docker/docker archive.DetectCompression, 2026-11. */
export const COMPRESSION_MAGIC = [
  { name: 'gzip', bytes: [0x1f, 0x8b] },
  { name: 'bzip2', bytes: [0x42, 0x5a, 0x68] },
  { name: 'xz', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { name: 'zstd', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
] as const;

/** Names of archives: `rootfs.tar`, `x.tar.gz`, `x.tgz`, `x.zst`. */
export const ARCHIVE_NAME = /\.(?:tar|tgz|tbz2?|txz|tzst|tlz|gz|bz2|xz|zst|lzma|z)(?:\.\w+)?$/i;

/** A file that git keeps elsewhere; what is there at build time is not what is here. Source: git-lfs docs/spec.md. */
export const LFS_POINTER = 'version https://git-lfs';

/** The size of a tar header, and where its checksum stands. Source: POSIX pax, ustar format. */
export const TAR_HEADER = { size: 512, checksumAt: 148, checksumLength: 8 } as const;
