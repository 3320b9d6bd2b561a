import { rollBack, sessionResponse } from '../../core/index.ts';
import type { Handler } from './handler.ts';

export const threadResume: Handler<'thread/resume'> = async (
  params,
  { asking, core, connection, afterAnswer },
) => {
  const { thread, turns, usage } = await core.threads.resume(params, (found) => connection.subscribe(found));
  afterAnswer(() => {
    if (usage !== null) connection.notify('thread/tokenUsage/updated', usage);
    asking.repeat(thread.id, connection);
    thread.equipment.tellWarnings();
  });
  return sessionResponse(thread, await thread.readView(turns));
};

export const threadFork: Handler<'thread/fork'> = async (params, { core, connection, afterAnswer }) => {
  const { thread, turns, usage } = await core.threads.fork(params);
  connection.subscribe(thread);
  const view = await thread.readView(turns);
  afterAnswer(() => {
    if (usage !== null) connection.notify('thread/tokenUsage/updated', usage);
    core.environment.emit('threadStarted', { thread: { ...view, turns: [] } });
    thread.equipment.tellWarnings();
  });
  return sessionResponse(thread, view);
};

export const threadRead: Handler<'thread/read'> = async (params, { core }) => ({
  thread: await core.library.read(params),
});

export const threadList: Handler<'thread/list'> = (params, { core }) => core.library.list(params);

export const threadTurnsList: Handler<'thread/turns/list'> = (params, { core }) =>
  core.library.listTurns(params);

export const threadTurnsItemsList: Handler<'thread/turns/items/list'> = (params, { core }) =>
  core.library.listItems(params);

export const threadArchive: Handler<'thread/archive'> = async ({ threadId }, { core, afterAnswer }) => {
  const archived = await core.library.archive(threadId);
  afterAnswer(() => {
    for (const each of archived) core.environment.emit('threadArchived', { threadId: each });
  });
  return {};
};

export const threadUnarchive: Handler<'thread/unarchive'> = async (
  { threadId },
  { core, longAfterAnswer },
) => {
  const thread = await core.library.unarchive(threadId);
  longAfterAnswer(UNARCHIVED_DELAY_MS, () =>
    core.environment.emit('threadUnarchived', { threadId: thread.id }),
  );
  return { thread };
};

/** The reference's clients act on the answer before they hear of it; the two must not arrive as one. */
const UNARCHIVED_DELAY_MS = 20;

export const threadNameSet: Handler<'thread/name/set'> = async (
  { name, threadId },
  { core, afterAnswer },
) => {
  const named = await core.library.setName(threadId, name);
  afterAnswer(() => core.environment.emit('threadNameUpdated', named));
  return {};
};

export const threadMetadataUpdate: Handler<'thread/metadata/update'> = async (
  { gitInfo, threadId },
  { core },
) => ({ thread: await core.library.updateGit(threadId, gitInfo ?? null) });

export const threadMemoryModeSet: Handler<'thread/memoryMode/set'> = async ({ mode, threadId }, { core }) => {
  await core.library.setMemoryMode(threadId, mode);
  return {};
};

export const threadRollback: Handler<'thread/rollback'> = async ({ numTurns, threadId }, { core }) => {
  return { thread: await rollBack(core.threads.get(threadId), numTurns, core) };
};

export const threadInjectItems: Handler<'thread/inject_items'> = async ({ items, threadId }, { core }) => {
  const thread = core.threads.get(threadId);
  await thread.agent.settled();
  thread.injectItems(items);
  await thread.flush();
  return {};
};
