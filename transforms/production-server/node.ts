/** node in place of nodemon. */
import { posix } from 'node:path';
import { joinPath } from '../../src/document/state.ts';
import { nodeFacts } from '../../src/project/node.ts';
import { originOf } from '../../src/project/origin.ts';
import { runtimeFacts } from '../../src/project/runtime.ts';
import type { Surroundings } from '../../src/project/service.ts';
import { writtenIn } from './edit.ts';
import type { Replacement } from './python.ts';

const WHY =
  'The same program by node itself: a crash ends the container, so that it is started again, and signals reach it.';

/** `nodemon server.js` as `node server.js`, also by the script of package.json that does it. */
export function plainNode(around: Surroundings): Replacement {
  const { document, project, stage, process } = around;
  const [script, ...args] = process.args;
  if (
    process.program !== 'nodemon' ||
    script === undefined ||
    !/^[\w./-]+$/.test(script) ||
    /^-|\.(?:ts|tsx|mts|coffee|py)$/.test(script)
  )
    return { obstacle: 'What it starts is more than one script of JavaScript.' };
  const manifest =
    process.cwd === undefined
      ? undefined
      : originOf(document, project, stage, joinPath(process.cwd, 'package.json') ?? '');
  const dir = manifest === undefined ? undefined : posix.dirname(manifest).replace(/^\.$/, '');
  const facts = dir === undefined ? undefined : nodeFacts(project, dir);
  if (!facts || facts === 'broken') return { obstacle: 'package.json is not among the files at hand.' };
  if (facts.has('nodemon.json') || /"nodemonConfig"\s*:/.test(facts.text))
    return { obstacle: 'nodemon has a configuration of its own, which may start something else.' };
  const words = ['node', script, ...args];
  const written = writtenIn(document, stage, process);
  if (written) {
    const launcher = written.before.at(-1) === 'npx' ? 1 : 0;
    return { edits: [written.replace(words, launcher)], by: 'node', why: WHY, evidence: process.evidence, doubts: [] };
  }
  return byScript(around, facts, words.join(' '));
}

/** `npm run dev` becomes `npm start` where that script is the same but for nodemon. */
function byScript(
  { document, project, stage, process }: Surroundings,
  facts: Exclude<ReturnType<typeof nodeFacts>, 'broken' | undefined>,
  command: string,
): Replacement {
  const instruction = stage.instructions.filter(({ keyword }) => keyword === 'CMD').at(-1);
  const words = instruction?.json ? instruction.words : [];
  const [program = '', ...rest] = words.map(({ value }) => value);
  const name = rest.filter((word) => word !== 'run')[0];
  const isPlain =
    /^(?:npm|yarn|pnpm)$/.test(program) && name !== undefined && rest.join(' ').replace(/^run /, '') === name;
  const has = (it: string) => facts.scripts.has(it);
  const hasHooks = (it: string) => has(`pre${it}`) || has(`post${it}`);
  if (!isPlain || facts.scripts.get(name) !== command.replace(/^node /, 'nodemon ') || hasHooks(name))
    return { obstacle: 'The start command or the script of package.json does more than start nodemon.' };
  const other = [...facts.scripts].find(([key, body]) => body === command && key !== name && !hasHooks(key));
  const variables = runtimeFacts(project, stage, document).find(/\bnpm_(?:package|config|lifecycle)_\w+/);
  if (!other && variables)
    return { obstacle: `${variables.file} reads ${variables.says}, which only ${program} sets.` };
  const texts = other ? [program, ...(other[0] === 'start' ? [] : ['run']), other[0]] : command.split(' ');
  const [first, second] = words;
  const comma = first && second ? document.text.slice(first.end, second.start) : ', ';
  const text = texts.map((word) => JSON.stringify(word)).join(comma);
  const fact = other && facts.script(other[0]);
  return {
    edits: [{ start: first?.start ?? 0, end: words.at(-1)?.end ?? 0, text }],
    by: texts.join(' '),
    why: WHY,
    evidence: [...process.evidence, ...(fact ? [{ ...fact, file: project.rootPath(fact.file) }] : [])],
    doubts: [],
  };
}
