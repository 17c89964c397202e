/** Which files are not edited at all, and why. */
import type { Problem, Scan } from '../scan.ts';
import { spanOf } from '../source.ts';
import type { RawInstruction } from './instruction.ts';

const KEYWORDS = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);
/** Placeholders of template engines (Jinja, ERB, Go, autoconf-like) that no Dockerfile holds outside of a string. */
const TEMPLATE = /\{%|%\}|\{\{|\}\}|<%|%>|%%\w+%%|^@\w+@/m;
/** What every placeholder holds, quotes or not: most instructions have none of it. */
const PERHAPS_TEMPLATE = /\{[%{]|[%}]\}|<%|%%|@/;

/** `#include "common.docker"`: a line for the C preprocessor. */
const INCLUDE = /^#include[ \t]+["<]/;
const MADE = /generat|\b(?:created|rendered|produced) (?:by|from|with|automatically)\b/i;
const HANDS_OFF =
  /\bdo(?: not|n't) (?:edit|modify|change)\b|\bmake (?:your|any|all)?\s*(?:changes|edits|modifications) (?:in|to)\b|\b(?:changes|edits|modifications)\b.*\b(?:lost|overwritten)\b/i;

/** Codes of files that are all right and only not for us to edit. */
const LEFT_ALONE = new Set(['template', 'generated', 'other-frontend']);

/** Why a file is not edited: `template`, `not-a-dockerfile`, `parser-disagreement` or a code of scan.ts; line is 1-based. */
export interface Refusal {
  readonly code: string;
  /** Nothing is wrong with the file, it is just not ours to edit: a template, generated text, another frontend's. */
  readonly leftAlone: boolean;
  readonly message: string;
  readonly line: number;
}

/** A placeholder of a template engine in the logical text of an instruction; comments and heredoc bodies are free. */
export function templateProblem(scanned: Scan): Problem | undefined {
  for (const { logical } of scanned.instructions) {
    if (!PERHAPS_TEMPLATE.test(logical.text)) continue;
    // Go templates are ordinary arguments of many tools: RUN docker inspect --format '{{.Id}}' x
    const text = /^run\b/i.test(logical.text)
      ? logical.text.replace(/'[^']*'|"[^"]*"/g, (quoted) => '_'.repeat(quoted.length))
      : logical.text;
    const match = TEMPLATE.exec(text);
    if (match && !/\$\{\{/.test(text.slice(match.index - 1, match.index + 2))) {
      return {
        code: 'template',
        message: `this is a template, not a Dockerfile: ${match[0]} is filled in by another program`,
        at: spanOf(logical, match.index, match.index + 1).start,
      };
    }
  }
  return undefined;
}

/** `#include "common.docker"`: what stands there decides about user, folder and variables, and is not in this file. */
export function includeProblem(text: string, scanned: Scan): Problem | undefined {
  const comment = scanned.comments.find(({ start, end }) => INCLUDE.test(text.slice(start, end)));
  return (
    comment && {
      code: 'template',
      message: `this is a template, not a Dockerfile: ${text.slice(comment.start, comment.end).trim()} is filled in by another program`,
      at: comment.start,
    }
  );
}

/** `# This file is generated ... do not edit`, `# created by update.sh from a template`: what is written here is gone with the next generation. */
export function generatedProblem(text: string, scanned: Scan): Problem | undefined {
  const first = scanned.instructions[0];
  const head = scanned.comments.filter((comment) => first && comment.end < first.start);
  const words = head.map((comment) => text.slice(comment.start + 1, comment.end).trim()).join(' ');
  if (!head[0] || !MADE.test(words) || !HANDS_OFF.test(words)) return undefined;
  return {
    code: 'generated',
    message: 'a comment says that this file is generated and not to be edited',
    at: head[0].start,
  };
}

/** A problem as it is reported. */
export function refusal({ code, message }: Problem, line: number): Refusal {
  return { code, message, line, leftAlone: LEFT_ALONE.has(code) };
}

/** What Docker itself would refuse, and files for other frontends. */
export function notADockerfile(raw: readonly RawInstruction[], scanned: Scan): Problem | undefined {
  const problem = (at: number, message: string, code = 'not-a-dockerfile'): Problem => ({ code, message, at });
  const syntax = scanned.directives.find((directive) => directive.name === 'syntax');
  if (syntax && !/^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/.test(syntax.value)) {
    return problem(syntax.start, `the syntax directive names another frontend (${syntax.value})`, 'other-frontend');
  }
  let from = false;
  for (const instruction of raw) {
    if (!KEYWORDS.has(instruction.keyword)) {
      return problem(
        instruction.start,
        `unknown instruction ${instruction.keyword.slice(0, 40)}`,
        'unknown-instruction',
      );
    }
    if (instruction.keyword === 'FROM') {
      const { words } = instruction;
      if (!(words.length === 1 || (words.length === 3 && words[1]?.value.toLowerCase() === 'as'))) {
        return problem(instruction.start, 'FROM wants an image, or an image AS a name', 'bad-from');
      }
      from = true;
    } else if (!from && instruction.keyword !== 'ARG') {
      return problem(instruction.start, `${instruction.keyword} stands before any FROM`, 'no-from');
    }
    if (instruction.args.text === '' && instruction.keyword !== 'RUN') {
      return problem(instruction.start, `${instruction.keyword} has no arguments`, 'no-arguments');
    }
    if (instruction.readPairs === undefined) {
      return problem(instruction.start, `${instruction.keyword} wants name=value`, 'bad-pairs');
    }
  }
  return from ? undefined : problem(0, 'there is no FROM', 'no-from');
}
