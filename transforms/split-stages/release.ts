/** The release of the system that a program with parts in C was built on, and that it runs on. */
import type { Evidence } from '../../src/edit.ts';
import { splitTag } from '../../src/image.ts';
import { tagWithRelease } from '../../src/stage/system.ts';
import { withTag } from '../../src/variant-tags.ts';
import type { View } from './types.ts';

export interface Release {
  /** `trixie`, `3.24` */
  readonly name: string;
  /** The builder with a tag that names the release; absent: it does already, or no such tag is known. */
  readonly builderImage?: string;
  readonly evidence: readonly Evidence[];
  /** What the reason says about it; '' where the tag tells. */
  readonly note: string;
}

/**
 * The release under a stage as its tag names it, or as the catalogue knows the tag: the builder then gets the tag that
 * names it. For a tag with a version, `newest`: C libraries run what was linked to older ones. Undefined: not known.
 */
export function releaseOf({ system, stage, fact }: View, newest: string): Release | undefined {
  const written = stage.fromWord.value;
  if (system.release !== undefined) return { name: system.release, evidence: [], note: '' };
  const { image } = stage;
  if (!image) return undefined;
  const named = tagWithRelease(image);
  const builderImage = named && withTag(written, image.tag ?? 'latest', named.tag);
  if (named && builderImage !== undefined) {
    const says = `${written} is ${builderImage} in the list of tags of ${named.date}`;
    const note = ` ${written} moves with the releases of its system: the builder names the one that the runtime stage has.`;
    return { name: named.release, builderImage, evidence: [fact(stage.from, says)], note };
  }
  if (splitTag(image.tag ?? 'latest').version === undefined) return undefined;
  return {
    name: newest,
    evidence: [],
    note: ` ${written} names no release of its system; the C library of ${newest} is as new as that of the builder, or newer.`,
  };
}
