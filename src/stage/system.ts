/** The distribution and its release under a stage, as the tag of the image tells it. */
import { lineage } from '../document/lineage.ts';
import type { Stage } from '../document.ts';
import { type ImageRef, splitTag } from '../image.ts';
import { listedTag } from '../knowledge/image-releases.ts';
import { repositoryName } from '../knowledge/images.ts';
import { IN_PHP, IN_PYTHON_SLIM, IN_RUBY_SLIM, type LibraryRow } from '../knowledge/libraries.ts';
import type { System } from './view.ts';

const CODENAME = /(?:^|-)(buster|bullseye|bookworm|trixie|focal|jammy|noble|resolute)(?:-|$)/;
/** The release that a tag names: `1.26-alpine3.24`, `trixie`, `8.0-alpine-3.20`. */
const releaseIn = (tag: string): string | undefined => CODENAME.exec(tag)?.[1] ?? /alpine-?(\d+\.\d+)/.exec(tag)?.[1];
const DEBIAN_NUMBERS: Readonly<Record<string, string>> = { 10: 'buster', 11: 'bullseye', 12: 'bookworm', 13: 'trixie' };

const NOTHING: ReadonlySet<string> = new Set();
const HELD: Readonly<Record<string, ReadonlySet<string>>> = { php: IN_PHP, python: IN_PYTHON_SLIM, ruby: IN_RUBY_SLIM };

/** Reads family and release of the base image; a tag without a code name gives no release. */
export function systemOf(stage: Stage): System {
  const family = stage.base?.family;
  const tag = stage.image?.tag ?? '';
  const known = family === 'debian' || family === 'ubuntu' || family === 'alpine' ? family : 'other';
  const name = CODENAME.exec(tag)?.[1] ?? /alpine(\d+\.\d+)/.exec(tag)?.[1];
  const number =
    stage.image && repositoryName(stage.image) === 'debian' ? DEBIAN_NUMBERS[/^\d+/.exec(tag)?.[0] ?? ''] : undefined;
  const release = name ?? number;
  return {
    family: known,
    release,
    holds: HELD[stage.image ? repositoryName(stage.image) : ''] ?? NOTHING,
    says: release === undefined ? undefined : `${stage.fromWord.value} names ${release}`,
  };
}

/** The release under a stage: as its tag names it, or as the catalogue knows the tag (`python:3.14-slim` is trixie now). */
export function releaseNow(stage: Stage): string | undefined {
  const root = lineage(stage).at(-1) ?? stage;
  const { release } = systemOf(root);
  if (release !== undefined || !root.image || root.image.digest !== undefined) return release;
  return (listedTag(root.image)?.same ?? []).map(releaseIn).find((it) => it !== undefined);
}

/**
 * The tag that names the release of the same image, as the catalogue knows it: `1.26-alpine` is `1.26-alpine3.24`, `latest`
 * is `trixie`. Undefined: the tag is not listed, names a release itself, or stands beside a digest.
 */
export function tagWithRelease(
  image: ImageRef,
): { readonly tag: string; readonly release: string; readonly date: string } | undefined {
  const tag = image.tag ?? 'latest';
  if (image.digest !== undefined || releaseIn(tag) !== undefined) return undefined;
  const { version } = splitTag(tag);
  const listed = listedTag(image);
  for (const it of listed?.same ?? []) {
    const release = releaseIn(it);
    if (listed && release !== undefined && splitTag(it).version === version)
      return { tag: it, release, date: listed.date };
  }
  return undefined;
}

/** The run-time packages of a row in a release; undefined: not known for it. */
export function runTimeNames(
  row: Omit<LibraryRow, 'dev'>,
  { release, holds }: Pick<System, 'release' | 'holds'>,
): readonly string[] | undefined {
  if (row.any) return row.any;
  if (release === 'bookworm' || release === 'trixie' || release === 'bullseye') return row[release];
  const all = [row.bookworm, row.trixie, row.bullseye].filter((names) => names !== undefined);
  if (all.flat().every((name) => holds.has(name))) return [];
  // trixie provides the old names of packages that only got t64 behind them
  const stems = new Set(all.map((names) => names.map((it) => it.replace('t64', '')).join(' ')));
  return stems.size === 1 && row.trixie && !row.isRenamed ? row.bookworm : undefined;
}
