/** Managers that take one word to install from the lock file alone: what they have in common. */
import { posix } from 'node:path';
import type { Document } from '../../src/document.ts';
import type { Change, Edit } from '../../src/edit.ts';
import { within } from '../../src/project/manifests.ts';
import type { LockVerdict } from '../../src/project/node-locks.ts';
import type { Project } from '../../src/project/project.ts';
import type { Command } from '../../src/shell/command.ts';
import { type Invocation, invocation } from '../../src/shell/invocation.ts';
import { addLock } from './add-lock.ts';
import { type Install, optionalLock } from './find.ts';
import type { Reason } from './node.ts';

/** The edit that makes an install exact, and how the command reads then. */
export interface Exact {
  readonly edit: Edit;
  readonly title: string;
  /** What could not be established, as a sentence. */
  readonly doubt?: string | undefined;
}

export interface LockedRow {
  readonly isInstall: (call: Invocation) => boolean;
  /** `Cargo.toml` and `Cargo.lock`, in one folder. */
  readonly manifest: string;
  readonly lock: string;
  /** A pattern that brings both (`Gemfile*`) is there so that the lock file may be absent. */
  readonly isOptional?: true;
  /** It is exact already, or meant not to be. */
  readonly isDecided: (install: Install, project: Project) => boolean;
  /** The folder whose manifest is read, where it is not the one the command works in. */
  readonly folder?: (install: Install) => string | undefined;
  /** A command before it changes the manifest or the lock file. */
  readonly isChanging: (command: Command) => boolean;
  readonly verdict: (project: Project, dir: string) => LockVerdict;
  readonly exact: (install: Install, format: string) => Exact | Reason | undefined;
}

/** Whether the lock file reaches the install: copied to the folder, or bound there for it. */
function reaches({ files, instruction }: Install, folder: string, lock: string): boolean {
  if (files.toContext(`${folder}/${posix.basename(lock)}`) === lock) return true;
  return instruction.flags.some(
    ({ name, value }) =>
      name === 'mount' && /(?:^|,)type=bind(?:,|$)/.test(value) && value.includes(posix.basename(lock)),
  );
}

function manifestOf(
  project: Project,
  { files, instruction }: Install,
  folder: string | undefined,
  name: string,
): string | undefined {
  if (folder === undefined) return undefined;
  const copied = files.toContext(`${folder}/${name}`);
  if (copied !== undefined) return copied;
  const bound = instruction.flags
    .filter(({ name: flag, value }) => flag === 'mount' && /(?:^|,)type=bind(?:,|$)/.test(value))
    .map(({ value }) => /(?:^|,)(?:source|src)=([^,]+)/.exec(value)?.[1]?.replace(/^\.?\//, ''))
    .find((source) => source !== undefined && posix.basename(source) === name);
  return bound !== undefined && project.kind(bound) === 'file' ? bound : undefined;
}

export function lockedPlan(
  document: Document,
  project: Project,
  install: Install,
  row: LockedRow,
): Change | Reason | undefined {
  const { before, unread, at } = install;
  if (row.isDecided(install, project)) return undefined;
  const folder = row.folder ? row.folder(install) : install.folder;
  const manifest = manifestOf(project, install, folder, row.manifest);
  if (folder === undefined || manifest === undefined) {
    return { code: 'manifest-unknown', why: `its ${row.manifest} does not come from the build context` };
  }
  const dir = posix.dirname(manifest) === '.' ? '' : posix.dirname(manifest);
  const lock = within(dir, row.lock) as string;
  if (project.kind(lock) !== 'file') return undefined;
  const addition = reaches(install, folder, lock) ? undefined : addLock(document, project, install, manifest, lock);
  if (addition && 'code' in addition) return addition;
  if (
    unread.length > 0 ||
    before.some((command) => (row.isChanging(command) && !isInstall(command, row)) || names(command, row))
  ) {
    return { code: 'manifest-changed', why: `a command before it may change ${row.manifest} or ${row.lock}` };
  }
  const verdict = row.verdict(project, dir);
  if (verdict.kind !== 'agrees') {
    return { code: verdict.kind === 'differs' ? 'lock-differs' : 'lock-unclear', why: verdict.why };
  }
  const exact = row.exact(install, verdict.format);
  if (!exact || 'code' in exact) return exact;
  const unsure = exact.doubt ?? optionalLock(document, project, install, lock, row.isOptional ? undefined : manifest);
  const doubt = unsure === undefined ? '' : ` ${unsure}`;
  return {
    title: exact.title,
    why: `${addition ? `${row.lock} is copied along with ${row.manifest}. ` : ''}The versions are those of ${row.lock}, which holds what ${row.manifest} asks for; where the two disagree one day, the build stops.${doubt}`,
    evidence: [{ file: project.rootPath(lock), says: `agrees with ${project.rootPath(manifest)}` }],
    level: doubt === '' ? 'review' : 'risky',
    at,
    edits: addition ? [addition, exact.edit] : [exact.edit],
  };
}

/** It becomes exact itself. */
const isInstall = (command: Command, row: LockedRow): boolean => {
  const call = invocation(command);
  return call !== undefined && row.isInstall(call);
};

const names = ({ args }: Command, { manifest, lock }: LockedRow): boolean =>
  args.some(({ raw }) => raw.includes(manifest) || raw.includes(lock));
