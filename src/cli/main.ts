import { errorMessage } from '../util/errors.ts';
import { exitProcess } from './exit.ts';
import { parseCommandLine } from './program.ts';

parseCommandLine(process.argv.slice(2))().then(exitProcess, (error: unknown) => {
  process.stderr.write(`parley: ${errorMessage(error)}\n`);
  exitProcess(1);
});
