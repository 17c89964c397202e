/** Which request a health check makes, from its words. */
import { getRequest, type Request } from './requests.ts';

const URL_HEAD = /https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d+))?([^\s'"`)|;&]*)(['"`])?/;

/**
 * The request of a health check that asks for a URL of its own container: `curl -f http://localhost:3000/health`. The
 * port is undefined where a variable gives it; a path may stand in a string of its own (`'http://127.0.0.1:'+port+'/up'`).
 */
export function healthRequest(test: readonly string[]): Request | undefined {
  const text = test.slice(1).join(' ');
  const match = URL_HEAD.exec(text);
  if (!match) return undefined;
  const [whole, port, tail = ''] = match;
  const joined = /^:?$/.test(tail) ? /['"`](\/[^'"`\s]*)['"`]/.exec(text.slice(match.index + whole.length - 1)) : null;
  // behind a variable port: ${PORT:-3000}/health, $PORT/health
  const path = joined?.[1] ?? /^(?::?\$(?:\{[^}]*\}+|\w+))?(\/.*)?$/.exec(tail)?.[1];
  if (path === undefined && tail !== '' && !joined) return undefined;
  if (path?.includes('$')) return undefined;
  const byVariable = joined !== null || tail.startsWith(':') || tail.startsWith('$');
  if (port === undefined) return getRequest(path ?? '/', byVariable ? undefined : 80);
  return getRequest(path ?? '/', Number(port));
}
