/** Verifies many Dockerfiles, some at a time. One that fails never stops the others. */
import { Stopped } from './builder.ts';
import { useTitle } from './plan.ts';
import type { Subject, Verdict } from './subject.ts';
import { type Shared, type Verified, type VerifyOptions, verifyImage } from './verify-image.ts';

/** What a failure of the engine or of ourselves leaves of a verdict. */
function broken(subject: Subject, error: unknown): Verified {
  const { name, plan, result } = subject;
  const verdict: Verdict = {
    name,
    status: 'failed',
    why: `it could not be verified: ${error instanceof Error ? error.message : String(error)}`,
    use: useTitle(plan.use),
    context: plan.context,
    target: plan.target,
    before: undefined,
    after: undefined,
    touched: { source: undefined, manifest: undefined },
    differences: [],
    failure: undefined,
    blame: [],
    run: undefined,
    notes: plan.notes,
  };
  return { verdict, result };
}

/**
 * Verifies the subjects, `jobs` at a time, and tells each verdict as soon as it is there, in the order of the subjects.
 * @returns false when the user stopped it
 */
export async function verifyAll(
  subjects: readonly Subject[],
  shared: Shared,
  jobs: number,
  optionsOf: (subject: Subject) => Promise<VerifyOptions>,
  tell: (verified: Verified, subject: Subject) => void,
): Promise<boolean> {
  const { signal } = shared.session;
  const done: (Verified | undefined)[] = [];
  let told = 0;
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < subjects.length && !signal.aborted) {
      const index = next++;
      const subject = subjects[index] as Subject;
      try {
        done[index] = await verifyImage(subject, shared, await optionsOf(subject));
      } catch (error) {
        if (error instanceof Stopped || signal.aborted) return;
        done[index] = broken(subject, error);
      }
      for (let verified = done[told]; verified; verified = done[++told]) tell(verified, subjects[told] as Subject);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, subjects.length) }, worker));
  return !signal.aborted;
}
