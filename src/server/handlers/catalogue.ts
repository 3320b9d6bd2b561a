import { currentConfig, listFeatures, listSkills } from '../../core/index.ts';
import { Accepted } from './handler.ts';
import type { Handler, HandlerContext } from './handler.ts';

export const skillsList: Handler<'skills/list'> = async ({ cwds }, { core }) => ({
  data: await listSkills(cwdsOrOwn(cwds, core), core.environment),
});

/** There are no hooks to tell of; clients ask all the same. */
export const hooksList: Handler<'hooks/list'> = ({ cwds }, { core }) => ({
  data: cwdsOrOwn(cwds, core).map((cwd) => ({ cwd, hooks: [], warnings: [], errors: [] })),
});

export const experimentalFeatureList: Handler<'experimentalFeature/list'> = (params, { core }) =>
  listFeatures(currentConfig(core.environment), params);

export const collaborationModeList: Handler<'collaborationMode/list'> = () => ({
  data: [
    { name: 'Plan', mode: 'plan', model: null, reasoning_effort: 'medium' },
    { name: 'Default', mode: 'default', model: null, reasoning_effort: null },
  ],
});

/** Servers take their time to start, so other requests need not wait for them. */
export const mcpServerStatusList: Handler<'mcpServerStatus/list'> = (params, { core, signal }) =>
  new Accepted(core.mcpServers(params, signal));

function cwdsOrOwn(cwds: readonly string[], { environment }: HandlerContext['core']): readonly string[] {
  return cwds.length === 0 ? [environment.workingDirectory] : cwds;
}
