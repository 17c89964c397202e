/** `CMD node server.js` becomes `CMD ["node", "server.js"]`, where no shell is needed to carry it out. */
import { family, lineage } from '../../src/document/lineage.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import type { Change, Decline, Evidence, Level } from '../../src/edit.ts';
import { entrypointOf } from '../../src/knowledge/entrypoints.ts';
import { SHELL_BUILTINS } from '../../src/knowledge/shell-words.ts';
import type { Project } from '../../src/project/project.ts';
import type { ShellWord } from '../../src/shell/command.ts';
import { starterOf } from './program.ts';
import { firstWords, lineOf, linuxStages, type Rewrite } from './rewrite.ts';

export const execForm: Rewrite = {
  option: 'exec-form',
  help: 'a plain shell-form CMD or ENTRYPOINT takes the exec form',
  declines: {
    'shell-unknown': 'the shell that runs it is not a plain sh',
    'shell-overridden': 'a SHELL instruction decides how it runs',
    'variable-in-command': 'a shell has to fill in a variable or a substitution',
    'shell-syntax': 'a shell has to carry out an operator, redirection, pattern, assignment or escape',
    'shell-builtin': 'its first word is carried out by the shell itself',
    'comment-in-command': 'a comment stands inside of it',
    'program-with-blanks': 'the shell takes it as one word, so that it does not start as it is',
    'entrypoint-with-cmd':
      'the shell form of ENTRYPOINT ignores CMD; in exec form the words of CMD become its arguments',
    'entrypoint-takes-arguments': 'the ENTRYPOINT gets the words of CMD as arguments and may look at them',
    'command-ignored': 'a shell-form ENTRYPOINT ignores this CMD',
    'script-without-shebang': 'only a shell can start a script without #!',
    'script-not-found': 'the script is not in the build context; only a shell can start one without #!',
  },
  *plan(document, project) {
    for (const stage of linuxStages(document)) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== 'CMD' && instruction.keyword !== 'ENTRYPOINT') continue;
        // an earlier one has no effect
        const later = stage.instructions.some(
          (it) => it.keyword === instruction.keyword && it.index > instruction.index,
        );
        const plan = later
          ? undefined
          : (advice(document, instruction) ?? rewritten(document, project, stage, instruction));
        if (plan) yield plan;
      }
    }
  },
};

/** `CMD ['a', 'b']` and `CMD ["a b"]`: meant as the exec form, and not what it says. */
function advice(document: Document, instruction: Instruction): Change | undefined {
  const { keyword, args, json, words } = instruction;
  const at = { start: instruction.start, end: instruction.headEnd };
  const evidence = [lineOf(document, instruction, firstWords(instruction))];
  const manual = (title: string, why: string): Change => ({ title, why, evidence, level: 'manual', at, edits: [] });
  // CMD ['a'], CMD [a, b], and not the command of that name: CMD [ -f x ]
  if (!json && /^\[\s*(?:['"]|[^\s\]]+\s*,)/.test(args.text)) {
    return manual(
      `${keyword} that is no JSON array`,
      `It looks like the exec form but is not valid JSON (which wants double quotes and no trailing comma), so that a shell runs the text, brackets and all.`,
    );
  }
  if (json && words.length === 1 && /\s/.test(words[0]?.value.trim() ?? '')) {
    return manual(
      `${keyword} whose program has blanks in its name`,
      `The exec form takes ${JSON.stringify(words[0]?.value)} as the name of one program; write one string per word.`,
    );
  }
  return undefined;
}

function rewritten(
  document: Document,
  project: Project,
  stage: Stage,
  instruction: Instruction,
): Change | Decline | undefined {
  const { keyword, script, json } = instruction;
  const at = { start: instruction.start, end: instruction.headEnd };
  // CMD exec node server.js: the shell is gone already
  if (json || !script || /^exec\s/.test(instruction.args.text)) return undefined;
  const refuse = (code: string, why: string): Decline => ({ code, why, at });

  const words = plainWords(instruction);
  if ('code' in words) return refuse(words.code, words.why);
  const shell = lineage(stage)
    .flatMap((it) => it.instructions)
    .find((it) => it.keyword === 'SHELL' && it.index < instruction.index);
  if (shell) return refuse('shell-overridden', `SHELL on line ${document.originLine(shell.start)} decides how it runs`);
  if (instruction.state.shell !== 'sh') return refuse('shell-unknown', 'the shell of the base image is not a plain sh');

  const arguments_ = keyword === 'CMD' ? entrypointBefore(document, stage) : commandBehind(document, stage);
  if ('code' in arguments_) return refuse(arguments_.code, arguments_.why);
  const starter = starterOf(document, project, stage, instruction, words[0]?.literal ?? '');
  if (starter === 'no-shebang')
    return refuse('script-without-shebang', `${words[0]?.raw} has no #! line: only a shell can start it`);
  if (starter === 'not-found') {
    return refuse(
      'script-not-found',
      `${words[0]?.raw} is not in the build context, so whether it has a #! line is not known`,
    );
  }
  const last = words.length - 1;
  const quoted = words.map(
    (word, i) => `${i === 0 ? '[' : ''}${JSON.stringify(word.literal)}${i === last ? ']' : ','}`,
  );
  return {
    title: `${keyword} in exec form`,
    why: `${reason(keyword, words[0]?.literal ?? '')}${arguments_.unknown ? ` ${arguments_.unknown}` : ''}`,
    evidence: [lineOf(document, instruction, firstWords(instruction)), ...arguments_.evidence, ...starter],
    level: arguments_.level,
    at,
    edits: words.map((word, i) => ({ start: word.start, end: word.end, text: quoted[i] as string })),
  };
}

const SHELL = /(?:^|\/)((?:ba|da|a|z|k)?sh)$/;

function reason(keyword: string, program: string): string {
  const further = keyword === 'CMD' ? '' : ', and so do arguments of docker run, which the shell form ignores';
  const shell = SHELL.exec(program)?.[1];
  // CMD bash -c "cd /app; ./run": bash keeps the signal from what it starts
  if (shell)
    return `One shell less: ${shell} runs as process 1 in place of /bin/sh -c. The signal of docker stop reaches ${shell}, which hands it on or not${further}.`;
  return keyword === 'CMD'
    ? 'The program runs as process 1 in place of /bin/sh -c, so that the signal of docker stop reaches it.'
    : `The program runs as process 1 in place of /bin/sh -c: the signal of docker stop reaches it${further}.`;
}

/** The words of one simple command of fixed text, or why it is none. */
function plainWords(instruction: Instruction): readonly ShellWord[] | { readonly code: string; readonly why: string } {
  const { text, offsets } = instruction.args;
  const bare = text.replace(/'[^']*'/g, (quoted) => '_'.repeat(quoted.length));
  if (/[$`]/.test(bare))
    return { code: 'variable-in-command', why: 'a shell has to fill in a variable or a substitution' };
  const { script } = instruction;
  const [command] = script?.commands ?? [];
  if (instruction.state.shell === 'opaque')
    return { code: 'shell-unknown', why: script?.opaque ?? 'the shell is not known' };
  const words = command?.nameWord ? [command.nameWord, ...command.args] : [];
  const syntax = { code: 'shell-syntax', why: 'it is more than one plain command: a shell has to carry it out' };
  if (words.length === 0 || !command || script?.commands.length !== 1 || script.opaque !== undefined) return syntax;
  const whole = command.start === offsets[0] && command.end === (offsets[text.length - 1] as number) + 1;
  const plain = whole && !command.redirected && command.assignments.length === 0 && command.wrappers.length === 0;
  const outside = bare.replace(/"[^"]*"/g, '');
  if (!plain || /[\\*?[\]{}~#|&;<>()!]/.test(outside) || bare.includes('\\')) return syntax;
  // glued over a continuation: --no-\⏎cache
  if (words.some((word) => word.literal === undefined || word.end - word.start !== word.raw.length)) return syntax;
  if (instruction.comments.length > 0) return { code: 'comment-in-command', why: 'a comment stands inside of it' };
  const name = words[0]?.literal as string;
  if (/\s/.test(name) || name === '')
    return { code: 'program-with-blanks', why: `the shell looks for one program named '${name}'` };
  if (SHELL_BUILTINS.has(name)) return { code: 'shell-builtin', why: `${name} is carried out by the shell itself` };
  return words;
}

type Surroundings =
  | { readonly level: Level; readonly evidence: readonly Evidence[]; readonly unknown?: string }
  | { readonly code: string; readonly why: string };

/** What the ENTRYPOINT in force makes of CMD. */
function entrypointBefore(document: Document, stage: Stage): Surroundings {
  for (const it of lineage(stage)) {
    const entrypoint = it.instructions.filter(({ keyword }) => keyword === 'ENTRYPOINT').at(-1);
    if (!entrypoint) continue;
    const line = document.originLine(entrypoint.start);
    // ENTRYPOINT []
    if (entrypoint.json && entrypoint.words.length === 0) return { level: 'review', evidence: [] };
    return entrypoint.json
      ? { code: 'entrypoint-takes-arguments', why: `the ENTRYPOINT of line ${line} gets the words of CMD as arguments` }
      : { code: 'command-ignored', why: `the shell-form ENTRYPOINT of line ${line} ignores CMD` };
  }
  const root = lineage(stage).at(-1) as Stage;
  const base = root.fromWord.value;
  const entrypoint = root.image && entrypointOf(root.image);
  if (entrypoint === 'fixed') {
    return {
      code: 'entrypoint-takes-arguments',
      why: `the ENTRYPOINT of ${base} gets the words of CMD and looks at them`,
    };
  }
  if (entrypoint === undefined || !root.base)
    return unknownBase(document, root, 'an ENTRYPOINT of its own would get other arguments');
  const says = entrypoint === 'none' ? `${base} has no ENTRYPOINT` : `the ENTRYPOINT of ${base} runs the words of CMD`;
  return { level: 'review', evidence: [lineOf(document, root.from, says)] };
}

/** The CMD that would become arguments of an ENTRYPOINT in exec form, here or in a stage that starts from this one. */
function commandBehind(document: Document, stage: Stage): Surroundings {
  for (const heir of family(document, stage)) {
    const replaced = heir !== stage && heir.instructions.some(({ keyword }) => keyword === 'ENTRYPOINT');
    const command = heir.instructions.find(({ keyword }) => keyword === 'CMD');
    if (command && !replaced) {
      const line = document.originLine(command.start);
      return {
        code: 'entrypoint-with-cmd',
        why: `the CMD of line ${line}, ignored so far, would become its arguments`,
      };
    }
  }
  const root = lineage(stage).at(-1) as Stage;
  return root.base
    ? { level: 'review', evidence: [] }
    : unknownBase(document, root, 'a SHELL of its own would run it otherwise');
}

function unknownBase(document: Document, root: Stage, what: string): Surroundings {
  const base = root.fromWord.value;
  const unknown = `What ${base} sets is not known: ${what}.`;
  return { level: 'risky', evidence: [lineOf(document, root.from, `${base} is not a known image`)], unknown };
}
