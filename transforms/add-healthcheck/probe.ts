/** The command that asks a port, as words of an exec form or as a text for the shell. */
import type { Port } from '../../src/project/service.ts';
import type { Tool } from './tool.ts';

/** What is asked: a path by HTTP; undefined: whether the port takes a connection. */
export interface Question {
  readonly port: Port;
  readonly path: string | undefined;
  /** Whether a proxy is set in the environment, which must not be asked instead. */
  readonly hasProxy: boolean;
}

export type Probe = { readonly words: readonly string[] } | { readonly shell: string };

/** 127.0.0.1, for localhost can be ::1 first, where many servers do not listen. */
const HOST = '127.0.0.1';

/** Writes the probe for a tool; undefined: this tool cannot ask that. */
export function probeOf({ name, program }: Tool, question: Question): Probe | undefined {
  switch (name) {
    case 'busybox':
      return busybox(question);
    case 'curl':
      return curl(program, question);
    case 'wget':
      return wget(program, question);
    case 'node':
    case 'bun':
      return { words: [program, '-e', question.path === undefined ? nodeConnect(question.port) : nodeFetch(question)] };
    case 'node-http':
      return { words: [program, '-e', question.path === undefined ? nodeConnect(question.port) : nodeGet(question)] };
    case 'python':
      return {
        words: [program, '-c', question.path === undefined ? pythonConnect(question.port) : pythonOpen(question)],
      };
    case 'ruby':
      return question.path === undefined
        ? { words: [program, '-rsocket', '-e', rubyConnect(question.port)] }
        : { words: [program, '-rnet/http', '-e', rubyGet(question)] };
    case 'own':
      return undefined;
    case 'bash':
      return {
        words: [
          program,
          '-c',
          question.path === undefined ? `exec 3<>/dev/tcp/${HOST}/${inShell(question.port)}` : bashGet(question),
        ],
      };
  }
}

/** `3000`, `${PORT}`, `${PORT:-3000}` */
function inShell({ number, variable, isSet }: Port): string {
  if (variable === undefined) return String(number);
  return isSet ? `\${${variable}}` : `\${${variable}:-${number}}`;
}

/** Words where nothing has to be filled in, else a text for the shell. */
function written(port: Port, words: readonly string[]): Probe {
  return port.variable === undefined ? { words } : { shell: words.join(' ') };
}

function busybox({ port, path, hasProxy }: Question): Probe {
  if (path === undefined) return written(port, ['nc', '-z', HOST, inShell(port)]);
  // a HEAD request is not what every server answers: the body is fetched and thrown away
  return written(port, ['wget', '-q', ...(hasProxy ? ['-Y', 'off'] : []), '-O', '/dev/null', url(port, path)]);
}

function wget(program: string, { port, path, hasProxy }: Question): Probe | undefined {
  if (path === undefined) return undefined;
  return written(port, [program, '-q', ...(hasProxy ? ['--no-proxy'] : []), '-O', '/dev/null', url(port, path)]);
}

function curl(program: string, { port, path, hasProxy }: Question): Probe | undefined {
  if (path === undefined) return undefined;
  const star = port.variable === undefined ? '*' : "'*'";
  return written(port, [program, '-fsS', ...(hasProxy ? ['--noproxy', star] : []), '-o', '/dev/null', url(port, path)]);
}

const url = (port: Port, path: string): string => `http://${authority(port, inShell(port))}${path}`;

/** `127.0.0.1:3000`; 80 is what nobody writes. */
const authority = ({ number, variable }: Port, written: string): string =>
  variable === undefined && number === 80 ? HOST : `${HOST}:${written}`;

function bashGet({ port, path }: Question): string {
  return `exec 3<>/dev/tcp/${HOST}/${inShell(port)}; printf 'GET ${path} HTTP/1.0\\r\\nHost: ${HOST}\\r\\n\\r\\n' >&3; read -r line <&3; [[ $line == *' 200'* ]]`;
}

function nodePort({ number, variable, isSet }: Port): string {
  if (variable === undefined) return String(number);
  return isSet ? `process.env.${variable}` : `process.env.${variable} || ${number}`;
}

const nodeConnect = (port: Port): string =>
  `require('net').connect(${nodePort(port)}, '${HOST}', () => process.exit()).on('error', () => process.exit(1))`;

const nodeUrl = ({ port, path }: Question): string =>
  port.variable === undefined
    ? `'http://${authority(port, String(port.number))}${path}'`
    : `\`http://${HOST}:\${${nodePort(port)}}${path}\``;

const nodeFetch = (question: Question): string =>
  `fetch(${nodeUrl(question)}).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;

const nodeGet = (question: Question): string =>
  `require('http').get(${nodeUrl(question)}, r => process.exit(r.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))`;

function pythonPort({ number, variable, isSet }: Port): string {
  if (variable === undefined) return String(number);
  return isSet ? `os.environ['${variable}']` : `os.environ.get('${variable}', '${number}')`;
}

function pythonConnect(port: Port): string {
  const imports = port.variable === undefined ? 'import socket' : 'import os, socket';
  const value = port.variable === undefined ? pythonPort(port) : `int(${pythonPort(port)})`;
  return `${imports}; socket.create_connection(('${HOST}', ${value}))`;
}

function pythonOpen({ port, path, hasProxy }: Question): string {
  const imports = port.variable === undefined ? 'urllib.request' : 'os, urllib.request';
  const address =
    port.variable === undefined
      ? `'http://${authority(port, String(port.number))}${path}'`
      : `'http://${HOST}:' + ${pythonPort(port)} + '${path}'`;
  const open = hasProxy
    ? `urllib.request.build_opener(urllib.request.ProxyHandler({})).open(${address})`
    : `urllib.request.urlopen(${address})`;
  return `import ${imports}; ${open}`;
}

const rubyPort = ({ number, variable }: Port): string =>
  variable === undefined ? String(number) : `ENV.fetch('${variable}', ${number})`;

const rubyConnect = (port: Port): string => `TCPSocket.new('${HOST}', ${rubyPort(port)})`;

const rubyGet = ({ port, path }: Question): string =>
  `exit Net::HTTP.start('${HOST}', ${rubyPort(port)}, nil) { |http| http.get('${path}').is_a?(Net::HTTPSuccess) }`;
