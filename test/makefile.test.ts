import { describe, expect, it } from 'vitest';
import { commandsOf, exportsOf, type MakeCall, readMakefile } from '../src/project/makefile.ts';

const call = (targets: string[], more: Partial<MakeCall> = {}): MakeCall => ({
  targets,
  given: new Map(),
  env: () => undefined,
  exists: () => false,
  ...more,
});

/** What make carries out for a target of a Makefile. */
function run(text: string, target: string, more: Partial<MakeCall> = {}): readonly string[] | undefined {
  const makefile = readMakefile(text);
  return makefile && commandsOf(makefile, call(target === '' ? [] : [target], more));
}

describe('Makefiles', () => {
  it('gives the commands of a rule with variables filled in', () => {
    const text =
      'APP = shop\nOUT := bin\n\n.PHONY: build\nbuild: # compiles\n\t@mkdir -p $(OUT)\n\tgo build -o ${OUT}/$(APP) .\n';
    expect(run(text, 'build')).toEqual(['mkdir -p bin', 'go build -o bin/shop .']);
  });

  it('carries out what a rule requires first, each once', () => {
    const text = 'all: gen build\ngen:\n\tswag init\nbuild: gen\n\tgo build -o $@.out\n';
    expect(run(text, 'all')).toEqual(['swag init', 'go build -o build.out']);
    expect(run(text, '')).toEqual(['swag init', 'go build -o build.out']);
  });

  it('joins continued lines and takes escaped dollars for the shell', () => {
    expect(run('build:\n\tgo build \\\n\t  -o app \\\n\t  .\n\techo $$HOME\n', 'build')).toEqual([
      'go build -o app .',
      'echo $HOME',
    ]);
  });

  it('leaves commands of make in the text for the shell', () => {
    expect(run('V := $(shell git describe)\nbuild:\n\tgo build -ldflags "-X main.v=$(V)"\n', 'build')).toEqual([
      'go build -ldflags "-X main.v=$(git describe)"',
    ]);
  });

  it('takes values of the command before those of the file, and of the environment before weak ones', () => {
    const text = 'OUT ?= bin\nbuild:\n\tgo build -o $(OUT)/app\n';
    expect(run(text, 'build')).toEqual(['go build -o bin/app']);
    expect(run(text, 'build', { env: () => 'out' })).toEqual(['go build -o out/app']);
    expect(run(text, 'build', { given: new Map([['OUT', 'x']]) })).toEqual(['go build -o x/app']);
  });

  it.each([
    ['an include', 'include common.mk\nbuild:\n\tgo build\n'],
    ['a definition of several lines', 'define x\ny\nendef\nbuild:\n\tgo build\n'],
    ['a rule under a condition', 'ifdef X\nbuild:\n\tgo build\nendif\n'],
    ['a command under a condition', 'build:\nifdef X\n\tgo build\nendif\n'],
    ['a variable under a condition', 'ifdef X\nO = a\nelse\nO = b\nendif\nbuild:\n\tgo build -o $(O)\n'],
    ['a variable that nobody sets', 'build:\n\tgo build $(FLAGS)\n'],
    ['a function', 'build:\n\tgo build $(wildcard *.go)\n'],
    ['a variable of the target alone', 'build: O = a\nbuild:\n\tgo build\n'],
    ['two recipes', 'build:\n\tgo build\nbuild:\n\tgo vet\n'],
    ['a missing rule', 'all: build\n'],
    ['a pattern', '%:\n\tgo build\n'],
    ['a circle of variables', 'A = $(B)\nB = $(A)\nbuild:\n\tgo build $(A)\n'],
  ])('does not guess: %s', (_, text) => {
    expect(run(text, text.startsWith('all') ? 'all' : 'build')).toBeUndefined();
  });

  it('does not guess whether a file that is there is up to date', () => {
    const text = 'build:\n\tgo build\n';
    expect(run(text, 'build', { exists: () => true })).toBeUndefined();
    expect(run(`.PHONY: build\n${text}`, 'build', { exists: () => true })).toEqual(['go build']);
  });

  it('gives what commands see in their environment', () => {
    const makefile = readMakefile('export CGO_ENABLED = 1\nNAME = x\nbuild:\n\tgo build\n');
    expect(makefile && [...(exportsOf(makefile, call([])) ?? [])]).toEqual([['CGO_ENABLED', '1']]);
  });
});
