/** The image of the runtime stage: the slim variant of the same tag, or the same where it is slim already. */
import type { Stage } from '../../src/document.ts';
import { splitImageRef } from '../../src/image.ts';
import { slimRow, slimTag, withTag } from '../../src/variant-tags.ts';
import type { Obstacle } from './types.ts';

export interface SlimImage {
  /** As it is written behind FROM. */
  readonly text: string;
  /** Whether it is another, smaller image. */
  readonly smaller: boolean;
}

/** `python:3.12`, `node:22` and `ruby:3.4-bookworm` have slim variants; slim and alpine stay. A variable in the tag must stand for the version alone. */
export function slimImage({ image, fromWord }: Stage): SlimImage | Obstacle {
  const written = fromWord.value;
  const unknown = (why: string): Obstacle => ({ code: 'base-unknown', why });
  if (!image) return unknown(`${written} depends on a build argument without a default`);
  const tag = image.tag ?? 'latest';
  const row = slimRow(image);
  const slim = row ? slimTag(image, row) : { why: `whether ${tag} has a slim variant is not known` };
  if (slim === 'small') return { text: written, smaller: false };
  if (image.digest !== undefined)
    return unknown(`${written} is pinned by a digest, and that of its slim variant is not known`);
  if ('why' in slim) return unknown(slim.why);
  const text = withTag(written, tag, slim.tag);
  if (text !== undefined) return { text, smaller: true };
  return unknown(`the ${splitImageRef(written).tag ? 'suite' : 'tag'} of ${written} stands in a variable`);
}
