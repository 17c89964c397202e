/** Which account an application runs as in well-known images, how accounts are made, and what only root can run. Data only. */
import type { ImageFacts } from './images.ts';

type Family = ImageFacts['family'];

export interface OwnUserRow {
  /** Short names, as in images.ts; `*` at the end stands for any text. */
  readonly repositories: readonly string[];
  readonly account: string;
  /** What USER says where a variable of the image names the account. */
  readonly variable?: string;
  readonly source: string;
  readonly date: string;
}

/** Accounts that an image has for applications. Their numbers are in images.ts. */
export const OWN_USERS: readonly OwnUserRow[] = [
  { repositories: ['node'], account: 'node', source: 'nodejs/docker-node:docs/BestPractices.md', date: '2026-11' },
  { repositories: ['oven/bun'], account: 'bun', source: 'oven-sh/bun:dockerhub', date: '2026-11' },
  { repositories: ['gradle'], account: 'gradle', source: 'keeganwitt/docker-gradle', date: '2026-11' },
  { repositories: ['php'], account: 'www-data', source: 'docker-library/php', date: '2026-11' },
  {
    repositories: ['mcr.microsoft.com/dotnet/*'],
    account: 'app',
    variable: 'APP_UID',
    source: 'dotnet/dotnet-docker:documentation/image-variants.md',
    date: '2026-11',
  },
  {
    repositories: ['gcr.io/distroless/*'],
    account: 'nonroot',
    source: 'GoogleContainerTools/distroless:common/variables.bzl',
    date: '2026-11',
  },
];

/** How a family makes a group and an account with a home folder. {name}, {uid} and {gid} stand for what is chosen. */
export interface AccountRow {
  readonly families: readonly Family[];
  /** Only for these repositories and tags; a row without is for all others of the family. */
  readonly repository?: RegExp;
  readonly tag?: RegExp;
  /** undefined: the image has no program for it. */
  readonly commands: readonly string[] | undefined;
  readonly source: string;
  readonly date: string;
}

const SHADOW = [
  'groupadd --gid {gid} {name}',
  'useradd --uid {uid} --gid {name} --no-log-init --create-home --shell /sbin/nologin {name}',
];
/** Where the image has no program for it: the files that such a program would write. */
const BY_HAND = [
  "echo '{name}:x:{gid}:' >> /etc/group",
  "echo '{name}:x:{uid}:{gid}::/home/{name}:/sbin/nologin' >> /etc/passwd",
  'install -d -o {name} -g {name} /home/{name}',
];
const DEBIAN = [SHADOW[0] as string, (SHADOW[1] as string).replace('/sbin', '/usr/sbin')];

export const ACCOUNTS: readonly AccountRow[] = [
  { families: ['debian', 'ubuntu'], commands: DEBIAN, source: 'shadow: useradd(8)', date: '2026-11' },
  {
    families: ['alpine', 'busybox', 'wolfi'],
    commands: ['addgroup -g {gid} -S {name}', 'adduser -u {uid} -S -D -G {name} {name}'],
    source: 'busybox: loginutils/adduser.c',
    date: '2026-11',
  },
  {
    families: ['rhel'],
    repository: /ubi\d*-micro|ubi-micro|quarkus-micro/,
    commands: undefined,
    source: 'Red Hat Ecosystem Catalog',
    date: '2026-11',
  },
  {
    families: ['rhel'],
    repository: /ubi\d*-minimal|ubi-minimal/,
    commands: BY_HAND,
    source: 'Red Hat Ecosystem Catalog',
    date: '2026-11',
  },
  { families: ['rhel'], tag: /minimal|slim/, commands: undefined, source: 'the Dockerfile of each', date: '2026-11' },
  {
    families: ['rhel'],
    repository: /openjdk|maven|temurin|mysql|mariadb|gradle/,
    commands: undefined,
    source: 'the Dockerfile of each',
    date: '2026-11',
  },
  { families: ['rhel'], commands: SHADOW, source: 'shadow: useradd(8)', date: '2026-11' },
  {
    families: ['amazonlinux'],
    repository: /^(?:public\.ecr\.aws\/amazonlinux\/)?amazonlinux$|^amazoncorretto$/,
    commands: BY_HAND,
    source: 'amazonlinux/container-images: shadow-utils is not among the packages; passwd(5)',
    date: '2026-11',
  },
  { families: ['suse', 'arch'], commands: SHADOW, source: 'shadow: useradd(8)', date: '2026-11' },
];

/** Images whose process starts as root for a reason. */
export interface RootImageRow {
  readonly code:
    | 'steps-down'
    | 'server-starts-as-root'
    | 'runtime-chooses-user'
    | 'dev-container'
    | 'docker-socket'
    | 'data-store';
  readonly repositories: readonly string[];
  readonly tag?: RegExp;
  readonly why: string;
  readonly source: string;
  readonly date: string;
}

export const ROOT_IMAGES: readonly RootImageRow[] = [
  {
    code: 'steps-down',
    repositories: [
      'postgres',
      'mysql',
      'mariadb',
      'mongo',
      'redis',
      'valkey/valkey',
      'rabbitmq',
      'elasticsearch',
      'influxdb',
      'cassandra',
      'couchdb',
      'postgis/postgis',
      'timescale/*',
      'bitnami/*',
      'linuxserver/*',
      'lscr.io/linuxserver/*',
      'percona',
      'neo4j',
      'zookeeper',
      'solr',
      'ghost',
      'nextcloud',
      'redmine',
      'sonarqube',
      'flink',
      'clickhouse/*',
      'minio/*',
      'pgvector/*',
    ],
    why: 'its entrypoint starts as root, gives the data to its own account and steps down to it',
    source: 'docker-library: docker-entrypoint.sh of each',
    date: '2026-11',
  },
  {
    code: 'server-starts-as-root',
    repositories: ['nginx'],
    why: 'its master starts as root; nginxinc/nginx-unprivileged of the same tag runs as 101 and listens on 8080 in place of 80',
    source: 'nginx/docker-nginx, nginx/docker-nginx-unprivileged',
    date: '2026-11',
  },
  {
    code: 'server-starts-as-root',
    repositories: [
      'openresty/openresty',
      'httpd',
      'haproxy',
      'traefik',
      'caddy',
      'wordpress',
      'drupal',
      'joomla',
      'phpmyadmin',
      'tomcat',
      'jetty',
      'varnish',
      'squid',
      'eclipse-mosquitto',
      'tiangolo/*',
      'phusion/*',
      'webdevops/*',
      'richarvey/*',
      'trafex/*',
      'serversideup/*',
      'dunglas/frankenphp',
    ],
    why: 'its server starts as root and gives its workers another account, or writes to folders of root',
    source: 'the Dockerfile and the entrypoint of each',
    date: '2026-11',
  },
  {
    code: 'server-starts-as-root',
    repositories: ['php'],
    tag: /apache|fpm/,
    why: 'its server starts as root and gives its workers the account www-data',
    source: 'docker-library/php',
    date: '2026-11',
  },
  {
    code: 'runtime-chooses-user',
    repositories: [
      'public.ecr.aws/lambda/*',
      'amazon/aws-lambda-*',
      'mcr.microsoft.com/azure-functions/*',
      'ghcr.io/actions/*',
    ],
    why: 'the platform that runs it chooses the account',
    source: 'docs.aws.amazon.com/lambda: images-create; Azure Functions',
    date: '2026-11',
  },
  {
    code: 'dev-container',
    repositories: [
      'mcr.microsoft.com/devcontainers/*',
      'mcr.microsoft.com/vscode/*',
      'gitpod/*',
      'cimg/*',
      'codercom/*',
      'jenkins/*',
    ],
    why: 'it is a place to work in, not a service',
    source: 'devcontainers/images',
    date: '2026-11',
  },
  {
    code: 'docker-socket',
    repositories: ['docker', 'moby/buildkit', 'gcr.io/kaniko-project/*', 'quay.io/buildah/*', 'quay.io/podman/*'],
    why: 'it works with a container engine',
    source: 'docker-library/docker',
    date: '2026-11',
  },
];

/** Programs that only root can run, or that take another account themselves. */
export interface RootProgramRow {
  readonly code:
    | 'steps-down'
    | 'server-starts-as-root'
    | 'supervisor'
    | 'scheduler'
    | 'login-server'
    | 'docker-socket'
    | 'installs-at-start'
    | 'builds-at-start'
    | 'needs-capabilities'
    | 'changes-accounts'
    | 'data-store';
  readonly programs: RegExp;
  /** The words behind it, joined by a blank. */
  readonly words?: RegExp;
  readonly why: string;
  readonly source: string;
  readonly date: string;
}

const only = (
  code: RootProgramRow['code'],
  programs: RegExp,
  why: string,
  source: string,
  words?: RegExp,
): RootProgramRow => ({ code, programs, why, source, date: '2026-11', ...(words && { words }) });

export const ROOT_PROGRAMS: readonly RootProgramRow[] = [
  only(
    'steps-down',
    /^(?:gosu|su-exec|setpriv|runuser|chpst|setuidgid|s6-setuidgid|s6-applyuidgid|fixuid|chroot|su|sudo|doas|start-stop-daemon)$/,
    'steps down to another account',
    'the manual of each',
  ),
  only(
    'supervisor',
    /^(?:supervisord|supervisorctl|s6-svscan|runsvdir|runsv|runit|openrc|openrc-init|monit|systemctl|systemd|init|my_init|service|circusd|foreman|honcho|rc-service|initctl)$/,
    'starts and watches other processes',
    'the manual of each',
  ),
  only(
    'steps-down',
    /^(?:gunicorn|uwsgi|celery|unicorn|hypercorn)$/,
    'gives its workers another account',
    'the manual of each: --user, --uid',
    /(?:^|\s)(?:--user|--group|--uid|--gid|--immediate-uid)[= ]|(?:^|\s)-[ug] ?[a-z]/,
  ),
  only('scheduler', /^(?:cron|crond|anacron|fcron)$/, 'runs jobs under the account of each', 'cron(8)'),
  only(
    'login-server',
    /^(?:sshd|dropbear|vsftpd|proftpd|pure-ftpd|xinetd|telnetd|xrdp|vncserver)$/,
    'logs users in',
    'sshd(8)',
  ),
  only(
    'docker-socket',
    /^(?:docker|dockerd|containerd|buildkitd|podman|docker-compose|docker-init|dind|nerdctl)$/,
    'works with a container engine',
    'docs.docker.com: dockerd',
  ),
  only(
    'server-starts-as-root',
    /^(?:nginx|openresty|apache2|apache2ctl|apachectl|apache2-foreground|httpd|httpd-foreground|php-fpm[\d.]*|lighttpd|haproxy|squid|named|dnsmasq|unbound|postfix|dovecot|smbd|nmbd|exim|exim4|sendmail|openvpn|wg-quick|tailscaled|rsyslogd|syslog-ng|varnishd|traefik|caddy|snmpd|ntpd|chronyd|catalina\.sh|frankenphp)$/,
    'starts as root',
    'the manual of each',
  ),
  only(
    'data-store',
    /^(?:postgres|mysqld|mysqld_safe|mariadbd|mongod|redis-server|memcached|rabbitmq-server|elasticsearch|etcd|cockroach|minio|influxd|clickhouse-server|cassandra)$/,
    'keeps data in folders that other versions of the image made',
    'the manual of each',
  ),
  only(
    'installs-at-start',
    /^(?:apt|apt-get|aptitude|dpkg|apk|yum|dnf|microdnf|zypper|pacman|snap|update-ca-certificates|ldconfig|locale-gen|dpkg-reconfigure|gem|composer)$/,
    'installs packages when the container starts',
    'the manual of each',
  ),
  only(
    'installs-at-start',
    /^(?:pip[\d.]*|pipenv|poetry|uv|conda|mamba|npm|yarn|pnpm|bun|bundle|bundler)$/,
    'installs packages when the container starts',
    'the manual of each',
    /^(?:-\S+ )*(?:install|ci|i|add|sync|update|upgrade|rebuild|link|pip install|env create|clean-install)\b/,
  ),
  only('installs-at-start', /^(?:yarn|pnpm)$/, 'installs packages when the container starts', 'yarnpkg/website', /^$/),
  only(
    'builds-at-start',
    /^(?:mvn|mvnw|gradle|gradlew|cargo|make|cmake|tsc|webpack|rollup|esbuild|msbuild|sbt|mix|lein|swift|stack|cabal)$/,
    'builds the program when the container starts',
    'the manual of each',
  ),
  only(
    'builds-at-start',
    /^(?:go|dotnet)$/,
    'builds the program when the container starts',
    'the manual of each',
    /^(?:run|build|watch|test|publish|restore|ef|install|get)\b/,
  ),
  only(
    'builds-at-start',
    /^(?:ng|react-scripts|vue-cli-service|webpack-dev-server|next|nuxt|nuxi|vite|gatsby|parcel|astro|remix|expo|nest|craco|rsbuild|quasar|ionic|umi|max|svelte-kit|turbo|nx|lerna|rspack|snowpack|air|reflex|CompileDaemon)$/,
    'builds the program when the container starts',
    'the manual of each',
    /^(?!start\b)|^start\b.*(?:--watch|-w\b)/,
  ),
  only(
    'builds-at-start',
    /^(?:react-scripts|expo|ng|nest|webpack|vue-cli-service|gatsby|docusaurus|craco|quasar|ionic)$/,
    'builds the program when the container starts',
    'the manual of each',
    /^(?:start|serve|develop)\b/,
  ),
  only(
    'needs-capabilities',
    /^(?:iptables|ip6tables|iptables-legacy|nft|sysctl|mount|umount|fusermount|modprobe|insmod|ip|tc|ifconfig|route|tcpdump|setcap|nsenter|unshare|ebtables|swapon|losetup|mknod|ptrace|strace|bpftool|bpftrace|ethtool|wg|brctl|ovs-vsctl)$/,
    'needs privileges of the kernel',
    'capabilities(7)',
  ),
  only(
    'changes-accounts',
    /^(?:useradd|adduser|usermod|userdel|groupadd|addgroup|groupmod|passwd|chpasswd|chown|chgrp|setfacl)$/,
    'changes accounts or owners when the container starts',
    'the manual of each',
  ),
  only(
    'builds-at-start',
    /^prisma$/,
    'writes its client into node_modules when the container starts',
    'prisma/docs: prisma generate; db push and migrate dev run it as well before version 7',
    /^(?:generate|db push(?!.*--skip-generate)|migrate (?:dev|reset)(?!.*--skip-generate))\b/,
  ),
];

/** Configuration files of servers, and the line of each that gives the workers another account. */
export const ACCOUNT_SETTINGS: readonly {
  readonly program: RegExp;
  readonly files: RegExp;
  readonly line: RegExp;
  readonly source: string;
  readonly date: string;
}[] = [
  {
    program: /^uwsgi$/,
    files: /(?:^|\/)[\w.-]*uwsgi[\w.-]*\.ini$/,
    line: /^[ \t]*(?:uid|gid|immediate-uid)[ \t]*=.*$/m,
    source: 'unbit/uwsgi-docs:Options.rst',
    date: '2026-11',
  },
  {
    program: /^gunicorn$/,
    files: /(?:^|\/)gunicorn[\w.-]*\.py$/,
    line: /^(?:user|group)[ \t]*=[ \t]*(?!None)\S.*$/m,
    source: 'benoitc/gunicorn:docs/source/settings.rst',
    date: '2026-11',
  },
];

/** Variables of a start script by which users of the image choose an account. */
export const CHOSEN_ACCOUNT = /\b(?:PUID|PGID|USER_ID|GROUP_ID|LOCAL_USER_ID|HOST_UID|HOST_GID|WWWUSER)\b/;

/** Installers that put a program into the home folder of whoever runs them. Matched against the text of a RUN. */
export interface HomeInstallRow {
  readonly pattern: RegExp;
  /** A variable that moves it elsewhere. */
  readonly movedBy?: string;
  readonly what: string;
  readonly source: string;
  readonly date: string;
}

const home = (pattern: RegExp, what: string, source: string, movedBy?: string): HomeInstallRow => ({
  pattern,
  what,
  source,
  date: '2026-11',
  ...(movedBy !== undefined && { movedBy }),
});

export const HOME_INSTALLS: readonly HomeInstallRow[] = [
  home(
    /\bplaywright(?:@\S+)?\s+install\b(?!-deps)/,
    'playwright keeps its browsers',
    'microsoft/playwright:docs/src/browsers.md',
    'PLAYWRIGHT_BROWSERS_PATH',
  ),
  home(
    /\bpuppeteer\s+browsers\s+install\b/,
    'puppeteer keeps its browser',
    'puppeteer/puppeteer:docs/guides/configuration.md',
    'PUPPETEER_CACHE_DIR',
  ),
  home(
    /\b(?:patchright|scrapling)\s+install\b|\bcrawl4ai-setup\b|\bcamoufox\s+fetch\b/,
    'it keeps its browsers',
    'Kaliiiiiiiiii-Vinyzu/patchright, D4Vinci/Scrapling, unclecode/crawl4ai, daijro/camoufox: their READMEs',
    'PLAYWRIGHT_BROWSERS_PATH',
  ),
  home(
    /\bPaddleOCR\(|\beasyocr\.Reader\(|\bWhisperModel\(|\bFaceAnalysis\(|\brembg\s+d\b|\bnew_session\(/,
    'it keeps its models',
    'PaddlePaddle/PaddleOCR, JaidedAI/EasyOCR, SYSTRAN/faster-whisper, deepinsight/insightface, danielgatis/rembg: their READMEs',
  ),
  home(/\bcypress\s+install\b/, 'cypress keeps its program', 'cypress-io/cypress', 'CYPRESS_CACHE_FOLDER'),
  home(/\bnltk\.download(?:er)?\b/, 'nltk keeps its data', 'nltk/nltk', 'NLTK_DATA'),
  home(
    /\bfrom_pretrained\b|\bsnapshot_download\b|\bhf_hub_download\b|\b(?:huggingface-cli|hf)\s+download\b/,
    'Hugging Face keeps its models',
    'huggingface/huggingface_hub',
    'HF_HOME',
  ),
  home(
    /\btorch\.hub\b|\bwhisper\.load_model\b|\bSentenceTransformer\(/,
    'it keeps its models',
    'pytorch/pytorch:torch/hub.py',
    'TORCH_HOME',
  ),
  home(/\bpip[\d.]*\s+install\b[^&|;]*\s--user\b/, 'pip --user installs', 'pypa/pip', 'PYTHONUSERBASE'),
  home(/nvm-sh\/nvm|\bnvm\s+install\b/, 'nvm keeps node', 'nvm-sh/nvm', 'NVM_DIR'),
  home(/\bpyenv\s+install\b|pyenv\.run/, 'pyenv keeps python', 'pyenv/pyenv', 'PYENV_ROOT'),
  home(/get\.sdkman\.io|\bsdk\s+install\b/, 'sdkman keeps its programs', 'sdkman', 'SDKMAN_DIR'),
  home(/sh\.rustup\.rs/, 'rustup keeps its programs', 'rust-lang/rustup', 'CARGO_HOME'),
  // the image of bun links the programs from /usr/local/bin into it
  home(
    /\bbun\s+(?:add|a|install|i)\b[^&|;]*\s(?:-g|--global)\b/,
    'bun keeps its global packages',
    'oven-sh/bun:docs/pm/cli/add.md, dockerhub/alpine/Dockerfile',
    'BUN_INSTALL_GLOBAL_DIR',
  ),
  home(/bun\.sh\/install/, 'the installer of bun puts it', 'oven-sh/bun', 'BUN_INSTALL'),
  home(/deno\.land\/(?:x\/)?install/, 'the installer of deno puts it', 'denoland/deno_install', 'DENO_INSTALL'),
  home(
    /install\.python-poetry\.org|get-poetry/,
    'the installer of poetry puts it',
    'python-poetry/install.python-poetry.org',
    'POETRY_HOME',
  ),
  home(/astral\.sh\/uv/, 'the installer of uv puts it', 'astral-sh/uv', 'UV_INSTALL_DIR'),
  home(/\buv\s+python\s+install\b/, 'uv keeps python', 'astral-sh/uv', 'UV_PYTHON_INSTALL_DIR'),
  home(/\buv\s+tool\s+install\b/, 'uv keeps its tools', 'astral-sh/uv:docs/concepts/tools.md', 'UV_TOOL_DIR'),
  home(/\bdart\s+pub\s+global\s+activate\b/, 'dart keeps its programs', 'dart-lang/site-www:pub-global', 'PUB_CACHE'),
  home(/\bollama\s+pull\b/, 'ollama keeps its models', 'ollama/ollama:docs/faq.md', 'OLLAMA_MODELS'),
  home(/\bpipx\s+install\b/, 'pipx keeps its programs', 'pypa/pipx', 'PIPX_HOME'),
  home(
    /\bdotnet\s+tool\s+install\b[^&|;]*(?:\s-g\b|--global)/,
    'dotnet keeps its tools',
    'dotnet/docs',
    'DOTNET_TOOLS',
  ),
  home(/\bcomposer\s+global\b/, 'composer keeps its programs', 'composer/composer', 'COMPOSER_HOME'),
  home(/\brbenv\s+install\b|\brvm\s+install\b|get\.rvm\.io/, 'it keeps ruby', 'rbenv/rbenv'),
  home(/get\.volta\.sh|\bfnm\s+install\b|install-node\.vercel/, 'it keeps node', 'volta-cli/volta'),
];
