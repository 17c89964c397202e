/** The commands of a stage: see src/stage/steps.ts. */
export { readSteps } from '../../src/stage/steps.ts';
