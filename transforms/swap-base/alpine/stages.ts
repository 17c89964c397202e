/** Which stages move to Alpine together: what one of them builds against its C library, the other runs. */
import type { Document, Stage } from '../../../src/document.ts';
import { SELF_CONTAINED_IMAGES } from '../../../src/knowledge/slim-images.ts';
import { copiedStages, repositoryOf, rootOf } from '../stages.ts';
import type { Obstacle } from '../types.ts';

/** Stages whose results are the same for every C library: jars, assemblies, bundles for browsers. */
const PORTABLE: readonly { readonly product: RegExp; readonly builder: RegExp }[] = [
  {
    product: /^(?:eclipse-temurin|amazoncorretto|tomcat|jetty)$/,
    builder: /^(?:maven|gradle|eclipse-temurin|amazoncorretto|openjdk)$/,
  },
  { product: /^mcr\.microsoft\.com\/dotnet\//, builder: /^mcr\.microsoft\.com\/dotnet\/sdk$/ },
  { product: /^(?:php|nginx)$/, builder: /^composer$/ },
];
const JDK_IMAGES = /\b(?:jlink|jpackage|native-image)\b|-Pnative\b|nativeCompile/;

/** The roots that get another base, and every stage that stands on them; or why they cannot move. */
export function movingStages(
  document: Document,
  product: Stage,
): { readonly roots: ReadonlySet<Stage>; readonly stages: readonly Stage[] } | Obstacle {
  const name = repositoryOf(product);
  const roots = new Set([rootOf(product)]);
  const onRoots = (): Stage[] => document.stages.filter((it) => roots.has(rootOf(it)));
  for (let size = 0; size !== roots.size; ) {
    size = roots.size;
    for (const stage of onRoots()) {
      for (const copied of copiedStages(document, stage)) {
        if (repositoryOf(copied) === name && rootOf(copied).base?.family === 'debian' && !isPortable(name, copied))
          roots.add(rootOf(copied));
      }
    }
  }
  const stages = onRoots();
  for (const stage of stages) {
    const foreign = foreignFiles(document, stage, roots, name);
    if (foreign) return foreign;
  }
  const user = document.stages.find(
    (it) => !stages.includes(it) && [...copiedStages(document, it)].some((copied) => stages.includes(copied)),
  );
  if (user)
    return {
      code: 'stage-is-shared',
      why: `the stage in line ${user.from.line} copies from one that would move, and stays on glibc`,
    };
  return { roots, stages };
}

function isPortable(name: string, copied: Stage): boolean {
  const other = repositoryOf(copied);
  return PORTABLE.some(({ product, builder }) => product.test(name) && builder.test(other));
}

/** A COPY --from of what may be linked to glibc. */
function foreignFiles(document: Document, stage: Stage, roots: ReadonlySet<Stage>, name: string): Obstacle | undefined {
  for (const instruction of stage.instructions) {
    for (const { name: flag, value } of instruction.flags) {
      if (flag !== 'from') continue;
      const from = document.stageNamed(value, stage);
      const why = `line ${document.originLine(instruction.start)} copies from ${value}`;
      const library = instruction.words
        .slice(0, -1)
        .find((word) => /\.so(?:[.\d]*|\*)$|x86_64-linux-gnu/.test(word.value));
      if (library)
        return { code: 'glibc-copied', why: `${why}: ${library.value} may be built for glibc`, at: instruction };
      if (!from) {
        if (SELF_CONTAINED_IMAGES.test(value) || /alpine|musl|static/.test(value)) continue;
        return { code: 'glibc-copied', why: `${why}: whether that runs on musl is not known`, at: instruction };
      }
      const root = rootOf(from);
      if (roots.has(root) || root.base?.family === 'alpine' || root.base?.family === 'scratch') continue;
      const text = from.instructions.map((it) => document.text.slice(it.start, it.end)).join('\n');
      if (isPortable(name, from)) {
        if (JDK_IMAGES.test(text))
          return { code: 'glibc-copied', why: `${why}, where a program for glibc is made`, at: instruction };
        continue;
      }
      const sources = instruction.words.slice(0, -1).map((word) => word.value);
      if (isText(repositoryOf(from), sources) || isStatic(repositoryOf(from), text)) continue;
      return { code: 'glibc-copied', why: `${why}, which stays on glibc`, at: instruction };
    }
  }
  return undefined;
}

/** `dist`, `build`, `public`: what a bundler of Node writes. */
const isText = (builder: string, sources: readonly string[]): boolean =>
  /^(?:node|oven\/bun|denoland\/deno)$/.test(builder) &&
  sources.every(
    (it) =>
      /(?:^|\/)(?:dist|build|out|public|static|assets|www|html|browser)(?:\/|$)|\.(?:html|css|js|json|conf|txt)$/.test(
        it,
      ) && !/node_modules|standalone|server\b/.test(it),
  );

const isStatic = (builder: string, text: string): boolean =>
  (builder === 'golang' && /CGO_ENABLED=["']?0/.test(text)) || (builder === 'rust' && /--target[ =]\S*musl/.test(text));
