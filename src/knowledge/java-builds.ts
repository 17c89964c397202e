/** Java builds: which images hold a JDK, what makes a jar whole, what a JRE does not have, what frameworks read. Data only. */

interface JdkImage {
  readonly repository: string;
  readonly tag: RegExp;
  readonly same: boolean;
  readonly jre?: string;
  readonly family?: 'ubuntu' | 'alpine' | 'amazon';
  readonly vendor?: string;
  readonly source: string;
  readonly date: string;
}

/**
 * Images that hold a JDK. `tag`: its groups are the version of Java, and `suite` or `alpine`. `same`: its JRE variant has
 * the same files around it. `jre`: that variant, where it is not one of eclipse-temurin; `family`: its system, where it is
 * not Amazon's. `vendor`: whose build of Java it is, where that vendor has no JRE for the system.
 */
export const JDK_IMAGES = [
  {
    repository: 'eclipse-temurin',
    tag: /^(?<version>(?<java>\d+)[\d._u+b]*)(?:-jdk)?(?:-(?<suite>alpine(?:-\d[\d.]*)?|[a-z]+\d*(?:-minimal)?))?$/,
    same: true,
    source: 'adoptium/containers',
    date: '2026-11',
  },
  {
    repository: 'maven',
    tag: /^[\d.]+-eclipse-temurin-(?<java>\d+)(?:-(?<suite>alpine|focal|jammy|noble|resolute))?$/,
    same: true,
    source: 'carlossg/docker-maven',
    date: '2026-11',
  },
  {
    repository: 'maven',
    tag: /^[\d.]+-(?:open)?jdk-(?<java>\d+)(?:-(?:slim|bullseye|slim-bullseye|buster|slim-buster|stretch))?$/,
    same: false,
    source: 'carlossg/docker-maven',
    date: '2026-11',
  },
  {
    repository: 'maven',
    tag: /^[\d.]+-jdk-(?<java>8|11)-(?<suite>alpine)$/,
    same: false,
    source: 'carlossg/docker-maven',
    date: '2026-11',
  },
  {
    repository: 'gradle',
    tag: /^(?:[\d.]+-)?jdk-?(?<java>\d+)(?:-(?<suite>alpine|focal|jammy|noble|resolute))?$/,
    same: true,
    source: 'keeganwitt/docker-gradle',
    date: '2026-11',
  },
  {
    repository: 'openjdk',
    tag: /^(?<java>\d+)[\d.u_+b-]*?(?:-jdk)?(?:-(?:oracle|oraclelinux\d|slim|buster|bullseye|stretch|bookworm|slim-buster|slim-bullseye|slim-bookworm))?$/,
    same: false,
    source: 'docker-library/openjdk',
    date: '2026-11',
  },
  {
    repository: 'openjdk',
    tag: /^(?<java>\d+)[\d.u_+b-]*?(?:-jdk)?-(?<suite>alpine)[\d.]*$/,
    same: false,
    source: 'docker-library/openjdk',
    date: '2026-11',
  },
  {
    repository: 'sbtscala/scala-sbt',
    tag: /^eclipse-temurin-(?:(?:focal|jammy|noble)-)?(?<java>\d+)[\d.]*(?:_\d+)?_[\d.]+_[\d.]+$/,
    same: true,
    source: 'sbt/docker-sbt',
    date: '2026-11',
  },
  {
    repository: 'amazoncorretto',
    tag: /^(?<version>(?<java>1[17]|2\d)[\d.]*)-al2023(?:-jdk)?$/,
    same: true,
    jre: 'amazoncorretto:VERSION-al2023-headless',
    source: 'corretto/corretto-docker: headless/al2023',
    date: '2026-11',
  },
  {
    // from 22 on al2023 is the one without a name
    repository: 'amazoncorretto',
    tag: /^(?<version>(?<java>2[2-9])[\d.]*)(?:-jdk)?$/,
    same: true,
    jre: 'amazoncorretto:VERSION-al2023-headless',
    source: 'corretto/corretto-docker: .tags',
    date: '2026-11',
  },
  {
    // al2 before 2026, al2023 since
    repository: 'amazoncorretto',
    tag: /^(?<java>1[17]|21)(?:-jdk)?$/,
    same: false,
    jre: 'amazoncorretto:VERSION-al2023-headless',
    source: 'docker-library/official-images:library/amazoncorretto',
    date: '2026-11',
  },
  {
    repository: 'amazoncorretto',
    tag: /^(?<java>8)-al2023(?:-jdk)?$/,
    same: true,
    jre: 'amazoncorretto:VERSION-al2023-jre',
    source: 'docker-library/official-images:library/amazoncorretto',
    date: '2026-11',
  },
  {
    repository: 'amazoncorretto',
    tag: /^(?<version>(?<java>8)[u\d]*)-(?<suite>alpine[\d.]*)(?:-full|-jdk)?$/,
    same: true,
    jre: 'amazoncorretto:VERSION-SUITE-jre',
    family: 'alpine',
    source: 'docker-library/official-images:library/amazoncorretto',
    date: '2026-11',
  },
  {
    repository: 'amazoncorretto',
    tag: /^(?<java>1[17]|2\d)[\d.]*-(?<suite>alpine)[\d.]*(?:-full|-jdk)?$/,
    same: false,
    vendor: 'Amazon',
    source: 'docker-library/official-images:library/amazoncorretto, which has no JRE for Alpine',
    date: '2026-11',
  },
  {
    repository: 'maven',
    tag: /^[\d.]+-amazoncorretto-(?<java>1[17]|2\d)(?:-al2023)?$/,
    same: true,
    jre: 'amazoncorretto:VERSION-al2023-headless',
    source: 'docker-library/official-images:library/maven',
    date: '2026-11',
  },
  {
    repository: 'maven',
    tag: /^[\d.]+-amazoncorretto-(?<java>1[17]|2\d)-(?<suite>alpine)$/,
    same: false,
    vendor: 'Amazon',
    source: 'docker-library/official-images:library/maven',
    date: '2026-11',
  },
  {
    repository: 'azul/zulu-openjdk',
    tag: /^(?<java>\d+)(?<suite>-latest)?$/,
    same: true,
    jre: 'azul/zulu-openjdk:VERSION-jreSUITE',
    family: 'ubuntu',
    source: 'docs.azul.com/core/docker-image-tags',
    date: '2026-11',
  },
  {
    repository: 'azul/zulu-openjdk-alpine',
    tag: /^(?<java>\d+)(?<suite>-latest)?$/,
    same: true,
    jre: 'azul/zulu-openjdk-alpine:VERSION-jreSUITE',
    family: 'alpine',
    source: 'docs.azul.com/core/docker-image-tags',
    date: '2026-11',
  },
  {
    repository: 'ibm-semeru-runtimes',
    tag: /^open-(?<version>(?<java>\d+)[\d.]*)-jdk(?<suite>-(?:focal|jammy|noble|resolute))$/,
    same: true,
    jre: 'ibm-semeru-runtimes:open-VERSION-jreSUITE',
    family: 'ubuntu',
    source: 'docker-library/official-images:library/ibm-semeru-runtimes',
    date: '2026-11',
  },
] as const satisfies readonly JdkImage[];

/** Versions with a JRE. Those that are built no longer have the last one, as old as the last JDK. Source: adoptium/containers, jre folders and their history; 2026-11. */
export const JRE_VERSIONS: ReadonlySet<string> = new Set([
  ...['8', '11', '17', '21', '25'],
  ...['18', '19', '20', '22', '23', '24'],
]);

/** Programs of a JDK that its JRE does not have. Source: OpenJDK, make/conf/module-loader-map.conf (JDK_TOOL modules); 2026-11. */
export const JDK_PROGRAMS: ReadonlySet<string> = new Set([
  ...['javac', 'jar', 'jcmd', 'jstack', 'jmap', 'jstat', 'jps', 'jinfo', 'jshell', 'jdb', 'jlink', 'jpackage'],
  ...['jdeps', 'javap', 'javadoc', 'jhat', 'jconsole', 'jarsigner', 'jstatd', 'jmod'],
]);

/** Code that asks for modules of a JDK. Source: OpenJDK, as above: jdk.compiler, jdk.attach, jdk.jshell, jdk.jdi. */
export const JDK_CODE =
  /\bToolProvider\.getSystemJavaCompiler\(|\bcom\.sun\.tools\.(?:attach|javac)\b|\bVirtualMachine\.attach\(|\bByteBuddyAgent\.install\(|\bjdk\.jshell\b|\bcom\.sun\.jdi\b|\blib\/tools\.jar\b/;

/** Words of a start that ask for modules of a JDK. */
export const JDK_MODULES = /\bjdk\.(?:compiler|attach|jshell|jdi|jcmd|jartool|javadoc|jlink|jpackage|jdeps|jconsole)\b/;

/** Goals and tasks that run the program for working on it; others that run it compile it at the start. Source: manuals of the plugins; 2026-11. */
export const DEVELOPMENT_GOALS = /\b(?:quarkus:dev|quarkusDev|mn:run|liberty:dev|jooby:run|act:run)\b|--continuous\b/;

/** What the JRE image has already. Source: adoptium/containers, jre/ubuntu and jre/alpine; corretto/corretto-docker, headless/al2023. */
export const IN_JRE_IMAGE = {
  ubuntu: new Set(['bash', 'curl', 'wget', 'gnupg', 'fontconfig', 'ca-certificates', 'p11-kit', 'tzdata', 'locales']),
  amazon: new Set(['bash', 'curl', 'fontconfig', 'ca-certificates', 'tzdata']),
  alpine: new Set(['fontconfig', 'ttf-dejavu', 'ca-certificates', 'tzdata', 'musl-locales', 'coreutils', 'openssl']),
} as const;

/** Plugins that put the dependencies into the jar, by the text of the build file that names them. */
export const WHOLE_JARS = {
  maven: ['spring-boot-maven-plugin', 'maven-shade-plugin'],
  gradle: /org\.springframework\.boot|plugins\.spring[.\w]*boot|\bzipTree\b|\bio\.ktor\.plugin|plugins\.ktor\b/,
  shadow: /(?:com\.github\.johnrengelman|com\.gradleup)\.shadow|plugins\.shadow\b|\bshadowJar\b/,
  tasks: /^(?:.*:)?(?:shadowJar|bootJar|buildFatJar|fatJar|uberJar|assembly|.*\/assembly)$/,
} as const;

/** Files of the working folder that a framework reads without being told. `build`: how build files name it. */
export const WORKING_FOLDER = [
  {
    name: 'Spring Boot',
    build: /spring-boot|springframework\.boot/,
    paths: ['config', ...names('application'), ...names('bootstrap')],
    source: 'spring-projects/spring-boot: Externalized Configuration',
    date: '2026-11',
  },
  {
    name: 'Quarkus',
    build: /quarkus/,
    paths: ['config', '.env'],
    source: 'quarkusio/quarkus: Configuration Reference',
    date: '2026-11',
  },
  { name: 'Jooby', build: /jooby/, paths: ['conf', 'public', 'www'], source: 'jooby-project/jooby', date: '2026-11' },
  { name: 'dotenv', build: /dotenv/, paths: ['.env'], source: 'cdimascio/dotenv-java', date: '2026-11' },
] as const;

function names(stem: string): readonly string[] {
  return ['properties', 'yml', 'yaml'].map((ending) => `${stem}.${ending}`);
}
