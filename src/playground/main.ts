import { errorMessage } from '../util/errors.ts';
import { Address } from './address.ts';
import { CallPanel, CallSettings, TimelineView } from './call/index.ts';
import { Composer } from './composer.ts';
import { Connection } from './connection.ts';
import { Log } from './conversation/index.ts';
import { followWidth } from './layout.ts';
import { OpenThread } from './open-thread.ts';
import { ThreadList } from './threads.ts';

/** Puts the page together. Each part knows its own elements, and the parts know each other only from here. */
const address = new Address();
const log = new Log();
const settings = new CallSettings();
const timeline = new TimelineView();

const thread = new OpenThread({
  client: () => connection.client,
  address,
  log,
  onOpened: (threadId) => threads.setOpen(threadId),
  onActivity: () => threads.refresh(),
  onTurn: (isRunning) => composer.setTurnRunning(isRunning),
  onAnswered: () => composer.focus(),
  onProblem: (error) => log.problem('That did not work', errorMessage(error)),
});

const call = new CallPanel({
  client: () => connection.client,
  log,
  settings,
  openThread: () => thread.begin(),
  timeline,
  onLive: (isLive) => composer.setCallOn(isLive),
});

const composer = new Composer({
  onSend: (text, destination) =>
    tellingProblems(() => (destination === 'call' ? call.sendText(text) : thread.sendText(text))),
  onStopTurn: () => void tellingProblems(() => thread.stopTurn()).catch(() => {}),
});

const threads = new ThreadList({
  client: () => connection.client,
  onOpen: (threadId) => void show(threadId),
  onNew: () => void show(null),
  onProblem: (error) => log.problem('The threads could not be listed', errorMessage(error)),
});

const connection = new Connection({
  address,
  onConnected: async (client) => {
    thread.listen(client);
    const { voices } = await client.request('thread/realtime/listVoices', {});
    settings.setVoices(voices);
    threads.refresh();
    if (address.threadId !== null) await show(address.threadId);
  },
  onLost: (reason) => log.problem('No connection to the daemon', reason),
});

/** Shows another thread, or an empty page. A call belongs to its thread and ends first. */
async function show(threadId: string | null): Promise<void> {
  try {
    await call.stop();
    if (threadId === null) thread.leave();
    else await thread.resume(threadId);
  } catch (error) {
    log.problem('The thread could not be opened', errorMessage(error));
  }
  composer.focus();
}

/** Shows what goes wrong, and lets whoever asked know. */
async function tellingProblems(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    log.problem('That did not work', errorMessage(error));
    throw error;
  }
}

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.isComposing) return;
  if (call.isOn) void call.stop();
  else void tellingProblems(() => thread.stopTurn()).catch(() => {});
});

followWidth();
void settings.listMicrophones();
void connection.open();
composer.focus();
