/** Programs of a full image that something starts: see src/stage/programs.ts. */
export { compilerAtRunTime, isCall, type Need, programNeeds, unnamedProgram } from '../../src/stage/programs.ts';
