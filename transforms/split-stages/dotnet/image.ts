/** The image of the runtime that belongs to an image of the SDK. */
import type { Evidence } from '../../../src/edit.ts';
import { splitImageRef } from '../../../src/image.ts';
import { ALPINE_DATA, SDK_TAG } from '../../../src/knowledge/dotnet-builds.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import type { Obstacle, View } from '../types.ts';
import { frameworkOf, isInvariant, ownRuntime } from './project.ts';
import type { Published } from './starts.ts';

export interface RuntimeImage {
  /** As it is written behind FROM. */
  readonly text: string;
  readonly version: string;
  /** The tag of the SDK names a patch release. */
  readonly isPatch: boolean;
  readonly evidence: readonly Evidence[];
}

/** Whether the stage is on an image of the SDK for Linux. */
export function hasSdk({ stage: { image, parent, base } }: View): boolean {
  if (!image || parent || base?.family === 'windows') return false;
  return /^mcr\.microsoft\.com\/dotnet\/(?:core\/|nightly\/)?sdk$/.test(repositoryName(image));
}

/** `sdk:8.0-alpine` becomes `aspnet:8.0-alpine`, or `runtime:8.0-alpine` where ASP.NET is not asked for. */
export function runtimeImage(view: View, { by, publish }: Published): RuntimeImage | Obstacle {
  const { fromWord, image } = view.stage;
  const written = fromWord.value;
  const parts = splitImageRef(written);
  const tag = parts.tag ? written.slice(...parts.tag) : '';
  const groups = SDK_TAG.exec(tag)?.groups;
  if (!groups || image?.digest !== undefined)
    return { code: 'base-unknown', why: `which image of the runtime belongs to ${written} is not known` };
  const { version = '', suite = '' } = groups;
  const own = ownRuntime(by, publish, Number(version.split('.')[0]));
  if (own) return own;
  const framework = frameworkOf(by, publish);
  const place = written.slice(0, (parts.tag as readonly [number, number])[0] - 1).replace(/sdk$/, framework.name);
  return {
    text: `${place}:${version}${suite}`,
    version,
    isPatch: /^\d+\.\d+\.\d/.test(tag),
    evidence: framework.evidence,
  };
}

/** What the image of the SDK has on Alpine and the others have not, where the program may read it. */
export function cultureOf(
  view: View,
  { by, publish }: Published,
): { readonly env: readonly string[]; readonly packages: readonly string[] } {
  const variable = 'DOTNET_SYSTEM_GLOBALIZATION_INVARIANT';
  if (view.system.family !== 'alpine') return { env: [], packages: [] };
  const asked = view.stage.end.env.get(variable);
  // zones are read without culture data, too
  if (isInvariant(by, publish) || /^(?:true|1)$/i.test(asked ?? '')) return { env: [], packages: ['tzdata'] };
  const env = view.stage.end.env.has(variable) ? [] : [`${view.keyword('ENV')} ${variable}=false`];
  return { env, packages: ALPINE_DATA };
}
