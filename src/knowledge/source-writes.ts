/**
 * How source code and configuration say that a program writes files. A match is a hint, never a proof of a place: the
 * path is the first literal behind the match, where there is one. Calls that only write below the folder of temporary
 * files are not among them.
 */

export interface SourceWriteRow {
  /** Names of the files that are searched. */
  readonly files: RegExp;
  /** Where the call or the setting begins; `(`, `=` or `:` is the last character where a path follows. */
  readonly pattern: RegExp;
  readonly source: string;
  readonly date: string;
}

const row = (files: RegExp, source: string, pattern: RegExp): SourceWriteRow => ({
  files,
  pattern,
  source,
  date: '2026-11',
});

const PYTHON = /\.py$/;
const SCRIPT = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const JVM = /\.(?:java|kt|scala|groovy)$/;
const CSHARP = /\.(?:cs|fs)$/;

export const SOURCE_WRITES: readonly SourceWriteRow[] = [
  row(
    PYTHON,
    'python/cpython:Doc/library/functions.rst',
    /\bopen\((?=[^\n]{1,160}?,\s*(?:mode\s*=\s*)?["'](?:[wax]|r[bt]?\+)[bt+]*["'])/g,
  ),
  row(
    PYTHON,
    'python/cpython:Doc/library/{os,shutil,pathlib}.rst',
    /\bos\.(?:makedirs|mkdir|rename|replace|remove|unlink|rmdir|symlink)\(|\bshutil\.(?:copy\w*|move|rmtree|unpack_archive)\(|\.(?:mkdir|touch|write_text|write_bytes|rmdir)\(/g,
  ),
  row(
    PYTHON,
    'python/cpython:Doc/library/logging.handlers.rst',
    /\b\w*FileHandler\(|\bbasicConfig\((?=[^)\n]*filename)|["']filename["']\s*:(?!\s*(?:None\b|\w+\.filename\b))|\blogger\.add\((?=\s*["'])/g,
  ),
  row(
    PYTHON,
    'python/cpython:Doc/library/sqlite3.rst, sqlalchemy, django/django:docs/ref/settings.txt',
    /\bsqlite3\.connect\((?!\s*["']:memory:)|["']sqlite(?:\+\w+)?:(?=\/\/\/)|backends\.sqlite3/g,
  ),
  row(
    PYTHON,
    'django/django, pallets/flask: files that users send',
    /\b(?:UPLOAD_FOLDER|UPLOAD_DIR|MEDIA_ROOT)\b["'\]]*\s*=(?!=)|\bFileSystemStorage\(|\bFileBasedCache\b|\bimport shelve\b/g,
  ),
  row(
    PYTHON,
    'django/django:docs/ref/django-admin.txt: commands that the code calls',
    /\bcall_command\((?=\s*["'](?:collectstatic|compilemessages|makemigrations|compress)["'])/g,
  ),
  row(
    PYTHON,
    'pandas, numpy, matplotlib, OpenCV, PyTorch, joblib: methods that take a path',
    /\.(?:to_csv|to_parquet|to_pickle|to_excel|savefig|imwrite|write_image|save_pretrained|save_model)\((?=\s*[^)\s])|\b(?:np|numpy)\.save\w*\(|\btorch\.save\(|\bjoblib\.dump\(|\burlretrieve\(|\.extractall\(|\bTinyDB\(|\bshelve\.open\(|\bPersistentClient\(|\bZipFile\((?=[^)\n]*["']w)/g,
  ),
  row(
    PYTHON,
    'clients of object stores and of training frameworks: methods and settings that name a place',
    /\.(?:download_to_filename|download_file|download_fileobj|save_weights)\(|\.save\w*\((?=\s*(?:[rbf]?["']|\w*(?:path|file|dir|prefix)))|\b(?:ModelCheckpoint|SummaryWriter|FileWriter)\(|\b(?:log|logs|model|checkpoint|ckpt|export|output|out|save|upload|download|results?)_(?:dir|folder)\s*=(?!=)/gi,
  ),
  row(
    PYTHON,
    'aiosqlite, peewee, python-diskcache, requests-cache, flask-session, Telethon, Pyrogram: files that they keep',
    /\baiosqlite\.connect\((?!\s*["']:memory:)|\bSqlite(?:Ext)?Database\((?!\s*["']:memory:)|\bdiskcache\.(?:Cache|FanoutCache|Index|Deque)\(|\brequests_cache\.(?:CachedSession|install_cache)\(|\bSESSION_TYPE\b["'\]]*\s*=\s*["']filesystem|\bTelegramClient\((?!\s*StringSession)|^\s*from pyrogram import .*\bClient\b/gm,
  ),
  row(
    PYTHON,
    'yt-dlp, OpenCV, soundfile, SciPy, Playwright, pandas, fpdf2, ReportLab: files that they make',
    /\bYoutubeDL\(|\bVideoWriter\((?=\s*\S)|\b(?:sf|soundfile|wavfile)\.write\(|\.(?:screenshot|pdf)\((?=[^)\n]*\bpath\s*=)|\.to_(?:json|feather|hdf|html)\((?=\s*[rf]?["'])|\.output\((?=\s*[rf]?["'][^"'\n]*\.pdf)|\b(?:Canvas|SimpleDocTemplate)\((?=\s*[rf]?["'])/g,
  ),
  row(
    PYTHON,
    'pathlib, Pillow, Werkzeug, Django, Chroma, MLflow, Ultralytics: methods and settings that name a place',
    /\.open\((?=\s*(?:mode\s*=\s*)?["'](?:[wax]|r[bt]?\+)[bt+]*["'])|\.save\((?=\s*(?:os\.path\.join|str|Path)\()|\bupload_to\s*=(?!=)|\bpersist_directory\s*=(?!=)|\bmlflow\.(?:start_run|log_\w+|autolog|set_experiment)\(|\bYOLO\((?=\s*["']yolo[\w.-]*\.pt["'])/g,
  ),
  row(
    SCRIPT,
    'nodejs/node:doc/api/fs.md, jprichardson/node-fs-extra',
    /\b(?:writeFile|appendFile|createWriteStream|mkdir|rename|unlink|rmdir|copyFile|outputFile|outputJson|writeJson|ensureDir|ensureFile|emptyDir|symlink)(?:Sync)?\(|\bfs(?:\.promises)?\.(?:rm|cp|truncate|utimes)(?:Sync)?\(|\bopen(?:Sync)?\((?=[^)\n]{1,120},\s*["'][wax])/g,
  ),
  row(
    SCRIPT,
    'expressjs/multer, node-formidable, richardgirgis/express-fileupload: files that users send',
    /\bdest:(?=\s*["'`])|\bdestination:(?<!\b(?:source|permanent|redirect)\s*:[^}]{0,200}destination:)(?=\s*["'`])(?![^}]{0,200}\b(?:permanent|statusCode)\s*:)|\bdiskStorage\(|\bformidable\(|\buploadDir\b\s*[:=]|\.mv\(/g,
  ),
  row(
    SCRIPT,
    'WiseLibs/better-sqlite3, TryGhost/node-sqlite3, typicode/lowdb, louischatriot/nedb',
    /\bnew (?:sqlite3\.Database|Database|DatabaseSync|Datastore|Low|LowSync|JSONFile|JSONFileSync|JSONFilePreset|LocalStorage|JsonDB)\(|["'`](?:file:|sqlite:)(?=[^"'`\n]{0,100}\.(?:db|sqlite3?)\b)|\bstorage:(?=\s*["'`])|\bnodePersist|['"]node-persist['"]/g,
  ),
  row(
    SCRIPT,
    'winstonjs/winston, pinojs/pino, log4js',
    /\btransports\.(?:File|DailyRotateFile)\(|\bDailyRotateFile\(|\bpino\.destination\((?=\s*["'`{])|\bdirname:(?=\s*["'`])/g,
  ),
  row(
    SCRIPT,
    'nestjs/graphql, MichalLytek/type-graphql, graphql-nexus/nexus, toonvanstrijp/nestjs-i18n, mikro-orm/mikro-orm: files that they make when they start',
    /\bautoSchemaFile\s*:(?!\s*true\b|\s*\{\s*federation\s*:\s*\d\s*,?\s*\})|\bemitSchemaFile\s*:(?!\s*false\b)|\btypesOutputPath\s*:|\bmakeSchema\((?=[\s\S]{0,800}?\boutputs\s*:\s*\{)|\bTsMorphMetadataProvider\b/g,
  ),
  row(
    SCRIPT,
    'typeorm/typeorm, knex/knex: databases in a file',
    /\b(?:database|filename)\s*:(?=\s*["'`][^"'`\n]{1,100}\.(?:db|sqlite3?)["'`])|\btype\s*:\s*["'](?:better-)?sqlite3?["']/g,
  ),
  row(
    SCRIPT,
    'log4js-node/log4js-node, trentm/node-bunyan, iccicci/rotating-file-stream: logs in a file',
    /\b(?:filename|path)\s*:(?=\s*["'`][^"'`\n]{1,100}\.log["'`])|["'](?:rotating-file-stream|file-stream-rotator|pino-roll)["']/g,
  ),
  row(
    SCRIPT,
    'valery-barysok/session-file-store, WhiskeySockets/Baileys, pedroslopez/whatsapp-web.js, typicode/lowdb: state in files',
    /["']session-file-store["']|\buseMultiFileAuthState\(|\bnew LocalAuth\(|\bJSONFile(?:Sync)?Preset\(/g,
  ),
  row(
    SCRIPT,
    'puppeteer/puppeteer, microsoft/playwright, lovell/sharp: files that they make',
    /\.(?:screenshot|pdf)\(\s*\{(?=[^}]{0,200}\bpath\s*:)|\buserDataDir\s*:|\blaunchPersistentContext\((?!\s*["'`]{2})|\.toFile\((?=\s*\S)/g,
  ),
  row(
    /\.prisma$/,
    'prisma/docs: a database in a file, beside the schema or where a variable says',
    /^\s*provider\s*=\s*"sqlite"/gm,
  ),
  row(
    /\.go$/,
    'golang/go:src/os, lumberjack, bbolt, badger, sqlite drivers',
    /\bos\.(?:Create|WriteFile|OpenFile|Mkdir|MkdirAll|Rename|Remove|RemoveAll|Symlink)\(|\bioutil\.WriteFile\(|\blumberjack\.Logger\b|\bb?bolt\.Open\(|\bbadger\.Open\(|\bleveldb\.OpenFile\(|\bpebble\.Open\(|\bsqlite\.Open\(|\bsqlx?\.(?:Open|Connect)\(\s*"sqlite3?",\s*/g,
  ),
  row(
    /\.go$/,
    'gin-gonic/gin, gofiber/fiber, excelize, disintegration/imaging, pocketbase, buntdb, ent: files that they make',
    /\.(?:SaveUploadedFile|SaveAs)\(|\bc(?:tx)?\.SaveFile\(|\bimaging\.Save\(|\brotatelogs\.New\(|\bpocketbase\.New\w*\(|\bbuntdb\.Open\((?!":memory:)|\bent\.Open\(\s*"sqlite3?"/g,
  ),
  row(
    JVM,
    'xerial/sqlite-jdbc, h2database, apache/lucene: databases in a file',
    /["']jdbc:(?:h2:(?!mem|tcp|ssl)|sqlite:(?!:memory:)|hsqldb:file:|derby:)|\bFSDirectory\.open\(|\bImageIO\.write\((?=[^)\n]*\bnew File\()/g,
  ),
  row(
    JVM,
    'openjdk: java.io, java.nio.file',
    /\bnew (?:FileOutputStream|FileWriter|RandomAccessFile|PrintWriter)\(|\bFiles\.(?:write\w*|createDirector\w+|createFile|copy|move|delete\w*|newBufferedWriter|newOutputStream)\(|\.(?:mkdirs?|createNewFile|transferTo|renameTo)\(|\bFileUtils\.(?:write\w*|copy\w*|move\w*|forceMkdir)\(/g,
  ),
  row(
    /(?:^|\/)(?:application|bootstrap)[\w-]*\.(?:properties|ya?ml)$/,
    'spring-projects/spring-boot: application properties; h2database, xerial/sqlite-jdbc',
    /jdbc:(?:h2:(?!mem|tcp)(?:file:)?|sqlite:|hsqldb:file:|derby:)|^\s*logging\.file(?:\.name|\.path)?\s*[=:]/gm,
  ),
  row(
    /(?:^|\/)(?:logback|log4j2?)[\w-]*\.(?:xml|properties)$/,
    'qos-ch/logback, apache/logging-log4j2',
    /<(?:file|fileNamePattern)>|\bfileName\s*=\s*(?=["'])|\.(?:File|fileName)\s*=/g,
  ),
  row(
    CSHARP,
    'dotnet/runtime: System.IO; EF Core SQLite; Serilog; data protection',
    /\bFile\.(?:Write\w+|Append\w+|Create\w*|OpenWrite|Copy|Move|Delete)\(|\bDirectory\.(?:Create\w+|Delete|Move)\(|\bnew (?:FileStream|StreamWriter)\(|\.UseSqlite\(|\bWriteTo\.File\(|\bPersistKeysToFileSystem\(|\bLiteDatabase\(/g,
  ),
  row(
    CSHARP,
    'dotnet/docs: Microsoft.Data.Sqlite, System.IO.Compression',
    /\bnew SqliteConnection\((?!\s*"Data Source=:memory:)|"Data Source=(?=[^;"]{1,100}\.(?:db|sqlite3?)\b)|\.ExtractToDirectory\(/gi,
  ),
  row(/(?:^|\/)appsettings[\w.]*\.json$/, 'EF Core SQLite', /"(?:Data Source|DataSource|Filename)=(?=[^;"]*\.\w*db)/gi),
  row(
    /\.rs$/,
    'rust-lang/rust:library/std/src/fs.rs, launchbadge/sqlx',
    /\bFile::(?:create\w*|options)\(|\bOpenOptions\b|\bfs::(?:write|create_dir\w*|rename|remove_\w+|copy)\(|["]sqlite:|\brolling::/g,
  ),
  row(
    /\.rs$/,
    'rusqlite/rusqlite, spacejam/sled, cberner/redb: databases in a file',
    /\bConnection::open\(|\bsled::open\(|\bredb::Database::create\(/g,
  ),
  row(
    /\.(?:rb|ru|rake)$/,
    'ruby/pstore, jeremyevans/sequel: databases in a file',
    /\b(?:PStore|YAML::Store)\.new\(|\bSequel\.(?:sqlite\(\s*['"]|connect\(\s*['"]sqlite:\/\/)/g,
  ),
  row(
    /\.(?:rb|ru|rake)$/,
    'ruby/ruby: File, FileUtils',
    /\bFile\.(?:write|delete|rename)\(|\bFile\.open\((?=[^)\n]{0,120},\s*["'][wa])|\bFileUtils\.\w+|\bIO\.write\(|\bDir\.mkdir\(|\bLogger\.new\((?=\s*["'])|\bSQLite3::Database/g,
  ),
  row(/(?:^|\/)config\/(?:database|storage)\.yml$/, 'rails/rails', /adapter:\s*sqlite3|service:\s*Disk/g),
  row(
    /\.php$/,
    'php/doc-en: filesystem functions',
    /\bfile_put_contents\(|\bfopen\((?=[^)\n]{0,120},\s*["'][waxc])|(?<![\w>:])mkdir\(|\bmove_uploaded_file\(|(?<![\w>:])touch\(|->storeAs\(|\bStorage::/g,
  ),
  row(
    /(?:^|\/)config\/application\.rb$/,
    'rails/rails: log, tmp and storage below the folder of the application',
    /<\s*Rails::Application/g,
  ),
  row(
    /(?:^|\/)(?:build|plugins)\.sbt$/,
    'playframework/playframework: RUNNING_PID in the folder of the application',
    /\bPlay(?:Scala|Java|Service)\b|"sbt-plugin"/g,
  ),
  row(
    /(?:^|\/)mix\.exs$/,
    'elixir-lang/elixir:lib/mix/lib/mix/tasks/release.ex: tmp below the folder of the release',
    /\bdef project\b/g,
  ),
  row(
    /\.clj[cs]?$/,
    'clojure/clojure: spit, clojure.java.io',
    /\((?:spit|(?:clojure\.java\.)?io\/(?:writer|output-stream|make-parents|copy|delete-file))\s/g,
  ),
  row(
    /(?:^|\/)[\w.-]*uwsgi[\w.-]*\.ini$/,
    'unbit/uwsgi-docs:Options.rst: files and sockets',
    /^[ \t]*(?:pidfile2?|logto2?|daemonize2?|master-fifo|(?:uwsgi-|http-)?socket(?==?[ \t]*[^\n:]*\/))[ \t]*=/gm,
  ),
  row(/\.exs?$/, 'elixir-lang/elixir: File', /\bFile\.(?:write|mkdir|rm|cp|rename|touch)\w*!?\(/g),
  row(
    /\.(?:c|cc|cpp|cxx|h|hpp)$/,
    'ISO C: fopen; C++: fstream',
    /\bfopen\((?=[^)\n]{0,120},\s*"[wa])|\bo?fstream\b|\bmkdir\(/g,
  ),
];

/** Variables that name a folder which programs fill while they run. Sources: the documentation of each, 2026-11. */
export const CACHE_VARIABLES: ReadonlySet<string> = new Set([
  'HF_HOME',
  'HF_HUB_CACHE',
  'HUGGINGFACE_HUB_CACHE',
  'TRANSFORMERS_CACHE',
  'SENTENCE_TRANSFORMERS_HOME',
  'TORCH_HOME',
  'TIKTOKEN_CACHE_DIR',
  'MPLCONFIGDIR',
  'NUMBA_CACHE_DIR',
  'XDG_CACHE_HOME',
  'XDG_DATA_HOME',
  'XDG_CONFIG_HOME',
  'npm_config_cache',
  'NPM_CONFIG_CACHE',
  'PROMETHEUS_MULTIPROC_DIR',
  'prometheus_multiproc_dir',
  'PYTHONPYCACHEPREFIX',
  'GRADIO_TEMP_DIR',
  'TMPDIR',
  'UPLOAD_DIR',
  'UPLOAD_FOLDER',
  'LOG_DIR',
  'DATA_DIR',
]);

/** Calls of git in source code: it refuses a repository whose files belong to somebody else. Source: git/git:Documentation/config/safe.adoc, 2026-11. */
export const GIT_CALLS =
  /(?:\bexec\w*|\bspawn\w*|\brun|\bcall|\bcheck_\w+|\bPopen|\bCommand|\bsystem|\bpopen|\bshell_exec)\s*\(\s*(?:\[\s*)?["'`]git["'`\s]|["']simple-git["']|^\s*(?:import git\b|from git import)|\bgit\.Repo\(/m;

/** Languages whose code is read: a file of another language says nothing. */
export const READ_LANGUAGES =
  /\.(?:py|[cm]?[jt]s|[jt]sx|go|java|kt|scala|groovy|cs|fs|rs|rb|ru|php|exs?|clj[cs]?|c|cc|cpp|cxx)$/;

/** Files that are no part of what runs: tests, documentation, configuration of build tools. */
export const NOT_RUN =
  /^(?!.*\bsrc\/main\/)(?:.*\/)?(?:tests?|__tests__|__mocks__|specs?|e2e|cypress|testdata|fixtures|docs?|examples|benchmarks?|\.github|\.storybook|\.vscode|\.husky|target|coverage)\/|(?:^|\/)(?:conftest|setup|noxfile|fabfile|test_[\w-]+|[\w-]+_test)\.py$|_test\.go$|\.(?:test|spec|stories|e2e-spec|config|d)\.[cm]?[jt]sx?$|(?:Test|Tests|IT|Spec)\.(?:java|kt|scala|cs)$|_(?:spec|test)\.rb$|(?:^|\/)(?:gulpfile|Gruntfile|build|setupTests|reportWebVitals)\.[cm]?[jt]s$/;

/** A path that lies with the temporary files, as code writes it. */
export const TEMPORARY =
  /\btemp(?:file|dir)?\b|tmpdir|mkdtemp|tempnam|\bTempDir\b|getTempPath|createTemp|["'`]\/tmp\b|\/dev\//i;

/** A program by the name of its start command, and what it writes: `.` is the folder that it works in, `~` the home folder. */
export interface ProgramWriteRow {
  readonly program: RegExp;
  /** The words behind it, joined by a blank. */
  readonly words?: RegExp;
  readonly folders: readonly string[];
  readonly what: string;
  readonly source: string;
  readonly date: string;
}

const writes = (
  program: RegExp,
  folders: readonly string[],
  what: string,
  source: string,
  words?: RegExp,
): ProgramWriteRow => ({ program, folders, what, source, date: '2026-11', ...(words && { words }) });

export const PROGRAM_WRITES: readonly ProgramWriteRow[] = [
  writes(
    /^next$/,
    ['.next'],
    'next start keeps pages and images in .next',
    'vercel/next.js:docs/01-app/03-api-reference/04-functions/revalidatePath.mdx',
    /^start\b/,
  ),
  writes(
    /^celery$/,
    ['.'],
    'celery beat keeps celerybeat-schedule in its folder',
    'celery/celery:docs',
    /\bbeat\b|-B\b/,
  ),
  writes(
    /^(?:strapi|directus|ghost|payload|keystone)$/,
    ['.'],
    'it keeps uploads and caches in its folder',
    'the manual of each',
  ),
  writes(/^mlflow$/, ['.'], 'mlflow keeps runs in its folder', 'mlflow/mlflow:docs'),
  writes(/^rails$/, ['.'], 'Rails writes to tmp and log', 'rails/rails:railties'),
  writes(
    /^(?:python[\d.]*|manage\.py|django-admin)$/,
    ['.'],
    'it writes the files that it collects, compiles or makes',
    'django/django:docs/ref/django-admin.txt',
    /(?:^|\s)(?:collectstatic|compilemessages|makemigrations|compress)\b/,
  ),
  writes(
    /^artisan$/,
    ['storage', 'bootstrap/cache'],
    'Laravel writes to storage and bootstrap/cache',
    'laravel/docs:deployment.md',
  ),
  writes(
    /^(?:meteor|mkdocs|jekyll|hugo|gatsby|docusaurus|eleventy|parcel|nuxi?|astro|remix)$/,
    ['.'],
    'it writes what it builds to its folder',
    'the manual of each',
  ),
];

/** Arguments that name a file which the program writes. */
export const WRITTEN_ARGUMENTS =
  /(?:^|\s)(?:--(?:pid|pidfile|pid-file|log-?file|access-logfile|error-logfile|schedule)[= ]\s*|--?(?:b|bind)[= ]\s*unix:)([^\s"',]+)/g;

/** Start programs that write nothing of their own but to the home folder and to temporary files. */
export const QUIET_PROGRAMS =
  /^(?:python[\d.]*|pypy3?|gunicorn|uvicorn|hypercorn|daphne|granian|uwsgi|waitress-serve|flask|fastapi|django-admin|manage\.py|celery|rq|dramatiq|arq|streamlit|chainlit|gradio|node|nodejs|npm|npx|yarn|pnpm|bun|bunx|deno|next|nest|ts-node|ts-node-esm|ts-node-dev|tsx|nodemon|env-cmd|pm2-runtime|serve|http-server|micro|sirv|java|dotnet|ruby|bundle|puma|rackup|rails|rake|sidekiq|sh|bash|ash|dash|env|exec|tini|dumb-init|catchsegv|opentelemetry-instrument|ddtrace-run|newrelic-admin|echo|printf|sleep|cd|export|set|test|\[|exit|wait|trap|true|false|:|if|then|while|until|nc|ncat|curl|wget|wait-for-it(?:\.sh)?|wait-for(?:\.sh)?|dockerize|pg_isready|mysqladmin|grep|cat|cut|tr|head|tail|ls|date|id|whoami|hostname|which|command|shift|eval|source|\.|read|local|return|unset|alembic|flyway|prisma|knex|sequelize|typeorm|migrate|cross-env|dotenv|concurrently|npm-run-all|run-[sp]|java_opts|seq|expr|dirname|basename|pwd|readlink|awk|jq|getopts|timeout|nproc|ulimit|umask|xargs|find|ps|kill)$/;
