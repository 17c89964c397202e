/** Images with a tag get its patch release or its digest, as redock.lock or a registry says; wherever a Dockerfile names them. */

import { place, type Reason } from '../../src/document/place-tag.ts';
import { type ImageReference, imageReferences } from '../../src/document/references.ts';
import type { Document } from '../../src/document.ts';
import type { Change, Decline, Edit, Evidence } from '../../src/edit.ts';
import { type ImageRef, splitImageRef } from '../../src/image.ts';
import { UPDATE_BOTS } from '../../src/knowledge/update-bots.ts';
import { LOCK_NAME } from '../../src/lock-file.ts';
import type { Project } from '../../src/project/project.ts';
import { imageName } from '../../src/project/remote.ts';
import { isPatchTag } from '../../src/releases.ts';
import { passed } from './passed.ts';

export type Precision = 'patch' | 'digest';

/** The tag that stands for one image only, and what says so. */
export interface Exact {
  /** `22.21.1-slim`, `22-slim@sha256:...` */
  readonly tag: string;
  readonly evidence: Evidence;
}

const isExact = ({ tag = 'latest', digest }: ImageRef, to: Precision): boolean =>
  digest !== undefined || (to === 'patch' && isPatchTag(tag));

/** What an image is pinned to; undefined: it is pinned as far as was wished. */
export function exactly(project: Project, ref: ImageRef, to: Precision): Exact | Reason | undefined {
  if (isExact(ref, to)) return undefined;
  const tag = ref.tag ?? 'latest';
  const pin = project.remote.image(ref, to);
  if ('why' in pin) return pin;
  if (to === 'digest') return { tag: `${tag}@${pin.digest}`, evidence: pin.evidence };
  if (pin.patch === tag) return undefined;
  if (pin.patch !== undefined) return { tag: pin.patch, evidence: pin.evidence };
  return { code: 'no-patch-tag', why: `${imageName(ref)} has no tag of three numbers that is the same image now` };
}

/** `taken`: references that the release of the image decides already. */
export function* exactPins(
  document: Document,
  project: Project,
  to: Precision,
  taken: ReadonlySet<ImageReference['stage']>,
): Iterable<Change | Decline> {
  const places = new Set<number>();
  for (const reference of imageReferences(document)) {
    const { ref, stage, at, written } = reference;
    if (!ref || (stage && (taken.has(stage) || isWindows(stage)))) continue;
    // a frontend is meant to get the fixes of its line
    if (to === 'patch' && reference.kind === 'syntax') continue;
    const away = stage && passed(project, written);
    if (typeof away === 'object') {
      if (!isExact(ref, to)) yield { ...away, at };
      continue;
    }
    const renewed = to === 'digest' && ref.digest !== undefined ? renewal(project, ref) : undefined;
    const exact = renewed?.exact ?? exactly(project, ref, to);
    if (exact === undefined) continue;
    const edit = 'code' in exact ? exact : editOf(document, reference, exact, to);
    if ('code' in edit) {
      if (!renewed) yield { code: edit.code, why: edit.why, at };
    } else if (!places.has(edit.start)) {
      places.add(edit.start);
      const facts = renewed?.change ?? factsOf(project, reference, exact as Exact, to);
      yield { ...facts, why: away === undefined ? facts.why : `${facts.why} ${away}`, at, edits: [edit] };
    }
  }
}

export const isWindows = ({ base, platform }: NonNullable<ImageReference['stage']>): boolean =>
  base?.family === 'windows' || /^windows/i.test(platform ?? '');

function editOf(document: Document, reference: ImageReference, { tag }: Exact, to: Precision): Edit | Reason {
  const { stage, span, written } = reference;
  if (stage) {
    const name = written.slice(...splitImageRef(written).name);
    // a digest belongs to one repository: with another one from outside there is no such image
    if (to === 'digest' && /\$/.test(withoutRegistry(name)) && splitImageRef(written).tag) {
      return {
        code: 'reference-from-variable',
        why: `the name of ${written} comes from a variable, a digest would not`,
      };
    }
    return place(document, stage, tag);
  }
  if (!span) return { code: 'reference-in-parts', why: `${written} is quoted, or broken over lines` };
  const parts = splitImageRef(written);
  if (!parts.tag) return { start: span.end, end: span.end, text: `:${tag}` };
  return { start: span.start + parts.tag[0], end: span.end, text: tag };
}

/** `${REGISTRY}/node` -> node */
const withoutRegistry = (name: string): string => name.replace(/^\$(?:\w+|\{\w+\})\//, '');

/** A change without its place. */
type Facts = Pick<Change, 'title' | 'why' | 'evidence' | 'level'>;

function factsOf(project: Project, reference: ImageReference, exact: Exact, to: Precision): Facts {
  const { written } = reference;
  const ref = reference.ref as ImageRef;
  const elsewhere = /^\$(?:\w+|\{\w+\})\//.test(written);
  const bot = updateBot(project);
  const fixes = bot ? 'A bot renews it.' : 'Fixes come with the next pin only: no bot was found that renews it.';
  const doubt = elsewhere ? ' Whether another registry from the build argument has the same image is not known.' : '';
  return {
    title: `${imageName(ref)} pinned to ${to === 'digest' ? 'its digest' : exact.tag}`,
    why: `The build takes exactly this image from now on, whatever the tag stands for by then. ${fixes}${doubt}`,
    evidence: [exact.evidence, ...(bot ? [bot] : [])],
    level: elsewhere && to === 'digest' ? 'risky' : 'review',
  };
}

/** `node:24@sha256:...` where the tag stands for another image by now. A bot that is set up does this by itself. */
function renewal(project: Project, ref: ImageRef): { readonly exact: Exact; readonly change: Facts } | undefined {
  if (ref.tag === undefined || updateBot(project)) return undefined;
  const pin = project.remote.renewed(ref);
  if (!pin || pin.digest === ref.digest) return undefined;
  const isOlder = pin.evidence.file !== LOCK_NAME || pin.replaces?.includes(ref.digest as string);
  const doubt = isOlder ? '' : ` Whether ${LOCK_NAME} or the file is the newer one is not known.`;
  return {
    exact: { tag: `${ref.tag}@${pin.digest}`, evidence: pin.evidence },
    change: {
      title: `${imageName(ref)} renewed to the digest that it stands for now`,
      why: `The digest decides, and it is of another image than the tag names: fixes come with the new one only.${doubt}`,
      evidence: [pin.evidence],
      level: isOlder ? 'review' : 'risky',
    },
  };
}

/** The configuration of a bot that renews images. */
function updateBot({ root }: Project): Evidence | undefined {
  for (const { name, files, says } of UPDATE_BOTS) {
    for (const file of files) {
      const there = says ? says.test(root.read(file) ?? '') : root.kind(file) === 'file';
      if (there) return { file, says: `${name} is set up` };
    }
  }
  return undefined;
}
