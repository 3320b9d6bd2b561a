import { Command, InvalidArgumentError, Option } from 'commander';
import { COMPATIBLE_VERSION } from '../core/index.ts';
import { mergedListenFlags, withListenOptions } from './listen-options.ts';
import type { ListenFlags } from './listen-options.ts';
import { watchStopSignals } from './signals.ts';
import { PACKAGE_VERSION } from './version.ts';

/** Runs a command to its exit code. */
type Run = () => Promise<number>;

/** Reads a command line. Prints help or a usage error and exits 0 or 2 where there is nothing to run. */
export function parseCommandLine(argv: readonly string[]): Run {
  let run: Run | null = null;
  const program = new Command('parley')
    .description('JSON-RPC app-server for voice-driven coding tools.')
    .version(`parley ${PACKAGE_VERSION} (app-server protocol ${COMPATIBLE_VERSION})`)
    .enablePositionalOptions()
    .helpCommand(true)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  const daemon = (config: ConfigFlags, listen: ListenFlags): void => {
    const options = { ...daemonOptions(config), listen };
    run = async () => (await import('./daemon.ts')).runDaemon(options);
  };
  withDaemonOptions(program).action((flags: DaemonFlags) => daemon(flags, flags));
  const appServer = withDaemonOptions(program.command('app-server'))
    .description(
      'serve the app-server protocol, on standard input and output by default (the default command)',
    )
    .action((flags: DaemonFlags) => {
      const before = program.opts<DaemonFlags>();
      daemon(merged(before, flags), mergedListenFlags(before, flags));
    });
  appServer
    .command('proxy')
    .description('copy bytes between standard input and output and the control socket of a daemon')
    .option('--sock <path>', 'the socket; the usual one if left out')
    .action(({ sock }: { sock?: string }) => {
      run = async () => (await import('./proxy.ts')).runProxy({ sock: sock ?? null });
    });
  for (const parent of [program, appServer]) addGenerators(parent, (generate) => (run = generate));
  program
    .command('loopback')
    .description('serve the embedded upstream on its own, for development without a key or a network')
    .option('--port <number>', 'port to listen on; 0 takes a free one', portNumber, 0)
    .action(({ port }: { port: number }) => {
      run = async () => (await import('./loopback.ts')).runLoopback({ port });
    });
  addTalk(program, (talk) => (run = talk));
  addPlayground(program, (playground) => (run = playground));
  refuseUnknownCommand(program, argv[0]);
  program.parse([...argv], { from: 'user' });
  return run ?? (() => Promise.resolve(0));
}

/** The default command takes no arguments, so a first word that is no command is meant as one. */
function refuseUnknownCommand(program: Command, first: string | undefined): void {
  if (first === undefined || first.startsWith('-') || first === 'help') return;
  if (program.commands.some((command) => command.name() === first)) return;
  program.error(`error: unknown command '${first}'`);
}

interface ConfigFlags {
  readonly config?: readonly string[];
  readonly enable?: readonly string[];
  readonly disable?: readonly string[];
  readonly loopback?: boolean;
}

type DaemonFlags = ConfigFlags & ListenFlags;

function withDaemonOptions(command: Command): Command {
  return withListenOptions(withConfigOptions(command)).addOption(
    new Option('--analytics-default-enabled', 'accepted for compatibility; nothing is collected').hideHelp(),
  );
}

function withConfigOptions(command: Command): Command {
  return command
    .option('-c, --config <key=value>', 'override a configuration key; repeatable', collect)
    .option('--enable <feature>', 'turn a feature on; repeatable', collect)
    .option('--disable <feature>', 'turn a feature off; repeatable', collect)
    .option('--loopback', 'use the embedded upstream: no key, no network');
}

/** Options given before the name of the command count as well. */
function merged(before: ConfigFlags, after: ConfigFlags): ConfigFlags {
  return {
    config: [...(before.config ?? []), ...(after.config ?? [])],
    enable: [...(before.enable ?? []), ...(after.enable ?? [])],
    disable: [...(before.disable ?? []), ...(after.disable ?? [])],
    loopback: before.loopback === true || after.loopback === true,
  };
}

function daemonOptions(flags: ConfigFlags): { configOverrides: string[]; useLoopback: boolean } {
  return { configOverrides: configOverrides(flags), useLoopback: flags.loopback === true };
}

function configOverrides({ config = [], enable = [], disable = [] }: ConfigFlags): string[] {
  return [
    ...config,
    ...enable.map((feature) => `features.${feature}=true`),
    ...disable.map((feature) => `features.${feature}=false`),
  ];
}

function addGenerators(parent: Command, choose: (run: Run) => void): void {
  const generator = (name: string, description: string): Command =>
    parent
      .command(name)
      .description(description)
      .requiredOption('--out <directory>', 'where to write; created if missing')
      .option('--experimental', 'include what needs the experimentalApi capability', false);
  generator('generate-json-schema', 'write the JSON Schemas of the protocol').action(
    (options: { out: string; experimental: boolean }) =>
      choose(async () => (await import('./generate.ts')).generateJsonSchema(options)),
  );
  generator('generate-ts', 'write the TypeScript types of the protocol')
    .addOption(
      new Option('--prettier <program>', 'accepted for compatibility; the output is formatted').hideHelp(),
    )
    .action((options: { out: string; experimental: boolean }) =>
      choose(async () => (await import('./generate.ts')).generateTypeScript(options)),
    );
}

interface TalkFlags extends ConfigFlags {
  readonly in?: string;
  readonly out?: string;
  readonly rate?: number;
  readonly channels?: number;
  readonly text?: readonly string[];
  readonly modality: 'audio' | 'text';
  readonly realtimeVersion?: 'v1' | 'v2';
  readonly voice?: string;
  readonly model?: string;
}

function addTalk(program: Command, choose: (run: Run) => void): void {
  withConfigOptions(program.command('talk'))
    .description('talk to a thread from the terminal: sends speech or typed lines, writes down the answer')
    .option('--in <file>', 'WAV file to send as the microphone, or - for raw PCM16 on standard input')
    .option('--out <file>', 'WAV file to write the spoken answers to')
    .option('--rate <hertz>', 'sample rate of raw PCM (default: 24000)', wholeNumber)
    .option('--channels <count>', 'channels of raw PCM (default: 1)', wholeNumber)
    .option('--text <line>', 'say this as text; repeatable', collect)
    .addOption(
      new Option('--modality <modality>', 'what the answers are').choices(['audio', 'text']).default('audio'),
    )
    .addOption(new Option('--realtime-version <version>', 'version of the wire').choices(['v1', 'v2']))
    .option('--voice <name>', 'voice of the answers')
    .option('--model <name>', 'voice model')
    .action((flags: TalkFlags) =>
      choose(() => runTalkCommand({ ...flags, ...merged(program.opts(), flags) })),
    );
}

interface PlaygroundFlags extends ConfigFlags {
  readonly port: number;
  readonly open: boolean;
}

function addPlayground(program: Command, choose: (run: Run) => void): void {
  withConfigOptions(program.command('playground'))
    .description('serve a page to talk and type to a thread in the browser, and open it')
    .option('--port <number>', 'port to listen on; 0 takes a free one', portNumber, 0)
    .option('--no-open', 'only print the address of the page')
    .action((flags: PlaygroundFlags) =>
      choose(async () => {
        const { runPlayground } = await import('./playground/index.ts');
        return runPlayground({
          ...daemonOptions(merged(program.opts(), flags)),
          port: flags.port,
          opensBrowser: flags.open,
          program: process.argv[1] ?? '',
          stdout: process.stdout,
        });
      }),
    );
}

async function runTalkCommand(flags: TalkFlags): Promise<number> {
  const { runTalk } = await import('./talk/index.ts');
  return runTalk({
    in: flags.in,
    out: flags.out,
    rate: flags.rate,
    channels: flags.channels,
    text: flags.text,
    modality: flags.modality,
    version: flags.realtimeVersion,
    voice: flags.voice,
    model: flags.model,
    loopback: flags.loopback === true,
    config: configOverrides(flags),
    daemon: { command: process.execPath, args: [process.argv[1] ?? '', 'app-server'] },
    clientVersion: PACKAGE_VERSION,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    ...watchStopSignals(),
  });
}

function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number');
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('expected a number from 0 to 65535');
}
