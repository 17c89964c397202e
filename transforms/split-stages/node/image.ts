/** The image of the runtime stage: the slim variant of the same tag, or the same where it is small already. */
import type { Stage } from '../../../src/document.ts';
import { splitImageRef, splitTag } from '../../../src/image.ts';
import type { Obstacle } from '../types.ts';

const SUITE = /^(?:stretch|buster|bullseye|bookworm|trixie)$/;

export interface RuntimeImage {
  /** As it is written behind FROM. */
  readonly text: string;
  /** Whether it is another, smaller image. */
  readonly smaller: boolean;
  /** Major version of Node that the tag names. */
  readonly major: number | undefined;
  /** Whether it was last built on a release of Debian whose packages have moved to the archive: buster and before. */
  readonly isOld: boolean;
}

/** Images of Node 16 and before stand on buster or stretch where the tag names no suite. Source: docker-library/official-images, library/node; November 2026. */
const FIRST_ON_BULLSEYE = 18;

/** `node:22`, `node:22-bookworm` and `node:lts` have a variant with `-slim` behind the tag; slim and alpine stay as they are. */
export function runtimeImage({ image, fromWord }: Stage): RuntimeImage | Obstacle {
  const written = fromWord.value;
  const unknown = (why: string): Obstacle => ({ code: 'base-unknown', why });
  if (!image) return unknown(`${written} depends on a build argument without a default`);
  const tag = image.tag ?? 'latest';
  const { version, variant } = splitTag(tag);
  const major = version === undefined ? undefined : Number.parseInt(version, 10);
  const isNew = variant.some((word) => /^(?:bullseye|bookworm|trixie)$/.test(word));
  const facts = {
    major,
    isOld: !isNew && ((major !== undefined && major < FIRST_ON_BULLSEYE) || /stretch|buster/.test(tag)),
  };
  if (variant.some((word) => word === 'slim' || word.startsWith('alpine')))
    return { text: written, smaller: false, ...facts };
  if (image.digest !== undefined)
    return unknown(`${written} is pinned by a digest, and that of its slim variant is not known`);
  const names = variant.filter(
    (word) => !/^(?:latest|lts|current|argon|boron|carbon|[d-z][a-z]+ium|hydrogen|iron|jod|krypton)$/.test(word),
  );
  if (names.length > 1 || !names.every((word) => SUITE.test(word)))
    return unknown(`whether ${tag} has a slim variant is not known`);
  const parts = splitImageRef(written);
  if (parts.tag) {
    const text = written.slice(...parts.tag);
    return {
      text: text === 'latest' ? `${written.slice(0, parts.tag[0])}slim` : `${written}-slim`,
      smaller: true,
      ...facts,
    };
  }
  return written.includes('$')
    ? unknown(`the tag of ${written} stands in a variable`)
    : { text: `${written}:slim`, smaller: true, ...facts };
}
