/** Base images without a version get the one that the project's own files name; exact pins come from redock.lock or a registry. */
import type { Stage } from '../../src/document.ts';
import type { VersionEvidence } from '../../src/project/versions.ts';
import { defineTransform } from '../../src/transform.ts';
import { checksums } from './checksum.ts';
import { exactPins, isWindows, type Precision } from './exact.ts';
import { isAboutEnd, pinned } from './release.ts';

export const pinBase = defineTransform({
  name: 'pin-base',
  summary: 'Gives base images without a version the one that the project names',
  docs: {
    what: 'FROM with the tag latest or none takes the version that files of the project name: .nvmrc, .python-version, go.mod, global.json, pom.xml and their like. Without such a file it says what would choose, and releases that have ended are reported. A version that is there is never changed. With to=patch or to=digest every image (COPY --from, RUN --mount and the syntax directive too) gets the patch release or the digest that its tag stands for, as redock.lock or, with --online, the registry says; to=digest also gives ADD of a URL its checksum when online.',
    why: 'latest is another release every few months: the same Dockerfile builds something else next year.',
    example: {
      before: 'FROM python:slim\nCOPY . .\n',
      after: 'FROM python:3.13-slim\nCOPY . .\n',
      files: { '.python-version': '3.13\n' },
    },
  },
  options: {
    to: {
      kind: 'choice',
      choices: ['minor', 'patch', 'digest'],
      default: 'minor',
      help: 'how exact: the release line (minor), or what redock.lock or a registry says (patch, digest)',
    },
    advice: { kind: 'boolean', default: true, help: 'report images without a version that no file decides' },
    'end-of-life': { kind: 'boolean', default: true, help: 'report releases that are past their end of life' },
  },
  // what is known of the user and the folder of a base may hang on its tag; `copies` are COPY --from=image and ADD of a URL
  mayChange: ['base', 'user', 'workdir', 'copies'],
  declines: {
    'image-not-listed': 'which releases of this image exist is not known',
    'reference-unknown': 'a build argument without a default names the image',
    'reference-from-variable': 'the tag is put together from a variable and more',
    'argument-passed': 'whoever builds it passes the build argument, so that its default decides nothing',
    'argument-used-elsewhere': 'the build argument with the tag is used in more places',
    'evidence-conflicts': 'files of the project name different versions',
    'evidence-unclear': 'a file of the project names several versions, or too few numbers of one',
    'version-not-listed': 'the version that a file names is not in the table of releases',
    'variant-not-listed': 'whether this variant exists for the version is not known',
    'not-asked': 'neither redock.lock nor a registry was asked about it',
    'no-answer': 'redock.lock or the registry gave no usable answer',
    'no-patch-tag': 'no tag of three numbers stands for the same image',
    'reference-in-parts': 'the reference is quoted or broken over lines',
    'checksum-of-several': 'ADD has more than one source',
    'checksum-from-variable': 'a variable decides which file is fetched',
    'checksum-unknown-to-builder': 'the builder or the syntax directive is older than --checksum',
  },
  *plan(document, { project, options }) {
    // the escape character of Windows files
    if (document.escape === '`') return;
    const asked = new Map<string, readonly VersionEvidence[]>();
    const taken = new Set<Stage>();
    const to = options.to as 'minor' | Precision;
    for (const stage of document.stages) {
      if (stage.parent || /^scratch$/i.test(stage.fromWord.value) || isWindows(stage)) continue;
      for (const plan of pinned(document, project, stage, to, asked)) {
        const advice = !('code' in plan) && plan.level === 'manual';
        const ended = advice && isAboutEnd(plan);
        if ('code' in plan ? plan.code === 'argument-passed' : plan.edits.length > 0) taken.add(stage);
        if (ended ? options['end-of-life'] : !advice || options.advice) yield plan;
      }
    }
    if (to === 'minor') return;
    yield* exactPins(document, project, to, taken);
    if (to === 'digest') yield* checksums(document, project);
  },
});
