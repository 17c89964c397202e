/** The packages of a stage: see src/stage/node-installs.ts. */
export {
  factsAt,
  type Install,
  installsOf,
  isGlobal,
  isInstall,
  namesOf,
  wordsOf,
} from '../../../src/stage/node-installs.ts';
