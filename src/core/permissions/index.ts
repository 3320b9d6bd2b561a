export { permissionProfile } from './permission-profile.ts';
export { configuredSandbox, selectedSandbox } from './selected-sandbox.ts';
export type { SelectedSandbox } from './selected-sandbox.ts';
