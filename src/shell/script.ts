/** A shell text as simple commands. The only importer of the shell parser. */
import {
  type Command as CommandNode,
  type CompoundList,
  forEachChild,
  type PipelineNode,
  parse,
  type Script as ScriptNode,
  type Statement,
  type SyntaxNode,
} from 'unbash';
import type { Span } from '../edit.ts';
import { type SourceText, spanOf } from '../source.ts';
import { type Command, SimpleCommand } from './command.ts';
import { BODY, CONDITION, type Context, SUBSTITUTION, TOP } from './context.ts';
import type { ShellText } from './layout.ts';
import type { Chain, List, Place } from './list.ts';
import { readCommand } from './reading.ts';

/** A shell text that was read, or the reason why it was not. */
export interface Script {
  /** Why no transform may touch it: PowerShell, cmd, parse error, ... undefined when it was read. */
  readonly opaque: string | undefined;
  /** Every simple command at any depth, in order of the text. Empty when opaque. */
  readonly commands: readonly Command[];
  /** The links of the top level where it is one list of `&&` and nothing else: `a && (b) && c | d` has three. undefined for several statements, `||`, the background and opaque scripts. */
  readonly chain: readonly Span[] | undefined;
}

export interface ScriptOptions {
  /** The escape character of the Dockerfile. */
  readonly escape: '\\' | '`';
  /** Whether the shell is started with `-e` (SHELL ["bash", "-ec"]). */
  readonly errexit?: boolean;
  /** Whether the shell is bash for sure; sh may be one that reads `a &> b` as `a &` and `> b`. */
  readonly bash?: boolean;
}

class Unreadable extends Error {}

/** A script that no transform may touch, with the reason. */
export function opaqueScript(why: string): Script {
  return { opaque: why, commands: [], chain: undefined };
}

/**
 * Reads the logical text of a shell script. Anything that cannot be read for sure makes all of it opaque; never throws.
 * `source.text` holds no continuations and comment lines of the Dockerfile; a heredoc body is taken as it is.
 */
export function parseScript(source: SourceText, options: ScriptOptions): Script {
  if (source.text.includes('\r')) return opaqueScript('it has carriage returns that the shell would see');
  if (source.text.includes('\0')) return opaqueScript('it has NUL characters');
  try {
    const reader = new Reader({ source, escape: options.escape }, options);
    const root = parse(source.text);
    reader.script(root, TOP);
    const commands = reader.commands.sort((a, b) => a.start - b.start || b.end - a.end);
    return { opaque: undefined, commands, chain: chainOf(root, source) };
  } catch (error) {
    if (error instanceof Unreadable) return opaqueScript(error.message);
    if (error instanceof RangeError) return opaqueScript('it is nested too deeply');
    throw error;
  }
}

/** The script as it was read, in a file that holds it `by` characters further on; the text must be the same. */
export function movedScript(script: Script, source: SourceText, { escape }: ScriptOptions, by: number): Script {
  const shell = { source, escape };
  return {
    opaque: script.opaque,
    commands: script.commands.map((command) => (command as SimpleCommand).moved(shell, by)),
    chain: script.chain?.map(({ start, end }) => ({ start: start + by, end: end + by })),
  };
}

function chainOf({ commands }: ScriptNode, source: SourceText): readonly Span[] | undefined {
  const [only, ...more] = commands;
  if (!only || more.length > 0 || only.background) return undefined;
  const node = only.command;
  if (node.type === 'AndOr' && node.operators.includes('||')) return undefined;
  const links: readonly PipelineNode[] = node.type === 'AndOr' ? node.commands : [node];
  return links.map(({ pos, end }) => spanOf(source, pos, end));
}

/** Fixed text of a word for `set` and `exit`; good enough for their plain arguments. */
const plain = (node: SyntaxNode): string => (node.type === 'Word' && !node.parts ? node.value : '');

/** What changes how the commands behind it run. */
const BUILTINS = new Set(['set', 'exit', 'return', 'exec']);
/** Without one of these characters a word holds no command. */
const MAY_HOLD = /[$`<>(]/;

const BODIES: ReadonlySet<string> = new Set([
  'Command',
  'Redirected',
  'BraceGroup',
  'Subshell',
  'If',
  'While',
  'For',
  'ArithmeticFor',
  'Select',
  'Case',
  'TestCommand',
  'ArithmeticCommand',
]);
const isPipelineNode = (node: SyntaxNode): node is PipelineNode & SyntaxNode => BODIES.has(node.type);

/** `set -eux &&` cannot fail. */
const SET = /^set(?:[ \t]+[-+][a-zA-Z]+)+$/;

class Reader {
  readonly commands: SimpleCommand[] = [];
  private readonly shell: ShellText;
  private readonly isBash: boolean;
  private lists = 0;
  /** The state of the shell: `set -e` for sure or perhaps, and whether it may have ended with success. */
  private mode: { errexit: Chain['errexit']; ended: boolean };

  constructor(shell: ShellText, { errexit, bash }: ScriptOptions) {
    this.shell = shell;
    this.isBash = bash === true;
    this.mode = { errexit: errexit ? 'yes' : 'no', ended: false };
  }

  script(
    node: ScriptNode & { readonly errors?: readonly { readonly message: string }[] | undefined },
    context: Context,
  ): void {
    const error = node.errors?.[0];
    if (error) throw new Unreadable(`the shell script cannot be parsed: ${error.message}`);
    // its positions point into another text
    if (node.source !== undefined) return;
    this.list(node.commands, context);
  }

  /** Subshells and substitutions keep `set` and `exit` to themselves. */
  private apart(read: () => void): void {
    const mode = { ...this.mode };
    read();
    this.mode = mode;
  }

  private list(statements: readonly Statement[], context: Context): void {
    const list: List = { id: this.lists++, chains: [], final: context.final };
    statements.forEach((statement, at) => {
      const node = statement.command;
      const members: readonly PipelineNode[] = node.type === 'AndOr' ? node.commands : [node];
      const joined = node.type !== 'AndOr' || !node.operators.includes('||');
      const clean = joined && !statement.background;
      const chain: Chain = {
        links: members.map((member) => ({ start: member.pos, end: member.end })),
        plain: node.type === 'Command' && !statement.background,
        errexit: 'no',
      };
      list.chains.push(chain);
      let sets = true;
      members.forEach((member, link) => {
        const final = context.final && at === statements.length - 1 && clean;
        const inner: Context = {
          ...context,
          final,
          certain: context.certain && clean && !this.mode.ended && (final || sets),
          tested: context.tested || !joined || link < members.length - 1,
          editable: context.editable && clean,
        };
        sets &&= SET.test(this.shell.source.text.slice(member.pos, member.end));
        this.member(member, inner, list, inner.editable ? { list, chain: at, link } : undefined);
      });
      chain.errexit = context.tested ? 'no' : this.mode.errexit;
    });
  }

  private compound(node: CompoundList, context: Context): void {
    this.list(node.commands, context);
  }

  private member(node: PipelineNode, context: Context, list: List, place: Place | undefined, start = node.pos): void {
    switch (node.type) {
      case 'Command':
        this.command(node, context, list, place, start);
        return;
      case 'Pipeline': {
        const [only, ...more] = node.commands;
        const negated = node.prefixes.some((prefix) => prefix.type === 'Negation');
        // `time make`
        if (only && more.length === 0 && !negated) {
          this.member(only, context, list, place, node.pos);
          return;
        }
        const piped = context.piped || more.length > 0;
        for (const command of node.commands) {
          const inner = { ...context, ...CONDITION, tested: context.tested || negated, piped };
          if (piped) this.apart(() => this.member(command, inner, list, undefined));
          else this.member(command, inner, list, undefined);
        }
        return;
      }
      case 'BraceGroup':
        this.compound(node.body, context);
        return;
      case 'Subshell':
        this.apart(() => this.compound(node.body, { ...context, certain: false }));
        return;
      case 'Redirected':
        this.redirects(node.redirects);
        this.member(node.command, { ...context, redirected: true, editable: false }, list, undefined);
        return;
      case 'If': {
        const branch = { ...context, certain: false };
        for (const { clause, then } of [node, ...node.elif]) {
          this.compound(clause, { ...context, ...CONDITION });
          this.compound(then, branch);
        }
        if (node.else) this.compound(node.else, branch);
        return;
      }
      case 'While':
        this.compound(node.clause, { ...context, ...CONDITION });
        this.compound(node.body, { ...context, ...BODY });
        return;
      case 'Case':
        this.substitutions(node.word);
        for (const item of node.items) {
          for (const pattern of item.pattern) this.substitutions(pattern);
          this.compound(item.body, { ...context, ...BODY });
        }
        return;
      default:
        // for, functions, coprocesses, tests, arithmetic: bodies that may run, words that may hold substitutions
        forEachChild(node, (child) => {
          if (child.type === 'CompoundList') this.compound(child, { ...context, ...BODY });
          // the body of a function or coprocess: where it is called decides how it runs
          else if (isPipelineNode(child)) this.member(child, { ...context, ...CONDITION }, list, undefined);
          else this.substitutions(child);
        });
    }
  }

  /** Commands in `$( )`, backticks and process substitutions below a node. The bodies of heredocs are data. */
  private substitutions(node: SyntaxNode): void {
    switch (node.type) {
      case 'HereDoc':
        if (!node.closing) throw new Unreadable('a heredoc in it has no end');
        return;
      case 'Script':
        this.apart(() => this.script(node, SUBSTITUTION));
        return;
      case 'Word':
        if (MAY_HOLD.test(node.text)) forEachChild(node, (child) => this.substitutions(child));
        return;
      case 'CommandExpansion':
      case 'ProcessSubstitution':
      case 'ArithmeticCommandExpansion':
        if (!node.script) throw new Unreadable('a substitution in it cannot be parsed');
        this.substitutions(node.script);
        return;
      default:
        forEachChild(node, (child) => this.substitutions(child));
    }
  }

  private redirects(redirects: CommandNode['redirects']): void {
    for (const redirect of redirects) {
      if (redirect.operator.startsWith('&>') && !this.isBash)
        throw new Unreadable('&> puts a command into the background in some shells');
      this.substitutions(redirect);
    }
  }

  private command(node: CommandNode, context: Context, list: List, place: Place | undefined, start: number): void {
    this.redirects(node.redirects);
    forEachChild(node, (child) => this.substitutions(child));
    const { certain, substituted, piped, redirected } = context;
    const facts = { certain, substituted, piped, redirected, list: list.id };
    const read = readCommand(this.shell.source, node, start, facts, place);
    const command = new SimpleCommand(this.shell, read, 0);
    this.commands.push(command);
    this.builtin(node, command, context);
  }

  /** What `set`, `exit`, `return` and `exec` change for the commands behind them. */
  private builtin(node: CommandNode, command: SimpleCommand, { certain }: Context): void {
    if (command.wrappers.includes('exec')) this.mode.ended = true;
    const name = node.name && plain(node.name);
    if (name === undefined || !BUILTINS.has(name)) return;
    const options = node.args.map(plain);
    if (name === 'set') {
      const off =
        options.some((word) => /^\+[a-z]*e/.test(word)) || (options.includes('+o') && options.includes('errexit'));
      const on =
        options.some((word) => /^-[a-zA-Z]*e/.test(word)) || (options.includes('-o') && options.includes('errexit'));
      if (off) this.mode.errexit = this.mode.errexit === 'no' ? 'no' : 'perhaps';
      else if (on && this.mode.errexit !== 'yes') this.mode.errexit = certain ? 'yes' : 'perhaps';
    }
    // `exit 1` fails the instruction: what follows did not succeed without it
    const success = (name === 'exit' || name === 'return') && !/^[1-9]\d*$/.test(options[0] ?? '');
    if (success || (name === 'exec' && options.length > 0)) this.mode.ended = true;
  }
}
