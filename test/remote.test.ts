import { describe, expect, it } from 'vitest';
import { type ImageRef, parseImageRef } from '../src/image.ts';
import { RemoteFacts } from '../src/project/remote.ts';
import { RegistryError } from '../src/registry/error.ts';
import { gather } from '../src/registry/gather.ts';
import type { Registry } from '../src/registry/registry.ts';

const tag = (text: string): ImageRef => parseImageRef(text) as ImageRef;
const noLock = { read: () => undefined };

/** A registry that has python:3.13-slim, says that 3.13-tiny is not there, and fails for the rest. */
const registry = {
  image: async (ref: ImageRef) => {
    if (ref.tag === '3.13-slim') return { digest: `sha256:${'a'.repeat(64)}` };
    if (ref.tag === '3.13-tiny') return new RegistryError('not-found', 'there is no such tag');
    return new RegistryError('timeout', 'no answer within 20 s');
  },
} as unknown as Registry;

describe('whether a tag exists', () => {
  it('is not known, and no reason for a remark, before a registry is asked', () => {
    const facts = new RemoteFacts(noLock);
    expect(facts.exists(tag('python:3.13-slim'))).toBeUndefined();
    expect(facts.remark()).toBeUndefined();
  });

  it('is what the registry says; only a missing answer is a failure', async () => {
    const facts = new RemoteFacts(noLock);
    const tags = ['3.13-slim', '3.13-tiny', '3.13-other'].map((it) => tag(`python:${it}`));
    for (const ref of tags) facts.exists(ref);
    const failures = await gather(facts, registry, '2026-11-21');
    expect(failures).toEqual([{ what: 'python:3.13-other', why: 'no answer within 20 s' }]);
    expect(tags.map((ref) => facts.exists(ref))).toEqual([
      { file: 'docker.io', says: `python:3.13-slim was sha256:${'a'.repeat(64)} on 2026-11-21` },
      'absent',
      undefined,
    ]);
  });

  it('does not hide that a pin was wished for', () => {
    const facts = new RemoteFacts(noLock);
    facts.exists(tag('python:3.13-slim'));
    facts.image(tag('python:3.13-slim'), 'digest');
    expect(facts.remark()).toContain('one pin is wished for');
  });
});
