import { expect, it } from 'vitest';
import { originProblem } from '../../src/listen/origins.ts';

it.each([
  'http://localhost:3000',
  'https://example.com',
  'http://127.0.0.1:8080',
  'http://[::1]:8080',
  'vscode-webview://abc123',
  'tauri://localhost',
])('%s is an origin', (origin) => {
  expect(originProblem(origin)).toBeNull();
});

it.each([
  '*',
  'null',
  '',
  'localhost:3000',
  'http://localhost:3000/',
  'http://a/b',
  'http://a b',
  'HTTP://a',
  'http://',
])('%s is none', (origin) => {
  expect(originProblem(origin)).toBe(
    `expected an origin such as \`http://localhost:3000\`, without a path; found \`${origin}\``,
  );
});

it.each([
  ['http://localhost:80', 'http://localhost'],
  ['https://example.com:443', 'https://example.com'],
  ['http://Example.com', 'http://example.com'],
  ['http://user@example.com', 'http://example.com'],
])('%s is written in another way by browsers', (origin, usual) => {
  expect(originProblem(origin)).toBe(`browsers write this origin as \`${usual}\`; found \`${origin}\``);
});
