export { dynamicTool } from './dynamic-tool.ts';
export { checkDynamicTools, usableDynamicTools } from './dynamic-tool-specs.ts';
export { commandVariables } from './command-variables.ts';
export { isBuiltIn, ToolCalls, toolDefinitions } from './toolbox.ts';
export { Workbench } from './workbench.ts';
export type { Tool, ToolContext } from './tool.ts';
export { runUserCommand } from './user-command.ts';
