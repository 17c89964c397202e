/** Files and folders of the context that a text of the source names: `"templates/*.html"`, `"./static"`, `"config"`. */
import { posix } from 'node:path';
import { joinPath } from '../../src/document/state.ts';
import type { Evidence } from '../../src/edit.ts';
import { serviceFacts } from '../../src/project/compose-service.ts';
import { within } from '../../src/project/manifests.ts';
import { callsOf } from './start-words.ts';
import type { View } from './types.ts';

export interface ReadFile {
  /** Absolute path in the image: a file, or a folder with all that is in it. */
  readonly path: string;
  readonly evidence: Evidence;
}

export interface NameRules {
  /** Endings that libraries put behind a bare name. */
  readonly endings: readonly string[];
  /** Whether a file is source: naming it reads nothing. */
  isSource(path: string): boolean;
  /** Whether a folder is a part of the program: what it holds is built in. */
  isModule?(folder: string): boolean;
}

/** Absolute paths in the image of what a text names, as far as something of the context stands there that is not source alone. */
export function placesNamed({ runtime, project, stage }: View, literal: string, rules: NameRules): string[] {
  const plain = literal.replace(/^file:(?:\/\/)?/, '');
  const bare = plain.replace(/[*%{?$].*$/, '');
  if (bare === '' || /^(?:\.{0,2}\/?|\/+)$/.test(bare) || bare.includes('..') || /^\w+:/.test(bare)) return [];
  const names = bare.endsWith('/') ? [bare] : [bare, ...rules.endings.map((ending) => bare + ending)];
  return names.flatMap((name) => {
    // `templates/layout-%s.html` names the folder
    const fixed = plain !== bare && !bare.endsWith('/') ? posix.dirname(name) : name;
    if (fixed === '.') return [];
    return placeOf(fixed, name === bare) ?? [];
  });

  function placeOf(name: string, isWritten: boolean): string[] | undefined {
    const place = joinPath(stage.end.workdir, name);
    const file = place === undefined ? undefined : runtime.files.toContext(place);
    if (place === undefined || place === stage.end.workdir || file === '') return undefined;
    // logs/app.log is new, and the folder that it comes into is there
    if (file === undefined) return isWritten && isNew(name) ? placeOf(posix.dirname(name), false) : undefined;
    const kind = project.kind(file);
    if (kind === undefined || project.ignored(file)) return undefined;
    return (kind === 'file' ? rules.isSource(file) : !hasData(file) && !isKept(file)) ? undefined : [place];
  }

  /** A file with an ending, in a folder that is no module. */
  function isNew(name: string): boolean {
    return /^(?:\.\/)?[\w.-]+(?:\/[\w.-]+)*\/[\w-][\w.-]*\.[a-z]\w{1,5}$/.test(name);
  }

  /** A folder that the repository holds for what comes into it: `.gitkeep`. */
  function isKept(folder: string): boolean {
    const names = project.list(folder);
    return names.length > 0 && names.every((name) => /^\.(?:git)?(?:keep|ignore)$/.test(name));
  }

  /** Whether a folder holds something that is not source. */
  function hasData(folder: string, left = { files: 500 }): boolean {
    if (rules.isModule?.(folder)) return false;
    return project.list(folder).some((name) => {
      const path = within(folder, name);
      if (path === undefined || left.files-- <= 0) return false;
      return project.kind(path) === 'dir' ? hasData(path, left) : !rules.isSource(path) && !/\.md$|^\.git/.test(name);
    });
  }
}

/** The same for one text after the other: what was asked before is known, and names nothing more. */
export function placesOnce(view: View, rules: NameRules): (literal: string) => string[] {
  const asked = new Set<string>();
  return (literal) => {
    if (asked.has(literal)) return [];
    asked.add(literal);
    return placesNamed(view, literal, rules);
  };
}

/** What the words of the start commands and of the scripts name: `-config config.yml`, `goose -dir migrations up`. */
export function namedAtStart(view: View, rules: NameRules): readonly ReadFile[] {
  return callsOf(view).flatMap(({ words, evidence }) =>
    words
      .slice(1)
      .flatMap((word) => [word, ...word.split(/[=,:]/).slice(1)])
      .flatMap((word) => placesNamed(view, word, rules).map((path) => ({ path, evidence }))),
  );
}

/** Without those that stand in a folder which is read as well. */
export function outermost(files: readonly ReadFile[]): readonly ReadFile[] {
  return files.filter(({ path }) => !files.some((other) => other.path !== path && path.startsWith(`${other.path}/`)));
}

/**
 * The files that a program reads without those that git ignores: they are there on one machine and not on another, where
 * a COPY that names them would fail. Each of them is a doubt, as the image had it where it was there.
 */
export function withoutIgnored(
  view: View,
  files: readonly ReadFile[],
): { readonly files: readonly ReadFile[]; readonly doubts: readonly string[] } {
  const isIgnored = ({ path }: ReadFile): boolean => gitIgnores(view, path);
  const doubts = files.filter(isIgnored).map(({ path, evidence }) => doubtAbout(path, evidence));
  return { files: files.filter((it) => !isIgnored(it)), doubts };
}

/** The doubt about an .env that the program reads, that git ignores and that would be copied; none where compose hands it over. */
export function ignoredEnvironment(view: View, evidence: Evidence): readonly string[] {
  const place = joinPath(view.stage.end.workdir, '.env');
  const isGiven = view.project.contexts.some(({ service }) =>
    /\.env\b/.test(JSON.stringify(service?.fields.env_file ?? '')),
  );
  return place === undefined || isGiven || !gitIgnores(view, place) ? [] : [doubtAbout(place, evidence)];
}

/** Settings and keys, as they are left out of a repository: `.env`, `config/local.yaml`, `firebase-key.json`. */
const SETTINGS = /^(?:\.\/)?[\w./-]*(?:\.env(?:\.\w+)?|\.(?:ya?ml|json|toml|ini|conf|properties|pem|key|crt))$/;

/** The doubt about settings that a text of the source names, and that git ignores; none where a compose file mounts them. */
export function ignoredSettings(view: View, literal: string, evidence: Evidence): readonly string[] {
  const place = joinPath(view.stage.end.workdir, literal);
  if (place === undefined || literal.startsWith('/') || literal.includes('..') || !SETTINGS.test(literal)) return [];
  const isMounted = view.project.contexts.some(
    ({ service }) =>
      service &&
      serviceFacts(service.fields).volumes.some(({ target }) => place === target || place.startsWith(`${target}/`)),
  );
  const isThere = view.runtime.files.toContext(place) !== undefined;
  return isMounted || isThere || !gitIgnores(view, place) ? [] : [doubtAbout(place, evidence)];
}

const doubtAbout = (path: string, { file, line, says }: Evidence): string =>
  `whether ${path}, which git ignores, lies in the context when the image is built: ${file}${line === undefined ? '' : `:${line}`} ${says}, and the new image does not have it`;

/** Whether git ignores what a COPY of a folder would bring to a place of the image, there or not. */
function gitIgnores({ runtime, project }: View, place: string): boolean {
  const survey = project.survey();
  return runtime.files.sources.some(({ source, target, kind }) => {
    const prefix = target === '/' ? '/' : `${target}/`;
    if (!survey || kind !== 'dir' || !place.startsWith(prefix)) return false;
    const path = posix.join(source, place.slice(prefix.length));
    return !project.ignored(path) && survey.gitIgnored(path, project.kind(path) === 'dir');
  });
}
