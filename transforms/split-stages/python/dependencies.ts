/** Names of the Python packages of a stage: see src/stage/python-packages.ts. */
export { type Dependencies, dependencyNames } from '../../../src/stage/python-packages.ts';
