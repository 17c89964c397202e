/** Answers what the transforms wished to know, before they run for good. */
import type { Checksum, Pin, Question, RemoteFacts, Unknown } from '../project/remote.ts';
import { imageName } from '../project/remote.ts';
import { RegistryError } from './error.ts';
import { patchTag } from './patch-tag.ts';
import type { Registry } from './registry.ts';

/** A question that got no answer, for the user. */
export interface Failure {
  readonly what: string;
  readonly why: string;
}

/** Asks the open questions of `facts`, all at once; `date` (YYYY-MM-DD) is told as the evidence's. @returns the failures; undefined: there was no question */
export async function gather(
  facts: RemoteFacts,
  registry: Registry,
  date: string,
): Promise<readonly Failure[] | undefined> {
  const questions = facts.questions();
  if (questions.length === 0) return undefined;
  const failures: Failure[] = [];
  await Promise.all(
    questions.map(async (question) => {
      const answer = await (question.kind === 'file'
        ? checksum(question.url, registry, date)
        : pin(question, registry, date));
      facts.learn(question, answer);
      const what = question.kind === 'file' ? question.url : imageName(question.ref);
      // that a tag is not there is an answer to whoever only asked that
      const isAnswer = question.kind === 'image' && question.idle && 'why' in answer && answer.absent;
      if ('why' in answer && !isAnswer) failures.push({ what, why: answer.why });
    }),
  );
  return failures.sort((a, b) => (a.what < b.what ? -1 : 1));
}

const failed = (error: RegistryError): Unknown => ({
  code: 'no-answer',
  why: error.message,
  ...(error.code === 'not-found' && { absent: true }),
});

async function pin(
  { ref, wish }: Extract<Question, { kind: 'image' }>,
  registry: Registry,
  date: string,
): Promise<Pin | Unknown> {
  const image = await registry.image(ref);
  if (image instanceof RegistryError) return failed(image);
  const patch = wish === 'patch' ? await patchTag(registry, ref, image.digest) : undefined;
  if (patch instanceof RegistryError) return failed(patch);
  const says = `${imageName(ref)} was ${patch ?? image.digest} on ${date}`;
  return { digest: image.digest, patch, evidence: { file: ref.registry, says } };
}

async function checksum(url: string, registry: Registry, date: string): Promise<Checksum | Unknown> {
  const digest = await registry.checksum(url);
  if (digest instanceof RegistryError) return failed(digest);
  return { digest, evidence: { file: new URL(url).host, says: `${url} was ${digest} on ${date}` } };
}
