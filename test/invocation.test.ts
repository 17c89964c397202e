import { describe, expect, it } from 'vitest';
import { invocation } from '../src/shell/invocation.ts';
import { parseScript } from '../src/shell/script.ts';

const source = (text: string) => ({ text, offsets: Array.from(text, (_, i) => i), file: text, at: 0 });
function read(text: string) {
  const command = parseScript(source(text), { escape: '\\' }).commands[0];
  if (!command) throw new Error(`no command in: ${text}`);
  return invocation(command);
}
const names = (text: string) => read(text)?.operands.map((word) => word.raw);

describe('invocation', () => {
  it.each([
    ['pip install flask', 'pip', 'install', 'install', ['flask']],
    ['pip3.11 install -r requirements.txt gunicorn', 'pip', 'install', 'install', ['gunicorn']],
    ['/opt/venv/bin/pip --no-cache-dir install -e .', 'pip', 'install', 'install', ['.']],
    ['python3 -m pip install -U pip', 'pip', 'install', 'install', ['pip']],
    ['python -u -m pip install x', 'pip', 'install', 'install', ['x']],
    ['pip --cache-dir /c install x', 'pip', 'install', 'install', ['x']],
    ['pip uninstall -y x', 'pip', 'uninstall', 'remove', ['x']],
    ['pip list', 'pip', 'list', 'other', []],
    ['pip-sync requirements.txt', 'pip', 'sync', 'install', ['requirements.txt']],
    ['python setup.py install', 'pip', 'install', 'install', []],
    ['python setup.py build_ext', 'pip', 'build_ext', 'build', []],
    ['uv pip install --system flask', 'uv', 'pip install', 'install', ['flask']],
    ['uv sync --locked --no-dev', 'uv', 'sync', 'install', []],
    ['uv run app', 'uv', 'run', 'run', ['app']],
    ['uv cache clean', 'uv', 'cache clean', 'clean', []],
    ['poetry install --only main --no-root', 'poetry', 'install', 'install', []],
    ['pipenv sync --system', 'pipenv', 'sync', 'install', []],
    ['python -m pipenv install --deploy', 'pipenv', 'install', 'install', []],
    ['pdm sync --prod', 'pdm', 'sync', 'install', []],
    ['conda install -y -c conda-forge numpy', 'conda', 'install', 'install', ['numpy']],
    ['conda env create -f environment.yml', 'conda', 'env create', 'install', []],
    ['mamba env update -n base -f e.yml', 'mamba', 'env update', 'upgrade', []],
    ['micromamba install -y -n base python', 'micromamba', 'install', 'install', ['python']],
    ['conda clean -afy', 'conda', 'clean', 'clean', []],
    ['npm ci --omit=dev', 'npm', 'ci', 'install', []],
    ['npm i -g pm2@5', 'npm', 'i', 'install', ['pm2@5']],
    ['npm --loglevel warn install', 'npm', 'install', 'install', []],
    ['npm run build', 'npm', 'run', 'run', ['build']],
    ['npm cache clean --force', 'npm', 'cache clean', 'clean', []],
    ['npm config set x y', 'npm', 'config', 'other', ['set', 'x', 'y']],
    ['npx --yes prisma generate --schema x', 'npm', 'exec', 'run', ['prisma', 'generate', '--schema', 'x']],
    ['yarn', 'yarn', '', 'install', []],
    ['yarn --frozen-lockfile', 'yarn', '', 'install', []],
    ['yarn --version', 'yarn', '', 'other', []],
    ['yarn add left-pad', 'yarn', 'add', 'install', ['left-pad']],
    ['yarn global add serve', 'yarn', 'global add', 'install', ['serve']],
    ['yarn build', 'yarn', 'build', 'run', []],
    ['yarn config set x y', 'yarn', 'config', 'other', ['set', 'x', 'y']],
    ['yarn cache clean', 'yarn', 'cache clean', 'clean', []],
    ['yarn workspaces focus --production', 'yarn', 'workspaces focus', 'install', []],
    ['corepack pnpm i', 'pnpm', 'i', 'install', []],
    ['corepack yarn@4 install --immutable', 'yarn', 'install', 'install', []],
    ['pnpm i --frozen-lockfile', 'pnpm', 'i', 'install', []],
    ['pnpm --filter web build', 'pnpm', 'build', 'run', []],
    ['pnpm store prune', 'pnpm', 'store prune', 'clean', []],
    ['pnpm', 'pnpm', '', 'other', []],
    ['bun i', 'bun', 'i', 'install', []],
    ['bun run x', 'bun', 'run', 'run', ['x']],
    ['bunx tsc', 'bun', 'x', 'run', ['tsc']],
    ['go mod download -x', 'go', 'mod download', 'install', []],
    ['go build -ldflags "-s -w" -o /app ./cmd/x', 'go', 'build', 'build', ['./cmd/x']],
    ['go install example.com/tool@v1', 'go', 'install', 'install', ['example.com/tool@v1']],
    ['go test ./...', 'go', 'test', 'build', ['./...']],
    ['go run .', 'go', 'run', 'run', ['.']],
    ['go version', 'go', 'version', 'other', []],
    ['cargo build --release', 'cargo', 'build', 'build', []],
    ['cargo +nightly build', 'cargo', 'build', 'build', []],
    ['cargo install --locked sqlx-cli', 'cargo', 'install', 'install', ['sqlx-cli']],
    ['cargo chef cook --recipe-path recipe.json', 'cargo', 'chef cook', 'build', []],
    ['mvn -B -f pom.xml clean package -DskipTests', 'maven', 'package', 'build', ['clean', 'package']],
    ['./mvnw dependency:go-offline', 'maven', 'dependency:go-offline', 'install', ['dependency:go-offline']],
    [
      'mvn org.apache.maven.plugins:maven-dependency-plugin:3.6.0:go-offline',
      'maven',
      'org.apache.maven.plugins:maven-dependency-plugin:3.6.0:go-offline',
      'install',
      ['org.apache.maven.plugins:maven-dependency-plugin:3.6.0:go-offline'],
    ],
    ['sh ./mvnw package', 'maven', 'package', 'build', ['package']],
    ['mvn --version', 'maven', '', 'other', []],
    ['./gradlew --no-daemon clean :app:bootJar -x test', 'gradle', ':app:bootJar', 'build', ['clean', ':app:bootJar']],
    ['gradle dependencies', 'gradle', 'dependencies', 'install', ['dependencies']],
    ['dotnet restore App.csproj', 'nuget', 'restore', 'install', ['App.csproj']],
    ['dotnet publish -c Release -o /app /p:UseAppHost=false', 'nuget', 'publish', 'build', []],
    ['dotnet nuget locals all --clear', 'nuget', 'nuget locals', 'clean', ['all']],
    ['composer install --no-dev', 'composer', 'install', 'install', []],
    ['composer global require x/y', 'composer', 'global require', 'install', ['x/y']],
    ['composer dump-autoload', 'composer', 'dump-autoload', 'other', []],
    ['bundle', 'bundler', '', 'install', []],
    ['bundle install -j 4', 'bundler', 'install', 'install', []],
    ['bundle exec rake x', 'bundler', 'exec', 'run', ['rake', 'x']],
    ['gem install bundler -v 2.5', 'gem', 'install', 'install', ['bundler']],
    ['gem sources -c', 'gem', 'sources', 'clean', []],
    ['apt-get -y -qq install curl git', 'apt', 'install', 'install', ['curl', 'git']],
    ['apt-get -o A::B=1 install curl', 'apt', 'install', 'install', ['curl']],
    ['apt install -y curl', 'apt', 'install', 'install', ['curl']],
    ['aptitude install -y curl', 'apt', 'install', 'install', ['curl']],
    ['DEBIAN_FRONTEND=noninteractive apt-get update', 'apt', 'update', 'update-index', []],
    ['sudo apt-get purge -y --auto-remove gcc', 'apt', 'purge', 'remove', ['gcc']],
    ['apk --no-cache add --virtual .deps gcc', 'apk', 'add', 'install', ['gcc']],
    ['dnf -y install --enablerepo x gcc', 'dnf', 'install', 'install', ['gcc']],
    ['yum install -y gcc', 'yum', 'install', 'install', ['gcc']],
    ['microdnf install shadow-utils', 'microdnf', 'install', 'install', ['shadow-utils']],
    ['zypper -n in gcc', 'zypper', 'in', 'install', ['gcc']],
    ['apt-get install $PKGS', 'apt', 'install', 'install', ['$PKGS']],
    ['apt-get $ACTION x', 'apt', '$ACTION', 'other', ['x']],
  ])('%s', (text, manager, verb, action, operands) => {
    expect(read(text)).toMatchObject({ manager, verb, action });
    expect(names(text)).toEqual(operands);
  });

  it.each([
    'echo pip install x',
    'corepack enable',
    'python app.py',
    'python -c "import pip"',
    'sh install.sh',
    '$PIP install x',
  ])('is none: %s', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('reads requirement files', () => {
    const files = (text: string) => read(text)?.requirementFiles;
    expect(files('pip install -r a.txt --requirement=b.txt -rc.txt -c d.txt')).toEqual([
      'a.txt',
      'b.txt',
      'c.txt',
      'd.txt',
    ]);
    expect(files('pip install -r $FILE')).toEqual([undefined]);
    expect(files('pip-sync a.txt')).toEqual(['a.txt']);
    expect(files('conda env create --file=e.yml')).toEqual(['e.yml']);
  });

  it('reads global', () => {
    const global = (text: string) => read(text)?.global;
    expect(global('npm install -g x')).toBe(true);
    expect(global('npm i --location=global x')).toBe(true);
    expect(global('yarn global add x')).toBe(true);
    expect(global('composer global require x/y')).toBe(true);
    expect(global('dotnet tool install -g x')).toBe(true);
    expect(global('dotnet tool install --tool-path /t x')).toBe(false);
    expect(global('npm ci')).toBe(false);
  });

  it('reads the folder it works in', () => {
    expect(read('npm --prefix web ci')).toMatchObject({ cwd: 'web', cwdUnknown: false });
    expect(read('yarn --cwd=web install')).toMatchObject({ cwd: 'web' });
    expect(read('go -C /src build')).toMatchObject({ cwd: '/src' });
    expect(read('npm --prefix $DIR ci')).toMatchObject({ cwd: undefined, cwdUnknown: true });
    expect(read('npm ci')).toMatchObject({ cwd: undefined, cwdUnknown: false });
  });
});
