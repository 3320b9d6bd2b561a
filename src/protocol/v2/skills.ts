import * as z from 'zod/mini';
import { AbsolutePathBuf } from '../scalars.ts';

/** Where a skill comes from: the user's home directory, the repository, the program itself, the machine's owner. */
export const SkillScope = z.enum(['user', 'repo', 'system', 'admin']);
export type SkillScope = z.infer<typeof SkillScope>;

export const SkillInterface = z.object({
  displayName: z.nullable(z.string()),
  shortDescription: z.nullable(z.string()),
  iconSmall: z.nullable(AbsolutePathBuf),
  iconLarge: z.nullable(AbsolutePathBuf),
  brandColor: z.nullable(z.string()),
  defaultPrompt: z.nullable(z.string()),
});
export type SkillInterface = z.infer<typeof SkillInterface>;

export const SkillToolDependency = z.object({
  type: z.string(),
  value: z.string(),
  description: z.nullable(z.string()),
  transport: z.nullable(z.string()),
  command: z.nullable(z.string()),
  url: z.nullable(z.string()),
});
export type SkillToolDependency = z.infer<typeof SkillToolDependency>;

export const SkillDependencies = z.object({ tools: z.array(SkillToolDependency) });
export type SkillDependencies = z.infer<typeof SkillDependencies>;

/** One skill. `path` is its `SKILL.md`. */
export const SkillMetadata = z.object({
  name: z.string(),
  description: z.string(),
  shortDescription: z.nullable(z.string()),
  interface: z.nullable(SkillInterface),
  dependencies: z.nullable(SkillDependencies),
  path: AbsolutePathBuf,
  scope: SkillScope,
  enabled: z.boolean(),
});
export type SkillMetadata = z.infer<typeof SkillMetadata>;

/** A `SKILL.md` that could not be used, or a folder that could not be read. */
export const SkillErrorInfo = z.object({ path: z.string(), message: z.string() });
export type SkillErrorInfo = z.infer<typeof SkillErrorInfo>;

export const SkillsListEntry = z.object({
  /** As the request spelled it. */
  cwd: z.string(),
  skills: z.array(SkillMetadata),
  errors: z.array(SkillErrorInfo),
});
export type SkillsListEntry = z.infer<typeof SkillsListEntry>;

export const SkillsListParams = z.object({
  /** The server's own working directory if there is none. */
  cwds: z._default(z.array(z.string()), []),
  /** Skills are read anew for each request in any case; with this, each thread's next turn looks for them again as well. */
  forceReload: z._default(z.boolean(), false),
});
export type SkillsListParams = z.infer<typeof SkillsListParams>;

/** One entry for each working directory, in the order of the request. */
export const SkillsListResponse = z.object({ data: z.array(SkillsListEntry) });
export type SkillsListResponse = z.infer<typeof SkillsListResponse>;
