export { ToolCalls, toolDefinitions } from './toolbox.ts';
export { Workbench } from './workbench.ts';
export type { Tool, ToolContext } from './tool.ts';
export { runUserCommand } from './user-command.ts';
