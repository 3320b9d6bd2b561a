export { runPlayground } from './run-playground.ts';
