/** What `dotnet publish` makes: the folder, the library that is started, and which framework it runs on. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import type { Instruction } from '../../../src/document.ts';
import type { Evidence } from '../../../src/edit.ts';
import { PLAIN_PACKAGES } from '../../../src/knowledge/dotnet-builds.ts';
import { dotnetDefault, dotnetFacts } from '../../../src/project/dotnet.ts';
import type { Obstacle, Task, View } from '../types.ts';

export interface Publish {
  readonly task: Task;
  readonly instruction: Instruction;
  /** Folder in which it runs. */
  readonly folder: string;
  /** Absolute path of the folder that it fills; undefined: below bin, by the framework of the project. */
  readonly output: string | undefined;
  /** The project file, relative to the context; undefined: not found. */
  readonly manifest: string | undefined;
}

/** Every `dotnet publish` of the stage. Source: dotnet/docs:docs/core/tools/dotnet-publish.md. */
export function publishesOf({ steps, runtime, project }: View): readonly Publish[] {
  return steps.flatMap(({ instruction, tasks }) =>
    tasks.flatMap((task): Publish[] => {
      const { call, command, cwd } = task;
      if (call?.manager !== 'nuget' || call.verb !== 'publish' || cwd === undefined) return [];
      const to = command.value('-o', '--output') ?? propertyOf(task, 'PublishDir');
      const named = call.operands[0]?.literal;
      const place = joinPath(cwd, named ?? '.');
      const at = place === undefined ? undefined : runtime.files.toContext(place);
      const manifest = at === undefined || project.kind(at) !== 'dir' ? at : dotnetDefault(project, at);
      return [{ task, instruction, folder: cwd, output: joinPath(cwd, to), manifest }];
    }),
  );
}

/** `-p:Name=value`, `/p:Name=value`. */
export function propertyOf({ command }: Task, name: string): string | undefined {
  for (const { literal = '' } of command.args) {
    const value = new RegExp(`^(?:-|--|/)p(?:roperty)?:${name}=(.+)$`, 'i').exec(literal)?.[1];
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The text of a project and of the props files above it. */
const textOf = ({ project }: View, manifest: string): string =>
  (project.read(manifest) ?? '').replace(/<!--[\s\S]*?-->/g, '');

const tag = (text: string, name: string): string | undefined =>
  new RegExp(`<${name}>\\s*([^<]*?)\\s*</${name}>`, 'i').exec(text)?.[1];

/** The name of the library, as far as it is fixed text. */
export function libraryName(view: View, { task, manifest }: Publish): string | undefined {
  if (manifest === undefined || !/proj$/i.test(manifest)) return undefined;
  const name =
    propertyOf(task, 'AssemblyName') ??
    tag(textOf(view, manifest), 'AssemblyName') ??
    posix.basename(manifest).replace(/\.\w+$/, '');
  return /[$]/.test(name) ? undefined : name;
}

/** A program that brings its own runtime needs another image. */
export function ownRuntime(view: View, publish: Publish, major: number): Obstacle | undefined {
  const { task, manifest, instruction } = publish;
  const text = manifest === undefined ? '' : textOf(view, manifest);
  const is = (name: string): boolean => /^true$/i.test(propertyOf(task, name) ?? tag(text, name) ?? '');
  const said = (value: string | undefined): boolean => value !== undefined && !/^false$/i.test(value);
  const isAsked =
    task.command.has('--self-contained', '--sc') && task.command.value('--self-contained', '--sc') !== 'false';
  const isSet = said(propertyOf(task, 'SelfContained') ?? tag(text, 'SelfContained'));
  // before .NET 8 a runtime identifier meant it
  const isFramework =
    task.command.has('--no-self-contained') ||
    task.command.value('--self-contained', '--sc') === 'false' ||
    /^false$/i.test(propertyOf(task, 'SelfContained') ?? tag(text, 'SelfContained') ?? '');
  const byIdentifier =
    major < 8 && !isFramework && (task.command.has('-r', '--runtime') || tag(text, 'RuntimeIdentifier') !== undefined);
  const special = ['PublishAot', 'PublishSingleFile', 'PublishTrimmed'].find(is);
  if (!isAsked && !isSet && !byIdentifier && special === undefined) return undefined;
  return {
    code: 'own-runtime',
    why: `the program is published ${special ?? 'with its own runtime'}, which needs another image`,
    at: instruction,
  };
}

/** Whether the plain runtime is enough; ASP.NET, on which the SDK image is built, is enough for all. */
export function frameworkOf(
  view: View,
  publish: Publish,
): { readonly name: 'aspnet' | 'runtime'; readonly evidence: readonly Evidence[] } {
  const { project } = view;
  const evidence: Evidence[] = [];
  const seen = new Set<string>();
  const open = publish.manifest === undefined ? [] : [publish.manifest];
  let isPlain = open.length > 0;
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const text = textOf(view, path);
    const facts = dotnetFacts(project, path);
    const web = /Sdk="Microsoft\.NET\.Sdk\.(?:Web|BlazorWebAssembly|Razor)"|Microsoft\.AspNetCore\.(?:App|All)/.exec(
      text,
    );
    const line = web ? text.slice(0, web.index).split('\n').length : 1;
    if (web) evidence.push({ file: project.rootPath(path), line, says: web[0] });
    const packages = [...text.matchAll(/<PackageReference\s+(?:Include|Update)="([^"]+)"/g)].map(
      ([, name]) => name as string,
    );
    isPlain &&=
      !web &&
      facts !== undefined &&
      /Sdk="Microsoft\.NET\.Sdk(?:\.Worker)?"/.test(text) &&
      packages.every((it) => PLAIN_PACKAGES.test(it));
    for (const reference of facts?.references ?? []) {
      if (reference.path === undefined) isPlain = false;
      else open.push(reference.path);
    }
  }
  if (!isPlain) return { name: 'aspnet', evidence };
  const file = project.rootPath(publish.manifest as string);
  return { name: 'runtime', evidence: [{ file, line: 1, says: 'neither it nor what it refers to asks for ASP.NET' }] };
}

/** InvariantGlobalization: culture data is not read. */
export const isInvariant = (view: View, { manifest }: Publish): boolean =>
  manifest !== undefined && /^true$/i.test(tag(textOf(view, manifest), 'InvariantGlobalization') ?? '');
