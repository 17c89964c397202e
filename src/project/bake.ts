/** Uses of Dockerfiles in docker-bake files, HCL and JSON. */

import { posix } from 'node:path';
import type { Tree } from '../tree.ts';
import { bakeInputs } from './build-inputs.ts';
import { type BakeBlocks, type BakeValue, readHcl, UNKNOWN } from './hcl.ts';
import { isRecord } from './manifests.ts';
import { BAKE_FILES } from './places.ts';
import { optional, placeUse, readArgs, type Use } from './use.ts';

/** A target with its attributes, and where it stands. */
interface Target {
  readonly fields: Record<string, BakeValue>;
  readonly file: string;
  readonly line: number;
}

/** The same shape from JSON: `{"target": {"x": {..}}, "variable": {"V": {"default": ".."}}}`; nothing when it is broken. */
function readJson(text: string): BakeBlocks {
  const blocks: BakeBlocks = { targets: [], variables: new Map() };
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return blocks;
  }
  if (!isRecord(value)) return blocks;
  for (const [name, fields] of isRecord(value.target) ? Object.entries(value.target) : []) {
    if (!isRecord(fields)) continue;
    const at = text.indexOf(JSON.stringify(name));
    const line = text.slice(0, Math.max(0, at)).split('\n').length;
    blocks.targets.push({ name, line, fields: fields as Record<string, BakeValue> });
  }
  for (const [name, body] of isRecord(value.variable) ? Object.entries(value.variable) : []) {
    const preset = isRecord(body) ? body.default : undefined;
    if (typeof preset === 'string' || typeof preset === 'number') blocks.variables.set(name, String(preset));
  }
  return blocks;
}

/** Attributes with those of the inherited targets below them, later ones over earlier ones. Undefined: one of them is not known or loops. */
function inherit(
  targets: ReadonlyMap<string, Target>,
  name: string,
  above: readonly string[] = [],
): Record<string, BakeValue> | undefined {
  const target = targets.get(name);
  if (!target || above.includes(name)) return undefined;
  const parents = target.fields.inherits ?? [];
  if (!Array.isArray(parents)) return undefined;
  let fields: Record<string, BakeValue> = {};
  for (const parent of parents) {
    const inherited = typeof parent === 'string' ? inherit(targets, parent, [...above, name]) : undefined;
    if (!inherited) return undefined;
    fields = overlay(fields, inherited);
  }
  return overlay(fields, target.fields);
}

/** Later attributes replace earlier ones; `args` are merged key by key. */
function overlay(below: Record<string, BakeValue>, above: Record<string, BakeValue>): Record<string, BakeValue> {
  const args =
    isRecord(below.args) && isRecord(above.args) ? { args: { ...below.args, ...above.args } as BakeValue } : {};
  return { ...below, ...above, ...args };
}

/** What the bake files of one folder say together. */
interface BakeFiles {
  readonly targets: ReadonlyMap<string, Target>;
  /** `${V}` by the variable's default; undefined: unknown, or an expression. */
  expand(value: BakeValue | undefined): string | undefined;
}

function readBakeFiles(tree: Tree, folder: string): BakeFiles {
  const targets = new Map<string, Target>();
  const variables = new Map<string, string>();
  for (const name of BAKE_FILES) {
    const file = posix.join(folder, name);
    const text = tree.kind(file) === 'file' ? tree.read(file) : undefined;
    if (text === undefined) continue;
    const blocks = name.endsWith('.json') ? readJson(text) : readHcl(text);
    for (const [key, value] of blocks.variables) variables.set(key, value);
    for (const { name: target, fields, line } of blocks.targets) {
      const known = targets.get(target);
      targets.set(target, known ? { ...known, fields: overlay(known.fields, fields) } : { fields, file, line });
    }
  }

  const expand = (value: BakeValue | undefined): string | undefined => {
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    if (typeof value !== 'string') return undefined;
    let known = true;
    const text = value.replace(/\$\$\{|\$\{([^{}]*)\}/g, (whole, name: string | undefined) => {
      if (name === undefined) return whole.slice(1);
      const found = variables.get(name.trim());
      if (found === undefined) known = false;
      return found ?? '';
    });
    return known ? text : undefined;
  };
  return { targets, expand };
}

/** The names of the further contexts that targets get whose Dockerfile nobody can tell: `context = folder("base")`. */
export function strayContexts(tree: Tree, folder: string): readonly string[] {
  const { targets, expand } = readBakeFiles(tree, folder);
  return [...targets.keys()].flatMap((name) => {
    const fields = inherit(targets, name) ?? {};
    const isPlaced = ['context', 'dockerfile'].every((key) => !(key in fields) || expand(fields[key]) !== undefined);
    return isPlaced ? [] : (bakeInputs(folder, fields).contextNames ?? []);
  });
}

/**
 * Every use that the bake files of one folder name together. Contexts are relative to that folder or, when nothing is
 * there (`bake -f docker/docker-bake.hcl` from the root), to the root. A target with a matrix is left out.
 */
export function bakeUses(tree: Tree, folder: string): Use[] {
  const { targets, expand } = readBakeFiles(tree, folder);
  const uses: Use[] = [];
  for (const [name, { file, line }] of targets) {
    const fields = inherit(targets, name);
    if (!fields || 'matrix' in fields || 'dockerfile-inline' in fields) continue;
    // A target that only hands on tags or arguments to others says nothing about a Dockerfile.
    if (!['context', 'dockerfile', 'target'].some((key) => key in fields)) continue;
    const context = 'context' in fields ? expand(fields.context) : '.';
    const dockerfile = 'dockerfile' in fields ? expand(fields.dockerfile) : 'Dockerfile';
    if (context === undefined || dockerfile === undefined) continue;
    const stage = 'target' in fields ? expand(fields.target) : undefined;
    const args = isRecord(fields.args)
      ? readArgs(
          Object.fromEntries(
            Object.entries(fields.args).map(([key, value]) => [
              key,
              value === UNKNOWN ? undefined : expand(value as BakeValue),
            ]),
          ),
          (text) => text,
        )
      : undefined;
    const inputs = bakeInputs(folder, fields);
    const source = { by: 'bake' as const, file, line, name, ...optional({ target: stage, args }), ...inputs };
    const use = placeUse(tree, folder, context, dockerfile, source) ?? placeUse(tree, '', context, dockerfile, source);
    if (use) uses.push(use);
  }
  return uses;
}
