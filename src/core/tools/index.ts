export { dynamicTool } from './dynamic-tool.ts';
export { checkDynamicTools, usableDynamicTools } from './dynamic-tool-specs.ts';
export { commandVariables } from './commands/command-variables.ts';
export { linesOfJson } from './commands/command-output.ts';
export { PATCH_IN_COMMAND } from './patch-run.ts';
export { JSON_TOOLS, ToolCalls, toolDefinitions } from './toolbox.ts';
export { Workbench } from './workbench.ts';
export type { Tool, ToolContext } from './tool.ts';
export { runUserCommand } from './commands/user-command.ts';
