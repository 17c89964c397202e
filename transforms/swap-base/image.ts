/** The slim variant of the image of a stage, and the edit that takes it. */
import { place } from '../../src/document/place-tag.ts';
import type { Document, Stage } from '../../src/document.ts';
import type { Edit, Evidence } from '../../src/edit.ts';
import { type ImageRef, splitTag } from '../../src/image.ts';
import { LIVE_SUITES, type SlimImageRow } from '../../src/knowledge/slim-images.ts';
import type { Project } from '../../src/project/project.ts';
import { SUITE, slimRow, slimTag, tagWords, withTag } from '../../src/variant-tags.ts';
import type { Obstacle } from './types.ts';

export interface SlimImage {
  readonly row: SlimImageRow;
  /** `3.12-slim` */
  readonly tag: string;
  readonly edit: Edit;
  /** What says that the tag exists, beside the catalogue. */
  readonly proof: readonly Evidence[];
  /** Whether apt-get still finds the packages of its release. */
  readonly isLive: boolean;
}

/** undefined: no full image that is known. */
export function slimImage(document: Document, project: Project, stage: Stage): SlimImage | Obstacle | undefined {
  const { image, fromWord } = stage;
  const row = image && slimRow(image);
  if (!image || !row || stage.base?.family !== 'debian') return undefined;
  const { repository } = row;
  const slim = slimTag(image, row);
  if (slim === 'small') return undefined;
  if (row.slim === 'none') return { code: 'no-slim-variant', why: `${repository} has no slim variants` };
  if (image.digest !== undefined)
    return {
      code: 'digest-pinned',
      why: `${fromWord.value} is pinned by a digest, and that of its slim variant is not known`,
    };
  if ('why' in slim) return { code: 'no-slim-variant', why: slim.why };
  const proof = tagProof(project, image, slim);
  if (proof === undefined)
    return {
      code: 'no-slim-variant',
      why: `whether ${repository}:${image.tag ?? 'latest'} has a slim variant is not known`,
    };
  const edit = tagEdit(document, project, stage, slim.tag);
  if ('code' in edit) return edit;
  return { row, tag: slim.tag, edit, proof, isLive: isLive(row, image.tag ?? 'latest', tagWords(image)) };
}

/** What says that a tag exists: nothing more where the catalogue lists it, else the registry; undefined: nobody knows. */
export function tagProof(
  { remote }: Project,
  image: ImageRef,
  { tag, isListed }: { readonly tag: string; readonly isListed: boolean },
): readonly Evidence[] | undefined {
  if (isListed) return [];
  const found = remote.exists({ ...image, tag, digest: undefined });
  return found === undefined || found === 'absent' ? undefined : [found];
}

function isLive({ from = [] }: SlimImageRow, tag: string, words: readonly string[]): boolean {
  const suite = words.find((word) => SUITE.test(word));
  if (suite !== undefined) return LIVE_SUITES.has(suite);
  const numbers = (splitTag(tag).version ?? '').replace(/^v/, '').split('.').filter(Boolean).map(Number);
  const differing = from.findIndex((it, i) => numbers[i] !== undefined && numbers[i] !== it);
  return differing < 0 || (numbers[differing] as number) > (from[differing] as number);
}

/**
 * The edit that gives the image of a stage another tag: `python:${VERSION}` with `ARG VERSION=3.12` becomes
 * `python:${VERSION}-slim`; with `ARG TAG=3.12-bookworm` the default is edited.
 */
export function tagEdit(document: Document, project: Project, stage: Stage, tag: string): Edit | Obstacle {
  const { value, start, end } = stage.fromWord;
  const variable = /\$\{?(\w+)/.exec(value)?.[1];
  const placed = (): Edit | Obstacle => {
    const edit = place(document, stage, tag);
    return 'code' in edit ? { code: 'reference-from-variable', why: edit.why } : edit;
  };
  if (variable === undefined) return placed();
  const passed = project.contexts.find(({ args }) => args && Object.hasOwn(args, variable));
  if (passed) {
    const where = passed.line === undefined ? passed.file : `${passed.file}:${passed.line}`;
    return { code: 'reference-from-variable', why: `${where} passes ${variable}, which decides on the image` };
  }
  const isPlain = end - start === value.length && !/["'\\]/.test(value);
  const old = stage.image?.tag ?? 'latest';
  const text = isPlain ? withTag(value, old, tag) : undefined;
  if (text === undefined) return placed();
  // the variable stands for the version alone
  const rest = value.length - commonLength(value, text);
  const isVersion = rest > 0 || splitTag(old).variant.length === 0;
  const from = end - rest;
  return isVersion ? { start: from, end, text: text.slice(value.length - rest) } : placed();
}

function commonLength(a: string, b: string): number {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return same;
}
