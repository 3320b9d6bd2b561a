// Serves the tools by the standard streams. The first argument makes it misbehave.
import process from 'node:process';
import { setInterval } from 'node:timers';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createPagedServer, createToolServer } from './tool-server.mjs';

const [, , mode = 'serve'] = process.argv;

switch (mode) {
  case 'serve':
    await createToolServer({ variables: process.env }).connect(new StdioServerTransport());
    break;
  case 'paged':
    await createPagedServer().connect(new StdioServerTransport());
    break;
  case 'noisy':
    process.stdout.write('starting up\n\u0000{"not": \n');
    await createToolServer().connect(new StdioServerTransport());
    break;
  case 'exit':
    process.stderr.write(`no access with ${process.env['TEST_TOKEN'] ?? 'nothing'}\n`);
    process.exitCode = 7;
    break;
  case 'hang':
    process.stderr.write('thinking\n');
    setInterval(() => {}, 1_000_000);
    break;
  case 'flood':
    process.stdout.on('error', () => process.exit(1));
    for (;;)
      if (!process.stdout.write('y'.repeat(65_536)))
        await new Promise((done) => process.stdout.once('drain', done));
  case 'stray':
    process.stdout.on('error', () => process.exit(1));
    setInterval(() => process.stdout.write('not a message\n'.repeat(1_000)), 1);
    break;
  case 'deaf': {
    const ping = (id) => `${JSON.stringify({ jsonrpc: '2.0', id: `p${id}`, method: 'ping' })}\n`;
    process.stdout.on('error', () => process.exit(1));
    process.stdout.write(Array.from({ length: 50_000 }, (_, id) => ping(id)).join(''));
    setInterval(() => {}, 1_000_000);
    break;
  }
  default:
    process.exitCode = 2;
}
