/** The image of the runtime stage: the slim variant of the same tag, or the same where it is slim already. */
import type { Stage } from '../../src/document.ts';
import { splitImageRef, splitTag } from '../../src/image.ts';
import type { Obstacle } from './types.ts';

const SUITE = /^(?:buster|bullseye|bookworm|trixie)$/;

export interface SlimImage {
  /** As it is written behind FROM. */
  readonly text: string;
  /** Whether it is another, smaller image. */
  readonly smaller: boolean;
}

/** `python:3.12` and `ruby:3.4-bookworm` have slim variants; slim and alpine stay. A variable in the tag must stand for the version alone. */
export function slimImage({ image, fromWord }: Stage): SlimImage | Obstacle {
  const written = fromWord.value;
  const unknown = (why: string): Obstacle => ({ code: 'base-unknown', why });
  if (!image) return unknown(`${written} depends on a build argument without a default`);
  const tag = image.tag ?? 'latest';
  const { variant } = splitTag(tag);
  const words = variant.filter((word) => word !== 'latest');
  if (words.some((word) => word === 'slim' || word.startsWith('alpine'))) return { text: written, smaller: false };
  if (image.digest !== undefined)
    return unknown(`${written} is pinned by a digest, and that of its slim variant is not known`);
  const [suite, ...more] = words;
  if (more.length > 0 || (suite !== undefined && !SUITE.test(suite)))
    return unknown(`whether ${tag} has a slim variant is not known`);
  const parts = splitImageRef(written);
  if (!parts.tag)
    return written.includes('$')
      ? unknown(`the tag of ${written} stands in a variable`)
      : { text: `${written}:slim`, smaller: true };
  const text = written.slice(...parts.tag);
  const head = written.slice(0, parts.tag[0]);
  if (text === 'latest') return { text: `${head}slim`, smaller: true };
  if (suite === undefined) return { text: `${head}${text}-slim`, smaller: true };
  return text.endsWith(`-${suite}`)
    ? { text: `${head}${text.slice(0, -suite.length)}slim-${suite}`, smaller: true }
    : unknown(`the suite of ${written} stands in a variable`);
}
