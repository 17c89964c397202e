/** The image that Go programs run on. */
import type { Evidence } from '../../../src/edit.ts';
import { STATIC_IMAGES } from '../../../src/knowledge/go-modules.ts';
import type { Placed } from '../artefact.ts';
import { type Release, releaseOf } from '../release.ts';
import type { Obstacle, View } from '../types.ts';
import { isObstacle } from '../types.ts';
import { needsC } from './needs-c.ts';
import type { Output } from './output.ts';
import type { Started } from './starts.ts';

export interface RuntimeImage {
  readonly image: string;
  readonly family: 'alpine' | 'debian';
  readonly packages: readonly string[];
  readonly isStatic: boolean;
  readonly evidence: readonly Evidence[];
  readonly builderImage?: string | undefined;
  /** What could not be established, as sentences. */
  readonly doubts: readonly string[];
  /** What the reason says about the release. */
  readonly note: string;
}

/** Without C code any image will do, with it the libraries of the builder must be there. `builder`: the stage that builds, where it is another one. */
export function runtimeImage(
  view: View,
  outputs: readonly Output[],
  started: Started,
  placed: Pick<Placed, 'data' | 'needsDebian'>,
  builder: View = view,
): RuntimeImage | Obstacle {
  const { system, stage } = view;
  const { runtime } = builder;
  const c = needsC(builder, outputs, view);
  if (isObstacle(c)) return c;
  const wantsZones =
    runtime.find(/\btime\.LoadLocation\(/) !== undefined || stage.end.env.has('TZ') || placed.data.includes('tzdata');
  const hasZones = runtime.find(/_\s+"time\/tzdata"/) !== undefined;
  const zones = wantsZones && !hasZones ? ['tzdata'] : [];
  const data = placed.data.filter((name) => name !== 'tzdata' && name !== 'ca-certificates');
  const packages = [...new Set([...zones, ...data, ...started.packages])];
  const isAlpine = system.family === 'alpine' || (c.isStatic && !placed.needsDebian);
  const newest = isAlpine ? NEWEST_ALPINE : STATIC_IMAGES.debian.suite;
  // a program that is linked statically runs on any release
  const any = {
    name: isAlpine && system.family !== 'alpine' ? newest : (system.release ?? newest),
    evidence: [],
    note: '',
  };
  const release: Release | undefined = c.isStatic ? any : releaseOf(view, newest);
  if (!release)
    return {
      code: 'base-unknown',
      why: `${stage.fromWord.value} does not tell the release of ${isAlpine ? 'Alpine' : 'Debian'} that its C library is from`,
    };
  return {
    image: isAlpine ? `alpine:${release.name}` : `debian:${release.name}-slim`,
    family: isAlpine ? 'alpine' : 'debian',
    packages: isAlpine ? packages : [...packages, 'ca-certificates'],
    isStatic: c.isStatic,
    doubts: c.doubts,
    evidence: [...c.evidence, ...release.evidence],
    builderImage: release.builderImage,
    note: release.note,
  };
}

const NEWEST_ALPINE = STATIC_IMAGES.alpine.text.replace('alpine:', '');
