/** The image that Go programs run on. */
import type { Evidence } from '../../../src/edit.ts';
import { CGO_MODULES, STATIC_IMAGES } from '../../../src/knowledge/go-modules.ts';
import type { Placed } from '../artefact.ts';
import { type Release, releaseOf } from '../release.ts';
import type { Obstacle, View } from '../types.ts';
import { isObstacle } from '../types.ts';
import { moduleFiles, type Output } from './output.ts';
import type { Started } from './starts.ts';

export interface RuntimeImage {
  readonly image: string;
  readonly family: 'alpine' | 'debian';
  readonly packages: readonly string[];
  readonly isStatic: boolean;
  readonly evidence: readonly Evidence[];
  readonly builderImage?: string | undefined;
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
  const c = needsC(builder, outputs);
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
    evidence: [...c.evidence, ...release.evidence],
    builderImage: release.builderImage,
    note: release.note,
  };
}

const NEWEST_ALPINE = STATIC_IMAGES.alpine.text.replace('alpine:', '');

/** Whether the programs link to C code, and whether its libraries are known. */
function needsC(
  view: View,
  outputs: readonly Output[],
): Obstacle | { isStatic: boolean; evidence: readonly Evidence[] } {
  const { runtime, project, document } = view;
  for (const { task, instruction } of outputs) {
    const mode = task.command.value('-buildmode');
    if (mode !== undefined && mode !== 'exe' && mode !== 'pie')
      return { code: 'unknown-effect', why: `go build makes a ${mode}, no program`, at: task.command };
    const race = task.command.has('-race');
    if (race)
      return { code: 'unknown-effect', why: 'the race detector needs the C library of the builder', at: instruction };
  }
  const own = runtime.find(/^\s*import\s+"C"|^\s+"C"\s*$|go-systemd\/(?:v\d+\/)?sdjournal"/m);
  if (own) return { code: 'links-to-c', why: `${own.file}:${own.line} is a binding to C` };
  for (const { file, text } of moduleFiles(view, outputs)) {
    for (const { module, needs } of CGO_MODULES) {
      const line = text.split('\n').findIndex((it) => it.includes(module));
      if (line < 0) continue;
      const fact = { file: project.rootPath(file), line: line + 1, says: `${module} is a binding to C` };
      if (needs !== 'libc') return { code: 'links-to-c', why: `${fact.file}:${fact.line} ${fact.says}` };
      return { isStatic: false, evidence: [fact] };
    }
  }
  const on = outputs.find(
    ({ task, instruction }) =>
      task.command.assignments.some(({ name, value }) => name === 'CGO_ENABLED' && value !== '0') ||
      (instruction.state.env.has('CGO_ENABLED') && instruction.state.env.get('CGO_ENABLED') !== '0'),
  );
  if (on) {
    const line = document.originLine(on.instruction.start);
    return { isStatic: false, evidence: [{ file: document.path, line, says: 'CGO_ENABLED is on' }] };
  }
  return { isStatic: true, evidence: [] };
}
