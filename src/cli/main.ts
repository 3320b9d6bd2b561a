import { errorMessage } from '../util/errors.ts';
import { parseCommandLine } from './program.ts';

parseCommandLine(process.argv.slice(2))().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    process.stderr.write(`parley: ${errorMessage(error)}\n`);
    process.exit(1);
  },
);
