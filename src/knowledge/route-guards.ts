/** What stands in front of every route of a program: who passes it gets another answer than 200. Data only. */

export interface GuardRow {
  readonly pattern: RegExp;
  /** What it does, for the reason. */
  readonly says: string;
  readonly source: string;
  readonly date: string;
}

const row = (pattern: RegExp, says: string, source: string): GuardRow => ({ pattern, says, source, date: '2026-11' });
const AUTH = 'every request has to say who asks';
const HTTPS = 'plain requests are sent to https';
const HOSTS = 'requests to 127.0.0.1 are refused by their Host header';

export const ROUTE_GUARDS = {
  node: [
    row(
      /\.use\(\s*(?:\w+\.)*(?:auth\w*|requireAuth\w*|basicAuth|authenticate\w*|jwt|expressJwt|ensureLoggedIn|checkAuth|verifyToken|isAuthenticated)\b/i,
      AUTH,
      'expressjs/expressjs.com:en/guide/using-middleware.md',
    ),
    row(/\bAPP_GUARD\b|useGlobalGuards\(/, AUTH, 'nestjs/docs.nestjs.com:content/guards.md'),
    row(/express-sslify|express-enforces-ssl|enforce\.HTTPS|express-force-https/, HTTPS, 'the README of each'),
    row(
      /x-forwarded-proto['"`\])]*\s*(?:!==|!=)\s*['"`]https/,
      HTTPS,
      'expressjs/expressjs.com:en/guide/behind-proxies.md',
    ),
  ],
  python: [
    row(
      /HTTPSRedirectMiddleware|\bTalisman\(|\bSSLify\(/,
      HTTPS,
      'encode/starlette:docs/middleware.md, GoogleCloudPlatform/flask-talisman',
    ),
    row(/^\s*SECURE_SSL_REDIRECT\s*=\s*(?!False)/m, HTTPS, 'django/django:docs/ref/settings.txt'),
    row(
      /TrustedHostMiddleware|host_matching\s*=\s*True|config\[['"]SERVER_NAME['"]\]\s*=/,
      HOSTS,
      'encode/starlette:docs/middleware.md',
    ),
    row(
      /\b(?:FastAPI|APIRouter)\([^)]*dependencies\s*=/,
      AUTH,
      'fastapi/fastapi:docs/en/docs/tutorial/dependencies/global-dependencies.md',
    ),
    row(/before_request[\s\S]{0,400}?(?:abort\(40[13]|login|token|unauthori)/i, AUTH, 'pallets/flask:docs/api.rst'),
    row(/LoginRequiredMiddleware|BASIC_AUTH_FORCE/, AUTH, 'django/django:docs/ref/middleware.txt'),
  ],
  go: [
    row(/\.Use\(\s*(?:\w+\.)*\w*(?:auth|jwt)\w*/i, AUTH, 'go-chi/chi:README.md, gin-gonic/gin:README.md'),
    row(/ListenAndServeTLS\(|RunTLS\(|StartTLS\(|ListenTLS\(/, 'it speaks TLS', 'golang/go:src/net/http/server.go'),
  ],
  rust: [
    row(
      /HttpAuthentication::|bind_rustls|bind_openssl|axum_server::(?:bind_)?rustls|RequireAuthorization/,
      AUTH,
      'actix/actix-web, tower-rs/tower-http',
    ),
  ],
  dotnet: [
    row(/UseHttpsRedirection\(/, HTTPS, 'dotnet/AspNetCore.Docs:aspnetcore/security/enforcing-ssl.md'),
    row(/FallbackPolicy\s*=/, AUTH, 'dotnet/AspNetCore.Docs:aspnetcore/security/authorization/secure-data.md'),
  ],
  spring: [
    row(
      /spring-boot-starter-(?:security|oauth2-resource-server)|spring-security-(?:config|web)/,
      AUTH,
      'spring-projects/spring-boot: reference, Spring Security',
    ),
    row(/requiresSecure\(|requiresChannel\(/, HTTPS, 'spring-projects/spring-security: reference'),
  ],
  ruby: [
    row(/^\s*config\.force_ssl\s*=\s*true/m, HTTPS, 'rails/rails:guides/source/configuring.md'),
    row(/^\s*config\.hosts\s*(?:<<|=|\+=|\.)/m, HOSTS, 'rails/rails:guides/source/configuring.md'),
    row(/Rack::SslEnforcer|Rack::Auth::Basic/, HTTPS, 'the README of each'),
  ],
} as const satisfies Readonly<Record<string, readonly GuardRow[]>>;
