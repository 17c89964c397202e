/** Whom the process runs as: the image's own account, one that the Dockerfile makes and never uses, or a new one. */
import { lineage } from '../../src/document/lineage.ts';
import type { Document, Stage } from '../../src/document.ts';
import type { Evidence } from '../../src/edit.ts';
import { repositoryName } from '../../src/knowledge/images.ts';
import { ACCOUNTS, OWN_USERS } from '../../src/knowledge/run-users.ts';
import { createdAccounts } from '../../src/shell/accounts.ts';
import { stop } from './declines.ts';

export interface Wanted {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

export interface Chosen {
  /** What USER says: `1000:1000`, `$APP_UID`, `app`. */
  readonly user: string;
  /** What --chown and install -o take, behind the RUN that makes the account: `node:node`, `65532:65532`. */
  readonly owner: string;
  /** The same in numbers, where they are known. */
  readonly numbers: string | undefined;
  /** Commands that make the account; [] where it is there. */
  readonly commands: readonly string[];
  /** The part of a sentence that names it. */
  readonly says: string;
  readonly evidence: readonly Evidence[];
}

/** Reads uid, gid and name of the options; an empty gid is the uid. @throws Stop */
export function wanted(options: { readonly uid: string; readonly gid: string; readonly name: string }): Wanted {
  const number = (text: string): number => (/^\d{1,5}$/.test(text) ? Number(text) : 0);
  const uid = number(options.uid);
  const gid = options.gid === '' ? uid : number(options.gid);
  const isValid = [uid, gid].every((it) => it > 0 && it < 60_000) && /^[a-z_][a-z0-9_-]{0,31}$/.test(options.name);
  if (!isValid) stop('option-invalid', `uid ${options.uid}, gid ${options.gid || options.uid}, name ${options.name}`);
  return { uid, gid, name: options.name };
}

/** @throws Stop where no account can be named */
export function chooseAccount(document: Document, stage: Stage, wish: Wanted): Chosen {
  return own(document, stage) ?? unused(document, stage) ?? made(stage, wish);
}

/** node of node:20, app of .NET 8, nonroot of distroless. */
function own(document: Document, stage: Stage): Chosen | undefined {
  const root = lineage(stage).at(-1) as Stage;
  if (!root.image || !stage.base) return undefined;
  const name = repositoryName(root.image);
  const row = OWN_USERS.find(({ repositories }) =>
    repositories.some((it) => (it.endsWith('*') ? name.startsWith(it.slice(0, -1)) : it === name)),
  );
  const account = row && stage.base.accounts.find((it) => it.name === row.account);
  if (!row || !account) return undefined;
  const numbers = `${account.uid}:${account.gid}`;
  const isNamed = stage.base.family !== 'distroless';
  return {
    user: row.variable === undefined ? numbers : `$${row.variable}`,
    owner: isNamed ? `${account.name}:${account.name}` : numbers,
    numbers,
    commands: [],
    says: `${account.name} (${account.uid}), the account that ${root.fromWord.value} has for it`,
    evidence: [
      {
        file: document.path,
        line: document.originLine(root.from.start),
        says: `${root.fromWord.value} has the account ${account.name} (${row.source}, ${row.date})`,
      },
    ],
  };
}

/** `RUN useradd app` and no USER: it was meant to be used. */
function unused(document: Document, stage: Stage): Chosen | undefined {
  const runs = lineage(stage).flatMap(({ instructions }) => instructions);
  const found = runs.flatMap((it) =>
    it.keyword === 'RUN' && it.script && /useradd|adduser/.test(it.args.text)
      ? createdAccounts(it.script).map((account) => ({
          account,
          line: document.originLine(it.start),
          text: it.args.text,
        }))
      : [],
  );
  const [first, ...more] = found;
  if (!first) return undefined;
  if (more.length > 0) stop('name-taken', `the Dockerfile makes ${found.length} accounts, and none is named by USER`);
  const { account, line, text } = first;
  if (/[$]/.test(account.name)) stop('name-taken', `line ${line} makes an account with a name from a variable`);
  const { uid, gid } = account;
  // useradd makes a group of the same name and number, unless it is told otherwise
  const group =
    gid ?? (uid !== undefined && !/\s(?:-g|--gid|-G|--ingroup|-N|--no-user-group)\b/.test(text) ? uid : undefined);
  const numbers = uid !== undefined && group !== undefined ? `${uid}:${group}` : undefined;
  return {
    user: numbers ?? account.name,
    owner: numbers ?? account.name,
    numbers,
    commands: [],
    says: `${account.name}, the account that line ${line} makes and nothing used`,
    evidence: [{ file: document.path, line, says: text.replace(/\s+/g, ' ').slice(0, 80) }],
  };
}

function made(stage: Stage, { uid, gid, name }: Wanted): Chosen {
  const { base } = stage;
  const root = lineage(stage).at(-1) as Stage;
  if (!base) return stop('base-unknown', `${root.fromWord.value} is not known`);
  const taken = base.accounts.find((it) => it.name === name || it.uid === uid);
  if (taken) stop('name-taken', `${root.fromWord.value} has the account ${taken.name} (${taken.uid})`);
  const numbers = `${uid}:${gid}`;
  if (base.family === 'scratch' || base.family === 'distroless') {
    return { user: numbers, owner: numbers, numbers, commands: [], says: numbers, evidence: [] };
  }
  const repository = root.image ? repositoryName(root.image) : '';
  const tag = root.image?.tag ?? 'latest';
  const row = ACCOUNTS.find(
    (it) =>
      (it.families as readonly string[]).includes(base.family) &&
      (it.repository?.test(repository) ?? true) &&
      (it.tag?.test(tag) ?? true),
  );
  if (!row?.commands || base.shell === 'opaque') {
    return stop('no-account-tools', `how accounts are made in ${root.fromWord.value} is not known`);
  }
  const fill = (text: string) =>
    text.replaceAll('{name}', name).replaceAll('{uid}', String(uid)).replaceAll('{gid}', String(gid));
  return {
    user: numbers,
    owner: `${name}:${name}`,
    numbers,
    commands: row.commands.map(fill),
    says: `${name} (${uid}), a new account`,
    evidence: [],
  };
}
