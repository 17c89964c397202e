/** The configuration of nginx for a built front end. */
import { posix } from 'node:path';
import { BROWSER_FEATURES, EMBEDDED, NGINX_ROOT } from '../../../src/knowledge/static-sites.ts';
import type { View } from '../types.ts';
import type { SiteOutput } from './output.ts';

/**
 * Text of the file, for the port and the output given. Facts: the reference of nginx's core, headers, gzip and map modules;
 * nginx/nginx#432 for what its mime.types leaves out.
 */
export function nginxConfig(view: View, port: number, { fallback, dots, hashed }: SiteOutput): string {
  const { headers } = securityHeaders(view);
  const cached = hashed.map((it) => (it.startsWith('~') ? it : `~^${it}`));
  const width = Math.max('default'.length, ...cached.map((it) => it.length + 2));
  const rule = (key: string, value: string) => `    ${key.padEnd(width)}  ${value};`;
  const map = [
    '# files whose names change with their content are kept for a year, all others are asked for again',
    'map $uri $cache_control {',
    rule('default', '"no-cache"'),
    ...cached.map((it) => rule(`"${it}"`, '"public, max-age=31536000, immutable"')),
    '}',
    '',
  ];
  const missing = dots ? hashed.map((it) => (it.startsWith('~') ? `~ "${it.slice(1)}"` : it)) : ['~ \\.[^/.]+$'];
  const lost = (fallback === undefined ? [] : missing).flatMap((it, i) => [
    '',
    ...(i === 0 ? ['    # a file that is not there is no page'] : []),
    `    location ${it} {`,
    '        try_files $uri =404;',
    '    }',
  ]);
  const pages =
    fallback === undefined
      ? ['        try_files $uri $uri/index.html $uri.html =404;']
      : [`        try_files $uri $uri/index.html ${fallback === 'index.html' ? '' : '$uri.html '}/${fallback};`];
  return [
    ...(hashed.length > 0 ? map : []),
    'server {',
    `    listen ${port};`,
    `    root ${NGINX_ROOT};`,
    '    index index.html;',
    '    charset utf-8;',
    '    server_tokens off;',
    '    absolute_redirect off;',
    '',
    '    # nginx knows no modules by this ending, and browsers refuse those that are not called JavaScript',
    '    include mime.types;',
    '    types {',
    '        text/javascript mjs;',
    '    }',
    '',
    '    gzip on;',
    '    gzip_vary on;',
    '    gzip_proxied any;',
    '    gzip_min_length 1024;',
    '    gzip_types text/css text/plain text/javascript application/javascript application/json',
    '               application/manifest+json application/wasm application/xml image/svg+xml;',
    '',
    '    # an add_header in a location would switch all of these off there',
    `    add_header Cache-Control ${hashed.length > 0 ? '$cache_control' : '"no-cache"'};`,
    ...headers.map(([name, value]) => `    add_header ${name} "${value}" always;`),
    '    # find out what the pages load before a policy is enforced:',
    '    # add_header Content-Security-Policy-Report-Only "default-src \'self\'" always;',
    ...(fallback === undefined ? ['', '    error_page 404 /404.html;'] : []),
    '',
    '    location = /healthz {',
    '        access_log off;',
    '        default_type text/plain;',
    '        return 200 "ok\\n";',
    '    }',
    ...lost,
    '',
    '    location / {',
    ...pages,
    '    }',
    '}',
    '',
  ].join('\n');
}

/** Headers that no page of the project can miss: features that its files name stay allowed. */
export function securityHeaders({ runtime, project }: View): {
  headers: readonly (readonly [string, string])[];
  embedded: string | undefined;
} {
  const manifests = runtime.files.sources.flatMap(({ source, kind }) =>
    kind === 'dir' ? [posix.join(source, 'package.json')] : source.endsWith('package.json') ? [source] : [],
  );
  const texts = manifests.map((path) => project.read(path) ?? '');
  const names = (words: RegExp) => texts.some((text) => words.test(text)) || runtime.find(words) !== undefined;
  const embedded = names(EMBEDDED) ? 'the pages speak with a frame around them' : undefined;
  const off = BROWSER_FEATURES.filter(({ words }) => !names(words)).map(({ feature }) => `${feature}=()`);
  return {
    embedded,
    headers: [
      ['X-Content-Type-Options', 'nosniff'],
      ...(embedded === undefined ? [['X-Frame-Options', 'SAMEORIGIN'] as const] : []),
      ['Referrer-Policy', 'strict-origin-when-cross-origin'],
      ...(off.length > 0 ? [['Permissions-Policy', off.join(', ')] as const] : []),
    ],
  };
}

/** A name for the file that nothing has and that reaches the build: beside the Dockerfile, else at the root of the context. */
export function configPlace({ project, document }: View): { file: string; source: string } | undefined {
  const { context } = project;
  if (context === undefined) return undefined;
  const [base = ''] = document.path.split('/').slice(-1);
  const stem = /^(.+)\.dockerfile$/i.exec(base)?.[1] ?? /^dockerfile\.(.+)$/i.exec(base)?.[1];
  const folder = posix.dirname(document.path) === '.' ? '' : posix.dirname(document.path);
  const prefix = context === '' ? '' : `${context}/`;
  const inside = folder === context ? '' : `${folder}/`.startsWith(prefix) ? folder.slice(prefix.length) : '';
  const names =
    stem === undefined ? ['nginx.conf', 'static-site.nginx.conf'] : [`${stem}.nginx.conf`, `${stem}-site.nginx.conf`];
  for (const dir of new Set([inside, ''])) {
    for (const name of names) {
      const source = posix.join(dir, name);
      if (project.kind(source) === undefined && !project.ignored(source)) return { file: `${prefix}${source}`, source };
    }
  }
  return undefined;
}
