/** The image of the runtime stage of a Node program, and what its tag says about it. */
import type { Stage } from '../../../src/document.ts';
import { splitTag } from '../../../src/image.ts';
import { type SlimImage, slimImage } from '../slim-image.ts';
import { isObstacle, type Obstacle } from '../types.ts';

export interface RuntimeImage extends SlimImage {
  /** Major version of Node that the tag names. */
  readonly major: number | undefined;
  /** Whether it was last built on a release of Debian whose packages have moved to the archive: buster and before. */
  readonly isOld: boolean;
}

/** Images of Node 16 and before stand on buster or stretch where the tag names no suite. Source: docker-library/official-images, library/node; November 2026. */
const FIRST_ON_BULLSEYE = 18;

/** `node:22`, `node:22-bookworm` and `node:lts` have a slim variant; slim and alpine stay as they are. */
export function runtimeImage(stage: Stage): RuntimeImage | Obstacle {
  const slim = slimImage(stage);
  if (isObstacle(slim)) return slim;
  const tag = stage.image?.tag ?? 'latest';
  const { version, variant } = splitTag(tag);
  const major = version === undefined ? undefined : Number.parseInt(version, 10);
  const isNew = variant.some((word) => /^(?:bullseye|bookworm|trixie)$/.test(word));
  return {
    ...slim,
    major,
    isOld: !isNew && ((major !== undefined && major < FIRST_ON_BULLSEYE) || /stretch|buster/.test(tag)),
  };
}
