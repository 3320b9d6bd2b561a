import { RolloutWriter } from '../../../../src/core/rollout/writer.ts';

/** Appends 2,000 lines to the file of the first argument; they say the second one, and count. */
const [path = '', name = ''] = process.argv.slice(2);
const ignore = (): void => {};

const writer = new RolloutWriter({
  path,
  now: Date.now,
  logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  onTrouble: (trouble) => {
    console.error(trouble);
    process.exitCode = 1;
  },
});

for (let index = 0; index < 2_000; index += 1) {
  writer.append({ type: 'event_msg', payload: { type: 'agent_message', message: `${name} ${index}` } });
  if (index % 3 === 0) await writer.flush();
}
await writer.close();
