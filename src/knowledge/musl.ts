/** What runs on musl, the C library of Alpine: packages of languages that bring a build for it, and those that do not. Data only. */

const words = (text: string): string[] => text.split(' ').filter(Boolean);

/** `from` the version on, there is a wheel for musl (x86_64) for Python 3.`first` to 3.`last`; `every`: for later ones, too (abi3). */
export interface MuslWheelRow {
  readonly from: string;
  readonly first: number;
  readonly last: number;
}

/** `version:first-last`; the rows of a package in the order of its versions. */
const wheels = (text: string): Readonly<Record<string, readonly MuslWheelRow[]>> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [name = '', ...rest] = words(line);
        return [
          name,
          rest.map((it) => {
            const [from = '', range = ''] = it.split(':');
            const [first, last] = range.split('-').map(Number) as [number, number];
            return { from, first, last };
          }),
        ];
      }),
  );

/**
 * Source: the names of the wheels in uv.lock, poetry.lock and pdm.lock of 38 public repositories, November 2026.
 * A version before the first row is unknown; one between two rows has what the row above it has.
 */
export const MUSL_WHEELS = wheels(`
aiohttp 3.10.8:8-13 3.13.3:9-14 3.14.0:10-14
argon2-cffi-bindings 21.2.0:6-14
bcrypt 4.1.3:7-13 5.0.0:8-14
blis 1.3.3:10-14
cffi 1.16.0:9-12 1.17.1:9-13 2.0.0:9-14
contourpy 1.3.1:10-13
cryptography 43.0.1:7-13 46.0.3:8-14
fastavro 1.12.2:9-14
greenlet 3.0.3:8-12 3.2.3:9-13 3.5.3:10-15
grpcio 1.64.1:8-12 1.69.0:8-13 1.76.0:9-14
grpcio-tools 1.70.0:9-13
hf-xet 1.1.9:7-14
httptools 0.8.0:9-14
ijson 3.3.0:8-12 3.4.0:9-14
jiter 0.9.0:10-12
kiwisolver 1.4.8:10-13
lxml 5.3.0:8-13 6.1.1:8-14
markupsafe 2.1.5:8-12 3.0.2:9-13 3.0.3:9-14
matplotlib 3.10.0:10-13 3.10.9:10-14
msgpack 1.0.8:8-12 1.1.0:8-13
msgspec 0.18.6:8-12
numpy 1.26.4:9-12 2.1.1:10-13 2.4.4:11-14
orjson 3.10.14:8-13 3.11.1:9-14
pandas 2.2.2:9-12 2.2.3:9-13 2.3.3:9-14 3.0.5:11-14
pillow 10.4.0:8-13 11.1.0:9-13 12.2.0:10-14
psycopg-binary 3.2.9:13-13 3.3.4:12-14
psycopg2-binary 2.9.9:8-12
pycares 4.4.0:8-12
pycryptodome 3.20.0:5-14
pycryptodomex 3.20.0:5-14
pydantic-core 2.20.1:8-13 2.46.4:9-14
pynacl 1.5.0:6-13 1.6.1:8-14
pyyaml 6.0.1:8-12 6.0.2:8-13 6.0.3:8-14
pyzmq 27.0.0:8-13
rapidfuzz 3.11.0:9-13
regex 2024.9.11:8-13 2025.7.34:9-14
rpds-py 0.22.3:9-13 0.26.0:9-14
ruamel-yaml-clib 0.2.12:9-13 0.2.15:9-14
ruff 0.12.4:7-14
safetensors 0.5.2:8-13
scikit-image 0.26.0:11-14
scipy 1.13.1:9-12 1.15.1:10-13 1.18.0:12-14
shapely 2.1.2:10-14
spacy 3.8.15:10-13
tokenizers 0.21.0:9-13
tornado 6.5.5:9-14
ujson 5.10.0:8-13 5.11.0:9-14
uv 0.1.45:7-14
uvloop 0.22.1:8-14
watchfiles 1.2.0:10-15
xxhash 3.5.0:9-13
`);

/**
 * Every wheel is for glibc, or for another system: pip compiles them on Alpine, or finds nothing at all.
 * Source: the same lock files, where every version seen has wheels for manylinux and none for musllinux; for torch,
 * tensorflow, onnxruntime, opencv, polars, playwright: the issue trackers of the projects; November 2026.
 */
export const GLIBC_ONLY_PYTHON: ReadonlySet<string> = new Set(
  words(
    'torch torchvision torchaudio tensorflow tensorflow-cpu jax jaxlib keras onnx onnxruntime opencv-python opencv-python-headless opencv-contrib-python ' +
      'polars numba llvmlite lightgbm xgboost catboost playwright faiss-cpu cupy vllm triton bitsandbytes sentencepiece ibm-db ray open3d mediapipe ' +
      'pyarrow scikit-learn confluent-kafka google-crc32c psutil libsass preshed ml-dtypes pyclipper streamlit sentence-transformers ultralytics ' +
      'openai-whisper google-cloud-storage google-cloud-bigquery google-cloud-aiplatform prophet duckdb pymsalruntime outlines-core fasttext-wheel',
  ),
);

/** Compiled with optional parts in C: without a wheel pip leaves these out where there is no compiler. Source: setup.py of each. */
export const PURE_WITHOUT_COMPILER: ReadonlySet<string> = new Set(
  words(
    'pymongo zope-interface markupsafe pyyaml sqlalchemy tornado msgpack simplejson wrapt coverage websockets charset-normalizer',
  ),
);

/** Versions whose sources no longer build: PyYAML asks for a Cython without a bound (yaml/pyyaml#724). */
export const NOT_FROM_SOURCE: Readonly<Record<string, RegExp>> = { pyyaml: /^(?:5\.4(?:\.\d+)?|6\.0)$/ };

/** Python packages that have no C code, nor has anything they bring along. Source: metadata of the packages, November 2026. */
export const PURE_WITH_ALL: ReadonlySet<string> = new Set(
  words(
    'flask werkzeug jinja2 itsdangerous click blinker django djangorestframework asgiref sqlparse whitenoise dj-database-url gunicorn uvicorn ' +
      'hypercorn waitress starlette anyio sniffio h11 httpcore httpx requests urllib3 idna certifi chardet python-dotenv python-decouple ' +
      'python-multipart python-dateutil pytz tzdata six packaging typing-extensions annotated-types email-validator dnspython mako alembic pymysql ' +
      'celery kombu billiard amqp vine redis rq boto3 botocore s3transfer jmespath pyjwt passlib tqdm rich typer shellingham pygments markdown-it-py ' +
      'mdurl colorama attrs marshmallow webargs apispec toml tomli setuptools wheel pip pytest factory-boy faker tenacity backoff loguru structlog ' +
      'sentry-sdk prometheus-client slack-sdk slack-bolt stripe twilio beautifulsoup4 bs4 soupsieve html5lib bleach markdown openpyxl xlsxwriter pypdf ' +
      'aiofiles aiosqlite paho-mqtt peewee wtforms cachetools oauthlib requests-oauthlib httplib2 websocket-client humanize arrow schedule apscheduler ' +
      'tzlocal inflection python-slugify text-unidecode babel ply zipp importlib-metadata pluggy iniconfig tabulate termcolor pyparsing filelock ' +
      'flask-cors flask-sqlalchemy flask-migrate flask-login flask-wtf flask-restful flask-restx flask-httpauth flask-limiter flask-caching ' +
      'django-cors-headers django-filter django-environ django-extensions django-crispy-forms crispy-bootstrap5 djangorestframework-simplejwt ' +
      'drf-spectacular aiohttp-cors mccabe pycodestyle pyflakes flake8 isort prometheus-flask-exporter',
  ),
);

/** What packages without a lock file bring along, where that has C code: the names to look at as well. */
export const BRINGS_C: Readonly<Record<string, readonly string[]>> = {
  fastapi: ['pydantic-core'],
  pydantic: ['pydantic-core'],
  'pydantic-settings': ['pydantic-core'],
  sqlmodel: ['pydantic-core', 'greenlet'],
  sqlalchemy: ['greenlet'],
  'uvicorn-standard': ['uvloop', 'httptools', 'watchfiles'],
  'argon2-cffi': ['argon2-cffi-bindings'],
  motor: ['pymongo'],
  mongoengine: ['pymongo'],
  docker: [],
  minio: ['argon2-cffi-bindings', 'pycryptodome'],
  'python-jose': [],
  authlib: ['cryptography'],
  openai: ['pydantic-core', 'jiter'],
  psycopg: [],
};

/** npm packages with native code that bring a build for musl from this major version on. Source: their release files and prebuild scripts, November 2026. */
export const NODE_ON_MUSL: Readonly<Record<string, number>> = {
  bcrypt: 5,
  argon2: 0,
  'better-sqlite3': 8,
  sqlite3: 5,
  sharp: 0,
  re2: 1,
  esbuild: 0,
  '@swc/core': 1,
  prisma: 0,
  '@prisma/client': 0,
  '@prisma/engines': 0,
  '@parcel/watcher': 2,
  'unrs-resolver': 1,
  lmdb: 0,
  '@sentry/cli': 2,
  '@tailwindcss/oxide': 4,
  '@biomejs/biome': 1,
  'dd-trace': 0,
  nx: 15,
  keccak: 3,
  secp256k1: 4,
};

/** Install scripts that need no C library: messages, code generators, downloads of static programs. Source: package.json of each. */
export const NODE_WITHOUT_NATIVE: ReadonlySet<string> = new Set(
  words(
    'core-js core-js-pure es5-ext protobufjs @nestjs/core nodemon husky vue-demi opencollective-postinstall swagger-ui-dist @scarf/scarf styled-components ' +
      'msw @apollo/protobufjs @firebase/util preact @nestjs/schematics less-openui5 yarn ejs web3 web3-bzz web3-shh event-stream fsevents electron-to-chromium ' +
      'inngest-cli vue-echarts @angular/cli nuxt @fortawesome/fontawesome-free iconv-lite node-gyp-build prebuild-install',
  ),
);

/** npm packages whose programs or libraries are built for glibc only. Source: their manuals and issue trackers, November 2026. */
export const GLIBC_ONLY_NODE: ReadonlySet<string> = new Set(
  words(
    'puppeteer playwright playwright-core @playwright/test cypress electron chromedriver phantomjs phantomjs-prebuilt onnxruntime-node ' +
      '@tensorflow/tfjs-node @tensorflow/tfjs-node-gpu ibm_db oracledb mongodb-memory-server workerd wrangler robotjs node-pty usb @grpc/grpc-native grpc couchbase canvas nodegit uWebSockets.js hyper-express ultimate-express',
  ),
);

/** Jars with native code for glibc only, by artifact. Source: their manuals and issue trackers, November 2026. */
export const GLIBC_ONLY_JARS: ReadonlySet<string> = new Set(
  words(
    'netty-tcnative netty-tcnative-boringssl-static rocksdbjni kafka-streams snappy-java conscrypt-openjdk conscrypt-openjdk-uber tensorflow-core-platform libtensorflow ' +
      'onnxruntime onnxruntime_gpu ortools-java duckdb_jdbc jep opencv javacv javacv-platform javacpp leveldbjni-all wildfly-openssl jna hawtio-agent brotli4j native-linux-x86_64',
  ),
);

/** Artifacts without native code, nor with any that they bring along: by a prefix of group and artifact. Source: their POMs, November 2026. */
export const PLAIN_JARS =
  /^(?:org\.springframework\.boot:spring-boot-(?:starter(?:-(?:web|webmvc|actuator|test|data-jpa|data-jdbc|jdbc|validation|security|thymeleaf|cache|aop|mail|json|logging|tomcat|mustache|freemarker|oauth2-\w+(?:-\w+)?|parent))?|devtools|configuration-processor|maven-plugin|testcontainers|docker-compose)|org\.projectlombok:lombok|org\.postgresql:postgresql|com\.h2database:h2|mysql:mysql-connector-java|com\.mysql:mysql-connector-j|org\.mariadb\.jdbc:mariadb-java-client|org\.flywaydb:flyway-[\w-]+|org\.liquibase:liquibase-core|org\.springdoc:[\w-]+|io\.jsonwebtoken:[\w-]+|com\.fasterxml\.jackson[\w.]*:[\w-]+|org\.mapstruct:[\w-]+|org\.junit[\w.]*:[\w-]+|junit:junit|org\.mockito:[\w-]+|org\.assertj:[\w-]+|org\.slf4j:[\w-]+|ch\.qos\.logback:[\w-]+|org\.webjars(?:\.npm)?:[\w.-]+|com\.google\.code\.gson:gson|org\.apache\.commons:[\w-]+|commons-\w+:commons-\w+|com\.google\.guava:guava|jakarta\.[\w.]+:[\w.-]+|javax\.[\w.]+:[\w.-]+|org\.modelmapper:modelmapper|com\.auth0:java-jwt|io\.micrometer:micrometer-[\w-]+|com\.github\.ben-manes\.caffeine:caffeine|javax\.cache:cache-api|com\.sparkjava:spark-core|io\.javalin:javalin)$/;

/** NuGet packages with native code for glibc only. Source: runtimes/ in the packages, November 2026. */
export const GLIBC_ONLY_NUGET =
  /Include="(?:Grpc\.Core|System\.Drawing\.Common|IronPdf|DinkToPdf|Haukcode\.WkHtmlToPdfDotNet|Oracle\.ManagedDataAccess\.OCI|Microsoft\.ML(?:\.\w+)?|CefSharp[\w.]*|PuppeteerSharp|Microsoft\.Playwright|SkiaSharp|HarfBuzzSharp|ImageMagick[\w.-]*|Magick\.NET[\w.-]*|LibGit2Sharp)"/i;

/**
 * NuGet packages without native code, or with builds for linux-musl as well (Microsoft.Data.Sqlite, Confluent.Kafka), by the
 * first words of their names. Source: runtimes/ in the packages, November 2026.
 */
export const MANAGED_NUGET =
  /^(?:Microsoft\.(?:AspNetCore|AspNet|Extensions|EntityFrameworkCore|IdentityModel|Identity|OpenApi|VisualStudio|CodeAnalysis|NET\.(?:Test|Build|ILLink)|NETCore|Bcl|Win32|Azure|Graph|Data\.(?:SqlClient|Sqlite)|Build|DotNet|Net|FeatureManagement|ApplicationInsights|OData|SemanticKernel|Orleans|CSharp|SourceLink|TypeScript|Toolkit)\b|System\.(?!Drawing\.Common|IO\.Ports)|Azure\.|AWSSDK\.|Amazon\.|Google\.(?:Apis|Protobuf)\b|Grpc\.(?:AspNetCore|Net|Tools|Core\.Api|StatusProto|Reflection|HealthCheck)|Serilog|NLog|log4net|Swashbuckle|NSwag|Scalar|AutoMapper|Mapster|FluentValidation|FluentAssertions|FluentResults|Shouldly|MediatR|Mediator|Npgsql|Dapper|Newtonsoft\.Json|Polly|Refit|RestSharp|MassTransit|RabbitMQ\.Client|StackExchange\.Redis|NRedisStack|OpenTelemetry|prometheus-net|Asp\.Versioning|CsvHelper|DocumentFormat\.OpenXml|Humanizer|Bogus|xunit|NUnit|MSTest|Moq|NSubstitute|coverlet|Hangfire|Quartz|Carter|FastEndpoints|ErrorOr|Ardalis|Duende|IdentityServer4|IdentityModel|Ocelot|Yarp|Elastic|NEST|MongoDB\.(?:Driver|Bson|EntityFrameworkCore)|MySql\.|MySqlConnector|Pomelo|MailKit|MimeKit|SendGrid|Stripe\.net|Twilio|BCrypt\.Net|BouncyCastle|Portable\.BouncyCastle|JWT|jose-jwt|AspNetCore\.HealthChecks|AspNetCoreRateLimit|HotChocolate|GraphQL|Scrutor|Autofac|Castle|Ulid|NodaTime|LanguageExt|CSharpFunctionalExtensions|Marten|Wolverine|WolverineFx|EFCore|linq2db|Z\.|Steeltoe|Dapr|Testcontainers|StyleCop|SonarAnalyzer|Roslynator|Confluent\.Kafka|SixLabors|Handlebars|Scriban|YamlDotNet|CommandLineParser|Spectre|HtmlAgilityPack|AngleSharp|Markdig|Ganss|MQTTnet|NATS|EasyNetQ|Rebus|MessagePack|protobuf-net|Sentry|Datadog\.Trace\.Annotations|Telegram\.Bot|Bunit|Blazored|MudBlazor|Radzen|Ben\.|Sieve|Gridify|Slugify|SharpZipLib|SharpCompress|Unidecode|UAParser|Otp\.NET|GuardClauses|Nito|DotNetEnv|EntityFramework)/i;
