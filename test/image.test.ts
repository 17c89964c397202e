import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { familiarName, formatImageRef, parseImageRef, splitImageRef, splitTag } from '../src/image.ts';

const SHA = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('parseImageRef', () => {
  it.each([
    ['node', 'docker.io', 'library/node', undefined, undefined],
    ['node:22-alpine', 'docker.io', 'library/node', '22-alpine', undefined],
    ['bitnami/redis', 'docker.io', 'bitnami/redis', undefined, undefined],
    ['docker.io/node', 'docker.io', 'library/node', undefined, undefined],
    ['index.docker.io/library/node:22', 'docker.io', 'library/node', '22', undefined],
    ['rocm/dev-ubuntu-22.04', 'docker.io', 'rocm/dev-ubuntu-22.04', undefined, undefined],
    ['foo/bar.baz:1', 'docker.io', 'foo/bar.baz', '1', undefined],
    ['localhost/app', 'localhost', 'app', undefined, undefined],
    ['localhost:5000/app', 'localhost:5000', 'app', undefined, undefined],
    ['reg.io:5000/a:t', 'reg.io:5000', 'a', 't', undefined],
    [`reg.io:5000/a:t@${SHA}`, 'reg.io:5000', 'a', 't', SHA],
    [`reg.io:5000/a@${SHA}`, 'reg.io:5000', 'a', undefined, SHA],
    ['Registry/app', 'Registry', 'app', undefined, undefined],
    ['[::1]:5000/app:1', '[::1]:5000', 'app', '1', undefined],
    ['mcr.microsoft.com/dotnet/sdk:8.0', 'mcr.microsoft.com', 'dotnet/sdk', '8.0', undefined],
    ['a__b/c--d_e.f', 'docker.io', 'a__b/c--d_e.f', undefined, undefined],
    ['foo:5000', 'docker.io', 'library/foo', '5000', undefined],
    ['foo.bar', 'docker.io', 'library/foo.bar', undefined, undefined],
  ])('%s', (text, registry, path, tag, digest) => {
    expect(parseImageRef(text)).toEqual({ registry, path, tag, digest });
  });

  it.each([
    '',
    'Node',
    'foo/Bar',
    'node:',
    'node@',
    'node@sha256:abc',
    `node@${SHA.toUpperCase()}`,
    'node:-x',
    'node:a b',
    `node:${'x'.repeat(129)}`,
    'node:${V}',
    'a//b',
    '/a',
    'a/',
    '-a',
    'a._b',
    'a___b',
    'a'.repeat(256),
    'f'.repeat(64),
    'https://reg.io/a',
    '"node"',
  ])('is no reference: %s', (text) => {
    expect(parseImageRef(text)).toBeUndefined();
  });

  it('reads back what it writes', () => {
    const component = fc.stringMatching(/^[a-z0-9]{1,4}(?:[._-][a-z0-9]{1,3})?$/);
    const ref = fc.record({
      registry: fc.constantFrom('docker.io', 'localhost', 'reg.io:5000', 'ghcr.io'),
      path: fc.array(component, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
      tag: fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,8}$/), { nil: undefined }),
      digest: fc.constantFrom(undefined, SHA),
    });
    fc.assert(
      fc.property(ref, (written) => {
        const isShort = written.registry === 'docker.io' && !written.path.includes('/');
        const normal = isShort ? { ...written, path: `library/${written.path}` } : written;
        expect(parseImageRef(formatImageRef(normal))).toEqual(normal);
      }),
    );
  });
});

describe('familiarName', () => {
  it.each([
    ['docker.io/library/node', 'node'],
    ['bitnami/redis:7', 'bitnami/redis'],
    ['gcr.io/distroless/base', 'gcr.io/distroless/base'],
    ['docker.io/foo.bar/x', 'docker.io/foo.bar/x'],
    ['library/a/b', 'library/a/b'],
  ])('%s', (text, name) => {
    const ref = parseImageRef(text);
    expect(ref && familiarName(ref)).toBe(name);
  });
});

describe('splitImageRef', () => {
  const split = (text: string) => {
    const { name, tag, digest } = splitImageRef(text);
    return [text.slice(...name), tag && text.slice(...tag), digest && text.slice(...digest)];
  };
  it('finds the parts', () => {
    expect(split(`reg.io:5000/a:t@${SHA}`)).toEqual(['reg.io:5000/a', 't', SHA]);
    expect(split('reg.io:5000/a')).toEqual(['reg.io:5000/a', undefined, undefined]);
    expect(split('node')).toEqual(['node', undefined, undefined]);
  });
  it('leaves variables whole', () => {
    expect(split('node:$' + '{V:-22}-alpine')).toEqual(['node', '$' + '{V:-22}-alpine', undefined]);
    expect(split('$' + '{REG:-a.b:5/}node:1')).toEqual(['$' + '{REG:-a.b:5/}node', '1', undefined]);
    expect(split('$REG/node:$V')).toEqual(['$REG/node', '$V', undefined]);
  });
});

it('splitTag tells the version from the variant', () => {
  expect(splitTag('22-bookworm-slim')).toEqual({ version: '22', variant: ['bookworm', 'slim'] });
  expect(splitTag('lts-alpine')).toEqual({ variant: ['lts', 'alpine'] });
  expect(splitTag('17.0.5_8-jdk')).toEqual({ version: '17.0.5_8', variant: ['jdk'] });
});
