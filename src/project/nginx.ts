/** nginx: the port by the configuration that is copied, the path by its locations or the static files. */

import { posix } from 'node:path';
import { lineage } from '../document/lineage.ts';
import { joinPath } from '../document/state.ts';
import type { Evidence } from '../edit.ts';
import { imagePorts } from '../knowledge/image-ports.ts';
import type { ServerRow } from '../knowledge/servers.ts';
import { lineAt } from './calls.ts';
import type { HealthPath } from './health-path.ts';
import { imageFiles } from './image-files.ts';
import { type PortValue, readPort } from './port.ts';
import { type Found, type NoService, none, type Surroundings } from './service.ts';

const CONFIGS =
  /^\/etc\/nginx\/(?:nginx\.conf|conf\.d\/[\w.-]+\.conf|templates\/[\w.-]+\.template|sites-(?:enabled|available)\/[\w.-]+|http\.d\/[\w.-]+\.conf)$/;

interface Config {
  readonly path: string;
  readonly target: string;
  readonly text: string;
}

export function nginxFacts(around: Surroundings, row: ServerRow): Found | NoService {
  const { document, project, stage, process } = around;
  const files = imageFiles(document, project, stage);
  const at = process.args.indexOf('-c');
  const given = at < 0 ? undefined : joinPath(process.cwd, process.args[at + 1]);
  const isConfig = (path: string): boolean => (given === undefined ? CONFIGS.test(path) : path === given);
  const configs = files.sources.flatMap(({ source, target, kind }): Config[] => {
    const paths =
      kind === 'file'
        ? [{ source, target }]
        : project
            .list(source)
            .map((name) => ({ source: source === '' ? name : `${source}/${name}`, target: `${target}/${name}` }));
    return paths.flatMap((it) => {
      const text = isConfig(it.target) ? project.read(it.source) : undefined;
      return text === undefined
        ? []
        : [{ path: it.source, target: it.target, text: text.replace(/#[^\n]*/g, (c) => ' '.repeat(c.length)) }];
    });
  });
  if (given !== undefined && configs.length === 0)
    return none('port-unknown', `nginx reads ${given}, which is not among the files at hand`);
  const other = given === undefined ? elsewhere(around, configs) : undefined;
  if (other) return other;
  const base = { name: 'nginx', startup: row.startup } as const;
  const listens = configs.flatMap((config) =>
    [...config.text.matchAll(/^\s*listen\s+([^;]+);/gm)].map((match) => listenOf(around, config, match)),
  );
  const plain = listens.filter((it) => !it.tls);
  if (listens.length > 0 && plain.length === 0) {
    const [first] = listens;
    return {
      ...base,
      speaks: 'tcp',
      value: first?.value,
      from: 'configuration',
      path: undefined,
      pathDoubt: 'it speaks TLS',
      evidence: [...process.evidence, first?.evidence as Evidence],
    };
  }
  if (new Set(plain.map(({ value }) => `${value?.number} ${value?.variable}`)).size > 1) {
    return none(
      'port-conflict',
      `nginx listens on several ports: ${[...new Set(plain.map(({ value }) => value?.number))].join(', ')}`,
    );
  }
  const [listen] = plain;
  const path = pathOf(around, configs);
  if (listen)
    return {
      ...base,
      speaks: 'http',
      value: listen.value,
      from: 'configuration',
      ...path,
      evidence: [...process.evidence, listen.evidence],
    };
  const image = lineage(stage).at(-1)?.image;
  // nginx of a distribution listens where the official one does
  const number = (image && imagePorts(image)?.[0]) ?? 80;
  return {
    ...base,
    speaks: 'http',
    value: { number, variable: undefined, host: undefined },
    from: 'default',
    ...path,
    evidence: process.evidence,
  };
}

/** A configuration that cannot be seen: written by a RUN, or copied from another stage. */
function elsewhere({ document, stage }: Surroundings, configs: readonly Config[]): NoService | undefined {
  for (const it of lineage(stage).flatMap(({ instructions }) => instructions)) {
    const line = document.originLine(it.start);
    const isFrom = it.flags.some(({ name }) => name === 'from');
    const touches = /\/etc\/nginx|nginx\.conf|default\.conf|conf\.d/.test(it.args.text);
    if (
      it.keyword === 'RUN' &&
      touches &&
      !/^(?:rm|mkdir|chown|chmod|touch)\b/.test(it.args.text.trim()) &&
      /sed|>|tee|mv |cp |ln |envsubst|echo/.test(it.args.text)
    ) {
      return none('port-unknown', `line ${line} writes the configuration of nginx`);
    }
    if (/^(?:COPY|ADD)$/.test(it.keyword) && touches && (isFrom || it.heredocs.length > 0 || configs.length === 0)) {
      return none('port-unknown', `line ${line} brings a configuration of nginx that cannot be read`);
    }
  }
  return undefined;
}

interface Listen {
  readonly value: PortValue | undefined;
  readonly tls: boolean;
  readonly evidence: Evidence;
}

/** `80`, `[::]:80`, `0.0.0.0:8080 default_server`, `443 ssl`, `${PORT}` of a template. */
function listenOf({ project }: Surroundings, { path, text }: Config, match: RegExpExecArray): Listen {
  const [address = '', ...words] = (match[1] as string).trim().split(/\s+/);
  const line = lineAt(text, match.index + match[0].search(/\S/));
  return {
    value: readPort(/^(?:\d|\$|\[|[\w.*]+:)/.test(address) ? address : `${address}:80`),
    tls: words.includes('ssl') || /:?443$/.test(address),
    evidence: { file: project.rootPath(path), line, says: match[0].trim() },
  };
}

/** `location /health { return 200; }`, or the start page of static files. */
function pathOf(
  around: Surroundings,
  configs: readonly Config[],
): { path: HealthPath | undefined; pathDoubt: string | undefined } {
  const { project } = around;
  const text = configs.map((it) => it.text).join('\n');
  for (const config of configs) {
    const match =
      /location\s+=?\s*(\/(?:_?healthz?|health[-_]?check|ping|livez?|status|alive|up)\/?)\s*\{[^}]*\breturn\s+(?:200|204)\b/.exec(
        config.text,
      );
    if (match) {
      const evidence = {
        file: project.rootPath(config.path),
        line: lineAt(config.text, match.index),
        says: `location ${match[1]} returns 200`,
      };
      return { path: { path: match[1] as string, evidence }, pathDoubt: undefined };
    }
  }
  if (/\breturn\s+30[1278]|auth_basic\s+(?!off)|auth_request|\bdeny\s+all|rewrite\s+\^/.test(text))
    return { path: undefined, pathDoubt: '/ is not asked: the configuration sends elsewhere or asks who it is' };
  // `try_files $uri /index.php;`, `try_files $uri @app;`: what is no file goes on to it
  if (
    /location\s+\/\s*\{[^}]*\b(?:proxy_pass\b|try_files\s[^;]*(?:\.php|@))|\b(?:fastcgi|uwsgi|scgi|grpc)_pass\b/.test(
      text,
    )
  )
    return { path: undefined, pathDoubt: '/ is not asked: it is another service that answers there' };
  const page = startPage(around, text);
  return page
    ? { path: { path: '/', evidence: page }, pathDoubt: undefined }
    : { path: undefined, pathDoubt: undefined };
}

/** The index.html that nginx serves at /: of the image, of the context, or what a build makes. */
function startPage({ document, project, stage }: Surroundings, text: string): Evidence | undefined {
  const roots = [...text.matchAll(/^\s*root\s+([^;]+);/gm)].map((it) =>
    (it[1] as string).trim().replace(/^["']|["']$/g, ''),
  );
  const root =
    roots.length === 0
      ? '/usr/share/nginx/html'
      : new Set(roots).size === 1
        ? posix.normalize(roots[0] as string).replace(/\/$/, '')
        : undefined;
  if (root === undefined) return undefined;
  for (const it of lineage(stage).flatMap(({ instructions }) => instructions)) {
    if (it.keyword !== 'COPY' && it.keyword !== 'ADD') continue;
    const target = posix.normalize(document.expand(it.words.at(-1)?.value ?? '', it.state) ?? '').replace(/\/$/, '');
    if (posix.resolve(it.state.workdir ?? '/', target) !== root) continue;
    const evidence = {
      file: document.path,
      line: document.originLine(it.start),
      says: `${it.keyword} ${it.args.text}`,
    };
    if (it.flags.some(({ name }) => name === 'from')) return evidence;
    const source = it.words[0]?.value.replace(/^\.?\//, '').replace(/\/$/, '') ?? '';
    const index =
      source === '' || source === '.' ? 'index.html' : /index\.html$/.test(source) ? source : `${source}/index.html`;
    if (project.kind(index) === 'file') return evidence;
  }
  return undefined;
}
