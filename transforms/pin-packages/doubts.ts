/** Why a version that files of the project name may still not be the right one for a command that installs it alone. */
import { posix } from 'node:path';
import type { Document, Stage } from '../../src/document.ts';
import { splitTag } from '../../src/image.ts';
import { repositoryName } from '../../src/knowledge/images.ts';
import { imageFiles } from '../../src/project/image-files.ts';
import type { Project } from '../../src/project/project.ts';
import { invocation } from '../../src/shell/invocation.ts';

/** A version, and the file of the context that names it. */
export interface PinnedVersion {
  readonly document: Document;
  readonly project: Project;
  readonly stage: Stage;
  readonly name: string;
  readonly version: string;
  readonly path: string;
}

/** An old version beside the newest of what it needs is a pair that nobody tried, unless the whole file is installed as well. */
export function alone({ document, project, stage, name, version, path }: PinnedVersion): string | undefined {
  if (installsFile(document, project, stage, path)) return undefined;
  return `Whether ${name} ${version} works with the newest versions of what it needs is not known: ${path} is not installed here as a whole.`;
}

const LOCK_MANAGERS: Readonly<Record<string, string>> = {
  'poetry.lock': 'poetry',
  'uv.lock': 'uv',
  'pdm.lock': 'pdm',
  'Pipfile.lock': 'pipenv',
  'Gemfile.lock': 'bundler',
  'gems.locked': 'bundler',
};

function installsFile(document: Document, project: Project, stage: Stage, path: string): boolean {
  const file = posix.basename(path);
  const isCopied = imageFiles(document, project, stage).sources.some(
    ({ source }) => source === '' || source === path || path.startsWith(`${source}/`),
  );
  if (!isCopied) return false;
  for (let from: Stage | undefined = stage; from; from = from.parent) {
    for (const { script } of from.instructions) {
      for (const command of script?.commands ?? []) {
        const call = invocation(command);
        if (call?.action !== 'install') continue;
        const manager = LOCK_MANAGERS[file];
        if (manager !== undefined && call.manager === manager) return true;
        if (manager === undefined && call.requirementFiles.some((it) => it?.endsWith(file))) return true;
      }
    }
  }
  return false;
}

/** Programs of the time of go.mod are built with the Go of that time. */
export function otherGo({ project, stage, path }: PinnedVersion): string | undefined {
  const named = /^go\s+(\d+\.\d+)/m.exec(project.read(path) ?? '')?.[1];
  const tag = stage.image && repositoryName(stage.image) === 'golang' ? stage.image.tag : undefined;
  const version = /^\d+\.\d+/.exec(splitTag(tag ?? '').version ?? '')?.[0];
  if (named !== undefined && named === version) return undefined;
  return `${path} is of Go ${named ?? '1.16 or older'}, and it is not known that the Go of this image builds the program.`;
}
