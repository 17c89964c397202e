/** Settings of Django that decide whether a request to 127.0.0.1 is answered. */
import type { SourceFile } from './reachable.ts';

/** Why Django refuses 127.0.0.1; undefined: it is let in, or this is no Django. Source: django/django:docs/ref/settings.txt, ALLOWED_HOSTS. */
export function djangoObstacle(files: readonly SourceFile[]): string | undefined {
  const settings = files.filter(({ text }) =>
    /^ROOT_URLCONF\s*=|^INSTALLED_APPS\s*=|^\s*ALLOWED_HOSTS\s*[+=]/m.test(text),
  );
  if (settings.length === 0) return undefined;
  const text = settings.map((it) => it.text.replace(/(^|\s)#[^\n]*/g, '$1')).join('\n');
  const lists = [...text.matchAll(/^\s*ALLOWED_HOSTS\s*\+?=\s*([^\n]*(?:\n(?!\s*\w+\s*=)[^\n]*){0,12})/gm)].map(
    (it) => it[1] as string,
  );
  const isOpen =
    lists.length > 0 &&
    lists.every((it) => /['"](?:\*|127\.0\.0\.1)['"]/.test(/^\[[^\]]*\]/.exec(it.trim())?.[0] ?? ''));
  return isOpen ? undefined : 'ALLOWED_HOSTS does not let 127.0.0.1 in for sure';
}
