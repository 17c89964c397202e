/** The stage that is run starts from an image of distroless: the language and the program, and nothing else. */
import type { Document, Instruction, Stage } from '../../../src/document.ts';
import type { Change, Decline, Edit, Evidence, Span } from '../../../src/edit.ts';
import { splitTag } from '../../../src/image.ts';
import {
  DISTROLESS_LANGUAGES,
  DISTROLESS_PROGRAMS,
  DISTROLESS_USERS,
  type DistrolessRow,
  LINKING_CRATES,
  PLAIN_SYSTEMS,
} from '../../../src/knowledge/distroless.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import { JDK_CODE } from '../../../src/knowledge/java-builds.ts';
import type { Project } from '../../../src/project/project.ts';
import { inWords } from '../../../src/stage/install-run.ts';
import { installsOf } from '../../../src/stage/node-installs.ts';
import { slimNeeds } from '../../../src/stage/node-needs.ts';
import type { StageView } from '../../../src/stage/view.ts';
import { tagWords } from '../../../src/variant-tags.ts';
import { nodeFindings } from '../node.ts';
import { copiedStages, isDevelopment, rootOf, viewOf } from '../stages.ts';
import { isObstacle, type Obstacle } from '../types.ts';
import { fontUse, lastOf, startOf, withoutShell } from './stage.ts';

interface Plan {
  readonly image: string;
  readonly edits: readonly Edit[];
  readonly doubts: readonly string[];
  readonly evidence: readonly Evidence[];
}

const PLAIN: Omit<Plan, 'image'> = { edits: [], doubts: [], evidence: [] };

/** undefined: the stage has no shell already, or stands on an image that has no counterpart by its kind. */
export function toDistroless(document: Document, project: Project, product: Stage): Change | Decline | undefined {
  const root = rootOf(product);
  const { image } = root;
  const name = image ? repositoryName(image) : '';
  const isLanguage = DISTROLESS_LANGUAGES.some((row) => row.for.test(name));
  if (!image || (!isLanguage && !PLAIN_SYSTEMS.test(name) && !/^(?:python|golang|rust)$/.test(name))) return undefined;
  const at: Span = { start: root.from.start, end: root.from.headEnd };
  const answer = decide(document, project, product);
  return isObstacle(answer) ? { code: answer.code, why: answer.why, at: answer.at ?? at } : answer;
}

function decide(document: Document, project: Project, product: Stage): Change | Obstacle {
  if (
    product.parent ||
    document.stages.some((it) => it.parent === product || (it !== product && copiedStages(document, it).has(product)))
  )
    return {
      code: 'stage-is-shared',
      why: 'another stage starts from this one, copies from it, or is what it starts from',
    };
  const development = isDevelopment(document, product);
  if (development !== undefined)
    return { code: 'development', why: `${development} says that people work in this image` };
  const { fromWord, image } = product;
  if (/["'\\$]/.test(fromWord.value))
    return { code: 'reference-from-variable', why: `${fromWord.value} comes from a variable` };
  const view = viewOf(document, project, product);
  const name = image ? repositoryName(image) : '';
  const row = DISTROLESS_LANGUAGES.find((it) => it.for.test(name) && it.release === releaseOf(image?.tag));
  const plan = row ? languagePlan(view, row) : PLAIN_SYSTEMS.test(name) ? programPlan(view) : none(name, image?.tag);
  if (isObstacle(plan)) return plan;
  const shell = withoutShell(view);
  if (isObstacle(shell)) return shell;
  const users = userEdits(view);
  if (isObstacle(users)) return users;
  const doubts = plan.doubts.length === 0 ? '' : ` Not established: ${plan.doubts.join('; ')}.`;
  return {
    title: `Start from ${plan.image}`,
    why: `It holds what runs the program, and no shell: nobody can open one in it, and probes or hooks elsewhere that start one fail.${row ? ` Words behind \`docker run\` are handed to ${row.entrypoint.join(' ')}.` : ''}${row?.program === 'java' ? ' Its Java is built by Debian, at the patch release that Debian has.' : ''}${doubts}`,
    evidence: [
      { file: document.path, line: document.originLine(product.from.start), says: fromWord.value },
      ...plan.evidence,
    ],
    level: doubts === '' ? 'review' : 'risky',
    at: { start: product.from.start, end: product.from.headEnd },
    edits: [{ start: fromWord.start, end: fromWord.end, text: plan.image }, ...plan.edits, ...shell, ...users],
  };
}

const releaseOf = (tag = ''): string => /^\d+/.exec(splitTag(tag).version ?? '')?.[0] ?? '';

const none = (name: string, tag = 'latest'): Obstacle => ({
  code: 'no-distroless-variant',
  why: /^(?:python|golang|rust)$/.test(name)
    ? `no image of distroless has what ${name}:${tag} brings at the same place`
    : `there is no image of distroless for ${name}:${tag}`,
});

function languagePlan(view: StageView, row: DistrolessRow): Plan | Obstacle {
  const { document, stage } = view;
  if (stage.base?.family === 'alpine' && row.for.test('node'))
    return {
      code: 'glibc-copied',
      why: 'packages that were installed on Alpine are for musl, and the image has glibc',
    };
  const foreign = [...copiedStages(document, stage)].find((it) => rootOf(it).base?.family === 'alpine');
  if (foreign && row.for.test('node'))
    return {
      code: 'glibc-copied',
      why: `the stage in line ${foreign.from.line} is on Alpine: packages of it are for musl`,
    };
  const start = startOf(view);
  const [program, ...words] = start?.words ?? [];
  if (
    start &&
    (program === undefined ||
      !/^(?:node|nodejs|java|\/usr\/local\/bin\/node|\/opt\/java\/openjdk\/bin\/java)$/.test(program))
  )
    return {
      code: 'needs-shell',
      why: `${start.file}:${start.line} starts ${program ?? start.text}, which is not in the image`,
    };
  if (!start) return { code: 'needs-shell', why: 'no file says what starts in the container' };
  if (row.program === 'java') return javaPlan(view, row, words);
  const builders = [...copiedStages(document, stage)].map((it) => viewOf(document, view.project, it));
  const packages = builders.flatMap((it) => installsOf(it) ?? []).flatMap(({ facts }) => facts ?? []);
  const needs = [...slimNeeds(view, packages, []).keys()];
  if (needs.length > 0) return { code: 'needs-shell', why: `${inWords(needs)} would have to be installed` };
  const doubts: string[] = [];
  // a full image may hold libraries that a package was compiled against
  for (const builder of isSlim(view) ? [] : builders) {
    const natives = nodeFindings(builder, true);
    if (natives && isObstacle(natives)) return natives;
    doubts.push(...(natives?.doubts ?? []));
  }
  const entrypoint = lastOf(view, 'ENTRYPOINT');
  const cmd = lastOf(view, 'CMD');
  const edits = entrypoint ? [firstWord(document, entrypoint, row.program)] : cmd ? [dropFirst(document, cmd)] : [];
  return edits.every((it) => it !== undefined)
    ? { image: row.image, edits, doubts, evidence: [{ file: start.file, line: start.line, says: start.text }] }
    : { code: 'needs-shell', why: `${start.text} cannot be taken apart` };
}

const isSlim = ({ stage }: StageView): boolean => stage.image !== undefined && tagWords(stage.image).includes('slim');

/** ENTRYPOINT ["java", ..] stays: the image has java on its PATH. CMD would be handed to `java -jar`. */
function javaPlan(view: StageView, row: DistrolessRow, words: readonly string[]): Plan | Obstacle {
  const { document, runtime, stage } = view;
  const jdk = runtime.find(JDK_CODE);
  if (jdk) return { code: 'needs-shell', why: `${jdk.file} uses the compiler of the JDK` };
  if (stage.end.env.has('USE_SYSTEM_CA_CERTS'))
    return { code: 'needs-shell', why: 'USE_SYSTEM_CA_CERTS is read by the entrypoint of the image, which would go' };
  const fonts = fontUse(view);
  const doubts = [
    ...(fonts ? [`${fonts.file} draws text or pictures, for which fonts are needed`] : []),
    ...(stage.base?.family === 'alpine' && words.length > 0 ? ['the program may have been built for musl'] : []),
  ];
  const plan = { image: row.image, doubts, evidence: [] };
  const cmd = lastOf(view, 'CMD');
  if (lastOf(view, 'ENTRYPOINT') || !cmd) return { ...plan, edits: [] };
  const simple = words[0] === '-jar' ? dropFirst(document, cmd, 2) : keyword(document, cmd, 'ENTRYPOINT');
  return simple
    ? { ...plan, edits: [simple] }
    : { code: 'needs-shell', why: 'the start command cannot be taken apart' };
}

/** A program of Go or Rust that is copied in and started by its path. */
function programPlan(view: StageView): Plan | Obstacle {
  const { document, stage, project } = view;
  const start = startOf(view);
  const program = start?.words?.[0];
  if (!start || program === undefined)
    return { code: 'needs-shell', why: 'no exec form says what starts in the container' };
  const copy = stage.instructions.find((it) => {
    const target = it.words.at(-1)?.value ?? '';
    const name = program.slice(program.lastIndexOf('/') + 1);
    return (
      it.flags.some((flag) => flag.name === 'from') &&
      (target.endsWith(`/${name}`) || it.words.slice(0, -1).some(({ value }) => value.endsWith(`/${name}`)))
    );
  });
  const from = copy?.flags.find((flag) => flag.name === 'from')?.value;
  const builder = from === undefined ? undefined : document.stageNamed(from, stage);
  const image = builder && rootOf(builder).image;
  const name = image ? repositoryName(image) : '';
  if (!builder || !/^(?:golang|rust)$/.test(name))
    return {
      code: 'no-distroless-variant',
      why: `what ${program} needs is not known: it comes from no stage of Go or Rust`,
    };
  const text = builder.instructions.map((it) => document.text.slice(it.start, it.end)).join('\n');
  const evidence = {
    file: document.path,
    line: document.originLine(copy?.start ?? 0),
    says: `${program} is copied from ${from}`,
  };
  const isBare = !program.includes('/');
  if (isBare && !/^\/(?:usr\/(?:local\/)?)?s?bin\//.test(copy?.words.at(-1)?.value ?? ''))
    return { code: 'needs-shell', why: `${program} is not on the PATH of the image` };
  if (
    (name === 'golang' && /CGO_ENABLED=["']?0/.test(text)) ||
    /--target[ =]\S*musl/.test(text) ||
    (name === 'rust' && rootOf(builder).base?.family === 'alpine')
  )
    return { ...PLAIN, image: DISTROLESS_PROGRAMS.static.image, evidence: [evidence] };
  if (name === 'golang')
    return {
      code: 'no-distroless-variant',
      why: `nothing says that ${program} is static: CGO_ENABLED=0 stands nowhere`,
    };
  const lock = project.read('Cargo.lock');
  const crate = lock === undefined ? undefined : LINKING_CRATES.exec(lock)?.[1];
  if (crate !== undefined)
    return { code: 'no-distroless-variant', why: `Cargo.lock holds ${crate}, which links to a library of the system` };
  const doubts = lock === undefined ? ['without Cargo.lock nobody knows which libraries the program links to'] : [];
  return { ...PLAIN, image: DISTROLESS_PROGRAMS.cc.image, doubts, evidence: [evidence] };
}

/** USER and --chown by numbers where the name is an account of the old image. */
function userEdits({ document, stage }: StageView): readonly Edit[] | Obstacle {
  const edits: Edit[] = [];
  const accounts = stage.base?.accounts ?? [];
  const number = (name: string): string | undefined => {
    if (DISTROLESS_USERS.test(name)) return name;
    const account = accounts.find((it) => it.name === name);
    return account && String(account.uid);
  };
  for (const instruction of stage.instructions) {
    const word = instruction.keyword === 'USER' ? instruction.words[0] : undefined;
    const flag = instruction.flags.find(({ name }) => name === 'chown');
    const value = word?.value ?? flag?.value;
    if (value === undefined) continue;
    const [user = '', group] = value.split(':');
    const ids =
      /^\d+$|^(?:root|nobody|nonroot)$/.test(user) || group !== undefined
        ? value.split(':').map(number)
        : [number(user), number(user)];
    if (ids.some((it) => it === undefined))
      return {
        code: 'needs-shell',
        why: `line ${document.originLine(instruction.start)} names ${value}, an account that the image does not have`,
        at: instruction,
      };
    const text = ids.join(':');
    if (text === value) continue;
    const span = word ?? (flag as NonNullable<typeof flag>);
    const written = document.text.slice(span.start, span.end);
    edits.push({ start: span.start, end: span.end, text: written.replace(value, text) });
  }
  return edits;
}

/** ENTRYPOINT ["node", "x"] with another first word. */
function firstWord({ text }: Document, { start, end }: Instruction, program: string): Edit | undefined {
  const found = /\[\s*("[^"\\]*")/.exec(text.slice(start, end));
  if (!found) return undefined;
  const at = start + found.index + found[0].length - (found[1] as string).length;
  return { start: at, end: start + found.index + found[0].length, text: `"${program}"` };
}

/** CMD ["node", "x"] without its first words. */
function dropFirst({ text }: Document, { start, end }: Instruction, count = 1): Edit | undefined {
  const found = new RegExp(`\\[\\s*((?:"[^"\\\\]*"\\s*,\\s*){${count}})`).exec(text.slice(start, end));
  if (!found) return undefined;
  const stop = start + found.index + found[0].length;
  return { start: stop - (found[1] as string).length, end: stop, text: '' };
}

function keyword({ text }: Document, { keywordSpan: { start, end } }: Instruction, word: string): Edit {
  const isLower = text.slice(start, end) === text.slice(start, end).toLowerCase();
  return { start, end, text: isLower ? word.toLowerCase() : word };
}
