export { listSkills } from './list-skills.ts';
