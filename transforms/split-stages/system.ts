/** The distribution under a stage: see src/stage/system.ts. */
export { systemOf } from '../../src/stage/system.ts';
