/**
 * The public API: everything that the command line does, without the command line.
 *
 *     const tree = new Tree('.');
 *     await prepareProjects(tree);
 *     for (const path of discover(tree, [], { exclude: [] }).dockerfiles) {
 *       const read = tree.readForRewrite(path);
 *       if ('error' in read) continue;
 *       const settings = await resolveSettings({ tree, path, flags: {}, transforms });
 *       const project = openProject(tree, path, { context: settings.context });
 *       const result = rewrite({ path, text: read.text, tree, project, transforms, settings });
 *       console.log(filePatch(path, result.before, result.after));
 *     }
 */
export { transforms } from '../transforms/index.ts';
export { CONTRACT_KEYS, type ContractKey } from './contract.ts';
export { type Discovered, discover, type Skipped } from './discover.ts';
export { Document, type Instruction, type Stage } from './document.ts';
export type { Change, Decline, Edit, Evidence, Level, Span } from './edit.ts';
export { LEVELS } from './edit.ts';
export { UsageError } from './errors.ts';
export { openProject, prepareProjects } from './project/open.ts';
export type { ContextSource, Project } from './project/project.ts';
export { filePatch } from './report/patch.ts';
export { type Declined, type Policy, type Proposal, type Result, type RewriteInput, rewrite } from './rewrite.ts';
export { parseSet, resolveSettings, type Settings, type SettingsFlags } from './settings.ts';
export { type Docs, defineTransform, type OptionSpecs, type OptionValues, type Transform } from './transform.ts';
export { type Planned, Tree } from './tree.ts';
export { WriteError, type WriteJob, writeWhole } from './write.ts';

import type { Refusal } from './document.ts';
import { Document } from './document.ts';

/** Reads a Dockerfile's text; a refusal (code, message, line) says why it is not taken for one. `path` is for messages only. */
export function parseDocument(text: string, path = 'Dockerfile'): Document | Refusal {
  return Document.read(path, text);
}
