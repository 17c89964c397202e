/** NODE_ENV of the runtime stage: production, where that changes nothing but the libraries' own caution. */
import { NODE_ENV_READERS } from '../../../src/knowledge/node-packages.ts';
import { within } from '../../../src/project/manifests.ts';
import type { NodeFacts } from '../../../src/project/node.ts';
import type { View } from '../types.ts';
import type { StartText } from './starts.ts';

/** Whether `ENV NODE_ENV=production` may be added: nobody sets it, and nothing of the project asks for it. */
export function mayBeProduction(view: View, texts: readonly StartText[], packages: readonly NodeFacts[]): boolean {
  const { stage, runtime, project } = view;
  if (stage.instructions.some(({ pairs }) => pairs.some(({ name }) => name === 'NODE_ENV'))) return false;
  if (texts.length === 0 || texts.some(({ text }) => /\bNODE_ENV\b|\bnext start\b|\bnuxt? start\b/.test(text)))
    return false;
  if (project.contexts.some(({ service }) => service && JSON.stringify(service.fields).includes('NODE_ENV')))
    return false;
  if (runtime.find(/\bNODE_ENV\b|\.get\(\s*['"]env['"]\s*\)|\bimport\.meta\.env\b/)) return false;
  return packages.every(
    ({ dependencies, dir }) =>
      !dependencies.some(({ name, group }) => group !== 'devDependencies' && NODE_ENV_READERS.has(name)) &&
      !project
        .list(dir === '' ? '.' : dir)
        .some(
          (name) =>
            /^\.env/.test(name) && /NODE_ENV|production/.test(name + (project.read(within(dir, name) ?? '') ?? '')),
        ),
  );
}
