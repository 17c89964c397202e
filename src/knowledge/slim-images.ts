/** Full images that have a slim variant, and how its tag is written. Data only. */

export interface SlimImageRow {
  /** Short name. */
  readonly repository: string;
  /** Where `slim` stands when the tag names a release of Debian: `3.12-slim-bookworm`, `22-bookworm-slim`. */
  readonly slim: 'before-suite' | 'behind-suite' | 'none';
  /** The oldest version whose slim variant stands on a release of Debian that still has its packages. */
  readonly from?: readonly number[];
  readonly source: string;
  readonly date: string;
}

export const SLIM_IMAGES: readonly SlimImageRow[] = [
  {
    repository: 'python',
    slim: 'before-suite',
    from: [3, 7],
    source: 'docker-library/official-images',
    date: '2026-11',
  },
  { repository: 'ruby', slim: 'before-suite', from: [2, 7], source: 'docker-library/official-images', date: '2026-11' },
  { repository: 'node', slim: 'behind-suite', from: [18], source: 'docker-library/official-images', date: '2026-11' },
  { repository: 'debian', slim: 'behind-suite', from: [11], source: 'docker-library/official-images', date: '2026-11' },
  // has gcc and the headers of the C library: crates without other libraries build in it
  { repository: 'rust', slim: 'before-suite', from: [1, 57], source: 'rust-lang/docker-rust', date: '2026-11' },
  { repository: 'golang', slim: 'none', source: 'docker-library/official-images', date: '2026-11' },
  { repository: 'php', slim: 'none', source: 'docker-library/official-images', date: '2026-11' },
];

/** Releases of Debian whose packages are still where apt-get looks for them. Source: Debian LTS, November 2026. */
export const LIVE_SUITES: ReadonlySet<string> = new Set(['bullseye', 'bookworm', 'trixie']);

/** Images that only bring programs which need nothing of the system: static, or the same everywhere. */
export const SELF_CONTAINED_IMAGES =
  /(?:^|\/)(?:uv|composer|dumb-init|tini|gosu|curlimages\/curl|busybox|litestream|aws-lambda-adapter|awsguru\/aws-lambda-adapter)(?:[:@]|$)/;

/** Downloads that need nothing of the system, by the end of their URL. */
export const DATA_DOWNLOADS =
  /\.(?:sh|py|js|jar|war|pem|crt|cer|json|gpg|asc|key|pub|deb|list|txt|sql|onnx|pt|pth|h5|bin|csv|xml|ya?ml|conf|whl|html|css|ttf|phar)(?:[?#]|$)/;

/** Scripts that install what they need themselves, or need the shell alone. Source: nodesource/distributions, astral-sh/uv, 2026-11. */
export const SETUP_SCRIPTS =
  /^["']?https:\/\/(?:(?:\w+\.)?nodesource\.com\/setup_|astral\.sh\/uv\/(?:[\d.]+\/)?install\.sh|bun\.sh\/install|get\.docker\.com)/;

/** Images that keep data whose order and owner depend on the C library and the accounts of the image. Source: docker-library; 2026-11. */
export const DATABASE_IMAGES =
  /^(?:postgres|postgis\/postgis|timescale\/timescaledb|mysql|mariadb|percona|mongo|redis|valkey\/valkey|rabbitmq|memcached|cassandra|elasticsearch|influxdb|neo4j|couchdb|zookeeper)$/;
