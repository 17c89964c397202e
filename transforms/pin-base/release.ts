/** The release of a base image: the one that files of the project name where none is written, what ended, what disagrees. */

import { place } from '../../src/document/place-tag.ts';
import type { Document, Stage } from '../../src/document.ts';
import type { Change, Decline, Span } from '../../src/edit.ts';
import type { ImageRef } from '../../src/image.ts';
import { type EndedImage, endedImage } from '../../src/knowledge/ended-images.ts';
import { type ImageRelease, type ImageReleases, imageReleases } from '../../src/knowledge/image-releases.ts';
import { repositoryName } from '../../src/knowledge/images.ts';
import type { Project } from '../../src/project/project.ts';
import { evidenceFiles, type VersionEvidence, versionEvidence } from '../../src/project/versions.ts';
import { isEnded, nextRelease, releaseInName, type TagMeaning, tagMeaning, tagOf } from '../../src/releases.ts';
import { exactly, type Precision } from './exact.ts';
import { passed } from './passed.ts';

const ENDED = 'is past its end of life';

/** Whether a piece of advice is about the end of an image. */
export const isAboutEnd = ({ title }: Change): boolean => Object.values(ENDS).some((text) => title.endsWith(text));

/** One base image, and what is known about it. */
interface Base {
  readonly document: Document;
  readonly project: Project;
  /** How exact the tag is wished to be. */
  readonly to: 'minor' | Precision;
  readonly stage: Stage;
  readonly at: Span;
  /** Short name: node. */
  readonly name: string;
  readonly releases: ImageReleases;
  readonly evidence: readonly VersionEvidence[];
}

/** What there is to say about one base image. `asked`: the version evidence by image, which stages share. */
export function* pinned(
  document: Document,
  project: Project,
  stage: Stage,
  to: Base['to'],
  asked: Map<string, readonly VersionEvidence[]>,
): Iterable<Change | Decline> {
  const { image, from, fromWord } = stage;
  const at = { start: from.start, end: from.headEnd };
  if (!image) {
    if (fromWord.value.includes('$')) {
      yield { code: 'reference-unknown', why: `${fromWord.value} depends on a build argument without a default`, at };
    }
    return;
  }
  // a tag beside a digest is not looked at by the builder; it still tells people which release it was
  const isFixed = image.digest !== undefined;
  if (isFixed && image.tag === undefined) return;
  const name = repositoryName(image);
  const end = endedImage(image);
  if (end) {
    yield endOf({ document, stage, at }, name, end);
    return;
  }
  const releases = imageReleases(image);
  const inName = releases ? undefined : releaseInName(name);
  if (inName) {
    yield* ended({ document, stage, at }, name, inName.releases, inName.release);
    return;
  }
  if (!releases) {
    if (!isFixed && (image.tag === undefined || image.tag === 'latest')) {
      yield { code: 'image-not-listed', why: `which releases of ${name} exist is not known`, at };
    }
    return;
  }
  const evidence = asked.get(name) ?? versionEvidence(project, name, releases.precision);
  asked.set(name, evidence);
  const base: Base = { document, project, to, stage, at, name, releases, evidence };
  const meaning = tagMeaning(releases, image.tag);
  if (meaning.kind === 'release') yield* checked(base, meaning);
  else if (isFixed) return;
  else if (meaning.kind === 'moving') yield moving(base, image.tag ?? '');
  else if (meaning.kind === 'none') yield unpinned(base, meaning.variant);
}

/** The end of life of the release, and files that name another version. */
function* checked(base: Base, { release }: Extract<TagMeaning, { kind: 'release' }>): Iterable<Change> {
  const { releases, name } = base;
  const label = `${name} ${release.version}`;
  yield* ended(base, label, releases, release);
  const other = base.evidence.find((it) => it.version !== undefined && disagrees(release.version, it));
  if (other && /^\d/.test(release.version)) {
    const title = `${label} and ${other.file} disagree`;
    const why = `${other.file} names ${other.says}; one of the two is out of date. A version that is written is never changed here.`;
    yield manual(base, title, why, [fact(other)]);
  }
}

const ENDS: Readonly<Record<EndedImage['state'], string>> = {
  ended: ENDED,
  deprecated: 'is deprecated',
  absent: 'cannot be pulled any more',
};

/** Advice about an image that nobody builds any more, or that went away. */
function endOf(
  { document, stage, at }: Pick<Base, 'document' | 'stage' | 'at'>,
  name: string,
  end: EndedImage,
): Change {
  const image = stage.image as ImageRef;
  const what = image.tag === undefined ? name : `${name}:${image.tag}`;
  const newest = newestUpdate(image);
  const next = newest === undefined ? '' : ` ${newest} is the newest update of this release.`;
  return manual({ at }, `${what} ${ENDS[end.state]}`, `${end.why}${next} The move is a decision of its own.`, [
    { file: document.path, line: document.originLine(stage.from.start), says: stage.fromWord.value },
  ]);
}

/** 12.1.0-runtime-ubuntu22.04 -> 12.1.1-runtime-ubuntu22.04, where that is listed. */
function newestUpdate(image: ImageRef): string | undefined {
  const releases = imageReleases(image);
  const meaning = releases && tagMeaning(releases, image.tag);
  if (meaning?.kind !== 'release') return undefined;
  const variant = (tag: string): string => tag.slice(tag.indexOf('-'));
  const listed = meaning.release.tags?.flat() ?? [];
  return listed.find((tag) => tag.includes('-') && tag !== image.tag && variant(tag) === variant(image.tag as string));
}

/** Advice about a release that is not maintained any more. */
function* ended(
  base: Pick<Base, 'document' | 'stage' | 'at'>,
  label: string,
  releases: Pick<ImageReleases, 'releases' | 'date' | 'read'>,
  release: ImageRelease,
): Iterable<Change> {
  if (!isEnded(releases, release)) return;
  const when = release.eol ? `on ${release.eol}` : `before ${releases.date}`;
  const next = nextRelease(releases, release);
  const then = next
    ? `${next.version} is the next release line that is maintained; the move to it is a decision of its own.`
    : 'No later release line of this image is maintained.';
  const { document, stage } = base;
  yield manual(base, `${label} ${ENDED}`, `Maintenance ended ${when}. ${then}`, [
    { file: document.path, line: document.originLine(stage.from.start), says: stage.fromWord.value },
  ]);
}

/** Whether an image of this version is another one than a file names, or older than it wants. */
function disagrees(version: string, evidence: VersionEvidence): boolean {
  const named = evidence.version as string;
  if (evidence.outside) return false;
  if (evidence.exact && !evidence.atLeast) return version !== named;
  const [a, b] = [version, named].map((it) => it.split('.').map(Number)) as [number[], number[]];
  const differing = a.findIndex((n, i) => n !== b[i]);
  return differing !== -1 && (a[differing] as number) < (b[differing] ?? 0);
}

function moving(base: Base, tag: string): Change {
  const { name, evidence } = base;
  const named = evidence.find((it) => it.version !== undefined);
  const hint = named ? `It is another release every so often; ${named.file} names ${named.says}.` : hintOf(base);
  return manual(base, `${name}:${tag} is a tag that moves`, hint, named ? [fact(named)] : []);
}

/** An image without a version: the edit, the reason against it, or advice. */
function unpinned(base: Base, variant: string): Change | Decline {
  const { name, releases, at, stage } = base;
  const written = stage.image?.tag === undefined ? name : `${name}:${stage.image.tag}`;
  const evidence = decisive(base.evidence);
  if (evidence === undefined) return manual(base, `${written} names no version`, hintOf(base), []);
  if (!('version' in evidence)) return { ...evidence, at };
  const release = releases.releases.find((it) => it.version === evidence.version);
  const named = `${evidence.file} names ${evidence.says}`;
  if (!release)
    return { code: 'version-not-listed', why: `${named}; ${name} ${evidence.version} is not a known release`, at };
  const ended = isEnded(releases, release);
  // `go 1.18` in go.mod: nobody chose to build with that
  if (ended && (!evidence.exact || evidence.least)) {
    const why = `${named}, of which ${release.version} is the lowest and past its end of life. ${current(releases)}`;
    return manual(base, `${written} names no version`, why.trim(), [fact(evidence)]);
  }
  const tag = tagOf(releases, release, variant);
  if (tag === undefined) {
    const what = variant === '' ? written : `the variant ${variant}`;
    return { code: 'variant-not-listed', why: `whether ${what} exists for ${release.version} is not known`, at };
  }
  const away = passed(base.project, stage.fromWord.value);
  if (typeof away === 'object') return { ...away, at };
  const exact =
    base.to === 'minor' || !stage.image ? undefined : exactly(base.project, { ...stage.image, tag }, base.to);
  const found = exact && !('code' in exact) ? exact : undefined;
  const edit = place(base.document, stage, found?.tag ?? tag);
  if ('code' in edit) return { ...edit, at };
  const sure = evidence.exact && !evidence.outside;
  const doubt = evidence.outside
    ? ` ${evidence.file} stands above the build context and may be about something else.`
    : ` ${evidence.says} lets more versions through; ${release.version} is the lowest.`;
  const end = ended
    ? ` ${release.version} is past its end of life${release.eol ? ` (${release.eol})` : ''}: plan the move.`
    : '';
  return {
    title: `${written} pinned to ${found?.tag.replace(/@.*/, ' and its digest') ?? tag}`,
    why: `${named}; without a version the base is another release every few months.${sure ? '' : doubt}${end}${away === undefined ? '' : ` ${away}`}`,
    evidence: [fact(evidence), ...(found ? [found.evidence] : [])],
    level: sure ? 'review' : 'risky',
    at,
    edits: [edit],
  };
}

/** The one version that the files agree on. */
function decisive(
  all: readonly VersionEvidence[],
): (VersionEvidence & { version: string }) | { code: string; why: string } | undefined {
  const named = all.filter((it): it is VersionEvidence & { version: string } => it.version !== undefined);
  const sure = named.filter((it) => it.exact);
  const [first] = sure.length > 0 ? sure : named;
  if (!first) {
    const [vague] = all;
    return vague && { code: 'evidence-unclear', why: `${vague.file} says ${vague.says}, which is not one version` };
  }
  const rival = named.find((it) =>
    it.exact || sure.length === 0 ? it.version !== first.version : disagrees(first.version, { ...it, outside: false }),
  );
  if (!rival) return first;
  return { code: 'evidence-conflicts', why: `${first.file} names ${first.says} and ${rival.file} names ${rival.says}` };
}

const current = (releases: ImageReleases): string =>
  releases.latest === undefined ? '' : `${releases.latest} was current in ${releases.date}.`;

function hintOf({ name, releases }: Base): string {
  const files = evidenceFiles(name);
  const none =
    files.length > 0
      ? `No file of the project names a version (${files.join(', ')} would).`
      : 'Without a version it is another release every few months.';
  return `${none} ${current(releases)}`.trim();
}

const fact = ({ file, line, says }: VersionEvidence) => ({ file, line, says });

function manual(base: Pick<Base, 'at'>, title: string, why: string, evidence: Change['evidence']): Change {
  return { title, why, evidence, level: 'manual', at: base.at, edits: [] };
}
