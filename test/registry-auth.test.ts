/** Token servers and challenges that misbehave: each ends with a token or with a plain reason, and no credentials go astray. */
import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Found } from '../src/registry/docker-config.ts';
import { BASIC, IDENTITY_TOKEN, PASSWORD, USER } from './registry/backend.ts';
import { NODE_INDEX } from './registry/content.ts';
import { startFaulty } from './registry/faults.ts';
import { client, failure, give, opened, ref, watched } from './registry/hostile.ts';
import { startServer } from './registry/server.ts';

const RIGHT: Found = { credentials: { kind: 'password', username: USER, password: PASSWORD } };
const IDENTITY: Found = { credentials: { kind: 'identity', token: IDENTITY_TOKEN } };

/** A registry behind a token server of the test's own: whoever has `Bearer good` gets what the small registry has. */
async function behindTokens(challenge: (realm: string) => string, tokens: RequestListener) {
  const backend = opened(await startServer('none'));
  const issuer = await watched(tokens);
  const front = opened(await startFaulty(backend));
  front.fault = (request, response) => {
    if (request.headers.authorization === 'Bearer good') return false;
    const header = challenge(`http://${issuer.host}/token`);
    return !!response.writeHead(401, { 'www-authenticate': header }).end();
  };
  return { front, issuer };
}

const bearer = (realm: string) => `Bearer realm="${realm}",service="test"`;

describe('token servers', () => {
  it('that limit requests are asked again after the time that they name, once for all references', async () => {
    let limits = 1;
    const { front, issuer } = await behindTokens(bearer, (request, response) => {
      if (limits-- > 0) give('', 429, { 'retry-after': '11' })(request, response);
      else give({ token: 'good' })(request, response);
    });
    const registry = client();
    const tags = ['22-slim', '22.21-slim', 'slim'];
    const answers = await Promise.all(tags.map((tag) => registry.digest(ref(front.host, `library/node:${tag}`))));
    expect(answers).toEqual([NODE_INDEX, NODE_INDEX, NODE_INDEX]);
    expect(new Set(registry.slept)).toEqual(new Set([11_000]));
    // one that is refused, one that is given
    expect(issuer.seen).toHaveLength(2);
  });

  it('that limit requests for longer than anybody waits fail with the time', async () => {
    const { front, issuer } = await behindTokens(bearer, give('', 429, { 'retry-after': '900' }));
    const registry = client();
    const error = await failure(registry.image(ref(front.host)));
    expect(error).toMatchObject({ code: 'rate-limited', message: expect.stringContaining('wait 900 s') });
    expect(error.message).toContain(issuer.host);
    expect(registry.slept).toEqual([]);
  });

  it('that fail for a moment are asked again, and not for ever', async () => {
    let failures = 1;
    const { front } = await behindTokens(bearer, (request, response) =>
      failures-- > 0 ? give('', 503)(request, response) : give({ access_token: 'good' })(request, response),
    );
    expect(await client().digest(ref(front.host))).toBe(NODE_INDEX);
    failures = Number.POSITIVE_INFINITY;
    expect(await failure(client().image(ref(front.host)))).toMatchObject({ code: 'server-error' });
  });

  it.each<[string, RequestListener, string]>([
    ['a page', give('<html>log in</html>'), 'without a token'],
    ['nothing', give(''), 'without a token'],
    ['an empty token', give({ token: '' }), 'without a token'],
    ['a token that is a number', give({ token: 7 }), 'without a token'],
    ['a token with a line break', give({ token: 'good\r\nX-Evil: 1' }), 'without a token'],
    ['a flood', give('x'.repeat(2 * 1024 * 1024)), 'more than 1048576 bytes'],
    ['a circle', give('', 307, { location: '/token' }), 'redirects without end'],
    ['a refusal', give('', 403), 'wants credentials'],
    ['an odd status', give('', 418), 'gives no token (418)'],
  ])('that answer with %s give a reason', async (_, tokens, reason) => {
    const { front } = await behindTokens(bearer, tokens);
    expect((await failure(client().image(ref(front.host)))).message).toContain(reason);
  });

  it('get the credentials of the registry, and nobody whom they lead to', async () => {
    const elsewhere = await watched(give({ token: 'good' }));
    const { front, issuer } = await behindTokens(bearer, (request, response) =>
      give('', 307, { location: `http://${elsewhere.host}${request.url}` })(request, response),
    );
    expect(await client({ credentials: async () => RIGHT }).digest(ref(front.host))).toBe(NODE_INDEX);
    expect(issuer.seen[0]?.authorization).toBe(BASIC);
    expect(elsewhere.seen.map(({ authorization }) => authorization)).toEqual([undefined]);
    // an identity token stands in the form itself
    const error = await failure(client({ credentials: async () => IDENTITY }).image(ref(front.host)));
    expect(error).toMatchObject({ code: 'insecure', message: expect.stringContaining('with the credentials') });
    expect(elsewhere.seen).toHaveLength(1);
  });

  it('are asked over TLS, or on loopback', async () => {
    const { front } = await behindTokens(() => bearer('http://auth.example/token'), give(''));
    const error = await failure(client({ credentials: async () => RIGHT }).image(ref(front.host)));
    expect(error).toMatchObject({ code: 'insecure', message: expect.stringContaining('auth.example') });
  });
});

describe('challenges', () => {
  const good = give({ token: 'good' });

  it.each<[string, (realm: string) => string]>([
    ['other schemes before it', (realm) => `Negotiate, NTLM TlRMTVNTUAAB==, Bearer realm="${realm}",service="test"`],
    ['basic before it', (realm) => `Basic realm="a, b=\\"c\\"", Bearer realm="${realm}"`],
    ['neither service nor scope', (realm) => `bearer REALM="${realm}"`],
    ['commas and blanks', (realm) => `Bearer  realm="${realm}" , service="a,b" , scope="x y"`],
    ['a value without quotes', (realm) => `Bearer realm="${realm}",service=test,error=invalid_token`],
  ])('with %s are understood', async (_, challenge) => {
    const { front, issuer } = await behindTokens(challenge, good);
    expect(await client().digest(ref(front.host))).toBe(NODE_INDEX);
    // the scope is what is asked for here, whatever the challenge says
    const query = new URL(issuer.seen[0]?.url ?? '', 'http://host').searchParams;
    expect(query.get('scope')).toBe('repository:library/node:pull');
  });

  it('keep the query of the realm', async () => {
    const { front, issuer } = await behindTokens((realm) => `Bearer realm="${realm}?tenant=7",service="s"`, good);
    await client().digest(ref(front.host));
    expect(issuer.seen[0]?.url).toBe('/token?tenant=7&service=s&scope=repository%3Alibrary%2Fnode%3Apull');
  });

  it.each([
    ['none', '', 'a kind of authentication that is not known'],
    ['an unknown one', 'Hawk id="1"', 'a kind of authentication that is not known'],
    ['one without a realm', 'Bearer service="x"', 'names no token server'],
    ['one with half a realm', 'Bearer realm="/token"', 'names no token server'],
  ])('%s: the reason is told', async (_, header, reason) => {
    const { front } = await behindTokens(() => header, good);
    expect((await failure(client().image(ref(front.host)))).message).toContain(reason);
  });

  it('of a host that the registry leads to get no credentials', async () => {
    const thief = await watched((_, response) => {
      const realm = `http://${response.req.headers.host}/steal`;
      response.writeHead(401, { 'www-authenticate': `Basic realm="x", Bearer realm="${realm}"` }).end();
    });
    const front = await watched((request, response) => {
      if (request.headers.authorization === undefined)
        give('', 401, { 'www-authenticate': 'Basic realm="x"' })(request, response);
      else give('', 307, { location: `http://${thief.host}${request.url}` })(request, response);
    });
    const error = await failure(client({ credentials: async () => RIGHT }).image(ref(front.host)));
    expect(error).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('leads to') });
    expect(front.seen.at(-1)?.authorization).toBe(BASIC);
    expect(thief.seen).toEqual([{ url: '/v2/library/node/manifests/22-slim', authorization: undefined }]);
  });

  it('that never end are not answered for ever', async () => {
    const { front, issuer } = await behindTokens(bearer, give({ token: 'never-good' }));
    expect(await failure(client({ credentials: async () => RIGHT }).image(ref(front.host)))).toMatchObject({
      code: 'unauthorized',
    });
    expect(issuer.seen).toHaveLength(1);
  });
});
