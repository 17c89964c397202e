/** How the tags of the variants of an image are written: the one place that knows the grammar of slim and alpine tags. */
import { type ImageRef, splitImageRef, splitTag } from './image.ts';
import { imageReleases } from './knowledge/image-releases.ts';
import { repositoryName } from './knowledge/images.ts';
import { SLIM_IMAGES, type SlimImageRow } from './knowledge/slim-images.ts';
import { tagMeaning } from './releases.ts';

export const SUITE = /^(?:stretch|buster|bullseye|bookworm|trixie)$/;
/** Releases of Ubuntu in tags. */
const UBUNTU = /^(?:focal|jammy|noble|resolute)$/;
/** Release lines of Node by name. */
const NODE_LINE = /^(?:lts|current|argon|boron|carbon|[d-z][a-z]+ium|hydrogen|iron|jod|krypton)$/;
/** Small already, or another system. */
const OTHER = /^(?:slim|alpine.*|windowsservercore.*|nanoserver.*)$/;

/** A variant of an image: `small` where the tag names a small one already. */
export type Variant = 'small' | { readonly tag: string; readonly isListed: boolean } | { readonly why: string };

/** The words of a tag behind its version. */
export const tagWords = (ref: ImageRef): readonly string[] =>
  splitTag(ref.tag ?? 'latest').variant.filter((word) => word !== 'latest');

/**
 * The tag of the slim variant: `3.12-slim`, `3.12-slim-bookworm` and `22-bookworm-slim`. `row`: of the repository.
 * `isListed`: the catalogue has it.
 */
export function slimTag(ref: ImageRef, row: Pick<SlimImageRow, 'repository' | 'slim'>): Variant {
  const tag = ref.tag ?? 'latest';
  const words = tagWords(ref);
  if (words.some((word) => OTHER.test(word))) return 'small';
  if (row.slim === 'none') return { why: `${row.repository} has no slim variants` };
  // node:lts, node:22, debian:12
  const lines = row.repository === 'node' && NODE_LINE.test(words[0] ?? '') ? 1 : 0;
  const suites = words.slice(lines);
  if (suites.length > 1 || !suites.every((word) => SUITE.test(word)))
    return { why: `whether ${tag} has a slim variant is not known` };
  if (tag === 'latest') return slimListed(ref, row.repository === 'debian' ? 'stable-slim' : 'slim');
  const [suite] = suites;
  if (row.slim === 'behind-suite' || suite === undefined) return slimListed(ref, `${tag}-slim`);
  return slimListed(ref, `${tag.slice(0, -suite.length)}slim-${suite}`);
}

const slimListed = (ref: ImageRef, tag: string): Variant => ({
  tag,
  isListed: isKnownRelease(ref) && isListed(ref, tag) !== false,
});

/** The row of an image that has slim variants, or is known to have none. */
export function slimRow(ref: ImageRef): SlimImageRow | undefined {
  const name = repositoryName(ref);
  return SLIM_IMAGES.find(({ repository }) => repository === name);
}

/** Whether the release that a tag names is one of the table; `python:bookworm` names none, and that is known, too. */
export function isKnownRelease(ref: ImageRef): boolean {
  const releases = imageReleases(ref);
  const tag = ref.tag ?? 'latest';
  const isSuite = repositoryName(ref) !== 'debian' && SUITE.test(tag);
  return releases !== undefined && tagMeaning(releases, isSuite ? undefined : ref.tag).kind !== 'unknown';
}

/**
 * Whether the catalogue lists a tag of the image; for a patch release, the tag of its line. undefined: the tags of the
 * release were not read, because it has ended.
 */
export function isListed(ref: ImageRef, tag: string): boolean | undefined {
  const releases = imageReleases(ref);
  const { version, variant } = splitTag(tag);
  if (version === undefined) return releases?.releases.some((it) => it.tags?.some((group) => group.includes(tag)));
  // python:3-alpine
  if (releases?.releases.some((it) => it.tags?.some((group) => group.includes(tag)))) return true;
  const line = version.replace(/^v/, '').split('.').slice(0, releases?.precision).join('.');
  const tags = releases?.releases.find((it) => it.version === line)?.tags;
  return tags?.some((group) => group.includes([line, ...variant].join('-')));
}

/** Images of Java whose bare tag is the one with the compiler. */
const BARE_IS_JDK: ReadonlySet<string> = new Set(['eclipse-temurin']);

/** Systems themselves, and an image whose tags on Alpine were not built again since 2019. */
const NO_ALPINE: ReadonlySet<string> = new Set(['debian', 'ubuntu', 'buildpack-deps', 'openjdk']);

/** The tag on Alpine of the same release: `3.12-slim-bookworm` is `3.12-alpine` there. `isListed`: the catalogue has it. */
export function alpineTag(ref: ImageRef): Variant {
  const tag = ref.tag ?? 'latest';
  const words = tagWords(ref);
  const { version } = splitTag(tag);
  if (words.some((word) => word.startsWith('alpine'))) return 'small';
  const releases = imageReleases(ref);
  const why = `whether ${repositoryName(ref)}:${tag} has a variant on Alpine is not known`;
  if (!releases || NO_ALPINE.has(repositoryName(ref))) return { why };
  const kept = words.filter((word) => word !== 'slim' && !SUITE.test(word) && !UBUNTU.test(word));
  if (kept.length === 0 && version !== undefined && BARE_IS_JDK.has(repositoryName(ref))) kept.push('jdk');
  const variant = [...kept, 'alpine'].join('-');
  const line = version === undefined && NODE_LINE.test(kept[0] ?? '') ? kept.slice(1) : kept;
  const wanted = version === undefined ? variant : `${version}-${variant}`;
  const isKnown =
    isListed(ref, wanted) ??
    (isKnownRelease({ ...ref, tag: version ?? kept[0] }) &&
      releases.forms.includes(`{v}-${[...line, 'alpine'].join('-')}`));
  return { tag: wanted, isListed: isKnown };
}

/**
 * A reference with another tag, as it is written: `${BASE}:${V}-bookworm` from `3-bookworm` to `3-slim-bookworm` keeps
 * its variables. undefined: what changes stands in a variable.
 */
export function withTag(written: string, from: string, to: string): string | undefined {
  const parts = splitImageRef(written);
  if (!parts.tag) return written.includes('$') ? undefined : `${written}:${to}`;
  const text = written.slice(...parts.tag);
  const head = written.slice(0, parts.tag[0]);
  if (text === from) return head + to;
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  const tail = from.slice(same);
  return text.endsWith(tail) && !/["'\\]/.test(text)
    ? head + text.slice(0, text.length - tail.length) + to.slice(same)
    : undefined;
}
