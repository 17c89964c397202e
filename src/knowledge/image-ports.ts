/** Ports that the programs of well-known images listen on, as the EXPOSE of their Dockerfiles says. */
import type { ImageRef } from '../image.ts';
import { repositoryName } from './images.ts';

interface PortRow {
  /** Short name, as in images.ts. */
  readonly repository: string;
  /** The tags that the row is about; absent: all that no row above took. */
  readonly tag?: RegExp;
  /** TCP; the first one is what clients of it ask. */
  readonly ports: readonly number[];
  readonly source: string;
  readonly date: string;
}

const row = (repository: string, ports: readonly number[], source: string, tag?: RegExp): PortRow => ({
  repository,
  ports,
  source,
  date: '2026-08',
  ...(tag && { tag }),
});

export const IMAGE_PORTS: readonly PortRow[] = [
  row('nginx', [80], 'nginx/docker-nginx'),
  row('nginxinc/nginx-unprivileged', [8080], 'nginx/docker-nginx-unprivileged'),
  row('httpd', [80], 'docker-library/httpd'),
  row('caddy', [80, 443, 2019], 'caddyserver/caddy-docker', /^(?!.*builder)/),
  row('traefik', [80], 'traefik/traefik-library-image'),
  row('tomcat', [8080], 'docker-library/tomcat'),
  row('php', [80], 'docker-library/php', /apache/),
  row('php', [9000], 'docker-library/php', /fpm/),
  row('jenkins/jenkins', [8080, 50_000], 'jenkinsci/docker'),
  row('postgres', [5432], 'docker-library/postgres'),
  row('mysql', [3306, 33_060], 'docker-library/mysql'),
  row('mariadb', [3306], 'MariaDB/mariadb-docker'),
  row('mongo', [27_017], 'docker-library/mongo'),
  row('redis', [6379], 'redis/docker-library-redis'),
  row('memcached', [11_211], 'docker-library/memcached'),
  row('rabbitmq', [5672, 5671, 4369, 15_691, 15_692, 25_672, 15_671, 15_672], 'docker-library/rabbitmq', /management/),
  row('rabbitmq', [5672, 5671, 4369, 15_691, 15_692, 25_672], 'docker-library/rabbitmq'),
  row('docker', [2375, 2376], 'docker-library/docker', /dind/),
];

/** The ports of an image; undefined: nothing is known, or it listens on none. */
export function imagePorts(ref: ImageRef): readonly number[] | undefined {
  const name = repositoryName(ref);
  const tag = ref.tag ?? 'latest';
  return IMAGE_PORTS.find((it) => it.repository === name && (!it.tag || it.tag.test(tag)))?.ports;
}
