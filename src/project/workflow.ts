/** Uses of Dockerfiles in GitHub workflows: steps with docker/build-push-action. */

import { posix } from 'node:path';
import type { Tree } from '../tree.ts';
import { isRecord } from './manifests.ts';
import { BUILD_ACTION } from './places.ts';
import { optional, placeUse, readArgs, type Use } from './use.ts';
import { parseYaml, type Yaml } from './yaml.ts';

/** A text without `${{ .. }}`; undefined when it has one: its value is known only while the workflow runs. */
const fixed = (text: string): string | undefined => (text.includes('${{') ? undefined : text);

/** `{{defaultContext}}` is the repository itself; `{{defaultContext}}:dir` a folder of it. */
function contextOf(value: unknown): string | undefined {
  const text = String(value ?? '.').trim();
  const inside = /^\{\{\s*defaultContext\s*\}\}(?::(.*))?$/.exec(text);
  return fixed(inside ? (inside[1] ?? '.') : text === '' ? '.' : text);
}

/** Every use that a workflow file names; its paths are relative to the root. A step whose context or file is an expression is left out. */
export function workflowUses(yaml: Yaml, tree: Tree, file: string): Use[] {
  const uses: Use[] = [];
  for (const document of parseYaml(yaml, tree.read(file) ?? '')) {
    const jobs = isRecord(document.value) ? document.value.jobs : undefined;
    for (const [job, body] of isRecord(jobs) ? Object.entries(jobs) : []) {
      const steps = isRecord(body) && Array.isArray(body.steps) ? body.steps : [];
      steps.forEach((step: unknown, index) => {
        if (!isRecord(step) || !BUILD_ACTION.test(String(step.uses ?? ''))) return;
        const inputs = isRecord(step.with) ? step.with : {};
        const context = contextOf(inputs.context);
        const named =
          inputs.file === undefined || inputs.file === null || inputs.file === ''
            ? undefined
            : String(inputs.file).trim();
        if (context === undefined || (named !== undefined && fixed(named) === undefined)) return;
        // `file` is relative to the repository, the default lies in the context.
        const dockerfile =
          named === undefined ? 'Dockerfile' : posix.relative(posix.join('/', context), posix.join('/', named));
        const target = inputs.target ? fixed(String(inputs.target).trim()) : undefined;
        const list = String(inputs['build-args'] ?? '')
          .split('\n')
          .map((line) => line.trim())
          .filter(Boolean);
        const line = document.lineOf(['jobs', job, 'steps', index, 'uses']);
        const use = placeUse(tree, '', context, dockerfile, {
          by: 'workflow',
          file,
          line,
          name: job,
          ...optional({ target, args: readArgs(list, fixed) }),
        });
        if (use) uses.push(use);
      });
    }
  }
  return uses;
}
