/** `redock explain NAME`: what a transform does, why, an example made by the engine, and when it declines. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { UsageError } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { openProject, prepareProjects } from '../project/open.ts';
import { filePatch } from '../report/patch.ts';
import { colorPatch } from '../report/patches.ts';
import { rewrite } from '../rewrite.ts';
import { resolveSettings } from '../settings.ts';
import type { OptionSpec, Transform } from '../transform.ts';
import { Tree } from '../tree.ts';
import type { Io } from './io.ts';

/** The example's patch, its new files included: made by the engine in a temporary folder, which is removed. */
async function examplePatch(transform: Transform): Promise<string> {
  const { before, files = {} } = transform.docs.example;
  const folder = mkdtempSync(join(tmpdir(), 'redock-explain-'));
  try {
    for (const [path, text] of Object.entries({ ...files, Dockerfile: before })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const tree = new Tree(folder);
    await prepareProjects(tree);
    const path = 'Dockerfile';
    const flags = { only: [transform.name], level: 'risky' };
    const settings = await resolveSettings({ tree, path, flags, noConfig: true, transforms: [transform] });
    const project = openProject(tree, path, {});
    const result = rewrite({ path, text: before, tree, project, transforms: [transform], settings });
    const beside = result.files.map((file) => filePatch(file.path, file.before, file.after));
    return filePatch(path, result.before, result.after) + beside.join('');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const optionLine = (transform: string, key: string, spec: OptionSpec): string => {
  const values = spec.kind === 'choice' ? spec.choices.join('|') : spec.kind === 'boolean' ? 'true|false' : 'text';
  return `  --set ${transform}.${key}=${values}  (default: ${spec.default === '' ? 'empty' : spec.default})\n      ${spec.help}\n`;
};

/** @throws UsageError for an unknown name */
export async function explain(name: string, transforms: readonly Transform[], io: Io): Promise<number> {
  const transform = transforms.find((one) => one.name === name);
  if (!transform) {
    const names = transforms.map((one) => one.name);
    throw new UsageError(`unknown transform "${name}"${didYouMean(name, names) || '; `redock list` shows them'}`);
  }
  const paint = io.paintOut ?? io.plain;
  const { docs, summary, declines, options, mayChange } = transform;
  const patch = await examplePatch(transform);
  const write = (text: string): void => io.out.write(text);
  const section = (title: string, lines: readonly string[], none: string): void => {
    write(`\n${paint.bold(title)}\n${lines.length > 0 ? lines.join('') : `  ${none}\n`}`);
  };
  write(`${paint.bold(name)}: ${summary}\n`);
  section('What it does', [`  ${docs.what}\n`], '');
  section('Why', [`  ${docs.why}\n`], '');
  section('Example', patch === '' ? [] : [io.paintOut ? colorPatch(patch, paint) : patch], 'none');
  section(
    'When it declines',
    Object.entries(declines).map(([code, why]) => `  ${paint.bold(code)}: ${why}\n`),
    'never',
  );
  section(
    'Options',
    Object.entries(options).map(([key, spec]) => optionLine(name, key, spec)),
    'none',
  );
  section(
    'What it may change of the resulting image',
    mayChange.length > 0 ? [`  ${mayChange.join(', ')}\n`] : [],
    'nothing: the image does the same',
  );
  return 0;
}
