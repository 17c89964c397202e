/** Routes of FastAPI, Starlette, Flask, Sanic, aiohttp, Tornado and Django. */
import { codeOf, withoutComments } from './calls.ts';
import type { Project } from './project.ts';
import { resolvePython, type SourceFile } from './reachable.ts';
import { compose, type Hook, isFixed, type LocalRoute, type Mount, type Route, routeAt } from './routes.ts';

const APPLICATION =
  /^[ \t]*(?:self\.|global )?(\w+)(?:\s*:\s*\w+)?\s*=\s*(?:\w+\.)?(?:FastAPI|Flask|Starlette|Sanic|Quart|Bottle|Litestar|Application|App|APIFlask|OpenAPI|Api)\s*\(/gm;
const ROUTER =
  /^[ \t]*(\w+)(?:\s*:\s*\w+)?\s*=\s*(?:\w+\.)?(?:APIRouter|Blueprint|APIBlueprint|Router)\s*\(([\s\S]{0,300}?)\)\s*$/gm;
const DECORATOR =
  /^[ \t]*@(\w+)\.(?:get|route|api_route)\(\s*(?:path\s*=\s*|rule\s*=\s*)?[rf]?(['"])([^'"\n]*)\2([^\n]*)/gm;
const MOUNT =
  /(?<![\w.])(\w+)\.(?:include_router|register_blueprint|blueprint)\(\s*([\w.]+)([^\n]*(?:\n[^\n)]*){0,4}?)\)/g;
/** app.add_url_rule("/health", ..), app.add_api_route, app.router.add_get, api.add_resource(Health, "/health"), web.get("/health", ..) */
const CALL =
  /(?<![\w.])(\w+)(?:\.router)?\.(?:add_url_rule|add_api_route|add_route|add_get|add_resource)\(\s*(?:[A-Z]\w*\s*,\s*)?(['"])(\/[^'"\n]*)\2/g;

/** The routes of what a Python program reaches. `roots`: folders that modules are looked for in. */
export function pythonRoutes(project: Project, files: readonly SourceFile[], roots: readonly string[]): Route[] {
  const applications: Hook[] = [];
  const mounts: Mount[] = [];
  const routes: LocalRoute[] = [];
  for (const source of files) {
    const file = { path: source.path, text: codeOf(source, 'hash') };
    const { path, text } = file;
    applications.push(...[...text.matchAll(APPLICATION)].map((it) => ({ file: path, name: it[1] as string })));
    for (const it of text.matchAll(ROUTER)) {
      const prefix = /(?:url_)?prefix\s*=\s*([^,)\n]+)/.exec(it[2] ?? '')?.[1]?.trim();
      const own = prefix === undefined ? '' : /^['"]([\w/.-]*)['"]$/.exec(prefix)?.[1];
      mounts.push({
        on: { file: path, name: `${it[1]}#` },
        router: { file: path, name: it[1] as string },
        prefix: own,
      });
    }
    for (const it of [...text.matchAll(DECORATOR)]) {
      const route = it[3] as string;
      const onlyOthers = /methods\s*=\s*\[(?![^\]]*GET)/i.test(it[4] ?? '');
      if (isFixed(route) && !onlyOthers)
        routes.push({ ...routeAt(project, file, it.index, route), on: { file: path, name: it[1] as string } });
    }
    for (const it of text.matchAll(CALL)) {
      if (isFixed(it[3] as string))
        routes.push({
          ...routeAt(project, file, it.index, it[3] as string),
          on: { file: path, name: it[1] as string },
        });
    }
    for (const it of text.matchAll(/(?:\bweb\.get\(|^\s*\(\s*r?)\s*(['"])(\/[\w/-]*)\1\s*,/gm)) {
      if (/\b(?:aiohttp|tornado)\b/.test(text)) applications.push({ file: path, name: '*' });
      routes.push({ ...routeAt(project, file, it.index, it[2] as string), on: { file: path, name: '*' } });
    }
    for (const it of text.matchAll(MOUNT)) {
      const given = /(?:url_)?prefix\s*=\s*([^,)\n]+)/.exec(it[3] ?? '')?.[1]?.trim();
      const prefix = given === undefined ? '' : /^['"]([\w/.-]*)['"]$/.exec(given)?.[1];
      const router = routerOf(project, file, it[2] as string, roots);
      // a Blueprint that gets a prefix where it is registered loses its own
      const replaces = given !== undefined && text.includes('register_blueprint');
      if (router)
        mounts.push({
          on: { file: path, name: it[1] as string },
          router: replaces ? router : { ...router, name: `${router.name}#` },
          prefix,
        });
    }
  }
  return [...compose(applications, mounts, routes), ...djangoRoutes(project, files, roots)];
}

/** The router that `users.router` or `router` means in a file. */
function routerOf(project: Project, file: SourceFile, name: string, roots: readonly string[]): Hook | undefined {
  const [first = '', ...rest] = name.split('.');
  if (rest.length === 0 && new RegExp(`^[ \\t]*${first}\\s*(?::\\s*\\w+)?=`, 'm').test(file.text))
    return { file: file.path, name: first };
  const from = new RegExp(
    `^[ \\t]*from\\s+([.\\w]+)\\s+import\\s+(?:\\([^)]*?|[^\\n]*?)\\b(\\w+)\\s+as\\s+${first}\\b`,
    'm',
  ).exec(file.text);
  const plain = new RegExp(`^[ \\t]*from\\s+([.\\w]+)\\s+import\\s+(?:\\([^)]*?|[^\\n]*?)\\b${first}\\b`, 'm').exec(
    file.text,
  );
  const module = from?.[1] ?? plain?.[1];
  const imported = from?.[2] ?? first;
  if (module === undefined) return undefined;
  const inner = resolvePython(
    project,
    file.path,
    module.endsWith('.') ? module + imported : `${module}.${imported}`,
    roots,
  )?.[0];
  if (inner !== undefined) return { file: inner, name: rest.at(-1) ?? 'router' };
  const outer = resolvePython(project, file.path, module, roots)?.[0];
  return outer === undefined ? undefined : { file: outer, name: rest.at(-1) ?? imported };
}

/** `path('health/', ..)` of the urls modules, through include(). */
function djangoRoutes(project: Project, files: readonly SourceFile[], roots: readonly string[]): Route[] {
  const settings = files
    .map(({ text }) => /^ROOT_URLCONF\s*=\s*['"]([\w.]+)['"]/m.exec(text)?.[1])
    .find((it) => it !== undefined);
  const start = settings === undefined ? undefined : resolvePython(project, '', settings, roots)?.[0];
  return start === undefined ? [] : urls(project, start, '', roots, 0);
}

function urls(project: Project, path: string, prefix: string, roots: readonly string[], depth: number): Route[] {
  const source = project.read(path);
  if (source === undefined || depth > 3) return [];
  const file = { path, text: withoutComments(source, 'hash') };
  return [...file.text.matchAll(/\b(?:re_)?path\(\s*r?(['"])([^'"]*)\1\s*,\s*([^\n]*)/g)].flatMap((it) => {
    const local = (it[2] as string).replace(/^\^/, '').replace(/\$$/, '');
    if (!/^[\w/.-]*$/.test(local)) return [];
    const whole = `${prefix}${local}`;
    const included = /^include\(\s*['"]([\w.]+)['"]/.exec(it[3] as string)?.[1];
    const target = included === undefined ? undefined : resolvePython(project, path, included, roots)?.[0];
    if (target !== undefined) return urls(project, target, whole, roots, depth + 1);
    return included === undefined ? [routeAt(project, file, it.index, `/${whole}`)] : [];
  });
}
