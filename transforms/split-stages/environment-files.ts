/** Files of the context that variables name, and that a program then opens: `ENV CONFIG_PATH=./config/app.yaml`. */
import { posix } from 'node:path';
import { lineage } from '../../src/document/lineage.ts';
import type { Evidence } from '../../src/edit.ts';
import { lineAt } from '../../src/project/calls.ts';
import { readEnvironment } from '../../src/project/compose.ts';
import { environmentOf } from '../../src/project/compose-service.ts';
import { isRecord } from '../../src/project/manifests.ts';
import { ignoredSettings, type NameRules, placesNamed, type ReadFile } from './named-files.ts';
import type { View } from './types.ts';

/** Files with the variables of the project, as they are and as examples: .env, .env.example, env-sample. */
const VARIABLES = /^(?:\.?env(?:[.-][\w-]+)*|(?:example|sample)\.env)$/;
/** Source files that are looked at for names of variables. */
const FILE_LIMIT = 4000;

interface Named {
  readonly name: string;
  readonly value: string;
  readonly evidence: Evidence;
}

/** What the variables name that the image and the compose services set, and those of env files that the source asks for. */
export function namedByEnvironment(
  view: View,
  rules: NameRules,
): { readonly files: readonly ReadFile[]; readonly doubts: readonly string[] } {
  const workdir = view.stage.end.workdir ?? '/';
  const own = [...ofImage(view), ...ofServices(view)];
  const listed = ofFiles(view);
  const asked = listed.length > 0 ? namesIn(view, rules) : new Set<string>();
  const named = [...own, ...listed.filter(({ name }) => asked.has(name))].filter(({ value }) => isPath(value));
  return {
    files: named.flatMap(({ name, value, evidence }) =>
      [value, ...value.split(/[,:;]/)].flatMap((part) =>
        placesNamed(view, part, rules).map((path) => ({
          path,
          evidence: { ...evidence, says: `${name} names ${part}` },
        })),
      ),
    ),
    doubts: own
      .filter(({ value }) => isPath(value))
      .flatMap(({ name, value, evidence }) =>
        ignoredSettings(view, posix.isAbsolute(value) ? posix.relative(workdir, value) : value, {
          ...evidence,
          says: `${name} names ${value}`,
        }),
      ),
  };
}

/** `./config/app.yaml`, `views/`, `app.db`; a word alone, a number or an address is something else. */
const isPath = (value: string): boolean => /[/.]/.test(value) && !/^[\d.:]+$|^(?!file:)\w+:\/\/(?!\/)|\s/.test(value);

/** ENV, as it is in force when the container starts. */
function ofImage({ document, stage }: View): Named[] {
  return lineage(stage)
    .flatMap(({ instructions }) => instructions)
    .filter(({ keyword }) => keyword === 'ENV')
    .flatMap((instruction) =>
      instruction.pairs.flatMap(({ name }) => {
        const value = stage.end.env.get(name);
        const evidence = { file: document.path, line: document.originLine(instruction.start), says: name };
        return value === undefined || name === 'PATH' ? [] : [{ name, value, evidence }];
      }),
    );
}

/** `environment:` of the compose services that run the image, a list or a map. */
function ofServices({ project }: View): Named[] {
  return project.contexts.flatMap(({ service, file = '' }) => {
    const evidence = { file, line: service?.lineOf('environment') ?? 1, says: 'environment' };
    return [...environmentOf(service?.fields ?? {})].map(([name, value]) => ({ name, value, evidence }));
  });
}

/** The files of `env_file:`, and those of the context that are called so. */
function ofFiles({ project }: View): Named[] {
  const files = new Set<string>();
  for (const { service, file = '' } of project.contexts) {
    const given = service?.fields.env_file;
    for (const it of Array.isArray(given) ? given : [given]) {
      const path = isRecord(it) ? it.path : it;
      if (typeof path === 'string' && !/[$~]|^\//.test(path)) files.add(posix.join(posix.dirname(file), path));
    }
  }
  for (const name of project.list('')) if (VARIABLES.test(name)) files.add(project.rootPath(name));
  return [...files].flatMap((file) => {
    const text = project.root.read(file) ?? '';
    return [...readEnvironment(text)].map(([name, value]) => {
      const at = text.search(new RegExp(`^[ \\t]*(?:export\\s+)?${name}\\s*=`, 'm'));
      return { name, value, evidence: { file, line: lineAt(text, at + 1), says: name } };
    });
  });
}

/** Names in capitals that the source has. */
function namesIn({ runtime, project }: View, rules: NameRules): ReadonlySet<string> {
  const found = new Set<string>();
  for (const path of runtime.files.walk(FILE_LIMIT)) {
    if (!rules.isSource(path)) continue;
    for (const [name] of (project.read(path) ?? '').matchAll(/\b[A-Z][A-Z0-9_]{2,}\b/g)) found.add(name);
  }
  return found;
}
