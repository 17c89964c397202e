/** What the full image has and npm packages need: see src/stage/node-needs.ts. */
export { slimNeeds, unknownNatives } from '../../../src/stage/node-needs.ts';
