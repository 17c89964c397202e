/** Libraries that Python packages need: see src/stage/python-needs.ts. */
export { libraryNeeds } from '../../../src/stage/python-needs.ts';
