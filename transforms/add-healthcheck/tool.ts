/** The program of the final image that asks the port. */
import { lineage } from '../../src/document/lineage.ts';
import type { Document, Stage } from '../../src/document.ts';
import type { Evidence } from '../../src/edit.ts';
import { FAMILY_TOOLS, imageTool, PROBE_PACKAGES, type ProbeTool } from '../../src/knowledge/probe-tools.ts';

export interface Tool {
  /** own: the program that is asked has a command for it. */
  readonly name: ProbeTool | 'own';
  /** The word that starts it: `curl`, `/nodejs/bin/node`. */
  readonly program: string;
  readonly evidence: Evidence;
}

/** The tools that are known to be there, the best one first. `interpreter`: what runs the service. */
export function toolsOf(document: Document, stage: Stage, interpreter: string | undefined): readonly Tool[] {
  const root = lineage(stage).at(-1) as Stage;
  const base = root.fromWord.value;
  const fromImage = (name: ProbeTool, program: string, what = 'has') => ({
    name,
    program,
    evidence: {
      file: document.path,
      line: document.originLine(root.from.start),
      says: `${base} ${what} ${SAYS[name]}`,
    },
  });
  const row = root.image && imageTool(root.image);
  const family = root.base && FAMILY_TOOLS[root.base.family];
  const found: Tool[] = [
    ...installed(document, stage),
    ...(row ? [fromImage(row.tool, row.program ?? PROGRAMS[row.tool])] : []),
    ...(family ? [fromImage(family, PROGRAMS[family])] : []),
  ];
  return found.sort((a, b) => rank(a, interpreter) - rank(b, interpreter));
}

/**
 * By how well one can read the probe, and how surely the tool stays in the image: busybox, then curl that somebody
 * installed on purpose, the interpreter that runs the service, what the base brings, other packages, and bash.
 */
function rank({ name, evidence }: Tool, interpreter: string | undefined): number {
  const isInstalled = evidence.says.startsWith('RUN');
  if (name === 'busybox') return 0;
  if (name === 'bash') return 5;
  if (name === 'curl' && isInstalled) return 1;
  if (name !== 'own' && PROGRAMS[name] === interpreter?.replace(/^python.*/, 'python')) return 2;
  return isInstalled ? 4 : 3;
}

const PROGRAMS: Readonly<Record<ProbeTool, string>> = {
  busybox: 'wget',
  curl: 'curl',
  wget: 'wget',
  node: 'node',
  'node-http': 'node',
  bun: 'bun',
  python: 'python',
  ruby: 'ruby',
  bash: 'bash',
};

const SAYS: Readonly<Record<ProbeTool, string>> = {
  ...PROGRAMS,
  busybox: 'the wget and nc of busybox',
  'node-http': 'node',
  bash: 'bash, which opens connections by itself',
};

/** Tools that a RUN installs and none takes away again. */
function installed(document: Document, stage: Stage): Tool[] {
  const found = new Map<ProbeTool, Tool>();
  const runs = lineage(stage)
    .toReversed()
    .flatMap(({ instructions }) => instructions)
    .filter(({ keyword }) => keyword === 'RUN');
  for (const run of runs) {
    for (const command of run.script?.commands ?? []) {
      if (!/^(?:apt|apt-get|apk|dnf|yum|microdnf|zypper)$/.test(command.program ?? '')) continue;
      const words = command.args.map(({ literal }) => literal ?? '');
      const adds = words.some((word) => /^(?:install|add)$/.test(word)) && command.certain;
      const removes = words.some((word) => /^(?:remove|purge|del|autoremove|autopurge)$/.test(word));
      for (const { name, tool, program } of PROBE_PACKAGES) {
        if (!words.some((word) => name.test(word))) continue;
        const line = document.originLine(run.start);
        const isBundle = command.has('--virtual', '-t');
        if (removes) found.delete(tool);
        else if (adds && !isBundle) {
          const evidence = { file: document.path, line, says: `RUN installs ${program ?? PROGRAMS[tool]}` };
          found.set(tool, { name: tool, program: program ?? PROGRAMS[tool], evidence });
        }
      }
    }
  }
  return [...found.values()];
}
