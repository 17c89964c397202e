/** Servers that finish what they are at on another signal than SIGTERM, and images that say so themselves. Data only. */

export interface StopSignalRow {
  readonly programs: RegExp;
  /** The arguments and the text of the configuration that they name have to match; absent: any. */
  readonly when?: RegExp;
  /** They must not match. */
  readonly unless?: RegExp;
  /** The argument that names a configuration file; one that cannot be read leaves the answer open. */
  readonly config?: RegExp;
  readonly signal: 'SIGQUIT' | 'SIGWINCH' | 'SIGINT' | 'SIGUSR1';
  /** What becomes of it on SIGTERM, and on the signal: two halves of a sentence. */
  readonly onTerm: string;
  readonly onSignal: string;
  readonly source: string;
  readonly date: string;
}

const CUTS = 'ends at once and cuts the requests that are under way';
const FINISHES = 'answers them first';

export const STOP_SIGNALS: readonly StopSignalRow[] = [
  {
    programs: /^(?:nginx|openresty)$/,
    signal: 'SIGQUIT',
    onTerm: CUTS,
    onSignal: FINISHES,
    source: 'nginx/nginx.org: control.html; nginx/docker-nginx has it',
    date: '2026-11',
  },
  {
    programs: /^php-fpm[\d.]*$/,
    signal: 'SIGQUIT',
    onTerm: CUTS,
    onSignal: FINISHES,
    source: 'php/php-src:sapi/fpm/fpm/fpm_signals.c; docker-library/php has it',
    date: '2026-11',
  },
  {
    programs: /^(?:apache2|apache2-foreground|httpd|httpd-foreground)$/,
    // `httpd -f -p 80` is that of busybox
    unless: /(?:^|\s)-fv*(?:\s-|$)/,
    signal: 'SIGWINCH',
    onTerm: CUTS,
    onSignal: FINISHES,
    source: 'apache/httpd:docs/manual/stopping.xml; docker-library/httpd has it',
    date: '2026-11',
  },
  {
    programs: /^(?:unicorn|unicorn_rails)$/,
    signal: 'SIGQUIT',
    onTerm: CUTS,
    onSignal: FINISHES,
    source: 'unicorn: SIGNALS',
    date: '2026-11',
  },
  {
    programs: /^haproxy$/,
    signal: 'SIGUSR1',
    onTerm: 'ends at once and cuts the connections that are open',
    onSignal: 'waits for them',
    source: 'haproxy/haproxy:doc/management.txt; docker-library/haproxy has it',
    date: '2026-11',
  },
  {
    programs: /^postgres$/,
    signal: 'SIGINT',
    onTerm: 'waits for every client to leave, until it is killed and has to recover at its next start',
    onSignal: 'ends their sessions and shuts down cleanly',
    source: 'postgres/postgres:doc/src/sgml/runtime.sgml; docker-library/postgres has it',
    date: '2026-11',
  },
  {
    programs: /^uwsgi$/,
    config: /^(?:--ini[= ])?(\S+\.ini)$/,
    when: /(?:^|\s)(?:--master|-M)(?=\s|$)|^\s*master\s*=\s*(?:true|1|yes|on)\b/m,
    unless: /die-on-term|unix_signal|--(?:yaml|xml|json)\b|\.(?:ya?ml|xml|json)(?=\s|$)/,
    signal: 'SIGINT',
    onTerm: 'starts anew instead of ending, and is killed ten seconds later',
    onSignal: 'ends',
    source: 'measured as process 1: uwsgi 2.0.21 with a master; unbit/uwsgi-docs:Management.rst',
    date: '2026-11',
  },
];

/** Images that have a STOPSIGNAL of their own. */
export const SIGNALLED_IMAGES: readonly {
  readonly repository: string;
  readonly tag?: RegExp;
  readonly source: string;
  readonly date: string;
}[] = [
  { repository: 'nginx', source: 'nginx/docker-nginx', date: '2026-11' },
  { repository: 'nginxinc/nginx-unprivileged', source: 'nginx/docker-nginx-unprivileged', date: '2026-11' },
  { repository: 'openresty/openresty', source: 'openresty/docker-openresty', date: '2026-11' },
  { repository: 'php', tag: /fpm|apache/, source: 'docker-library/php', date: '2026-11' },
  { repository: 'wordpress', tag: /^(?!.*cli)/, source: 'docker-library/wordpress', date: '2026-11' },
  { repository: 'httpd', source: 'docker-library/httpd', date: '2026-11' },
  { repository: 'haproxy', source: 'docker-library/haproxy', date: '2026-11' },
  { repository: 'postgres', source: 'docker-library/postgres', date: '2026-11' },
];
