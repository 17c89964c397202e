/** A secret of the build as it is handed on from now on: how the builds are called, and what changes in the Dockerfile. */
import type { Instruction } from '../../src/document.ts';
import type { Edit, Evidence } from '../../src/edit.ts';

export interface BuildSecret {
  /** env: a build argument; file: a file that was copied; ssh: a key that was copied. */
  readonly kind: 'env' | 'file' | 'ssh';
  /** As in the Dockerfile: `NPM_TOKEN`, `.npmrc`. */
  readonly name: string;
  /** Of the mount: `npm_token`; `default` for ssh. */
  readonly id: string;
  /** Path relative to the context, of a file or key; '' for env. */
  readonly path: string;
  /** A build without it goes on. */
  readonly isOptional: boolean;
  /** The instruction that brings it. */
  readonly at: Instruction;
  /** The RUN instructions that need it. */
  readonly runs: readonly Instruction[];
  /** The mount flag of each of them. */
  readonly flag: string;
  /** Edits of the Dockerfile and its .dockerignore besides the mounts. */
  readonly edits: readonly Edit[];
  readonly creates: readonly { readonly file: string; readonly text: string }[];
  readonly evidence: readonly Evidence[];
  /** Sentences that follow from it alone. */
  readonly notes: readonly string[];
  /** What could not be established about it. */
  readonly doubts: readonly string[];
}

/** What `docker build` is told: `--secret id=npm_token,env=NPM_TOKEN`. */
export function argumentOf({ kind, name, id, path }: BuildSecret): string {
  if (kind === 'ssh') return `--ssh ${id}=${path}`;
  return `--secret id=${id},${kind === 'env' ? `env=${name}` : `src=${path}`}`;
}
