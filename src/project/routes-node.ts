/** Routes of Express, Koa, Fastify, Hono, NestJS, Next and plain node servers. */
import { codeOf } from './calls.ts';
import type { Project } from './project.ts';
import { folderFiles, resolveNode, type SourceFile } from './reachable.ts';
import { compose, type Hook, isFixed, joined, type LocalRoute, type Mount, type Route, routeAt } from './routes.ts';

const APPLICATION =
  /\b(?:const|let|var)\s+(\w+)(?:\s*:\s*[\w.<>]+)?\s*=\s*(?:await\s+)?(?:new\s+)?(?:\w+\.)?(express|fastify|Fastify|Koa|Hono|restify\.createServer|createServer|polka|Elysia|OpenAPIHono|jsonServer\.create)\s*(?:<[^>]*>)?\(/g;
const ROUTER =
  /\b(?:const|let|var)\s+(\w+)(?:\s*:\s*[\w.<>]+)?\s*=\s*(?:new\s+)?(?:\w+\.)?(?:Router|KoaRouter|PromiseRouter|Hono)\s*(?:<[^>]*>)?\(([^)]*)\)/g;
const ROUTE = /(?<![\w.])(\w+)\s*\.\s*(?:get|all|route)\s*\(\s*(['"`])([^'"`\n]*)\2/g;
const MOUNT = /(?<![\w.])(\w+)\s*\.\s*(?:use|register|route)\s*\(\s*(?:(['"`])([^'"`\n]*)\2\s*,)?\s*([^\n]*)/g;

/** The routes of what a node program reaches. `roots`: folders that absolute imports start from. */
export function nodeRoutes(project: Project, files: readonly SourceFile[], roots: readonly string[]): Route[] {
  const plain = files.map((file) => ({ path: file.path, text: codeOf(file, 'c') }));
  return [...hooked(project, plain, roots), ...nestRoutes(project, plain), ...compared(project, plain)];
}

function hooked(project: Project, files: readonly SourceFile[], roots: readonly string[]): Route[] {
  const applications: Hook[] = [];
  const mounts: Mount[] = [];
  const routes: LocalRoute[] = [];
  for (const file of files) {
    const { path, text } = file;
    const own = [...text.matchAll(APPLICATION)].map((it) => ({ file: path, name: it[1] as string }));
    applications.push(...own);
    const names = new Set(own.map(({ name }) => name));
    for (const it of text.matchAll(ROUTER)) {
      const prefix = /prefix:\s*(['"`])([^'"`]*)\1/.exec(it[2] ?? '')?.[2];
      const name = it[1] as string;
      if (names.has(name)) continue;
      names.add(name);
      // a prefix of its own stands in front of whatever it is put below
      if (prefix !== undefined)
        mounts.push({ on: { file: path, name: `${name}#` }, router: { file: path, name }, prefix });
    }
    const at = (name: string): Hook => ({ file: path, name: names.has(name) ? name : '*' });
    for (const it of text.matchAll(ROUTE)) {
      const route = it[3] as string;
      if (!isFixed(route) || !route.startsWith('/')) continue;
      routes.push({ ...routeAt(project, file, it.index, route), on: at(it[1] as string) });
    }
    for (const it of text.matchAll(MOUNT)) {
      const prefix =
        it[3] ??
        /prefix:\s*(['"`])([^'"`]*)\1/.exec(it[4] as string)?.[2] ??
        (/prefix:/.test(it[4] as string) ? undefined : '');
      for (const router of mounted(project, file, it[4] as string, roots, names)) {
        mounts.push({
          on: at(it[1] as string),
          router,
          prefix: prefix === undefined || !isFixed(prefix) ? undefined : prefix,
        });
      }
    }
    // require('./routes')(app)
    for (const it of text.matchAll(/require\s*\(\s*['"`]([^'"`]+)['"`]\s*\)\s*\(\s*(\w+)/g)) {
      const target = resolveNode(project, path, it[1] as string, roots);
      if (target !== undefined)
        mounts.push({ on: at(it[2] as string), router: { file: target, name: '*' }, prefix: '' });
    }
  }
  return compose(applications, mounts, routes);
}

/** The routers that the arguments of `use` name: of this file, imported, or required in place. */
function mounted(
  project: Project,
  file: SourceFile,
  args: string,
  roots: readonly string[],
  names: ReadonlySet<string>,
): Hook[] {
  const found: Hook[] = [];
  for (const it of args.matchAll(/(?:require|import)\s*\(\s*['"`]([^'"`]+)['"`]\s*\)/g)) {
    found.push(...everyHook(resolveNode(project, file.path, it[1] as string, roots), project));
  }
  for (const it of args.matchAll(/(?<![\w.'"`])([A-Za-z_]\w*)/g)) {
    const name = it[1] as string;
    if (names.has(name)) found.push({ file: file.path, name }, { file: file.path, name: `${name}#` });
    else found.push(...everyHook(importOf(project, file, name, roots), project));
  }
  return found;
}

/** The hooks of a file that is mounted whole: its routers, and the parameter of its function. */
function everyHook(path: string | undefined, project: Project): Hook[] {
  if (path === undefined) return [];
  const text = project.read(path) ?? '';
  const routers = [...text.matchAll(ROUTER)].flatMap((it) => [
    { file: path, name: it[1] as string },
    { file: path, name: `${it[1]}#` },
  ]);
  return [...routers, { file: path, name: '*' }];
}

/** The file that a name is imported from. */
function importOf(project: Project, file: SourceFile, name: string, roots: readonly string[]): string | undefined {
  const pattern = new RegExp(
    `(?:import\\s+(?:\\*\\s+as\\s+)?(?:${name}\\b|\\w*,?\\s*\\{[^}]*\\b${name}\\b[^}]*\\})[^'"\`]*from\\s*|(?:const|let|var)\\s+(?:${name}|\\{[^}]*\\b${name}\\b[^}]*\\})\\s*=\\s*require\\s*\\(\\s*)['"\`]([^'"\`]+)['"\`]`,
  );
  const from = pattern.exec(file.text)?.[1];
  return from === undefined ? undefined : resolveNode(project, file.path, from, roots);
}

/** `@Controller('health')` with `@Get()`, below the global prefix. */
function nestRoutes(project: Project, files: readonly SourceFile[]): Route[] {
  if (!files.some(({ text }) => text.includes('NestFactory'))) return [];
  const whole = files.map(({ text }) => text).join('\n');
  const global = /setGlobalPrefix\(\s*([^,)\n]+)/.exec(whole)?.[1]?.trim();
  const prefix = global === undefined ? '' : /^(['"`])([\w/.-]*)\1$/.exec(global)?.[2];
  const excluded = /setGlobalPrefix\([^,]+,\s*\{[\s\S]{0,200}?exclude:\s*\[([\s\S]*?)\]/.exec(whole)?.[1] ?? '';
  // versions stand in the path, unless a controller is neutral
  const versioned = /enableVersioning\s*\(/.test(whole) && !/VersioningType\.(?:HEADER|MEDIA_TYPE|CUSTOM)/.test(whole);
  return files.flatMap((file) =>
    [...file.text.matchAll(/@Controller\(\s*(?:(['"`])([^'"`]*)\1|\{([^}]*)\})?\s*\)/g)].flatMap((it) => {
      const fields = it[3] ?? '';
      const path = it[2] ?? /path:\s*['"`]([^'"`]*)['"`]/.exec(fields)?.[1] ?? (fields === '' ? '' : undefined);
      if (path === undefined || (versioned && !/VERSION_NEUTRAL/.test(fields))) return [];
      const end = file.text.indexOf('@Controller', it.index + 1);
      const body = file.text.slice(it.index, end < 0 ? undefined : end);
      return [...body.matchAll(/@Get\(\s*(?:(['"`])([^'"`]*)\1)?\s*\)/g)].flatMap((get) => {
        const local = joined(joined('', path), get[2] ?? '');
        const outside = excluded.includes(local.slice(1)) && local !== '/';
        if (!isFixed(local) || (prefix === undefined && !outside)) return [];
        const route = outside ? local : joined(joined('', prefix ?? ''), local);
        return [{ ...routeAt(project, file, it.index + get.index, route), ...guarded(body.slice(0, get.index)) }];
      });
    }),
  );
}

/** The guard of a controller counts for its routes. */
const guarded = (head: string): { body?: string } => (/@UseGuards/.test(head) ? { body: '@UseGuards' } : {});

/** `if (req.url === '/health')` */
function compared(project: Project, files: readonly SourceFile[]): Route[] {
  return files.flatMap((file) =>
    [...file.text.matchAll(/\b(?:url|pathname|path)\s*===?\s*(['"`])(\/[\w/-]*)\1/g)].map((it) =>
      routeAt(project, file, it.index, it[2] as string),
    ),
  );
}

/** Routes of Next by its folders: pages/api/health.ts, app/api/health/route.ts, below basePath. */
export function nextRoutes(project: Project, dir: string): Route[] {
  const config = ['next.config.js', 'next.config.mjs', 'next.config.ts', 'next.config.cjs']
    .map((name) => project.read(dir === '' ? name : `${dir}/${name}`))
    .find((text) => text !== undefined);
  const base = /basePath\s*:\s*([^,\n}]+)/.exec(config ?? '')?.[1]?.trim();
  const prefix = base === undefined ? '' : /^(['"`])([\w/.-]*)\1$/.exec(base)?.[2];
  if (prefix === undefined) return [];
  const folders = ['', 'src'].map((it) => [dir, it].filter((part) => part !== '').join('/'));
  const slash = /trailingSlash\s*:\s*true/.test(config ?? '') ? '/' : '';
  return folders.flatMap((folder) => {
    const under = (name: string) => (folder === '' ? name : `${folder}/${name}`);
    const pages = folderFiles(project, under('pages/api'), /\.[jt]sx?$/).map((file) => ({
      file,
      path: `/${file.path
        .slice(under('pages/').length)
        .replace(/\.[jt]sx?$/, '')
        .replace(/\/index$/, '')}`,
    }));
    const handlers = folderFiles(project, under('app'), /^route\.[jt]s$/)
      .filter(({ text }) => /\bGET\b/.test(text))
      .map((file) => ({
        file,
        path: `/${file.path
          .slice(under('app/').length)
          .replace(/\/?route\.[jt]s$/, '')
          .replace(/\([^)]*\)\//g, '')}`,
      }));
    return [...pages, ...handlers]
      .filter(({ path }) => isFixed(path))
      .map(({ file, path }) => routeAt(project, file, 0, joined(prefix, path) + slash));
  });
}
