/** Questions about the release tables of images.ts: what a tag names, and how a release is written as a tag. */
import { splitTag } from './image.ts';
import { type ImageRelease, type ImageReleases, RELEASES_IN_NAMES } from './knowledge/image-releases.ts';
import { LANGUAGE_IMAGES, MOVING_TAGS } from './knowledge/version-evidence.ts';

const languageImages: ReadonlySet<string> = new Set(LANGUAGE_IMAGES.flatMap(({ repositories }) => repositories));

/** What a tag says about the release. */
export type TagMeaning =
  | { readonly kind: 'none'; readonly variant: string }
  | { readonly kind: 'moving' }
  | { readonly kind: 'release'; readonly release: ImageRelease }
  | { readonly kind: 'unknown' };

/** `latest` and `slim` name no release, `lts` a moving one, `22.1-slim` and `bookworm-slim` one of the table. */
export function tagMeaning(releases: ImageReleases, tag: string | undefined): TagMeaning {
  if (tag === undefined || tag === 'latest') return { kind: 'none', variant: '' };
  const { version, variant } = splitTag(tag);
  if (version !== undefined) {
    const line = version.replace(/^v/, '').split('.').slice(0, releases.precision).join('.');
    const release = releases.releases.find((it) => it.version === line);
    return release ? { kind: 'release', release } : { kind: 'unknown' };
  }
  const codename = releases.releases.find((it) => it.version === variant[0]);
  if (codename) return { kind: 'release', release: codename };
  if (variant.some((word) => MOVING_TAGS.has(word))) return { kind: 'moving' };
  const joined = variant.join('-');
  // debian:wheezy is a release that the table does not have; node:slim is a variant
  const language = languageImages.has(releases.repository);
  return language || releases.forms.includes(`{v}-${joined}`) ? { kind: 'none', variant: joined } : { kind: 'unknown' };
}

/** Whether a release is past its end of life in the month in which its table was read. */
export function isEnded(releases: Pick<ImageReleases, 'read'>, release: ImageRelease): boolean {
  return release.ended === true || (release.eol !== undefined && release.eol.slice(0, 7) <= releases.read);
}

/** The release that the name of a repository has (`gcr.io/distroless/base-debian13`), and its table. */
export function releaseInName(
  repository: string,
):
  | { readonly release: ImageRelease; readonly releases: Pick<ImageReleases, 'releases' | 'date' | 'read'> }
  | undefined {
  for (const row of RELEASES_IN_NAMES) {
    const version = row.repository.exec(repository)?.[1];
    const release = row.releases.find((it) => it.version === version);
    if (release) return { release, releases: row };
  }
  return undefined;
}

/** The lowest maintained release above another one, written the same way (number or code name). */
export function nextRelease(
  releases: Pick<ImageReleases, 'releases' | 'read'>,
  release: ImageRelease,
): ImageRelease | undefined {
  const style = (version: string) => /^\d/.test(version);
  const at = releases.releases.findIndex((it) => it.version === release.version);
  return releases.releases
    .slice(0, Math.max(at, 0))
    .filter((it) => style(it.version) === style(release.version) && !isEnded(releases, it))
    .at(-1);
}

/** The tag of a release in a variant ('': the plain image); undefined where it is not known to exist. */
export function tagOf(releases: ImageReleases, release: ImageRelease, variant: string): string | undefined {
  const plain = releases.forms[0] as string;
  const form = variant === '' ? plain : releases.forms.find((it) => it === `{v}-${variant}`);
  if (release.tags && !plain.includes('{java}')) {
    const tag = variant === '' ? plain.replace('{v}', release.version) : `${release.version}-${variant}`;
    return release.tags.some((group) => group.includes(tag)) ? tag : undefined;
  }
  if (form === undefined || form.includes('{java}')) return undefined;
  // a release that has ended was never built upon a later Debian
  if (isEnded(releases, release) && /bullseye|bookworm|trixie|jammy|noble|resolute/.test(form)) return undefined;
  return form.replace('{v}', release.version);
}

/** `22.21.1-slim` -> 22, 21, 1; `21.0.9_10-jre` -> 21, 0, 9, 10; `slim` -> none; undefined: no plain version (`3.15.0rc1`). */
export function tagNumbers(tag: string): { readonly numbers: readonly number[]; readonly variant: string } | undefined {
  const { version, variant } = splitTag(tag);
  if (version === undefined) {
    const words = variant.filter((word) => word !== 'latest' && !MOVING_TAGS.has(word));
    return { numbers: [], variant: words.join('-') };
  }
  if (!/^v?\d+(?:\.\d+)*(?:_\d+)?$/.test(version)) return undefined;
  return { numbers: version.replace(/^v/, '').split(/[._]/).map(Number), variant: variant.join('-') };
}

/** Whether a tag has three numbers: it is taken for one release and stays. */
export const isPatchTag = (tag: string): boolean => (tagNumbers(tag)?.numbers.length ?? 0) >= 3;
