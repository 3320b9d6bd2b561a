// A server of the Model Context Protocol with one tool for everything that a test needs, built on the SDK.
import { spawn } from 'node:child_process';
import process from 'node:process';
import { setInterval, setTimeout } from 'node:timers';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import {
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const text = (words) => ({ content: [{ type: 'text', text: words }] });

/** `variables` are what the server looks into where a tool is asked for them. */
export function createToolServer({ variables = {} } = {}) {
  const server = new McpServer({ name: 'tools', version: '1.0.0' }, { capabilities: { logging: {} } });
  server.registerTool(
    'echo',
    { description: 'Says it again.', inputSchema: { words: z.string() } },
    ({ words }) => text(words),
  );
  server.registerTool('image', { description: 'Shows a pixel.' }, () => ({
    content: [
      { type: 'text', text: 'a pixel' },
      { type: 'image', data: PIXEL, mimeType: 'image/png' },
    ],
  }));
  server.registerTool('structured', { outputSchema: { sum: z.number() } }, () => ({
    content: [],
    structuredContent: { sum: 3 },
  }));
  server.registerTool('fail', {}, () => ({ ...text('there is no such file'), isError: true }));
  server.registerTool('variable', { inputSchema: { name: z.string() } }, ({ name }) =>
    text(variables[name] ?? '(not set)'),
  );
  server.registerTool('where', {}, () => text(process.cwd()));
  server.registerTool('meta', {}, ({ _meta }) => text(JSON.stringify(_meta ?? null)));
  server.registerTool('long', {}, () => text('x'.repeat(200_000)));
  server.registerTool('hang', {}, async ({ sendNotification, _meta }) => {
    const progressToken = _meta?.progressToken;
    if (progressToken !== undefined) {
      const params = { progressToken, progress: 1, message: 'hanging' };
      await sendNotification({ method: 'notifications/progress', params });
    }
    await new Promise(() => {
      setInterval(() => {}, 1_000_000);
    });
    return text('never');
  });
  server.registerTool('die', {}, () => {
    process.stderr.write('fatal: out of luck\n');
    setTimeout(() => process.exit(3), 1);
    return new Promise(() => {});
  });
  server.registerTool('more', {}, () => {
    server.registerTool('late', { description: 'Came later.' }, () => text('late'));
    return text('one more');
  });
  server.registerTool('child', {}, () => {
    const child = spawn('/bin/sh', ['-c', "trap '' TERM; while :; do sleep 1; done"], { stdio: 'ignore' });
    return text(String(child.pid));
  });
  server.registerTool('pid', {}, () => text(String(process.pid)));
  server.registerTool('ask', {}, async () => {
    const requestedSchema = {
      type: 'object',
      properties: { color: { type: 'string' } },
      required: ['color'],
    };
    const answer = await server.server.elicitInput({ message: 'Which color?', requestedSchema });
    return text(JSON.stringify(answer));
  });
  server.registerTool('ask-much', { inputSchema: { questions: z.number() } }, async ({ questions }) => {
    const requestedSchema = { type: 'object', properties: {} };
    const ask = (_, index) => server.server.elicitInput({ message: `Question ${index}`, requestedSchema });
    const answers = await Promise.all(Array.from({ length: questions }, ask));
    return text(answers.map(({ action }) => action).join(' '));
  });
  server.registerTool('many', { inputSchema: { images: z.number(), texts: z.number() } }, (counts) => ({
    content: [
      ...Array.from({ length: counts.texts }, () => ({ type: 'text', text: 'y'.repeat(100_000) })),
      ...Array.from({ length: counts.images }, () => ({ type: 'image', data: PIXEL, mimeType: 'image/png' })),
    ],
    structuredContent: { counts },
  }));
  server.registerTool('visit', {}, async () => {
    const params = {
      mode: 'url',
      message: 'Log in',
      url: 'https://example.com/login',
      elicitationId: 'e1',
    };
    return text(JSON.stringify(await server.server.elicitInput(params)));
  });
  server.registerResource('note', 'memo://note', { mimeType: 'text/plain' }, () => ({
    contents: [{ uri: 'memo://note', text: 'remember' }],
  }));
  const template = new ResourceTemplate('memo://{name}', { list: undefined });
  server.registerResource('notes', template, {}, (uri) => ({ contents: [{ uri: uri.href, text: 'any' }] }));
  return server;
}

/** A server with three pages of one resource each, of which one can be read, and nothing else. */
export function createPagedServer() {
  const server = new Server({ name: 'pages', version: '1.0.0' }, { capabilities: { resources: {} } });
  server.setRequestHandler(ListResourcesRequestSchema, ({ params }) => {
    const page = Number(params?.cursor ?? '1');
    const resources = [{ name: `page ${page}`, uri: `page://${page}` }];
    return page < 3 ? { resources, nextCursor: String(page + 1) } : { resources };
  });
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: [{ name: 'any page', uriTemplate: 'page://{number}' }],
  }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) => {
    if (uri === 'page://hang') return new Promise(() => {});
    if (uri === 'page://long') return { contents: [{ uri, text: 'x'.repeat(200_000) }] };
    if (uri !== 'page://1') throw new Error(`no such page: ${uri}`);
    return { contents: [{ uri, mimeType: 'image/png', blob: PIXEL, _meta: { size: 1 } }] };
  });
  return server;
}
