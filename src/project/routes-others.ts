/** Routes of Go, Rust, the JVM, .NET, Rails, Sinatra and Laravel. */
import { codeOf, withoutComments } from './calls.ts';
import type { Project } from './project.ts';
import { folderFiles, type SourceFile } from './reachable.ts';
import { isFixed, joined, type Route, routeAt } from './routes.ts';

/** What a name must be made of for its routes to stand below no prefix. */
const GO_ROOT =
  /\b(\w+)\s*:?=\s*(?:gin\.(?:Default|New)|chi\.NewRouter|chi\.NewMux|echo\.New|fiber\.New|http\.NewServeMux|mux\.NewRouter|httprouter\.New|web\.New|iris\.(?:New|Default)|bone\.New|pat\.New)\(/g;

/** http.HandleFunc("/healthz", ..), r.GET("/health", ..), mux.HandleFunc("GET /healthz", ..) */
export function goRoutes(project: Project, files: readonly SourceFile[]): Route[] {
  return files.flatMap((source) => {
    const file = { path: source.path, text: codeOf(source, 'c') };
    const roots = new Set(['http', ...[...file.text.matchAll(GO_ROOT)].map((it) => it[1] as string)]);
    const stripped = /StripPrefix|PathPrefix\(/.test(file.text);
    return [
      ...file.text.matchAll(
        /\b(\w+)\.(?:HandleFunc|Handle|Get|GET|HandlerFunc|Any|Methods)\(\s*(?:http\.MethodGet\s*,\s*|"GET"\s*,\s*)?"(?:GET )?(\/[^"\s]*)"\s*,/g,
      ),
    ].flatMap((it) =>
      roots.has(it[1] as string) && !stripped && isFixed(it[2] as string)
        ? [routeAt(project, file, it.index, it[2] as string)]
        : [],
    );
  });
}

/** `.route("/health", get(..))` of axum and actix outside of scopes, `#[get("/health")]` of actix and Rocket mounted at the root. */
export function rustRoutes(project: Project, files: readonly SourceFile[]): Route[] {
  const whole = files.map(({ text }) => text).join('\n');
  const nested = /\.nest\(|web::scope\(|\.mount\(\s*"\/[^"]+"/.test(whole);
  if (nested) return [];
  return files.flatMap((source) => {
    const file = { path: source.path, text: codeOf(source, 'c') };
    return [...file.text.matchAll(/\.route\(\s*"(\/[\w/-]*)"\s*,\s*(?:\w+::)*get\b|#\[get\("(\/[\w/-]*)"\)\]/g)].map(
      (it) => routeAt(project, file, it.index, (it[1] ?? it[2]) as string),
    );
  });
}

/** `@GetMapping("/health")` of controllers, below the mapping of their class. */
export function springRoutes(project: Project, dir: string, context: string): Route[] {
  return folderFiles(project, dir, /\.(?:java|kt)$/).flatMap((source) => {
    const file = { path: source.path, text: codeOf(source, 'c') };
    if (!/@RestController|@Controller/.test(file.text)) return [];
    const head = file.text.slice(0, Math.max(0, file.text.search(/\bclass\s/)));
    const mapping = /@RequestMapping\(\s*(?:(?:value|path)\s*=\s*)?([^)]*)\)/.exec(head)?.[1];
    const prefix = mapping === undefined ? '' : /^\{?\s*"([\w/.-]*)"/.exec(mapping)?.[1];
    if (prefix === undefined) return [];
    return [
      ...file.text.matchAll(/@GetMapping(?:\(\s*(?:(?:value|path)\s*=\s*)?\{?\s*"([^"]*)"[^)]*\)|\(\s*\))/g),
    ].flatMap((it) => {
      const path = joined(joined(context, prefix), it[1] ?? '');
      return isFixed(path) ? [routeAt(project, file, it.index, path)] : [];
    });
  });
}

/** MapHealthChecks("/healthz") and MapGet("/health", ..) of ASP.NET. */
export function dotnetRoutes(project: Project, dir: string): Route[] {
  return folderFiles(project, dir, /\.cs$/).flatMap((source) => {
    const file = { path: source.path, text: codeOf(source, 'c') };
    if (/UsePathBase|MapGroup/.test(file.text)) return [];
    return [
      ...file.text.matchAll(
        /\b(?:app|endpoints|builder|e|config)\.(?:MapHealthChecks|MapGet|UseHealthChecks)\(\s*"(\/[\w/-]*)"/g,
      ),
    ].map((it) => routeAt(project, file, it.index, it[1] as string));
  });
}

/** `get "up" => "rails/health#show"` outside of scopes. */
export function railsRoutes(project: Project, dir: string): Route[] {
  const path = dir === '' ? 'config/routes.rb' : `${dir}/config/routes.rb`;
  const text = project.read(path);
  if (text === undefined) return [];
  const file = { path, text: withoutComments(text, 'hash') };
  return [...file.text.matchAll(/^ {0,2}get\s*\(?\s*["']\/?([\w/-]+)["']/gm)].map((it) =>
    routeAt(project, file, it.index, `/${it[1]}`),
  );
}

/** `get '/health' do` of Sinatra. */
export function sinatraRoutes(project: Project, files: readonly SourceFile[]): Route[] {
  return files.flatMap((source) => {
    const file = { path: source.path, text: codeOf(source, 'hash') };
    return [...file.text.matchAll(/^\s*get\s*\(?\s*["'](\/[\w/-]*)["']/gm)].map((it) =>
      routeAt(project, file, it.index, it[1] as string),
    );
  });
}

/** `health: '/up'` in bootstrap/app.php of Laravel 11. */
export function laravelRoutes(project: Project, dir: string): Route[] {
  const path = dir === '' ? 'bootstrap/app.php' : `${dir}/bootstrap/app.php`;
  const text = project.read(path);
  const found = text === undefined ? null : /\bhealth:\s*['"](\/[\w/-]*)['"]/.exec(text);
  return found && text !== undefined ? [routeAt(project, { path, text }, found.index, found[1] as string)] : [];
}
