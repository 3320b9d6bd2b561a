import * as z from 'zod/mini';
import type { McpCallResult, McpPage, McpServer } from '../../mcp/index.ts';
import { errorMessage } from '../../util/errors.ts';
import { parseArguments } from '../tools/parameters.ts';
import { textForModel } from '../tools/text-for-model.ts';
import { functionTool } from '../tools/tool.ts';
import type { Tool, ToolContext } from '../tools/tool.ts';
import { showCall } from './shown-call.ts';
import type { ThreadServer } from './thread-server.ts';

/** What a call is shown to belong to that asks all servers. */
const ALL_SERVERS = 'codex';

/** Gives a server, or says that there is none of the name. */
export type FindServer = (name: string) => ThreadServer;

const SERVER = { type: 'string', description: 'The name of the server.' };

/** The tools by which models find and read what the servers of a thread keep. They run without asking. */
export function resourceTools(servers: readonly ThreadServer[], find: FindServer): readonly Tool[] {
  return [
    listTool({
      name: 'list_mcp_resources',
      description: 'Lists what MCP servers keep to be read, such as files and records.',
      key: 'resources',
      all: (server, signal) => server.listResources(signal),
      page: (server, cursor, signal) => server.resourcePage(cursor, signal),
      servers,
      find,
    }),
    listTool({
      name: 'list_mcp_resource_templates',
      description: 'Lists patterns of URIs under which MCP servers keep more than they list.',
      key: 'resourceTemplates',
      all: (server, signal) => server.listResourceTemplates(signal),
      page: (server, cursor, signal) => server.resourceTemplatePage(cursor, signal),
      servers,
      find,
    }),
    readTool(find),
  ];
}

type Entry = Readonly<Record<string, unknown>>;

interface ListOptions {
  readonly name: string;
  readonly description: string;
  /** Under which the answer holds the list. */
  readonly key: string;
  readonly all: (server: McpServer, signal: AbortSignal) => Promise<readonly Entry[]>;
  readonly page: (server: McpServer, cursor: string | null, signal: AbortSignal) => Promise<McpPage<Entry>>;
  readonly servers: readonly ThreadServer[];
  readonly find: FindServer;
}

const ListArguments = z.object({ server: z.nullish(z.string()), cursor: z.nullish(z.string()) });

function listTool(options: ListOptions): Tool {
  const { description, find, key, name, page } = options;
  return {
    names: [name],
    isParallel: true,
    place: 'afterCommands',
    definition: () =>
      functionTool(
        name,
        description,
        {
          server: { ...SERVER, description: 'The name of the server; absent asks all of them.' },
          cursor: { type: 'string', description: 'The nextCursor of the list before, of the same server.' },
        },
        [],
      ),
    run: async ({ callId, input }, context) => {
      const parsed = parseArguments(ListArguments, input);
      if (!parsed.ok) return parsed.message;
      const server = notEmpty(parsed.value.server);
      const cursor = notEmpty(parsed.value.cursor);
      const shown = { id: callId, server: server ?? ALL_SERVERS, tool: name, args: parsed.value };
      return answer(shown, context, async () => {
        if (server === null) {
          if (cursor !== null) throw new Error('a cursor belongs to one server, which has to be named too');
          return listOfAll(options, context);
        }
        const found = find(server);
        const { entries, nextCursor } = await found.during(context.turnId, () =>
          page(found.server, cursor, context.signal),
        );
        return { server, [key]: named(entries, server), ...(nextCursor === null ? {} : { nextCursor }) };
      });
    },
  };
}

/** What one server does not tell keeps nobody from what the others do. */
async function listOfAll({ all, find, key, servers }: ListOptions, context: ToolContext): Promise<object> {
  const failed: { server: string; error: string }[] = [];
  const lists = await Promise.all(
    servers.map(async ({ name }) => {
      try {
        const found = find(name);
        return await found.during(context.turnId, async () =>
          named(await all(found.server, context.signal), name),
        );
      } catch (error) {
        context.signal.throwIfAborted();
        failed.push({ server: name, error: errorMessage(error) });
        return [];
      }
    }),
  );
  return { [key]: lists.flat(), ...(failed.length === 0 ? {} : { failed }) };
}

const ReadArguments = z.object({ server: z.string(), uri: z.string() });

function readTool(find: FindServer): Tool {
  return {
    names: ['read_mcp_resource'],
    isParallel: true,
    place: 'afterCommands',
    definition: () =>
      functionTool(
        'read_mcp_resource',
        'Reads a resource of an MCP server.',
        {
          server: SERVER,
          uri: { type: 'string', description: 'The URI of the resource, as it is listed or by a template.' },
        },
        ['server', 'uri'],
      ),
    run: async ({ callId, input }, context) => {
      const parsed = parseArguments(ReadArguments, input);
      if (!parsed.ok) return parsed.message;
      const { server, uri } = parsed.value;
      const shown = { id: callId, server, tool: 'read_mcp_resource', args: parsed.value };
      return answer(shown, context, async () => {
        const found = find(server);
        const contents = await found.during(context.turnId, () =>
          found.server.readResource(uri, context.signal),
        );
        return { server, uri, contents };
      });
    },
  };
}

/** Gives the model as JSON what the work gives, or a sentence that says why there is nothing. */
async function answer(
  shown: Parameters<typeof showCall>[0],
  context: ToolContext,
  work: () => Promise<object>,
): Promise<string> {
  let text = '';
  const end = await showCall(shown, context, async (): Promise<McpCallResult> => {
    text = JSON.stringify(await work());
    return { content: [{ type: 'text', text }] };
  });
  return textForModel(end.result === null ? end.message : text);
}

function named(entries: readonly Entry[], server: string): Entry[] {
  return entries.map((entry) => ({ ...entry, server }));
}

function notEmpty(text: string | null | undefined): string | null {
  return text == null || text.trim() === '' ? null : text;
}
