/** Puts what the two sources say about an image together: one row of the catalogue. */
import { splitTag } from '../../src/image.ts';
import type { ImageRelease, ImageReleases } from '../../src/knowledge/image-releases.ts';
import type { CatalogueImage } from './images.ts';
import type { Cycle } from './products.ts';

/** What a row says of an image; source and date are the catalogue's. */
export type CatalogueRow = Omit<ImageReleases, 'source' | 'date' | 'read'>;

export function rowOf(
  image: CatalogueImage,
  groups: readonly (readonly string[])[],
  cycles: readonly Cycle[],
): CatalogueRow {
  const { repository, precision } = image;
  const lasting = groups.map((group) => group.filter((tag) => isLasting(tag, precision)));
  const versions = cycles.length > 0 ? cycles.map((it) => written(it, precision)) : versionsOf(lasting, precision);
  const known = versions
    .filter(({ version }) => isListed(version, image))
    .sort((a, b) => compare(b.version, a.version));
  const releases = known.flatMap((cycle) => releasesOf(cycle, lasting, image));
  const latest = releases.find(({ tags }) => tags?.some((group) => group.includes('latest')))?.version;
  return {
    repository,
    ...(latest !== undefined && { latest }),
    precision,
    releases,
    forms: image.forms ?? formsOf(releases, image.plain ?? '{v}'),
  };
}

/** .NET 10 has the tag 10.0. */
const written = (cycle: Cycle, precision: number): Cycle =>
  precision === 2 && /^\d+$/.test(cycle.version) ? { ...cycle, version: `${cycle.version}.0` } : cycle;

function releasesOf(cycle: Cycle, groups: readonly (readonly string[])[], image: CatalogueImage): ImageRelease[] {
  const { version, codename, end } = cycle;
  const names = image.codenames && codename !== undefined ? [version, codename] : [version];
  const tags = groups.filter((group) => group.some((tag) => names.some((name) => isOf(tag, name))));
  const when = end === true ? { ended: true as const } : end === undefined ? {} : { eol: end };
  return names.map((name) => ({ version: name, ...when, ...(tags.length > 0 && { tags }) }));
}

/** Whether a tag stays for longer than one patch release: no more numbers than a line has, no build date. */
function isLasting(tag: string, precision: number): boolean {
  if (/-\d{8}|^\d{8}$|\d(?:rc|beta|alpha|b|u)\d|(?:^|-)rc(?:-|$)|nightly|_\d/.test(tag)) return false;
  const { version } = splitTag(tag);
  return version === undefined || version.split('.').length <= precision;
}

const isOf = (tag: string, version: string): boolean => {
  const named = tag.replace(/^v(?=\d)/, '');
  return named === version || named.startsWith(`${version}-`);
};

/** The release lines that tags name, where no list of them is told. */
function versionsOf(groups: readonly (readonly string[])[], precision: number): readonly Cycle[] {
  const named = groups.flat().flatMap((tag) => splitTag(tag).version ?? []);
  const lines = named.filter((version) => /^\d+(?:\.\d+)*$/.test(version) && version.split('.').length === precision);
  return [...new Set(lines)].map((version) => ({ version }));
}

function isListed(version: string, { oldest, precision }: CatalogueImage): boolean {
  if (!/^\d+(?:\.\d+)*$/.test(version) || version.split('.').length !== precision) return false;
  return compare(version, oldest) >= 0;
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((it) => it.split('.').map(Number)) as [number[], number[]];
  const at = left.findIndex((n, i) => n !== right[i]);
  return at === -1 ? left.length - right.length : (left[at] as number) - (right[at] ?? -1);
}

/** The forms of tags that every line with tags has: `{v}-slim`; those that name a version of a distribution are left out. */
function formsOf(releases: readonly ImageRelease[], plain: string): readonly string[] {
  const perLine = releases.flatMap(({ version, tags }) =>
    tags
      ? [
          tags
            .flat()
            .filter((tag) => isOf(tag, version))
            .map((tag) => tag.replace(/^v(?=\d)/, '').slice(version.length)),
        ]
      : [],
  );
  const [first = [], ...rest] = perLine;
  const shared = new Set(first.filter((form) => !/\d/.test(form) && rest.every((line) => line.includes(form))));
  const forms = [...shared].map((form) => `{v}${form}`).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return [plain, ...forms.filter((form) => form !== plain)];
}
