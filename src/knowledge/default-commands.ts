/** What an image runs when neither CMD nor ENTRYPOINT is written. An image that is not here is unknown. Data only. */
import type { ImageRef } from '../image.ts';
import { repositoryName } from './images.ts';

export interface DefaultCommandRow {
  /** Short name, as in images.ts; `*` at the end stands for any text. */
  readonly repository: string;
  readonly tag?: RegExp;
  readonly words: readonly string[];
  readonly source: string;
  readonly date: string;
}

const row = (repository: string, words: readonly string[], source: string, tag?: RegExp): DefaultCommandRow => ({
  repository,
  words,
  source,
  date: '2026-11',
  ...(tag && { tag }),
});

export const DEFAULT_COMMANDS: readonly DefaultCommandRow[] = [
  row('nginx', ['nginx', '-g', 'daemon off;'], 'nginx/docker-nginx'),
  row('nginxinc/nginx-unprivileged', ['nginx', '-g', 'daemon off;'], 'nginx/docker-nginx-unprivileged'),
  row('httpd', ['httpd-foreground'], 'docker-library/httpd'),
  row('php', ['apache2-foreground'], 'docker-library/php', /apache/),
  row('php', ['php-fpm'], 'docker-library/php', /fpm/),
  row('php', ['php', '-a'], 'docker-library/php'),
  row('tomcat', ['catalina.sh', 'run'], 'docker-library/tomcat'),
  row('caddy', ['caddy', 'run', '--config', '/etc/caddy/Caddyfile'], 'caddyserver/caddy-docker'),
  row('python', ['python3'], 'docker-library/python'),
  row('node', ['node'], 'nodejs/docker-node'),
  row('ruby', ['irb'], 'docker-library/ruby'),
  row('golang', ['bash'], 'docker-library/golang'),
  row('rust', ['bash'], 'rust-lang/docker-rust'),
  row('debian', ['bash'], 'debuerreotype/debuerreotype'),
  row('ubuntu', ['bash'], 'docker-library/official-images'),
  row('alpine', ['sh'], 'alpinelinux/docker-alpine'),
  row('busybox', ['sh'], 'docker-library/busybox'),
];

/** The words that an image runs by itself; undefined: not known. */
export function defaultCommand(ref: ImageRef): DefaultCommandRow | undefined {
  const name = repositoryName(ref);
  return DEFAULT_COMMANDS.find((it) => it.repository === name && (!it.tag || it.tag.test(ref.tag ?? 'latest')));
}
