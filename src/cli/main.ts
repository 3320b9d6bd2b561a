import { errorMessage } from '../util/errors.ts';
import { parseCommandLine } from './program.ts';

try {
  process.exit(await parseCommandLine(process.argv.slice(2))());
} catch (error) {
  process.stderr.write(`parley: ${errorMessage(error)}\n`);
  process.exit(1);
}
