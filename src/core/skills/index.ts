export { listSkills } from './list-skills.ts';
export { ThreadSkills } from './thread-skills.ts';
