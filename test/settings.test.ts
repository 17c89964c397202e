import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UsageError } from '../src/errors.ts';
import { nearest } from '../src/nearest.ts';
import { parseSet, resolveSettings, type Settings, type SettingsFlags } from '../src/settings.ts';
import { defineTransform, type OptionSpecs } from '../src/transform.ts';
import { Tree } from '../src/tree.ts';

const transform = (name: string, options: OptionSpecs = {}) =>
  defineTransform({
    name,
    summary: '',
    docs: { what: '', why: '', example: { before: '', after: '' } },
    options,
    mayChange: [],
    declines: {},
    *plan() {},
  });
const transforms = [
  transform('add-cache-mounts', {
    sharing: { kind: 'choice', choices: ['locked', 'shared'], default: 'locked', help: '' },
    force: { kind: 'boolean', default: false, help: '' },
  }),
  transform('pin-base', { tag: { kind: 'string', default: '', help: '' } }),
  transform('modernize'),
];
const DEFAULTS = { 'add-cache-mounts': { sharing: 'locked', force: false }, 'pin-base': { tag: '' }, modernize: {} };

let root: string;
const put = (path: string, text: string): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};
const settings = (
  path: string,
  flags: SettingsFlags = {},
  more: { noConfig?: boolean; configFile?: string } = {},
): Promise<Settings> => resolveSettings({ tree: new Tree(root), path, flags, transforms, ...more });
/** The message of the usage error that a configuration file gives. */
const complaint = async (text: string, name = 'redock.yaml'): Promise<string> => {
  put(name, text);
  try {
    await settings('Dockerfile');
    return 'no complaint';
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  } finally {
    rmSync(join(root, name));
  }
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'redock-settings-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('where settings come from', () => {
  test('without a file', async () => {
    expect(await settings('a/Dockerfile')).toEqual({ skip: [], level: 'review', options: DEFAULTS, exclude: [] });
  });

  test('the closest file wins whole', async () => {
    put('redock.yaml', 'level: risky\nskip: [modernize]\nset: { pin-base.tag: "1" }\n');
    put('a/redock.json', '{\n\t"only": ["modernize"]\n}\n');
    expect(await settings('b/Dockerfile')).toMatchObject({
      level: 'risky',
      skip: ['modernize'],
      options: { 'pin-base': { tag: '1' } },
    });
    expect(await settings('a/b/c/Dockerfile')).toEqual({
      only: ['modernize'],
      skip: [],
      level: 'review',
      options: DEFAULTS,
      exclude: [],
    });
    expect(await settings('a/Dockerfile', {}, { noConfig: true })).toMatchObject({ skip: [], level: 'review' });
  });

  test('every key, in both spellings of set', async () => {
    put('app/src/x', '');
    put(
      'app/redock.yml',
      [
        'only:',
        '  - add-cache-mounts',
        '  - pin-base',
        'skip: [pin-base]',
        'level: safe',
        'exclude: [old, /x/y, "!old/keep"]',
        'set:',
        '  add-cache-mounts:',
        '    sharing: shared',
        '    force: true',
        '  pin-base.tag: 3.10',
        'context: src',
        '',
      ].join('\n'),
    );
    expect(await settings('app/Dockerfile')).toEqual({
      only: ['add-cache-mounts', 'pin-base'],
      skip: ['pin-base'],
      level: 'safe',
      exclude: ['/app/**/old', '/app/x/y', '!/app/old/keep'],
      options: { 'add-cache-mounts': { sharing: 'shared', force: true }, 'pin-base': { tag: '3.10' }, modernize: {} },
      context: 'app/src',
    });
  });

  test('flags win, skips and excludes add up', async () => {
    put('svc/x', '');
    put(
      'redock.yaml',
      'only: [modernize]\nskip: [pin-base, modernize]\nlevel: safe\nexclude: [a]\nset: {pin-base.tag: x, add-cache-mounts.force: true}\n',
    );
    const flags = {
      level: 'risky',
      skip: ['add-cache-mounts'],
      exclude: ['b'],
      set: ['pin-base.tag=y'],
      context: 'svc',
    };
    expect(await settings('Dockerfile', flags)).toEqual({
      only: ['modernize'],
      skip: ['pin-base', 'modernize', 'add-cache-mounts'],
      level: 'risky',
      exclude: ['a', 'b'],
      options: { 'add-cache-mounts': { sharing: 'locked', force: true }, 'pin-base': { tag: 'y' }, modernize: {} },
      context: 'svc',
    });
    expect(await settings('Dockerfile', { only: ['pin-base'] })).toMatchObject({
      only: ['pin-base'],
      skip: ['modernize'],
    });
  });

  test('a named file is taken instead, wherever it lies', async () => {
    put('redock.yaml', 'nonsense: 1\n');
    put('elsewhere/any.yaml', 'level: safe\nexclude: [x]\n');
    const tree = new Tree(root);
    const configFile = join(root, 'elsewhere/any.yaml');
    expect(await resolveSettings({ tree, path: 'a/Dockerfile', flags: {}, configFile, transforms })).toMatchObject({
      level: 'safe',
      exclude: ['x'],
    });
    await expect(settings('Dockerfile', {}, { configFile: join(root, 'nope.yaml') })).rejects.toThrow(
      'nope.yaml: cannot be read: ENOENT',
    );
  });

  test('empty files and byte order marks', async () => {
    for (const text of ['', '# nothing\n', '---\n', 'null\n', '\uFEFFlevel: review\r\n'])
      expect(await complaint(text)).toBe('no complaint');
  });
});

describe('complaints name file and line', () => {
  test.each<[string, string]>([
    ['level: safe\nonyl: [x]\n', 'redock.yaml:2: unknown key "onyl"; did you mean "only"?'],
    ['zzz: 1\n', 'redock.yaml:1: unknown key "zzz"; the keys are only, skip, level, exclude, set, context'],
    ['only: modernize\n', 'redock.yaml:1: only is not a list'],
    ['only:\n', 'redock.yaml:1: only is not a list'],
    [
      'skip:\n  - modernize\n  - modernise\n',
      'redock.yaml:3: unknown transform "modernise"; did you mean "modernize"?',
    ],
    ['skip: [[a]]\n', 'redock.yaml:1: an entry of skip is not a single value'],
    ['level: manual\n', 'redock.yaml:1: unknown level "manual"; it is one of safe, review, risky'],
    ['level: save\n', 'redock.yaml:1: unknown level "save"; did you mean "safe"?'],
    ['level: [safe]\n', 'redock.yaml:1: level is not a single value'],
    ['set: 1\n', 'redock.yaml:1: set is not a map'],
    ['set:\n  pin-base.tga: x\n', 'redock.yaml:2: pin-base has no option "tga"; did you mean "tag"?'],
    ['set:\n  modernize:\n    x: y\n', 'redock.yaml:3: modernize has no option "x"; it has none'],
    ['set:\n  pin-bse:\n    tag: y\n', 'redock.yaml:2: unknown transform "pin-bse"; did you mean "pin-base"?'],
    ['set:\n  pin-base:\n    tag: {a: b}\n', 'redock.yaml:3: pin-base.tag is not a single value'],
    ['set: {add-cache-mounts.force: 1}\n', 'redock.yaml:1: add-cache-mounts.force is true or false, not "1"'],
    [
      'set: {add-cache-mounts.sharing: lock}\n',
      'redock.yaml:1: add-cache-mounts.sharing cannot be "lock"; did you mean "locked"?',
    ],
    ['set: {tag: 1}\n', 'redock.yaml:1: "tag=1" is not of the form transform.key=value'],
    ['- a\n', 'redock.yaml:1: is not a map of settings'],
    ['a: 1\n---\nb: 1\n', 'redock.yaml:3: holds more than one document'],
    ['context: ../x\n', 'redock.yaml:1: the context ../x lies outside of the root folder'],
    ['context: nope\n', 'redock.yaml:1: the context nope is not a folder'],
  ])('%j', async (text, message) => {
    expect(await complaint(text)).toBe(message);
  });

  test('broken syntax', async () => {
    expect(await complaint('level: safe\nskip: [a\n')).toMatch(/^redock\.yaml:[23]: /);
    expect(await complaint('level: safe\nlevel: safe\n')).toMatch(/^redock\.yaml:2: Map keys must be unique/);
    expect(await complaint('{"level": "safe"', 'redock.json')).toMatch(/^redock\.json:1: /);
  });

  test('two files in one folder', async () => {
    put('a/redock.yaml', '');
    put('a/redock.json', '{}');
    await expect(settings('a/b/Dockerfile')).rejects.toThrow(
      'a/redock.json and a/redock.yaml: there can be only one configuration file in a folder',
    );
  });

  test('a file that is no text', async () => {
    writeFileSync(join(root, 'redock.yaml'), Buffer.from([0xff, 0x00]));
    await expect(settings('Dockerfile')).rejects.toThrow('redock.yaml: cannot be read as UTF-8 text');
  });

  test('a link out of the root is no configuration file', async () => {
    symlinkSync('/dev/null', join(root, 'redock.yaml'));
    expect(await settings('Dockerfile')).toMatchObject({ level: 'review' });
  });

  test('flags', async () => {
    await expect(settings('Dockerfile', { only: ['pinbase'] })).rejects.toThrow(
      'unknown transform "pinbase"; did you mean "pin-base"?',
    );
    await expect(settings('Dockerfile', { skip: ['cache'] })).rejects.toThrow(
      'unknown transform "cache"; did you mean "add-cache-mounts"?',
    );
    await expect(settings('Dockerfile', { level: 'high' })).rejects.toThrow(
      'unknown level "high"; it is one of safe, review, risky',
    );
    await expect(settings('Dockerfile', { context: 'nope' })).rejects.toThrow('the context nope is not a folder');
    await expect(settings('Dockerfile', { set: ['x'] })).rejects.toThrow('"x" is not of the form transform.key=value');
  });
});

describe('parseSet', () => {
  test('values', () => {
    expect(parseSet('pin-base.tag=a=b.c', transforms)).toEqual({ transform: 'pin-base', key: 'tag', value: 'a=b.c' });
    expect(parseSet('pin-base.tag=', transforms)).toEqual({ transform: 'pin-base', key: 'tag', value: '' });
    expect(parseSet('add-cache-mounts.force', transforms)).toEqual({
      transform: 'add-cache-mounts',
      key: 'force',
      value: true,
    });
    expect(parseSet('add-cache-mounts.force=false', transforms)).toEqual({
      transform: 'add-cache-mounts',
      key: 'force',
      value: false,
    });
  });
  test('names of JavaScript objects are no options', () => {
    expect(() => parseSet('pin-base.constructor=x', transforms)).toThrow('pin-base has no option "constructor"');
    expect(() => parseSet('__proto__.tag=x', transforms)).toThrow('unknown transform "__proto__"');
  });
});

describe('nearest', () => {
  test.each<[string, string | undefined]>([
    ['ab', 'abc'],
    ['acb', 'abc'],
    ['ABC', 'abc'],
    ['mount', 'add-mount'],
    ['zzzz', undefined],
    ['', undefined],
    ['x'.repeat(1000), undefined],
  ])('%s', (name, expected) => {
    expect(nearest(name, ['abc', 'add-mount', 'other'])).toBe(expected);
  });
});
