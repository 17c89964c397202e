/** Which Python packages can be installed without a compiler. Data only. */

const words = (text: string): string[] => text.split(' ').filter(Boolean);

/** Pure Python, or with a C part that is left out where there is no compiler. Source: the packages' own files, November 2026. */
export const PURE_PACKAGES: ReadonlySet<string> = new Set(
  words(
    'flask werkzeug jinja2 itsdangerous click blinker django djangorestframework asgiref sqlparse whitenoise dj-database-url gunicorn uvicorn ' +
      'hypercorn daphne waitress fastapi starlette pydantic-settings anyio sniffio h11 httpcore httpx requests urllib3 idna certifi chardet ' +
      'python-dotenv python-decouple python-multipart python-dateutil pytz tzdata six packaging typing-extensions annotated-types email-validator dnspython ' +
      'sqlalchemy sqlmodel alembic mako pymysql psycopg celery kombu billiard amqp vine redis rq flower boto3 botocore s3transfer jmespath pyjwt python-jose passlib ' +
      'markupsafe pyyaml tornado werkzeug tqdm rich typer shellingham pygments markdown-it-py mdurl colorama attrs marshmallow marshmallow-sqlalchemy webargs ' +
      'apispec jsonschema simplejson toml tomli setuptools wheel pip pytest coverage factory-boy faker black isort flake8 openai anthropic tenacity backoff ' +
      'loguru structlog sentry-sdk prometheus-client prometheus-flask-exporter slack-sdk slack-bolt stripe twilio sendgrid beautifulsoup4 bs4 soupsieve html5lib bleach markdown feedparser ' +
      'openpyxl xlsxwriter pypdf pypdf2 networkx plotly dash streamlit altair gradio aiofiles aiosqlite paho-mqtt pika motor mongoengine peewee wtforms cachetools ' +
      'google-auth google-api-python-client oauthlib requests-oauthlib authlib httplib2 websocket-client humanize arrow pendulum schedule apscheduler tzlocal ' +
      'drf-spectacular drf-yasg channels channels-redis graphene graphene-django strawberry-graphql uritemplate inflection python-slugify text-unidecode ' +
      'elasticsearch opensearch-py minio kubernetes docker jinja2-time babel ply zipp importlib-metadata pluggy iniconfig tabulate termcolor langchain openapi-spec-validator sse-starlette ' +
      'hatchling poetry-core poetry pipenv pdm mysql-connector-python pyserial pyparsing filelock nltk textblob wikipedia yfinance tweepy pytube discord-py',
  ),
);
/** Families of which every package is pure. */
export const PURE_FAMILY = /^(?:django|flask|pytest|types|opentelemetry|azure|langchain|mypy-boto3)-[\w-]+$/;

/** On the index there are wheels alone: what cannot be had as a wheel fails in a full image, too. */
export const WHEELS_ONLY: ReadonlySet<string> = new Set(
  words(
    'torch torchvision torchaudio tensorflow tensorflow-cpu keras onnxruntime jax jaxlib playwright mediapipe faiss-cpu uv ruff nvidia-cublas-cu12',
  ),
);

/** One wheel for every later Python (abi3): the first version that has it. Source: the index, November 2026. */
export const ANY_PYTHON: Readonly<Record<string, string>> = {
  cryptography: '3.4',
  bcrypt: '3.2',
  psutil: '5.9.4',
  pynacl: '1.5',
  'argon2-cffi': '20.1',
  'argon2-cffi-bindings': '21.2',
  tokenizers: '0.15',
  safetensors: '0.4',
  watchfiles: '0.24',
};

/** The first version with wheels for 3.9, 3.10, 3.11, 3.12 and 3.13, rounded up. Source: the projects' release notes, November 2026. */
export const FIRST_WHEELS: Readonly<Record<string, readonly [string, string, string, string, string]>> = {
  numpy: ['1.20', '1.22', '1.24', '1.26', '2.1'],
  pandas: ['1.2', '1.4', '1.5.2', '2.1.1', '2.2.3'],
  scipy: ['1.6', '1.8', '1.9.3', '1.11.3', '1.14.1'],
  'scikit-learn': ['0.24', '1.0.2', '1.2', '1.3.2', '1.5.2'],
  pydantic: ['1.8', '1.9', '1.10.2', '2.5', '2.9'],
  'pydantic-core': ['2.0', '2.0', '2.0', '2.14', '2.23'],
  pillow: ['8.1', '9.0', '9.4', '10.1', '11.0'],
  'psycopg2-binary': ['2.8.6', '2.9.3', '2.9.5', '2.9.9', '2.9.10'],
  'psycopg-binary': ['3.0', '3.0', '3.1.4', '3.1.13', '3.2.3'],
  cffi: ['1.14.4', '1.15', '1.15.1', '1.16', '1.17'],
  lxml: ['4.6.3', '4.8', '4.9.2', '5.0', '5.3'],
  greenlet: ['1.0', '1.1.2', '2.0', '3.0', '3.1'],
  uvloop: ['0.15', '0.17', '0.17', '0.19', '0.21'],
  httptools: ['0.2', '0.4', '0.5', '0.6.1', '0.6.4'],
  aiohttp: ['3.8', '3.8', '3.8.3', '3.9', '3.10.11'],
  grpcio: ['1.34', '1.42', '1.50', '1.59', '1.67'],
  asyncpg: ['0.23', '0.25', '0.27', '0.29', '0.30'],
  orjson: ['3.5', '3.6.5', '3.8', '3.9.7', '3.10.7'],
  websockets: ['9.0', '10.0', '10.4', '12.0', '13.0'],
  pymongo: ['3.12', '3.12', '4.3', '4.6', '4.9'],
  'opencv-python': ['4.5.1.48', '4.5.4.60', '4.6.0.66', '4.8.0.74', '4.8.0.74'],
  'opencv-python-headless': ['4.5.1.48', '4.5.4.60', '4.6.0.66', '4.8.0.74', '4.8.0.74'],
  matplotlib: ['3.4', '3.5', '3.6.1', '3.8', '3.9.2'],
  'rpds-py': ['0.8', '0.8', '0.8', '0.10', '0.20'],
  regex: ['2021.4.4', '2021.11.2', '2022.10.31', '2023.10.3', '2024.9.11'],
  pyarrow: ['3.0', '6.0', '10.0', '14.0', '18.0'],
  multidict: ['5.1', '6.0', '6.0.3', '6.0.5', '6.1'],
  yarl: ['1.6.3', '1.7', '1.8.2', '1.9.3', '1.13'],
  frozenlist: ['1.2', '1.2', '1.3.3', '1.4.1', '1.5'],
  msgpack: ['1.0.2', '1.0.3', '1.0.5', '1.0.7', '1.1'],
};

/** Packages that come as source and are compiled. Source: the index, November 2026. */
export const COMPILED_PACKAGES: ReadonlySet<string> = new Set(
  words(
    'psycopg2 psycopg-c mysqlclient mysql-python python-ldap uwsgi pycairo pygobject xmlsec pysam mod-wsgi dbus-python netifaces python-snappy fasttext ta-lib ' +
      'pyaudio cx-oracle gssapi krb5 pygraphviz pycrypto pyminizip systemd-python pylibmc dlib rpi-gpio pystan pyicu polyglot pyldap ' +
      'flask-mysqldb python3-saml djangosaml2 django-auth-ldap flask-simpleldap django-heroku django-uwsgi flask-kerberos flask-gssapi bjoern mpi4py pyrealsense box2d-py annoy hnswlib leveldb',
  ),
);
