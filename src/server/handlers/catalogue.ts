import { currentConfig, listFeatures, listSkills } from '../../core/index.ts';
import type { Handler, HandlerContext } from './handler.ts';

export const skillsList: Handler<'skills/list'> = async ({ cwds, forceReload }, { core }) => {
  if (forceReload) core.threads.expireSkills();
  const { rules } = currentConfig(core.environment).skills;
  return { data: await listSkills(cwdsOrOwn(cwds, core), core.environment, rules) };
};

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

/** There are no apps to tell of. */
export const appList: Handler<'app/list'> = () => ({ data: [], nextCursor: null });

export const mockExperimentalMethod: Handler<'mock/experimentalMethod'> = ({ value }) => ({
  echoed: value ?? null,
});

function cwdsOrOwn(cwds: readonly string[], { environment }: HandlerContext['core']): readonly string[] {
  return cwds.length === 0 ? [environment.workingDirectory] : cwds;
}
