/** Which images the catalogue lists, and where their end of life is told. */

export interface CatalogueImage {
  /** Short name; also the file below library/ of docker-library/official-images. */
  readonly repository: string;
  /** A README of dotnet/dotnet-docker that tells the tags instead. */
  readonly readme?: string;
  /** The file below products/ of endoflife-date/endoflife.date; absent: the end of maintenance is told nowhere. */
  readonly product?: string;
  /** How many numbers of a version name a release line: node 1 (`22`), python 2 (`3.12`). */
  readonly precision: 1 | 2;
  /** Older lines are left out: they never were an image, or nobody has them. */
  readonly oldest: string;
  /** Which day counts as the end: of the regular maintenance (eol), or of the longer one that is free for all (eoes). */
  readonly ends?: 'eol' | 'eoes';
  /** Tags name the releases by their code names too (`bookworm`). */
  readonly codenames?: true;
  /** Where it is not `{v}`: the tag of a release without a wish for a variant. */
  readonly plain?: string;
  /** Where a tag holds more than a version and a variant. */
  readonly forms?: readonly string[];
}

const JDK_FORMS = ['{v}-jdk{java}', '{v}-jdk{java}-alpine', '{v}-jdk{java}-noble', '{v}-jdk{java}-jammy'] as const;
const MAVEN_FORMS = [
  '{v}-eclipse-temurin-{java}',
  '{v}-eclipse-temurin-{java}-alpine',
  '{v}-eclipse-temurin-{java}-noble',
  '{v}-amazoncorretto-{java}',
] as const;

export const CATALOGUE_IMAGES: readonly CatalogueImage[] = [
  { repository: 'node', product: 'nodejs', precision: 1, oldest: '6' },
  { repository: 'python', product: 'python', precision: 2, oldest: '2.7' },
  { repository: 'golang', product: 'go', precision: 2, oldest: '1.10' },
  { repository: 'rust', product: 'rust', precision: 2, oldest: '1.40' },
  { repository: 'ruby', product: 'ruby', precision: 2, oldest: '2.3' },
  { repository: 'php', product: 'php', precision: 2, oldest: '5.6' },
  { repository: 'perl', product: 'perl', precision: 2, oldest: '5.26' },
  { repository: 'elixir', product: 'elixir', precision: 2, oldest: '1.8' },
  { repository: 'erlang', product: 'erlang', precision: 1, oldest: '20' },
  { repository: 'swift', precision: 2, oldest: '5.0' },
  { repository: 'gcc', precision: 1, oldest: '9' },
  { repository: 'eclipse-temurin', product: 'eclipse-temurin', precision: 1, oldest: '8', plain: '{v}-jdk' },
  { repository: 'amazoncorretto', product: 'amazon-corretto', precision: 1, oldest: '8' },
  { repository: 'maven', product: 'apache-maven', precision: 2, oldest: '3.5', forms: MAVEN_FORMS },
  { repository: 'gradle', precision: 2, oldest: '7.6', forms: [...JDK_FORMS, '{v}-jdk{java}-ubi'] },
  { repository: 'tomcat', product: 'tomcat', precision: 2, oldest: '8.5' },
  { repository: 'composer', product: 'composer', precision: 2, oldest: '2.0' },
  { repository: 'nginx', product: 'nginx', precision: 2, oldest: '1.10' },
  { repository: 'httpd', product: 'apache-http-server', precision: 2, oldest: '2.4' },
  { repository: 'haproxy', product: 'haproxy', precision: 2, oldest: '1.8' },
  { repository: 'traefik', product: 'traefik', precision: 2, oldest: '1.7' },
  { repository: 'caddy', product: 'caddy', precision: 1, oldest: '2' },
  { repository: 'postgres', product: 'postgresql', precision: 1, oldest: '10' },
  { repository: 'mysql', product: 'mysql', precision: 2, oldest: '5.6' },
  { repository: 'mariadb', product: 'mariadb', precision: 2, oldest: '10.1' },
  { repository: 'mongo', product: 'mongodb', precision: 2, oldest: '3.6' },
  { repository: 'redis', product: 'redis', precision: 2, oldest: '5.0' },
  { repository: 'memcached', product: 'memcached', precision: 2, oldest: '1.5' },
  { repository: 'rabbitmq', product: 'rabbitmq', precision: 2, oldest: '3.6' },
  { repository: 'debian', product: 'debian', precision: 1, oldest: '9', ends: 'eoes', codenames: true },
  { repository: 'ubuntu', product: 'ubuntu', precision: 2, oldest: '16.04', codenames: true },
  { repository: 'alpine', product: 'alpine-linux', precision: 2, oldest: '3.3' },
  { repository: 'amazonlinux', product: 'amazon-linux', precision: 1, oldest: '2' },
  { repository: 'almalinux', product: 'almalinux', precision: 1, oldest: '8' },
  { repository: 'rockylinux', product: 'rocky-linux', precision: 1, oldest: '8' },
  ...(['sdk', 'aspnet', 'runtime', 'runtime-deps'] as const).map((name) => ({
    repository: `mcr.microsoft.com/dotnet/${name}`,
    readme: `README.${name}.md`,
    product: 'dotnet',
    precision: 2 as const,
    oldest: '2.1',
  })),
  { repository: 'fedora', product: 'fedora', precision: 1, oldest: '30' },
];
