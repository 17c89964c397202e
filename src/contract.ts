/**
 * What an image promises to those who run it, build on it or copy from it. The engine computes the contract of every
 * stage before and after a transform; a difference that the transform did not declare discards its changes.
 */

import { expandWord } from './document/expand.ts';
import { once } from './document/once.ts';
import { joinPath } from './document/state.ts';
import type { Document, Instruction, Stage } from './document.ts';

export const CONTRACT_KEYS = [
  'base',
  'user',
  'workdir',
  'env',
  'entrypoint',
  'cmd',
  'ports',
  'volumes',
  'labels',
  'stopsignal',
  'healthcheck',
  'onbuild',
  'shell',
  'copies',
  'author',
  'stages',
] as const;
export type ContractKey = (typeof CONTRACT_KEYS)[number];

/** Every property as text, so that two contracts compare by equality. */
export type Contract = Readonly<Record<ContractKey, string>>;

/** The document after one transform is the document before the next: its contracts are asked for twice. */
const contracts = once((_: Document) => new Map<Stage, Contract>());

/** The contract of one stage, inherited properties of parent stages included. */
export function stageContract(document: Document, stage: Stage): Contract {
  const known = contracts(document);
  const contract = known.get(stage) ?? computeContract(document, stage);
  known.set(stage, contract);
  return contract;
}

function computeContract(document: Document, stage: Stage): Contract {
  const own = collect(document, stage);
  const contract = {} as Record<ContractKey, string>;
  for (const key of CONTRACT_KEYS) contract[key] = render(own[key]);
  contract.stages = JSON.stringify(document.stages.map((it) => it.name?.toLowerCase() ?? ''));
  return contract;
}

type Parts = { [K in ContractKey]?: unknown };

function render(value: unknown): string {
  if (value instanceof Map) return JSON.stringify([...value].sort(([a], [b]) => (a < b ? -1 : 1)));
  if (value instanceof Set) return JSON.stringify([...value].sort());
  return value === undefined ? 'null' : JSON.stringify(value);
}

function collect(document: Document, stage: Stage): Parts {
  const inherited: Parts = stage.parent ? collect(document, stage.parent) : { base: baseOf(document, stage) };
  const env = new Map(inherited.env as Map<string, string>);
  const labels = new Map(inherited.labels as Map<string, string>);
  const ports = new Set(inherited.ports as Set<string>);
  const volumes = new Set(inherited.volumes as Set<string>);
  // the triggers of the parent act in this stage
  const onbuild: string[] = [...((inherited.onbuild as string[] | undefined) ?? [])];
  const copies: string[] = [...((inherited.copies as string[] | undefined) ?? [])];
  const last: Parts = { ...inherited };
  for (const instruction of stage.instructions) {
    const text = (raw: string): string => plain(raw, instruction, document.escape);
    const command = () => (instruction.json ? instruction.words.map((w) => w.value) : instruction.args.text);
    switch (instruction.keyword) {
      case 'ENV':
        for (const pair of instruction.pairs) env.set(pair.name, text(pair.raw ?? ''));
        break;
      case 'LABEL':
        for (const pair of instruction.pairs) labels.set(text(pair.name), text(pair.raw ?? ''));
        break;
      case 'EXPOSE':
        for (const word of instruction.words) ports.add(text(word.value).replace(/\/tcp$/i, ''));
        break;
      case 'VOLUME':
        for (const word of instruction.words) volumes.add(text(word.value));
        break;
      case 'ENTRYPOINT':
        // an ENTRYPOINT takes the inherited CMD away; one of the same stage stays
        if (last.cmd === inherited.cmd) last.cmd = undefined;
        last.entrypoint = command();
        break;
      case 'CMD':
        last.cmd = command();
        break;
      case 'STOPSIGNAL':
        last.stopsignal = text(instruction.args.text);
        break;
      case 'HEALTHCHECK':
        last.healthcheck = [instruction.flags.map((f) => `${f.name}=${f.value}`).sort(), instruction.args.text];
        break;
      case 'ONBUILD':
        onbuild.push(instruction.args.text);
        break;
      case 'SHELL':
        last.shell = instruction.args.text;
        break;
      case 'MAINTAINER':
        last.author = instruction.args.text;
        break;
      case 'COPY':
      case 'ADD':
        copies.push(copyText(document, instruction));
        break;
    }
  }
  const { user } = stage.end;
  const users = stage.instructions.filter((i) => i.keyword === 'USER');
  const workdirs = stage.instructions.filter((i) => i.keyword === 'WORKDIR');
  return {
    ...last,
    user: user ? [user.name, user.uid, user.gid] : (users.at(-1)?.args.text ?? inherited.user),
    workdir: stage.end.workdir ?? [inherited.workdir, ...workdirs.map((i) => i.args.text)],
    env,
    labels,
    ports,
    volumes,
    onbuild,
    copies,
  };
}

/** The image that FROM names, arguments filled in, and the platform that it asks for. */
function baseOf(document: Document, { from, fromWord, platform }: Stage): unknown {
  return [plain(fromWord.value, from, document.escape), platform];
}

/** Variables that are known are replaced, others keep a mark; quotes are taken away. */
function plain(raw: string, instruction: Instruction, escape: string): string {
  const { env, args } = instruction.state;
  return expandWord(raw, (name) => env.get(name) ?? args.get(name) ?? `\0${name}\0`, escape) ?? raw;
}

/** What a COPY or ADD brings: where from, which sources, where to, whose, by which heredocs. */
function copyText(document: Document, instruction: Instruction): string {
  const text = (raw: string): string => plain(raw, instruction, document.escape);
  const words = instruction.words.map((word) => text(word.value));
  const to = words.pop() ?? '';
  const target = joinPath(instruction.state.workdir, to) ?? to;
  const flags = instruction.flags
    .filter((flag) => flag.name !== 'link')
    .map((flag) => {
      const stage = flag.name === 'from' ? document.stageNamed(text(flag.value), instruction.stage) : undefined;
      return `${flag.name}=${stage ? `stage ${stage.index}` : text(flag.value)}`;
    })
    .sort();
  const bodies = instruction.heredocs.map((doc) => document.text.slice(doc.body.start, doc.body.end));
  return JSON.stringify([flags, words, /\/\.?$|^\.$/.test(to) ? `${target}/` : target, bodies]);
}

/** The properties that differ between two documents, over every stage that both have (same place, else same name, else the last). */
export function contractDifferences(before: Document, after: Document): ReadonlySet<ContractKey> {
  const differing = new Set<ContractKey>();
  if (promises(before) === promises(after)) return differing;
  for (const stage of before.stages) {
    const counterpart = counterpartOf(stage, before, after);
    // the last stage tells that others are gone
    if (!counterpart) continue;
    const a = stageContract(before, stage);
    const b = stageContract(after, counterpart);
    for (const key of CONTRACT_KEYS) if (a[key] !== b[key]) differing.add(key);
  }
  return differing;
}

/** Programs that make accounts, which USER may name. */
const ACCOUNTS = /useradd|adduser|groupadd|addgroup/;

/** What no RUN can change is said by the other instructions; of RUNs only those count that make accounts. */
const promises = once(({ instructions, text, escape }: Document): string => {
  const said = instructions
    .filter(({ keyword, start, end }) => keyword !== 'RUN' || ACCOUNTS.test(text.slice(start, end)))
    // FROM x as y and FROM x AS y are the same
    .map(({ keyword, start, end, flags, words }) =>
      keyword === 'FROM'
        ? ['FROM', ...flags.map(({ value }) => value), words[0]?.value, words[2]?.value].join(' ')
        : text.slice(start, end),
    );
  return [escape, ...said].join('\n');
});

function counterpartOf(stage: Stage, before: Document, after: Document): Stage | undefined {
  if (before.stages.length === after.stages.length) return after.stages[stage.index];
  if (stage.isFinal) return after.stages.at(-1);
  return stage.name === undefined ? undefined : after.stageNamed(stage.name);
}
