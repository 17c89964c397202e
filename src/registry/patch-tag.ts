/** The most precise tag of the same image: node:22-slim is node:22.21.1-slim today. */
import type { ImageRef } from '../image.ts';
import { isPatchTag, tagNumbers } from '../releases.ts';
import { RegistryError } from './error.ts';
import type { Registry } from './registry.ts';

/** Tags whose digests are looked at, newest release line first. */
const TRIES = 6;

interface Version {
  readonly tag: string;
  readonly numbers: readonly number[];
}

/** Newer first, and the more precise of two that agree. */
function byNumbers(a: Version, b: Version): number {
  const length = Math.max(a.numbers.length, b.numbers.length);
  for (let i = 0; i < length; i++) {
    const difference = (b.numbers[i] ?? -1) - (a.numbers[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The newest tag of each release line below the one that `tag` names, in the same variant; newest line first. */
export function patchCandidates(tag: string, tags: readonly string[]): readonly string[] {
  const own = tagNumbers(tag);
  if (!own) return [];
  const depth = own.numbers.length;
  const newest = new Map<string, Version>();
  for (const candidate of tags) {
    const version = tagNumbers(candidate);
    if (version?.variant !== own.variant) continue;
    // v1.2 and 1.2 need not be the same
    const mark = candidate.startsWith('v') ? 'v' : '';
    if (depth > 0 && tag.startsWith('v') !== (mark === 'v')) continue;
    if (version.numbers.length <= depth || own.numbers.some((n, i) => n !== version.numbers[i])) continue;
    const line = `${mark}${version.numbers[depth]}`;
    const found = { tag: candidate, numbers: version.numbers };
    const best = newest.get(line);
    if (!best || byNumbers(found, best) < 0) newest.set(line, found);
  }
  return [...newest.values()].sort(byNumbers).map((version) => version.tag);
}

/**
 * The most precise tag that stands for `digest` now, as the registry says; the tag itself when it is one.
 * undefined: there is none. RegistryError: the registry did not say.
 */
export async function patchTag(
  registry: Registry,
  ref: ImageRef,
  digest: string,
): Promise<string | undefined | RegistryError> {
  const tag = ref.tag ?? 'latest';
  if (isPatchTag(tag)) return tag;
  const tags = await registry.tags(ref);
  if (tags instanceof RegistryError) return tags;
  for (const candidate of patchCandidates(tag, tags).slice(0, TRIES)) {
    const other = await registry.digest({ ...ref, tag: candidate });
    if (other instanceof RegistryError) return other;
    if (other === digest) return candidate;
  }
  return undefined;
}
