import { describe, expect, it } from 'vitest';
import { PROGRAM } from '../support/daemon.ts';
import { AcpAgent } from './acp-agent.ts';
import { KeyedUpstream } from './keyed-upstream.ts';

describe('@agentclientprotocol/codex-acp', () => {
  it('holds a text turn', async () => {
    const agent = await AcpAgent.open();
    const sessionId = await agent.newSession();
    const prompted = await agent.prompt(sessionId, 'Say hello to the world.');
    expect(prompted).toMatchObject({
      stopReason: 'end_turn',
      usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
    });
    expect(agent.spokenText).toBe('The loopback server was asked: "Say hello to the world."');
    expect(agent.exchange).toEqual({
      sent: [
        'initialize',
        'account/read',
        'skills/list',
        'thread/start',
        'model/list',
        'account/read',
        'skills/list',
        'skills/list',
        'turn/start',
      ],
      refused: [],
    });
  });

  it('streams the answer, and shows when the thread is active and idle', async () => {
    const agent = await AcpAgent.open();
    const sessionId = await agent.newSession();
    await agent.prompt(sessionId, 'Count.');
    const told = agent.updates.filter(({ sessionUpdate }) =>
      ['agent_message_chunk', 'session_info_update'].includes(sessionUpdate),
    );
    expect(told).toEqual([
      threadStatus({ type: 'active', activeFlags: [] }),
      ...['The', ' loopback', ' server', ' was', ' asked:', ' "Count."'].map((text) => ({
        sessionUpdate: 'agent_message_chunk',
        content: { type: 'text', text },
      })),
      threadStatus({ type: 'idle' }),
    ]);
  });

  it('holds one turn after the other in a session', async () => {
    const agent = await AcpAgent.open();
    const sessionId = await agent.newSession();
    const first = await agent.prompt(sessionId, 'One.');
    const second = await agent.prompt(sessionId, 'Two.');
    expect([first.stopReason, second.stopReason]).toEqual(['end_turn', 'end_turn']);
    expect(agent.spokenText).toBe(
      'The loopback server was asked: "One."The loopback server was asked: "Two."',
    );
    expect(second.usage?.['inputTokens']).toBeGreaterThan(first.usage?.['inputTokens'] ?? Infinity);
  });

  it('interrupts a turn when the editor cancels it', async () => {
    const agent = await AcpAgent.open();
    const sessionId = await agent.newSession();
    const prompted = agent.prompt(sessionId, 'slow 600: tell a long story');
    await agent.until('the beginning of the answer', () => agent.spokenText || undefined);
    agent.notify('session/cancel', { sessionId });
    expect(await prompted).toMatchObject({ stopReason: 'cancelled' });
    expect(agent.spokenText).toMatch(/\*Conversation interrupted\*$/);
    expect(agent.exchange).toMatchObject({
      sent: expect.arrayContaining(['turn/interrupt']) as string[],
      refused: [],
    });
  });

  it('ends a turn that fails, and says why', async () => {
    const agent = await AcpAgent.open();
    const sessionId = await agent.newSession();
    expect(await agent.prompt(sessionId, 'fail 400')).toMatchObject({ stopReason: 'end_turn' });
    expect(agent.spokenText).toContain(
      'The request was refused with status 400 because its text asked for it.',
    );
    expect(await agent.prompt(sessionId, 'Go on.')).toMatchObject({ stopReason: 'end_turn' });
    expect(agent.spokenText).toMatch(/The loopback server was asked: "Go on\."$/);
  });

  it('offers its commands, and answers those that need a list from Parley', async () => {
    const agent = await AcpAgent.open();
    const sessionId = await agent.newSession();
    const offer = await agent.until('the commands', () =>
      agent.updates.find(({ sessionUpdate }) => sessionUpdate === 'available_commands_update'),
    );
    expect(offer.availableCommands?.map(({ name }) => name)).toEqual([
      'mcp',
      'skills',
      'status',
      'review',
      'review-branch',
      'review-commit',
      'compact',
      'logout',
    ]);
    await agent.prompt(sessionId, '/skills');
    await agent.prompt(sessionId, '/mcp');
    expect(agent.spokenText).toBe('No skills configured.No MCP servers configured.');
    expect(agent.exchange).toMatchObject({
      sent: expect.arrayContaining(['mcpServerStatus/list']) as string[],
      refused: [],
    });
  });

  it('compacts a session on /compact', async () => {
    const agent = await AcpAgent.open();
    const sessionId = await agent.newSession();
    await agent.prompt(sessionId, 'Remember the number seven.');
    expect(await agent.prompt(sessionId, '/compact')).toMatchObject({ stopReason: 'end_turn' });
    expect(agent.spokenText).toContain('*Context compacted');
    expect(await agent.prompt(sessionId, 'Go on.')).toMatchObject({ stopReason: 'end_turn' });
    expect(agent.exchange.refused).toEqual([]);
  });

  it('takes the provider from the configuration of Parley', async () => {
    const agent = await AcpAgent.open();
    expect(await agent.request('authentication/status', {})).toEqual({ type: 'gateway', name: 'loopback' });
    expect(agent.exchange).toEqual({ sent: ['initialize', 'config/read'], refused: [] });
  });

  it('holds a turn in a session with an MCP server of the editor', async () => {
    const agent = await AcpAgent.open();
    const server = { name: 'editor', command: 'no-such-program', args: [], env: [] };
    const sessionId = await agent.newSession({ mcpServers: [server] });
    expect(await agent.prompt(sessionId, 'Hello.')).toMatchObject({ stopReason: 'end_turn' });
    expect(agent.exchange).toMatchObject({
      sent: expect.arrayContaining(['config/read']) as string[],
      refused: [],
    });
  });

  it('asks for a login, logs in with a key, and logs out', async () => {
    const upstream = await KeyedUpstream.open();
    const agent = await AcpAgent.open({ config: upstream.config, program: PROGRAM });
    await expect(agent.newSession()).rejects.toThrow('Authentication required');
    await agent.request('authenticate', {
      methodId: 'api-key',
      _meta: { 'api-key': { apiKey: 'sk-test' } },
    });
    const sessionId = await agent.newSession();
    expect(await agent.prompt(sessionId, 'Hello.')).toMatchObject({ stopReason: 'end_turn' });
    expect(agent.spokenText).toMatch(/Hi\.$/);
    expect(upstream.authorizations).toEqual(['Bearer sk-test']);
    await agent.request('logout', {});
    await expect(agent.newSession()).rejects.toThrow('Authentication required');
    expect(agent.exchange.refused).toEqual([]);
  });

  it('closes a session', async () => {
    const agent = await AcpAgent.open();
    const sessionId = await agent.newSession();
    await agent.prompt(sessionId, 'Hello.');
    expect(await agent.request('session/close', { sessionId })).toEqual({});
    expect(agent.exchange).toMatchObject({
      sent: expect.arrayContaining(['thread/unsubscribe']) as string[],
      refused: [],
    });
  });
});

function threadStatus(status: object): object {
  return { sessionUpdate: 'session_info_update', _meta: { codex: { threadStatus: status } } };
}
