/** Where repositories say how their images are built. File names as the tools look for them (November 2026). */

/** Compose files: compose-spec's names and the usual variants (`compose.dev.yaml`, `docker-compose-test.yml`). */
export const COMPOSE_FILE = /^(?:docker-)?compose(?:[._-].+)?\.ya?ml$/;
/** The names that Compose reads by itself, so that other files of the folder are laid over them. */
export const COMPOSE_BASE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'] as const;

/** What Compose lays over the one of them that is there, unless it is told otherwise. */
export const COMPOSE_OVERRIDES = [
  'compose.override.yaml',
  'compose.override.yml',
  'docker-compose.override.yaml',
  'docker-compose.override.yml',
] as const;

/** Files that `docker buildx bake` reads by itself, in the order in which later ones are laid over earlier ones. */
export const BAKE_FILES = [
  'docker-bake.json',
  'docker-bake.hcl',
  'docker-bake.override.json',
  'docker-bake.override.hcl',
] as const;

export const WORKFLOW_FOLDER = '.github/workflows';
export const WORKFLOW_FILE = /\.ya?ml$/;
/** The action whose inputs name context, file, target and build arguments. */
export const BUILD_ACTION = /^docker\/build-push-action@/;

/** CI files at the root that may name the builder. */
export const CI_FILES = [
  '.gitlab-ci.yml',
  'cloudbuild.yaml',
  'cloudbuild.yml',
  'Jenkinsfile',
  'skaffold.yaml',
  'skaffold.yml',
  '.circleci/config.yml',
  '.travis.yml',
  'azure-pipelines.yml',
  'bitbucket-pipelines.yml',
  '.drone.yml',
  'Makefile',
] as const;
/** Folders whose files (not their sub-folders) may name the builder. */
export const CI_FOLDERS = ['.gitlab', '.gitlab/ci', WORKFLOW_FOLDER, 'ci', '.ci', 'tekton', '.tekton'] as const;
export const CI_FILE = /(?:\.ya?ml|^Jenkinsfile.*|\.sh)$/;

/** What a line of a CI file says about the builder; the first kind that any file names wins. */
export const BUILDER_SIGNS = [
  // kaniko has no RUN --mount=type=cache
  {
    kind: 'kaniko',
    pattern: /kaniko-project\/executor|\/kaniko\/executor|kaniko-action|^\s*-?\s*kaniko:|name:\s*["']?kaniko\b/,
  },
  // the builder of Docker before BuildKit, asked for by name
  { kind: 'legacy', pattern: /\bDOCKER_BUILDKIT["']?\s*[:=]\s*["']?0\b/ },
  {
    kind: 'buildkit',
    pattern: /docker\/build-push-action@|\bbuildx\b|\bDOCKER_BUILDKIT["']?\s*[:=]\s*["']?1\b|\bbuildctl\b/,
  },
] as const;
