/** Which scripts an image has no interpreter for. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Document } from '../src/document.ts';
import { notRunnable } from '../src/project/interpreters.ts';
import { openProject } from '../src/project/open.ts';
import { Tree } from '../src/tree.ts';

const root = mkdtempSync(join(tmpdir(), 'redock-test-'));
afterAll(() => rmSync(root, { recursive: true }));

/** Of one script in each language, those that do not run in the last stage. */
function absent(text: string): string[] {
  writeFileSync(join(root, 'Dockerfile'), text);
  const document = Document.read('Dockerfile', text) as Document;
  const stage = document.stages.at(-1);
  const project = openProject(new Tree(root), 'Dockerfile', {});
  const cannot = stage ? notRunnable(document, project, stage) : () => false;
  return ['a.py', 'a.rb', 'a.php', 'a.js'].filter(cannot);
}

describe('scripts without an interpreter', () => {
  test.each([
    ['FROM node:22-alpine', ['a.py', 'a.rb', 'a.php']],
    // built on buildpack-deps, whose mercurial brings Python
    ['FROM node:22', ['a.rb', 'a.php']],
    ['FROM python:3.13-slim', ['a.rb', 'a.php', 'a.js']],
    ['FROM alpine:3.22', ['a.py', 'a.rb', 'a.php', 'a.js']],
    ['FROM debian:trixie', ['a.py', 'a.rb', 'a.php', 'a.js']],
    ['FROM alpine:3.22\nRUN apk add --no-cache python3 nodejs', ['a.rb', 'a.php']],
    ['FROM node:22-alpine\nENTRYPOINT ["python3", "a.py"]', ['a.rb', 'a.php']],
    ['FROM alpine:3.22\nCOPY --from=php:8.4-cli-alpine /usr/local /usr/local', ['a.py', 'a.rb', 'a.js']],
    [
      'FROM ruby:3.4-alpine AS tools\nFROM alpine:3.22\nCOPY --from=tools /usr/local /usr/local',
      ['a.py', 'a.php', 'a.js'],
    ],
    ['FROM ruby:3.4-alpine AS tools\nFROM alpine:3.22\nCOPY --from=tools /app /app', ['a.py', 'a.rb', 'a.php', 'a.js']],
    ['FROM node:22-alpine AS base\nRUN apk add ruby\nFROM base', ['a.py', 'a.php']],
    ['FROM example.com/team/runtime:1', []],
    ['ARG BASE\nFROM $BASE', []],
  ])('%j', (text, files) => {
    expect(absent(text)).toEqual(files);
  });
});
