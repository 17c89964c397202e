/**
 * `# redock ignore=add-user,modernize reason=...` above an instruction, `# redock stage ignore=...` anywhere in a stage,
 * `# redock global ignore=...` anywhere. The grammar is hadolint's.
 */
import type { Document, Instruction } from './document.ts';
import type { Span } from './edit.ts';
import { nearest } from './nearest.ts';

export interface Warning {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
}

interface Rule {
  readonly names: readonly string[];
  readonly reason: string | undefined;
  readonly line: number;
  covers(instruction: Instruction | undefined): boolean;
}

const COMMENT =
  /^#\s*redock\s+(?:(global|stage)\s+)?ignore\s*=\s*([\w-]+(?:\s*,\s*[\w-]+)*)(?:\s+reason\s*=\s*(.+?))?\s*$/i;

/** The ignore comments of one document. `used` outlives it: the engine reads the comments anew after every edit. */
export class IgnoreComments {
  /** Comments that name no transform, or cannot be read. */
  readonly warnings: readonly Warning[];
  private readonly rules: readonly Rule[];
  private readonly used: Set<string>;

  /** `known` are the names of all transforms. */
  constructor(document: Document, known: readonly string[], used: Set<string> = new Set()) {
    this.used = used;
    const warnings: Warning[] = [];
    const rules: Rule[] = [];
    // nearly every file has none
    const comments = /#[ \t]*redock\b/i.test(document.text) ? document.allComments() : [];
    for (const comment of comments) {
      if (!/^#\s*redock\b/i.test(comment.text)) continue;
      const line = document.originLine(comment.start);
      const match = COMMENT.exec(comment.text);
      if (!match) {
        warnings.push({ line, text: 'this redock comment is not understood; write `# redock ignore=NAME reason=...`' });
        continue;
      }
      const names = (match[2] as string).split(',').map((name) => name.trim());
      for (const name of names.filter((n) => !known.includes(n))) {
        const near = nearest(name, known);
        warnings.push({
          line,
          text: `there is no transform ${name} to ignore${near ? `; did you mean ${near}?` : ''}`,
        });
      }
      rules.push({ names, reason: match[3], line, covers: coverage(document, comment, match[1]?.toLowerCase()) });
    }
    this.warnings = warnings;
    this.rules = rules;
  }

  /** The reason why `transform` leaves these instructions alone, or undefined. Remembers that the comment was of use. */
  match(transform: string, instructions: readonly (Instruction | undefined)[]): string | undefined {
    for (const rule of this.rules) {
      if (!rule.names.includes(transform) || !instructions.some((instruction) => rule.covers(instruction))) continue;
      this.used.add(`${rule.line} ${transform}`);
      return rule.reason ?? `by the comment in line ${rule.line}`;
    }
    return undefined;
  }

  /** Comments that kept nothing back, for the transforms that ran. */
  unused(ran: readonly string[]): readonly Warning[] {
    return this.rules.flatMap((rule) =>
      rule.names
        .filter((name) => ran.includes(name) && !this.used.has(`${rule.line} ${name}`))
        .map((name) => ({ line: rule.line, text: `unused: ${name} has nothing to change here` })),
    );
  }
}

function coverage(document: Document, comment: Span, scope: string | undefined): Rule['covers'] {
  if (scope === 'global') return () => true;
  const around = document.instructions.find((i) => i.start < comment.start && comment.end <= i.end);
  const next = around ?? document.instructions.find((i) => i.start > comment.start);
  if (scope === 'stage') {
    const stage =
      next?.keyword === 'FROM' && !around && directlyAbove(document, comment, next)
        ? next.stage
        : stageAt(document, comment);
    return (instruction) => instruction?.stage !== undefined && instruction.stage.index === stage?.index;
  }
  if (!next || (!around && !directlyAbove(document, comment, next))) return () => false;
  return (instruction) => instruction?.index === next.index;
}

/** Only comment lines stand between the comment and the instruction. */
function directlyAbove(document: Document, comment: Span, next: Instruction): boolean {
  return document.text
    .slice(comment.end, next.start)
    .split('\n')
    .slice(1, -1)
    .every((line) => line.trim().startsWith('#'));
}

function stageAt(document: Document, comment: Span) {
  return [...document.stages].reverse().find((stage) => stage.from.start < comment.start) ?? document.stages[0];
}
