/** Paths that the source code of a program serves, as far as every prefix in front of them can be followed. */
import type { Evidence } from '../edit.ts';
import { lineAt } from './calls.ts';
import type { Project } from './project.ts';
import type { SourceFile } from './reachable.ts';

/** A path that answers GET. */
export interface Route {
  /** Whole, with every prefix: `/api/health`. */
  readonly path: string;
  /** The text behind the path: what answers it, as far as a few lines show. */
  readonly body: string;
  readonly evidence: Evidence;
}

/** A place where routes hang: an application or a router of one file. */
export interface Hook {
  readonly file: string;
  readonly name: string;
}

/** A router that is put below a prefix of another one; undefined prefix: it cannot be read. */
export interface Mount {
  readonly on: Hook;
  readonly router: Hook;
  readonly prefix: string | undefined;
}

/** A route below its hook. */
export interface LocalRoute extends Route {
  readonly on: Hook;
}

/** Characters behind a route that are taken for its handler. */
const BODY = 900;
/** Routers inside of each other. */
const DEPTH = 5;

/** Puts the prefixes in front of the routes. A router that nobody mounts, or below a prefix that cannot be read, gives none. */
export function compose(
  applications: readonly Hook[],
  mounts: readonly Mount[],
  routes: readonly LocalRoute[],
): Route[] {
  const same = (a: Hook, b: Hook) => a.file === b.file && a.name === b.name;
  const prefixes = (hook: Hook, depth: number): string[] => {
    const own = applications.some((it) => same(it, hook)) ? [''] : [];
    if (depth > DEPTH) return own;
    return [
      ...own,
      ...mounts
        .filter((it) => same(it.router, hook) && it.prefix !== undefined)
        .flatMap((it) => prefixes(it.on, depth + 1).map((above) => joined(above, it.prefix as string))),
    ];
  };
  return routes.flatMap(({ on, path, body, evidence }) =>
    [...new Set(prefixes(on, 0))].map((prefix) => ({ path: joined(prefix, path), body, evidence })),
  );
}

/** `/api` and `/health` as `/api/health`; a slash at the end of a route stays. */
export function joined(prefix: string, path: string): string {
  const whole = `${prefix.replace(/\/$/, '')}/${path.replace(/^\//, '')}`;
  return path === '' || path === '/' ? (prefix === '' || prefix === '/' ? '/' : prefix) : whole;
}

/** A route at a place of a file. */
export function routeAt(project: Project, file: SourceFile, from: number, path: string): Route {
  const at = from + Math.max(0, file.text.slice(from).search(/\S/));
  const line = lineAt(file.text, at);
  const says = (file.text.split('\n')[line - 1] as string).trim().slice(0, 120);
  return { path, body: bodyAt(file.text, at), evidence: { file: project.rootPath(file.path), line, says } };
}

/** A few lines, up to the next route. */
function bodyAt(text: string, at: number): string {
  const body = text.slice(at, at + BODY);
  const next =
    /\n\s*(?:@\w+[.(]|\w+\.(?:get|post|put|delete|patch|use|listen|GET|POST|Get|Post|Put|Delete|HandleFunc|Handle|Group|Run|Use)\(|(?:async )?def (?!.*\bself\b).*\n[\s\S]*?\n(?=@|def )|#\[)/.exec(
      body.slice(body.indexOf('\n') + 1),
    );
  return next ? body.slice(0, body.indexOf('\n') + 1 + next.index) : body;
}

/** Whether a text is one fixed path: `/health`, no parameter in it. */
export const isFixed = (path: string): boolean => /^\/[\w./~-]*$|^$/.test(path);
