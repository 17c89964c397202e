/** One instruction: its keyword, flags, words and pairs, and the script that it runs, read on first use. */
import type { Span } from '../edit.ts';
import { type Heredoc, isJsonArray, type ScannedInstruction } from '../scan.ts';
import { movedScript, opaqueScript, parseScript, type Script } from '../shell/script.ts';
import { offsetsOf, type SourceText, sliceSource, spanOf } from '../source.ts';
import type { Flag, Instruction, Pair, Stage, State, Word } from './model.ts';
import { ANSWERS } from './once.ts';
import { INITIAL_STATE } from './state.ts';
import { readFlags, readJson, readPairs, readPlainWords, readWords, splitKeyword } from './words.ts';

/** Instructions whose arguments may be a JSON array. */
const JSON_KEYWORDS = new Set(['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'RUN', 'SHELL', 'VOLUME']);
/** Instructions that split at every blank, whatever the quotes. */
const PLAIN_KEYWORDS = new Set(['FROM', 'COPY', 'ADD', 'EXPOSE', 'VOLUME']);

/** The stage and the state are put in while the stages are built; from then on nothing changes. */
export class RawInstruction implements Instruction {
  readonly start: number;
  readonly end: number;
  readonly keyword: string;
  readonly keywordSpan: Span;
  readonly index: number;
  readonly line: number;
  readonly headEnd: number;
  readonly flags: readonly Flag[];
  readonly args: SourceText;
  readonly json: boolean;
  /** undefined where Docker reports a syntax error. */
  readonly readPairs: readonly Pair[] | undefined;
  readonly heredocs: readonly Heredoc[];
  readonly comments: readonly Span[];
  readonly trigger: Instruction | undefined;
  stage: Stage | undefined;
  state: State = INITIAL_STATE;
  [ANSWERS]: Map<object, unknown> | undefined = undefined;
  private readonly escape: '\\' | '`';
  private parsed: Script | undefined;
  private split: readonly Word[] | undefined;
  /** The same instruction before an edit of other places. */
  earlier: RawInstruction | undefined;

  constructor(scanned: ScannedInstruction, logical: SourceText, index: number, line: number, escape: '\\' | '`') {
    const { keyword, keywordEnd, args } = splitKeyword(logical);
    this.escape = escape;
    this.start = spanOf(logical, 0, 0).start;
    this.end = scanned.end;
    this.headEnd = scanned.headEnd;
    this.keyword = keyword;
    this.keywordSpan = spanOf(logical, 0, keywordEnd);
    this.index = index;
    this.line = line;
    this.heredocs = scanned.heredocs;
    this.comments = scanned.comments;
    const { flags, rest } = readFlags(args, escape);
    this.flags = flags;
    this.args = rest === 0 ? args : sliceSource(args, rest);
    this.json = JSON_KEYWORDS.has(keyword) && isJsonArray(this.args.text);
    const paired = keyword === 'ENV' || keyword === 'LABEL' || keyword === 'ARG';
    this.readPairs = paired ? readPairs(this.args, escape, keyword) : [];
    this.trigger =
      keyword === 'ONBUILD' && this.args.text !== ''
        ? new RawInstruction(scanned, this.args, index, line, escape)
        : undefined;
  }

  get words(): readonly Word[] {
    this.split ??= this.json
      ? readJson(this.args)
      : PLAIN_KEYWORDS.has(this.keyword)
        ? readPlainWords(this.args)
        : readWords(this.args, this.escape);
    return this.split;
  }

  get pairs(): readonly Pair[] {
    return this.readPairs ?? [];
  }

  get script(): Script | undefined {
    this.parsed ??= this.readScript();
    return this.parsed;
  }

  private readScript(): Script | undefined {
    const { keyword, args } = this;
    if (this.json) return undefined;
    if (keyword === 'HEALTHCHECK') {
      const match = /^CMD\s+/i.exec(args.text);
      if (!match || isJsonArray(args.text.slice(match[0].length))) return undefined;
      return this.parse(sliceSource(args, match[0].length));
    }
    if (keyword === 'CMD' || keyword === 'ENTRYPOINT') return this.parse(args);
    if (keyword !== 'RUN') return undefined;
    const [heredoc] = this.heredocs;
    if (!heredoc) return this.parse(args);
    const bare = this.heredocs.length === 1 && this.words.length === 1 && this.words[0]?.start === heredoc.at.start;
    if (!bare) return this.parse(withHeredocs(args, this.heredocs));
    const body = plainSource(args.file, heredoc.body);
    const interpreter = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(body.text);
    if (interpreter && !/^(?:\/usr)?\/bin\/(?:env\s+)?(?:ba|da|a)?sh$/.test(interpreter[0].slice(2).trim())) {
      return opaqueScript(`the heredoc is run by ${interpreter[1]}`);
    }
    return this.parse(body);
  }

  private parse(source: SourceText): Script {
    if (this.state.shell === 'opaque') return opaqueScript('the shell in force is not a POSIX shell');
    const { shell, errexit } = this.state;
    const options = { escape: this.escape, errexit, bash: shell === 'bash' };
    const { earlier } = this;
    // reading a script is the dearest part of a file, and most edits leave most scripts as they are
    if (earlier?.parsed && earlier.state.shell === shell && earlier.state.errexit === errexit) {
      return movedScript(earlier.parsed, source, options, this.start - earlier.start);
    }
    return parseScript(source, options);
  }

  /** Whether both say the same, character for character. */
  same(other: RawInstruction): boolean {
    const { file } = this.args;
    return (
      this.keyword === other.keyword &&
      this.end - this.start === other.end - other.start &&
      file.slice(this.start, this.end) === other.args.file.slice(other.start, other.end)
    );
  }
}

/** A stretch of the file as it stands. */
function plainSource(file: string, span: Span): SourceText {
  const { start, end } = span;
  return { text: file.slice(start, end), offsets: offsetsOf(start, end), file, at: start };
}

/** `cat <<EOF > x`: the logical line, then the bodies with their terminators, as the shell gets them. */
function withHeredocs(args: SourceText, heredocs: readonly Heredoc[]): SourceText {
  const first = heredocs[0] as Heredoc;
  const last = heredocs[heredocs.length - 1] as Heredoc;
  const bodies = plainSource(args.file, { start: first.body.start, end: last.terminator.end });
  const newline = first.body.start - 1;
  return {
    ...args,
    text: `${args.text}\n${bodies.text}`,
    offsets: Uint32Array.from([...Array.from(args.offsets), newline, ...Array.from(bodies.offsets)]),
  };
}
