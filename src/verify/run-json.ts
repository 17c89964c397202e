/** A run as plain data for reports: bodies as text or by their size, nothing that only machines of this run understand. */
import { isUtf8 } from 'node:buffer';
import type { Sample } from './answers.ts';
import type { RunComparison } from './run.ts';
import type { SideRun } from './run-result.ts';

/** Characters of a body that are shown. */
const BODY_SHOWN = 2000;

/** Everything about a run that JSON can hold. */
export function runAsJson({ answers, before, after, ...run }: RunComparison): object {
  return {
    ...run,
    before: before && sideAsJson(before),
    after: after && sideAsJson(after),
    answers: answers.map((answer) => ({
      ...answer,
      before: answerAsJson(answer.before),
      after: answerAsJson(answer.after),
    })),
  };
}

const sideAsJson = ({ samples, ...side }: SideRun): object => side;

function answerAsJson(sample: Sample | string | undefined): object | undefined {
  if (typeof sample === 'string') return { error: sample };
  const [answer] = sample?.answers ?? [];
  if (!answer) return undefined;
  const { body, type, cut, ...rest } = answer;
  const text = isUtf8(body) ? Buffer.from(body).toString('utf8').slice(0, BODY_SHOWN) : undefined;
  return { ...rest, contentType: type, bytes: body.length, more: cut, body: text };
}
