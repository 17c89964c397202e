/** No report tells the value of a secret; the lines of the patch alone are those of the file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openProject, prepareProjects } from '../src/project/project.ts';
import { rewrite } from '../src/rewrite.ts';
import { Tree } from '../src/tree.ts';
import { transforms } from '../transforms/index.ts';

const VALUES = ['npm_0123456789abcdef', 'correct-horse-battery', 'hunter22', 'tiger'];
const DOCKERFILE = `FROM python:3.13-slim
ARG NPM_TOKEN=npm_0123456789abcdef
ENV SESSION_SECRET="correct-horse-battery"
ENV DB_PASSWORD tiger
WORKDIR /app
COPY . .
ADD https://reader:hunter22@files.example.com/model.bin /models/
RUN pip install --extra-index-url https://reader:hunter22@pypi.example.com/simple -r requirements.txt
RUN echo npm_0123456789abcdef | wc -c
EXPOSE 8000
CMD flask run --host=0.0.0.0 --token npm_0123456789abcdef --db=tiger
`;

async function told(text: string, level: 'review' | 'risky'): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'redock-redact-'));
  try {
    writeFileSync(join(folder, 'Dockerfile'), text);
    writeFileSync(join(folder, 'requirements.txt'), 'flask\n');
    writeFileSync(join(folder, '.env'), 'API_KEY=correct-horse-battery\n');
    const tree = new Tree(folder);
    await prepareProjects(tree);
    const project = openProject(tree, 'Dockerfile', {});
    const settings = { skip: [], level, options: {} };
    const result = rewrite({ path: 'Dockerfile', text, tree, project, transforms, settings });
    const changes = result.changes.map(({ change, why }) => [change.title, change.why, change.evidence, why]);
    return JSON.stringify([
      changes,
      result.declined.map(({ why }) => why),
      result.warnings,
      result.faults,
      result.error,
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('messages', () => {
  it.each(['review', 'risky'] as const)('hold no value of a secret (%s)', async (level) => {
    const messages = await told(DOCKERFILE, level);
    expect(messages).toContain('NPM_TOKEN');
    expect(VALUES.filter((value) => messages.includes(value))).toEqual([]);
  });

  it('keep words that are a value elsewhere', async () => {
    const messages = await told('FROM postgres:latest\nENV POSTGRES_PASSWORD=postgres\n', 'review');
    expect(messages).toContain('postgres');
  });
});
