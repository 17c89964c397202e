/** The path that tells whether a program is well, among those that it serves. */
import type { Evidence } from '../edit.ts';
import type { SourceFile } from './reachable.ts';
import type { Route } from './routes.ts';

export interface HealthPath {
  readonly path: string;
  readonly evidence: Evidence;
}

export type PathAnswer = { readonly path: HealthPath | undefined; readonly pathDoubt: string | undefined };

/** Last segments by rank: whether the process lives, before whether everything behind it does. */
const RANKS: readonly RegExp[] = [
  /^(?:livez?|liveness|alive)$/,
  /^_?healthz?$/,
  /^_?health[-_]?check$/,
  /^(?:ping|heartbeat|up|_status)$/,
  /^status$/,
  /^(?:readyz?|readiness)$/,
];
/** Words in front of it that are no parameters of an object: `/api/v1/health`. */
const PREFIX = /^(?:\/(?:api|v\d+|internal|actuator|health|management|_|system|public|utils|common|service))*$/;

/** What answers only while something behind the program does. */
const BEHIND =
  /\b(?:db\w*|database|redis\w*|mongo\w*|sql\w*|prisma|sequelize|typeorm|knex|pool|cursor|rabbitmq|amqp|kafka|elasticsearch|\w*[rR]epository|HealthCheckService|pingCheck)\b|\.execute\(|\.query\(|\.PingContext\(|\.Ping\(/i;
/** What answers only to those who are known. */
const GUARDED =
  /login_required|requires_auth|authenticat|\bAuthorize|RequireAuthorization|UseGuards|current_user|jwt_required|verify_token|verifyToken|requireAuth|permission_required|(?<![\w"'])(?:api_key|apiKey)\b/;
const ELSEWHERE = /\bredirect|RedirectResponse|HttpResponseRedirect|url_for\(|\b30[12378]\b/i;

/** Chooses among the routes; the doubt says why a route that is there is not asked. */
export function healthPath(routes: readonly Route[], obstacle: string | undefined): PathAnswer {
  const ranked = routes
    .map((route) => ({ route, rank: rankOf(route.path) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank || a.route.path.length - b.route.path.length);
  let doubt: string | undefined;
  for (const { route } of ranked) {
    const problem = obstacle ?? problemOf(route);
    if (problem === undefined) return { path: { path: route.path, evidence: route.evidence }, pathDoubt: undefined };
    doubt ??= `${route.path} is not asked: ${problem}`;
  }
  const start = routes.find(({ path }) => path === '/');
  const isPlain =
    start &&
    obstacle === undefined &&
    problemOf(start) === undefined &&
    ANSWERS.test(start.body) &&
    !WORKS.test(start.body);
  if (isPlain && ranked.length === 0) return { path: { path: '/', evidence: start.evidence }, pathDoubt: undefined };
  return { path: undefined, pathDoubt: doubt };
}

/** A handler that visibly answers with fixed text or an object. */
const ANSWERS =
  /\breturn\s+(?:f?["'{]|jsonify\(|\(?["'{]|JSONResponse|\{)|\bres\.(?:send|json|end|sendStatus\(200|status\(200)\b|\bc\.(?:String|JSON|SendString)\(|Fprint|\.Write\(|\bctx\.body\s*=|\breply\.send|Results\.Ok|=>\s*["'`{(]/;

/** What does more than answer: it may fail, or take its time. */
const WORKS =
  /\bawait\b|\bfetch\(|\baxios\b|\brequests\.|\bclient\b|\w+Client\b|\brender|\.find\w*\(|\bopen\(|\bsession\b|http\.Get\(|sleep|\bif\b|\bthrow\b|status\(\s*[45]|\babort\(/;

function rankOf(path: string): number {
  const parts = path.replace(/\/$/, '').split('/');
  const last = parts.pop() ?? '';
  const prefix = parts.join('/');
  // /orders/status is the status of orders
  return PREFIX.test(prefix) ? RANKS.findIndex((it) => it.test(last)) : -1;
}

function problemOf({ body }: Route): string | undefined {
  const behind = BEHIND.exec(body);
  if (GUARDED.test(body)) return 'it answers only to those who are known';
  if (ELSEWHERE.test(body)) return 'it sends elsewhere';
  return behind ? `it answers only while what is behind does (${behind[0]})` : undefined;
}

/** What stands in front of every route of a program, by language: the first that is found, as a sentence. */
export function obstacleIn(
  files: readonly SourceFile[],
  rows: readonly { readonly pattern: RegExp; readonly says: string }[],
): string | undefined {
  for (const { text } of files) {
    for (const { pattern, says } of rows) if (pattern.test(text)) return says;
  }
  return undefined;
}
