/** The nouns of swap-base: what a check answers, and why a base is left alone. */
import type { Evidence, Span } from '../../src/edit.ts';

export const DECLINES = {
  'no-slim-variant': 'there is no slim variant of this image, or of this version',
  'digest-pinned': 'the image is pinned by a digest, and that of its slim variant is not known',
  'reference-from-variable': 'a build argument decides which image it is',
  'version-too-old': 'the packages of the release of Debian below it have moved to the archive',
  'stage-is-shared': 'another stage starts from this one or copies from it',
  onbuild: 'an ONBUILD instruction would act in other builds',
  development: 'people work in this image, and want what a full one has',
  'native-build': 'a package is compiled in this stage: compilers would have to be installed',
  'builds-at-run-time': 'a compiler or a build tool is needed at run time',
  'unreadable-script': 'a RUN cannot be read',
  'no-distroless-variant': 'there is no image of distroless that does the same',
  'no-chiseled-variant': 'no chiselled tag of this image is known',
  'needs-shell': 'the stage or what it starts needs a shell, a program or an account that the image does not have',
  'no-alpine-variant': 'no tag of this image on Alpine is known',
  'data-format': 'data that the image wrote depends on its C library and on the number of its user',
  'package-unknown': 'the name of a package in Alpine is not known',
  'no-alpine-counterpart': 'a command, a path or an account of Debian has none in Alpine',
  'no-musl-build': 'a package has builds for glibc only',
  'glibc-binary': 'a program is fetched that may be built for glibc',
  'glibc-copied': 'files from a stage or an image on glibc are copied, and may be programs',
  'needs-bash': 'a SHELL or a RUN says what only bash understands',
} as const;

/** Why a base is left alone. `at`: the FROM of the stage when it is left out. */
export interface Obstacle {
  readonly code: keyof typeof DECLINES;
  readonly why: string;
  readonly at?: Span;
}

export const isObstacle = (it: object): it is Obstacle => 'code' in it;

/** A package of Debian that the slim image lacks, and what asks for it. */
export interface Need {
  readonly package: string;
  readonly evidence: Evidence;
}

/** What was found out about one ecosystem. */
export interface Findings {
  readonly needs: readonly Need[];
  /** What could not be established, each a sentence. */
  readonly doubts: readonly string[];
  readonly evidence: readonly Evidence[];
  /** Instructions that the stage needs besides, as they are written in upper case. */
  readonly lines?: readonly string[];
}
