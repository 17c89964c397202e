import { describe, expect, test } from 'vitest';
import { failureOf, stepOf } from '../src/verify/engines/progress.ts';

describe('the output of a build', () => {
  test('steps', () => {
    expect(stepOf('#8 [builder 3/5] RUN npm ci')).toBe('[builder 3/5] RUN npm ci');
    expect(stepOf('#2 [internal] load metadata for docker.io/library/node:20')).toBeUndefined();
    expect(stepOf('#8 0.055 [notice] hi')).toBeUndefined();
    expect(stepOf('STEP 3/5: RUN npm ci')).toBe('STEP 3/5: RUN npm ci');
    expect(stepOf('[1/2] STEP 3/5: RUN npm ci')).toBe('[1/2] STEP 3/5: RUN npm ci');
  });

  test('BuildKit: the step, its line and its last words', () => {
    const log = `#7 [stage-0 3/4] COPY x y
#7 DONE 0.0s

#8 [stage-0 4/4] RUN --mount=type=cache,target=/c   ls /c; echo hi && false
#8 0.055 hi
#8 ERROR: process "/bin/sh -c ls /c; echo hi && false" did not complete successfully: exit code: 1
------
 > [stage-0 4/4] RUN --mount=type=cache,target=/c   ls /c; echo hi && false:
0.055 hi
------
Dockerfile:4
--------------------
   3 |     COPY x y
   4 | >>> RUN --mount=type=cache,target=/c \\
   5 | >>>   ls /c; echo hi && false
--------------------
ERROR: failed to build: failed to solve: process "/bin/sh -c ls /c; echo hi && false" did not complete successfully: exit code: 1
`;
    expect(failureOf(log)).toEqual({
      message: 'process "/bin/sh -c ls /c; echo hi && false" did not complete successfully: exit code: 1',
      step: '[stage-0 4/4] RUN --mount=type=cache,target=/c   ls /c; echo hi && false',
      line: 4,
      output: ['hi'],
    });
  });

  test('BuildKit: a file that does not parse', () => {
    const log = `Dockerfile:2
--------------------
   2 | >>> FOO x
--------------------
ERROR: failed to build: failed to solve: dockerfile parse error on line 2: unknown instruction: FOO
`;
    expect(failureOf(log)).toEqual({
      message: 'dockerfile parse error on line 2: unknown instruction: FOO',
      line: 2,
      output: [],
    });
    const old =
      'failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 3: unknown instruction: FOO\n';
    expect(failureOf(old)).toEqual({
      message: 'dockerfile parse error line 3: unknown instruction: FOO',
      line: 3,
      output: [],
    });
  });

  test('the BuildKit of Docker 20.10 tells no line', () => {
    const log = `#5 [2/2] RUN false
#5 ERROR: executor failed running [/bin/sh -c false]: exit code: 1
------
 > [2/2] RUN false:
------
executor failed running [/bin/sh -c false]: exit code: 1
`;
    expect(failureOf(log)).toEqual({
      message: 'executor failed running [/bin/sh -c false]: exit code: 1',
      step: '[2/2] RUN false',
      output: [],
    });
  });

  test('buildah: the last step that began', () => {
    const log = `STEP 1/3: FROM debian
STEP 2/3: RUN echo hi; false
hi
error building at STEP "RUN echo hi; false": error while running runtime: exit status 1
`;
    expect(failureOf(log)).toEqual({
      message: 'building at STEP "RUN echo hi; false": error while running runtime: exit status 1',
      step: 'STEP 2/3: RUN echo hi; false',
      output: ['hi'],
    });
  });

  test('an engine that says nothing that is known', () => {
    expect(failureOf('\nsomething odd\n').message).toBe('something odd');
    expect(failureOf('').message).toBe('the build failed without a word');
  });
});
