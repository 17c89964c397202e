/** The slim variant of the image of a stage, and the edit that takes it. */
import { place } from '../../src/document/place-tag.ts';
import type { Document, Stage } from '../../src/document.ts';
import type { Edit } from '../../src/edit.ts';
import { splitImageRef, splitTag } from '../../src/image.ts';
import { imageReleases } from '../../src/knowledge/image-releases.ts';
import { repositoryName } from '../../src/knowledge/images.ts';
import { LIVE_SUITES, SLIM_IMAGES, type SlimImageRow } from '../../src/knowledge/slim-images.ts';
import type { Project } from '../../src/project/project.ts';
import { tagMeaning } from '../../src/releases.ts';
import type { Obstacle } from './types.ts';

const SUITE = /^(?:stretch|buster|bullseye|bookworm|trixie)$/;
/** Small already, or another system. */
const OTHER = /^(?:slim|alpine.*|windowsservercore.*|nanoserver.*)$/;

export interface SlimImage {
  readonly row: SlimImageRow;
  /** `3.12-slim` */
  readonly tag: string;
  readonly edit: Edit;
  /** Whether apt-get still finds the packages of its release. */
  readonly isLive: boolean;
}

/** undefined: no full image that is known. */
export function slimImage(document: Document, project: Project, stage: Stage): SlimImage | Obstacle | undefined {
  const { image, fromWord } = stage;
  const name = image && repositoryName(image);
  const row = SLIM_IMAGES.find(({ repository }) => repository === name);
  if (!image || !row || stage.base?.family !== 'debian') return undefined;
  const tag = image.tag ?? 'latest';
  const words = splitTag(tag).variant.filter((word) => word !== 'latest');
  if (words.some((word) => OTHER.test(word))) return undefined;
  if (row.slim === 'none') return { code: 'no-slim-variant', why: `${name} has no slim variants` };
  if (image.digest !== undefined)
    return {
      code: 'digest-pinned',
      why: `${fromWord.value} is pinned by a digest, and that of its slim variant is not known`,
    };
  const slim = slimTag(row, tag, words);
  const releases = imageReleases(image);
  // python:bookworm names no release of the language
  const isSuite = row.repository !== 'debian' && SUITE.test(tag);
  const meaning = releases && tagMeaning(releases, isSuite ? undefined : image.tag);
  const isKnown = meaning !== undefined && meaning.kind !== 'unknown';
  if (slim === undefined || !isKnown)
    return { code: 'no-slim-variant', why: `whether ${name}:${tag} has a slim variant is not known` };
  const edit = editOf(document, project, stage, slim);
  if ('code' in edit) return { code: 'reference-from-variable', why: edit.why };
  return { row, tag: slim, edit, isLive: isLive(row, tag, words) };
}

/** undefined: the words behind the version say more than a release of Debian. */
function slimTag(row: SlimImageRow, tag: string, words: readonly string[]): string | undefined {
  const isDebian = row.repository === 'debian';
  // node:lts, node:22, debian:12
  const names = words.filter((word) => !SUITE.test(word));
  const isCodename = row.repository === 'node' && /^(?:lts|current|hydrogen|iron|jod|krypton)$/.test(names[0] ?? '');
  if (names.length > (isCodename ? 1 : 0) || words.length - names.length > 1) return undefined;
  if (tag === 'latest') return isDebian ? 'stable-slim' : 'slim';
  const suite = words.find((word) => SUITE.test(word));
  if (row.slim === 'behind-suite' || suite === undefined) return `${tag}-slim`;
  const head = tag.slice(0, -suite.length);
  return `${head}slim-${suite}`;
}

function isLive({ from = [] }: SlimImageRow, tag: string, words: readonly string[]): boolean {
  const suite = words.find((word) => SUITE.test(word));
  if (suite !== undefined) return LIVE_SUITES.has(suite);
  const numbers = (splitTag(tag).version ?? '').replace(/^v/, '').split('.').filter(Boolean).map(Number);
  const differing = from.findIndex((it, i) => numbers[i] !== undefined && numbers[i] !== it);
  return differing < 0 || (numbers[differing] as number) > (from[differing] as number);
}

/** `python:${VERSION}` with `ARG VERSION=3.12` becomes `python:${VERSION}-slim`; with `ARG TAG=3.12-bookworm` the default is edited. */
function editOf(
  document: Document,
  project: Project,
  stage: Stage,
  slim: string,
): Edit | { code: string; why: string } {
  const { value, end } = stage.fromWord;
  const parts = splitImageRef(value);
  const written = parts.tag && value.slice(...parts.tag);
  const variable = /\$\{?(\w+)/.exec(value)?.[1];
  if (variable === undefined) return place(document, stage, slim);
  const passed = project.contexts.find(({ args }) => args && Object.hasOwn(args, variable));
  if (passed) {
    const where = passed.line === undefined ? passed.file : `${passed.file}:${passed.line}`;
    return { code: 'reference-from-variable', why: `${where} passes ${variable}, which decides on the image` };
  }
  const isPlain = end - stage.fromWord.start === value.length && !/["'\\]/.test(value);
  const isVersion = written !== undefined && /^\$(?:\w+|\{\w+\})$/.test(written) && /^v?[\d.]+-slim$/.test(slim);
  return isVersion && isPlain ? { start: end, end, text: '-slim' } : place(document, stage, slim);
}
