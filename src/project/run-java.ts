/** The start script of Red Hat's images of OpenJDK, which Quarkus writes into the Dockerfiles that it makes. */
import type { Stage } from '../document.ts';

/**
 * `run-java.sh` ends in `exec java $JAVA_OPTS $JAVA_OPTS_APPEND -jar $JAVA_APP_JAR`; undefined: another program, or the
 * jar is not named. Source: rh-openjdk/redhat-openjdk-containers:modules/run, 2026-11.
 */
export function runJava(name: string, env: Stage['end']['env']): readonly string[] | undefined {
  const jar = name === 'run-java.sh' ? env.get('JAVA_APP_JAR') : undefined;
  if (jar === undefined) return undefined;
  const options = ['JAVA_OPTS', 'JAVA_OPTS_APPEND'].flatMap((it) => (env.get(it) ?? '').split(/\s+/));
  return ['java', ...options.filter((it) => it !== ''), '-jar', jar];
}
