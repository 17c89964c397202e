/** `.git`, where the context is the root of the repository and copied whole. */
import { posix } from 'node:path';
import type { ContextUse } from '../../src/context-use.ts';
import { PARENTS_WITHOUT_GIT } from '../../src/knowledge/context-readers.ts';
import { mavenFacts } from '../../src/project/java.ts';
import { mention } from '../../src/project/mentions.ts';
import type { Project } from '../../src/project/project.ts';
import type { Survey } from '../../src/project/survey.ts';
import { type Candidate, isAllCopied, mentioned, placed } from './lines.ts';

export function gitLine(project: Project, survey: Survey, wanting: readonly ContextUse[]): readonly Candidate[] {
  if (project.context !== '' && project.kind('.git') === undefined) return [];
  if (!wanting.some(isAllCopied)) return [];
  return [
    {
      line: {
        ...{ group: 'git', pattern: '.git', keeps: [], probes: ['.git'] },
        ...{ strong: true, essential: true, because: [] },
      },
      key: '.git',
      needs(use) {
        if (!isAllCopied(use)) return undefined;
        const makefile = /\bmake\b/.test(use.text) ? mention(project, 'git-in-makefile') : undefined;
        if (typeof makefile === 'object') return placed(makefile);
        const parent = /\bmvnw?\b/.test(use.text) ? unknownParent(project, survey) : undefined;
        return parent ?? gitInText(use.text);
      },
      held: mentioned(project, 'git', 'git'),
    },
  ];
}

/** A parent pom that is not at hand may run a plugin that asks git for the commit. */
function unknownParent(project: Project, survey: Survey): string | undefined {
  for (const file of survey.files.filter((it) => posix.basename(it) === 'pom.xml')) {
    const name = mavenFacts(project, file)?.inherits;
    if (name !== undefined && !PARENTS_WITHOUT_GIT.has(name))
      return `${file} inherits from ${name}, which is not at hand`;
  }
  return undefined;
}

/** Subcommands that need no repository in the context. */
const GIT_WITHOUT_CONTEXT = /^(?:clone|config|init|lfs|version|credential)$/;

function gitInText(text: string): string | undefined {
  for (const [, verb] of text.matchAll(/\bgit\s+(?:-[cC]\s+\S+\s+|--?[\w-]+(?:=\S+)?\s+)*([a-z][a-z-]+)\b/g)) {
    // `apt-get install git curl`: no subcommand
    if (
      /^(?:rev-|describe|log|ls-|show|status|diff|symbolic|name-rev|branch|shortlog|for-each|submodule|blame|cat-file|archive|checkout|fetch|reset|pull|clean|apply|add|commit|tag|remote|worktree)/.test(
        verb ?? '',
      ) &&
      !GIT_WITHOUT_CONTEXT.test(verb ?? '')
    )
      return `it runs git ${verb}`;
  }
  return /(?:^|[\s"'=/])\.git(?:[\s"'/]|$)/m.test(text) ? 'it names .git' : undefined;
}
