/** Who needs the package lists that `apt-get update` left in an earlier layer. */
import type { Document, Instruction, Stage } from '../../src/document.ts';
import { LISTS_FETCHERS, LISTS_READERS } from '../../src/knowledge/system-packages.ts';
import type { Heir } from '../../src/project/heirs.ts';
import type { Project } from '../../src/project/project.ts';
import { invocation } from '../../src/shell/invocation.ts';
import { heirOfLists } from '../../src/stage/package-lists.ts';
import { textOf } from './run.ts';

/** `relies`: reads lists that it did not fetch; `fetches`: surely fetches them anew; `none`: neither, or only for itself. */
type Use = 'relies' | 'fetches' | 'none';

const APT = String.raw`(?<![\w.-])(?:apt-get|apt|aptitude)(?![\w./-])`;
const UPDATE = new RegExp(`${APT}[^&|;\\n]{0,400}?(?<=[\\s"',])update(?![\\w./-])`);
const NEED = new RegExp(
  `${APT}(?![^&|;\\n]{0,400}--installed)[^&|;\\n]{0,400}?(?<=[\\s"',])(?:install|reinstall|build-dep|upgrade|dist-upgrade|full-upgrade|safe-upgrade|download|source|satisfy|list|show|search|policy)(?![\\w./-])` +
    `|(?<![\\w.-])(?:${LISTS_READERS.programs.join('|')})(?![\\w.-])`,
);
/** Names of scripts that may well install packages. */
const INSTALLER = /(?:install|setup|dep|package|apt|bootstrap|provision|prereq)/i;

/** Whether a script reads the lists before it fetches them. */
function reliesOnLists(text: string): boolean {
  const need = NEED.exec(text);
  if (!need) return false;
  const before = text.slice(0, need.index);
  return !UPDATE.test(before) && !LISTS_FETCHERS.some((row) => before.includes(row.text));
}

/** `RUN ./install-deps.sh`: a script of the context that relies on the lists, or that cannot be read and has such a name. */
function runsInstaller(text: string, project: Project): boolean {
  if (!text.includes('.sh')) return false;
  const words = text.split(/[\s;&|"'()<>]+/);
  const fetched = new Set(words.filter((word) => word.includes('://')).map((word) => word.replace(/.*\//, '')));
  return words.some((word) => {
    const name = word.replace(/.*\//, '');
    if (!/^[\w./-]+\.sh$/.test(word) || fetched.has(name)) return false;
    const script = project.read(word.replace(/^(?:\.?\/)+/, '')) ?? project.read(name);
    return script === undefined ? INSTALLER.test(name) : reliesOnLists(script.replace(/^\s*#.*$/gm, ''));
  });
}

function useOf(document: Document, instruction: Instruction, project: Project): Use {
  if (!/^(?:RUN|ONBUILD|CMD|ENTRYPOINT)$/.test(instruction.keyword)) return 'none';
  const text = textOf(document, instruction);
  if (reliesOnLists(text)) return 'relies';
  if (instruction.keyword !== 'RUN') return 'none';
  const certain = instruction.script?.commands.some((command) => {
    const call = command.certain && UPDATE.test(text) ? invocation(command) : undefined;
    return call?.manager === 'apt' && call.action === 'update-index';
  });
  if (certain) return 'fetches';
  return !UPDATE.test(text) && runsInstaller(text, project) ? 'relies' : 'none';
}

const isHeir = (need: Instruction | Heir): need is Heir => 'path' in need;

/** The package lists of one Dockerfile. */
export class Lists {
  private readonly document: Document;
  private readonly project: Project;
  private readonly uses = new Map<Instruction, Use>();
  private readonly needs = new Map<Stage, readonly (Instruction | Heir | undefined)[]>();

  constructor(document: Document, project: Project) {
    this.document = document;
    this.project = project;
  }

  use(instruction: Instruction): Use {
    let use = this.uses.get(instruction);
    if (use === undefined) {
      use = useOf(this.document, instruction, this.project);
      this.uses.set(instruction, use);
    }
    return use;
  }

  /** The first instruction behind `instruction`, in its stage or in one that starts from it, that needs the lists as it left them. */
  neededAfter(instruction: Instruction): Instruction | undefined {
    const need = this.needAfter(instruction);
    return need && isHeir(need) ? undefined : need;
  }

  /** The same in a Dockerfile that starts from the image. */
  neededByHeir(instruction: Instruction): Heir | undefined {
    const need = this.needAfter(instruction);
    return need && isHeir(need) ? need : undefined;
  }

  private needAfter({ stage, index }: Instruction): Instruction | Heir | undefined {
    return stage && this.neededFrom(stage)[index - stage.from.index];
  }

  /** Who needs the lists as they are before each instruction of a stage, and behind the last one. */
  private neededFrom(stage: Stage): readonly (Instruction | Heir | undefined)[] {
    const known = this.needs.get(stage);
    if (known) return known;
    const { instructions } = stage;
    const needs: (Instruction | Heir | undefined)[] = [];
    let next: Instruction | Heir | undefined;
    for (const child of this.document.stages) {
      if (child.parent === stage) next ??= this.neededFrom(child)[0];
    }
    next ??= heirOfLists(this.document, this.project, stage);
    needs[instructions.length] = next;
    for (let at = instructions.length - 1; at >= 0; at--) {
      const instruction = instructions[at] as Instruction;
      const use = this.use(instruction);
      if (use === 'relies') next = instruction;
      else if (use === 'fetches') next = undefined;
      needs[at] = next;
    }
    this.needs.set(stage, needs);
    return needs;
  }
}
