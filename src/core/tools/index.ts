export { ToolCalls, toolDefinitions } from './toolbox.ts';
export { Workbench } from './workbench.ts';
export type { ToolContext } from './tool.ts';
