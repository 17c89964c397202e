/** Makefiles of the simple kind: variables, rules and their commands. Source: the GNU make manual, Writing Rules, Using Variables. */

interface Rule {
  readonly prerequisites: readonly string[];
  /** Command lines as written, continuations joined. */
  readonly recipe: readonly string[];
  /** Whether a condition, a variable of the target alone or a second recipe leaves open what it does. */
  readonly isVague: boolean;
}

export interface Makefile {
  readonly rules: ReadonlyMap<string, Rule>;
  /** The first rule, which a bare `make` carries out. */
  readonly first: string | undefined;
  readonly phony: ReadonlySet<string>;
  /** undefined: set under a condition or by a command. `weak`: `?=`, the environment comes first. */
  readonly variables: ReadonlyMap<string, { readonly value: string | undefined; readonly weak: boolean }>;
  /** Variables that commands see in their environment. */
  readonly exported: ReadonlySet<string>;
}

/** What a make command is given. */
export interface MakeCall {
  readonly targets: readonly string[];
  /** `make VERSION=1`: stronger than the file. */
  readonly given: ReadonlyMap<string, string>;
  /** Environment of the command. */
  env(name: string): string | undefined;
  /** Whether something of this name stands in the folder of the Makefile. */
  exists(name: string): boolean;
}

const ASSIGNMENT = /^([\w.-]+)\s*(:{0,3}=|\?=|\+=|!=)\s*(.*)$/;
const CONDITION = /^(?:ifeq|ifneq|ifdef|ifndef)\b/;
/** What changes how the rest is read. */
const UNREAD =
  /^(?:-?include|sinclude|define|endef|override|unexport|undefine|vpath|load|private)\b|^export\s*$|^\.(?:ONESHELL|RECIPEPREFIX|SECONDEXPANSION|EXPORT_ALL_VARIABLES|SHELLFLAGS|POSIX)\b/;

/** Reads a Makefile; undefined: it holds something that is not read for sure, as an include or a definition of several lines. */
export function readMakefile(text: string): Makefile | undefined {
  if (text.includes('\r')) return undefined;
  const rules = new Map<string, Rule>();
  const phony = new Set<string>();
  const variables = new Map<string, { value: string | undefined; weak: boolean }>();
  const exported = new Set<string>();
  let open: readonly string[] = [];
  let first: string | undefined;
  let depth = 0;

  const extend = (name: string, change: (rule: Rule) => Partial<Rule>): void => {
    const rule = rules.get(name) ?? { prerequisites: [], recipe: [], isVague: false };
    rules.set(name, { ...rule, ...change(rule), ...((depth > 0 || rule.isVague) && { isVague: true }) });
  };
  const assign = (name: string, sign: string, value: string): void => {
    const before = variables.get(name);
    if (depth > 0 || sign === '!=') variables.set(name, { value: undefined, weak: false });
    else if (sign === '?=') {
      if (!before) variables.set(name, { value, weak: true });
    } else if (sign === '+=' && before) {
      variables.set(name, { ...before, value: before.value === undefined ? undefined : `${before.value} ${value}` });
    } else variables.set(name, { value, weak: false });
  };

  for (const line of logicalLines(text)) {
    if (line.startsWith('\t') && open.length > 0) {
      const command = line.trim();
      if (command !== '') for (const name of open) extend(name, ({ recipe }) => ({ recipe: [...recipe, command] }));
      continue;
    }
    const said = line.replace(/(^|[^\\])#.*$/, '$1').trim();
    if (said === '') continue;
    if (UNREAD.test(said)) return undefined;
    if (CONDITION.test(said)) depth++;
    else if (/^endif\b/.test(said)) depth--;
    else if (!/^else\b/.test(said)) {
      const plain = said.replace(/^export\s+/, '');
      const assignment = ASSIGNMENT.exec(plain);
      if (plain !== said) for (const name of /^[\w ]+/.exec(plain)?.[0].split(/\s+/) ?? []) exported.add(name);
      if (assignment) {
        open = [];
        assign(assignment[1] as string, assignment[2] as string, assignment[3] as string);
        continue;
      }
      if (plain !== said) continue;
      const rule = /^([^:]+?)\s*::?(?!:)\s*(.*)$/.exec(said);
      if (!rule) return undefined;
      const [head = '', ...commands] = (rule[2] as string).split(';');
      const names = (rule[1] as string).split(/\s+/);
      const prerequisites = head.split(/\s+/).filter((it) => it !== '' && it !== '|');
      if (names.includes('.PHONY')) {
        for (const name of prerequisites) phony.add(name);
        continue;
      }
      // build: GOFLAGS = -mod=vendor
      const isSetting = /=/.test(head);
      for (const name of names) {
        const isSecond = (rules.get(name)?.recipe.length ?? 0) > 0;
        extend(name, (it) => ({
          prerequisites: isSetting ? it.prerequisites : [...it.prerequisites, ...prerequisites],
          recipe: commands.length > 0 ? [commands.join(';').trim()] : it.recipe,
          isVague: it.isVague || isSetting || isSecond,
        }));
        if (!/^\.|%/.test(name)) first ??= name;
      }
      open = names;
    }
  }
  return { rules, first, phony, variables, exported };
}

/** Lines with their continuations: `\` and the end of the line become one blank. */
const logicalLines = (text: string): readonly string[] => text.replace(/[ \t]*\\\n[ \t]*/g, ' ').split('\n');

/**
 * The commands that make carries out for its targets, those of what they require first, variables filled in; `$(shell x)`
 * becomes `$(x)`. Undefined: a rule is missing, or what a line says is not known.
 */
export function commandsOf(makefile: Makefile, call: MakeCall): readonly string[] | undefined {
  const done = new Set<string>();
  const commands: string[] = [];
  const visit = (name: string): boolean => {
    if (done.has(name)) return true;
    done.add(name);
    const rule = makefile.rules.get(name);
    if (!rule) return call.exists(name);
    // a file of this name may be up to date
    if (rule.isVague || (!makefile.phony.has(name) && call.exists(name))) return false;
    for (const written of rule.prerequisites) {
      const names = expand(makefile, call, written, 0);
      if (names === undefined || !names.split(/\s+/).every((it) => it === '' || visit(it))) return false;
    }
    for (const written of rule.recipe) {
      const own = written.replaceAll('$@', name).replaceAll('$<', rule.prerequisites[0] ?? '$<');
      const text = expand(makefile, call, own.replace(/^[@+-\s]+/, ''), 0);
      if (text === undefined) return false;
      if (text.trim() !== '') commands.push(text);
    }
    return true;
  };
  const targets = call.targets.length > 0 ? call.targets : [makefile.first ?? ''];
  return targets.every(visit) ? commands : undefined;
}

/** The environment that the file adds for its commands; undefined: it sets a variable of the environment to what is not known. */
export function exportsOf(makefile: Makefile, call: MakeCall): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  for (const name of makefile.variables.keys()) {
    // a variable that the environment has goes back into it with the value of the file
    if (!makefile.exported.has(name) && call.env(name) === undefined && !call.given.has(name)) continue;
    const value = expand(makefile, call, `$(${name})`, 0);
    if (value === undefined) return undefined;
    found.set(name, value);
  }
  return found;
}

const DEPTH = 12;

/** A text with its variables filled in; undefined: one is not known. */
function expand(makefile: Makefile, call: MakeCall, text: string, depth: number): string | undefined {
  if (depth > DEPTH) return undefined;
  let out = '';
  for (let at = 0; at < text.length; ) {
    if (text[at] !== '$') {
      out += text[at++];
      continue;
    }
    if (text[at + 1] === '$') {
      out += '$';
      at += 2;
      continue;
    }
    const inner = bracketed(text, at + 1);
    if (inner === undefined) return undefined;
    const value = valueOf(makefile, call, inner, depth);
    if (value === undefined) return undefined;
    out += value;
    at += inner.length + 3;
  }
  return out;
}

function valueOf(makefile: Makefile, call: MakeCall, inner: string, depth: number): string | undefined {
  const script = /^shell\s+(.*)$/.exec(inner)?.[1];
  if (script !== undefined) {
    const command = expand(makefile, call, script, depth + 1);
    return command === undefined ? undefined : `$(${command})`;
  }
  if (!/^[\w.-]+$/.test(inner)) return undefined;
  if (inner === 'MAKE') return 'make';
  const given = call.given.get(inner);
  if (given !== undefined) return given;
  const own = makefile.variables.get(inner);
  if (!own || own.weak) {
    const outer = call.env(inner);
    if (outer !== undefined || !own) return outer;
  }
  return own.value === undefined ? undefined : expand(makefile, call, own.value, depth + 1);
}

/** What stands in `( )` or `{ }` at a place. */
function bracketed(text: string, start: number): string | undefined {
  const [open, close] = text[start] === '(' ? '()' : text[start] === '{' ? '{}' : '';
  if (open === undefined || close === undefined) return undefined;
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === open) depth++;
    if (text[at] === close && --depth === 0) return text.slice(start + 1, at);
  }
  return undefined;
}
