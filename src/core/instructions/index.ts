export { ProjectInstructions } from './project-instructions.ts';
export type { InstructionPlaces, Instructions } from './read-instructions.ts';
export { readInstructions } from './read-instructions.ts';
